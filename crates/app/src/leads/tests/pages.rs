use serde_json::json;

use super::{market, press, verifies};
use crate::testing::{MailServer, Receiver, World, flow};

const DESTINATIONS: &str = "/publisher/leads/destinations";

flow!(
    /// STO-04: where leads go is chosen by hand: wrong addresses come back as they were typed, an endpoint's secret is
    /// shown once, a test lead says whether it arrived and what else happened, and the end is asked for first.
    lead_destinations_are_looked_after_by_hand,
    |world: World| async move {
        let (fabrikam, contoso) = market(&world).await;
        let receiver = Receiver::start();
        let mut admin = world.browser_of("admin@fabrikam.example").await;
        assert!(admin.get("/publisher/leads").await.ok().links().contains(DESTINATIONS));
        let blank = admin.get(DESTINATIONS).await.ok();
        blank.says("Leads are only here");
        for (kind, address) in [("https", "https://10.0.0.1/leads"), ("https", "https://167772161/leads"), ("email", "nobody"), ("https", "")] {
            let typed = [("kind", kind), ("address", address), ("language", "en")];
            let wrong = admin.submit(&blank, DESTINATIONS, &typed).await;
            assert_eq!(wrong.status, 422, "{address}");
            wrong.says("id=\"address-error\"");
            wrong.says(&format!("value=\"{address}\""));
        }
        let typed = [("kind", "https"), ("address", receiver.url.as_str()), ("language", "en")];
        let made = admin.submit(&blank, DESTINATIONS, &typed).await.ok();
        let secret = made.html.split("<code>whsec_").nth(1).unwrap().split('<').next().unwrap();
        let secret = json!(format!("whsec_{secret}"));
        let again = admin.submit(&blank, DESTINATIONS, &typed).await;
        assert_eq!(again.status, 409);
        let list = admin.get(DESTINATIONS).await.ok();
        assert!(list.html.contains(&receiver.url) && !list.html.contains("whsec_"));
        let id = fabrikam.get("/lead-destinations").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        let test = format!("{DESTINATIONS}/{id}/test");
        admin.submit(&list, &test, &[]).await.ok().says("The test lead arrived");
        assert!(receiver.take().remove(0).body.contains("SEATLINE_TEST_"));
        receiver.answer(500);
        admin.submit(&list, &test, &[]).await.ok().says("It answered 500.");
        receiver.take();
        receiver.answer(204);
        press(&contoso).await;
        world.run_jobs().await;
        assert!(verifies(&receiver.take()[0], &secret));
        let delete = format!("{DESTINATIONS}/{id}/delete");
        admin.submit(&list, &delete, &[]).await.ok().says("The destination was deleted.");
        assert_eq!(admin.submit(&list, &test, &[]).await.status, 404);
    }
);

flow!(
    /// STO-04: an e-mail address takes leads in its language; whoever may not choose where leads go finds no way to,
    /// and another publisher none of it.
    mails_go_where_the_page_says,
    |world: World| async move {
        let server = MailServer::start();
        let world = world.another_node(server.settings()).await;
        let (fabrikam, contoso) = market(&world).await;
        world.publisher("litware").await;
        let mut admin = world.browser_of("admin@fabrikam.example").await;
        let page = admin.get(DESTINATIONS).await.ok();
        let typed = [("kind", "email"), ("address", "sales@fabrikam.example"), ("language", "ko")];
        admin.submit(&page, DESTINATIONS, &typed).await.ok().says("The destination was added.");
        press(&contoso).await;
        world.run_jobs().await;
        assert!(server.take().iter().any(|mail| mail.to == "sales@fabrikam.example"));
        let mut stranger = world.browser_of("admin@litware.example").await;
        assert!(!stranger.get(DESTINATIONS).await.ok().html.contains("sales@fabrikam.example"));
        world.user(&fabrikam, "dev@fabrikam.example", &["developer"]).await;
        assert_eq!(world.browser_of("dev@fabrikam.example").await.get(DESTINATIONS).await.status, 404);
    }
);

flow!(
    /// STO-03: who presses again within a day is told that nothing was sent again; somebody else's press is their own.
    a_second_press_within_a_day_says_so,
    |world: World| async move {
        let (fabrikam, contoso) = market(&world).await;
        world.user(&contoso, "uma@contoso.example", &[]).await;
        let form = "/product/fabrikam.f365/contact";
        let typed = [("consent", "yes"), ("first_name", "Ann"), ("email", "ann@contoso.example"), ("company", "Contoso")];
        let mut admin = world.browser_of("admin@contoso.example").await;
        let blank = admin.get(form).await.ok();
        admin.submit(&blank, form, &typed).await.ok().says("Your request was sent to the publisher");
        let blank = admin.get(form).await.ok();
        let again = admin.submit(&blank, form, &typed).await.ok();
        again.says("nothing was sent again");
        assert!(!again.html.contains("Your request was sent"));
        let mut uma = world.browser_of("uma@contoso.example").await;
        let blank = uma.get(form).await.ok();
        uma.submit(&blank, form, &typed).await.ok().says("Your request was sent to the publisher");
        assert_eq!(fabrikam.get("/leads").await.ok()["items"].as_array().unwrap().len(), 2);
        let mut admin = admin.reading("ko");
        let blank = admin.get(form).await.ok();
        admin.submit(&blank, form, &typed).await.ok().says("하루 안에 이미 문의했습니다");
    }
);

//! The publisher portal apart from offers and deals: what needs somebody, leads, the account.

use serde_json::{Value, json};

use crate::testing::{Receiver, World, flow};

const CONTACT: &str = "/storefront/offers/fabrikam.f365/contact";

flow!(
    /// STO-04: leads are found by what they did, how far one is and by search; the status is set by hand, once, and
    /// what was given up at a destination is sent again.
    leads_are_looked_after_by_hand,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let contoso = world.customer("contoso").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        world.user(&fabrikam, "sales@fabrikam.example", &["referrals_admin"]).await;
        let mut sales = world.browser_of("sales@fabrikam.example").await;
        sales.get("/publisher/leads").await.ok().says("No lead yet");
        let receiver = Receiver::start();
        receiver.answer(500);
        fabrikam.post("/lead-destinations", json!({ "url": receiver.url })).await.created();
        let given = json!({ "consent": true, "first_name": "Åsa", "last_name": "Öberg", "company": "100% Wood" });
        let lead: Value = contoso.post(CONTACT, given).await.ok()["lead"].clone();
        let at = format!("/publisher/leads/{}", lead.as_str().unwrap());
        for (query, found) in [
            ("", true),
            ("?status=new", true),
            ("?status=won", false),
            ("?action=PLT", true),
            ("?action=LIC", false),
            ("?search=100%25+wood", true),
            ("?search=ADMIN%40contoso", true),
            ("?search=F365&status=new", true),
            ("?search=first_name", false),
        ] {
            let list = sales.get(&format!("/publisher/leads{query}")).await.ok();
            assert_eq!(list.links().contains(&at), found, "{query}");
            if !found {
                list.says("Nothing found");
            }
        }
        let listed = fabrikam.get("/leads?search=wood&action=PLT").await.ok();
        assert_eq!(listed["items"][0]["id"], lead);
        for _ in 0..10 {
            world.run_jobs().await;
            world.pass_seconds(100_000);
        }
        let mut sales = world.browser_of("sales@fabrikam.example").await;
        let page = sales.get(&at).await.ok();
        page.says("100% Wood");
        page.says("The endpoint answered 500.");
        let action = page.html.split("action=\"").find(|rest| rest.contains("/resend\"")).unwrap();
        let action = action.split('"').next().unwrap().to_owned();
        receiver.answer(200);
        sales.submit(&page, &action, &[]).await.ok().says("The lead is sent again");
        world.run_jobs().await;
        let page = sales.get(&at).await.ok();
        page.says("Arrived");
        sales.submit(&page, &at, &[("status", "contacted")]).await.ok().says("The lead was saved.");
        let late = sales.submit(&page, &at, &[("status", "won")]).await;
        assert_eq!(late.status, 412);
        late.says("role=\"alert\"");
        let again = sales.submit(&late, &at, &[("status", "won")]).await.ok();
        again.says("Won");
        let path = format!("/leads/{}", lead.as_str().unwrap());
        assert_eq!(fabrikam.get(&path).await.ok()["status"], "won");
        world.user(&fabrikam, "dev@fabrikam.example", &["developer"]).await;
        world.publisher("litware").await;
        for email in ["dev@fabrikam.example", "admin@litware.example"] {
            assert_eq!(world.browser_of(email).await.get(&at).await.status, 404, "{email}");
        }
    }
);

flow!(
    /// PUB-06: the history of an offer says who by name and what in the reader's language; who certified is not named
    /// to the publisher.
    the_history_of_an_offer_is_read,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let mut browser = world.browser_of("admin@fabrikam.example").await;
        let history = browser.get("/publisher/offers/f365/history").await.ok();
        history.says("Plan gold was created");
        history.says("Signed off to go live");
        history.says("Admin of fabrikam");
        history.says("Certification");
        assert!(!history.html.contains("usr_") && !history.html.contains(">system<"), "{}", history.html);
        let mut korean = world.browser_of("admin@fabrikam.example").await.reading("ko");
        let history = korean.get("/publisher/offers/f365/history").await.ok();
        history.says("게시를 승인했습니다");
        assert!(!history.html.contains("Signed off"), "{}", history.html);
    }
);

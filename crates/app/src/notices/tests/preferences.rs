//! Which notices come by mail, too.

use serde_json::{Value, json};

use super::told;
use crate::testing::{Client, MailServer, World, flow};

const PAGE: &str = "/account/notices/preferences";

async fn kinds(client: &Client) -> Vec<String> {
    let found = client.get("/notices/preferences").await.ok();
    let name = |kind: &Value| kind["kind"].as_str().unwrap().to_owned();
    found["kinds"].as_array().unwrap().iter().map(name).collect()
}

flow!(
    /// Whoever wants no mail of something gets none, and finds it in the marketplace; each mail leads to the choice.
    what_nobody_wants_by_mail_is_not_mailed,
    |world: World| async move {
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        let (fabrikam, contoso) = (node.publisher("fabrikam").await, node.customer("contoso").await);
        node.user(&contoso, "lea@contoso.example", &["license_admin"]).await;
        node.live_offer(&fabrikam, "f365", &["gold"]).await;
        node.run_jobs().await;
        let mails = server.take();
        assert_eq!(told(&mails, PAGE).len(), mails.len());
        let mut browser = node.browser_of("admin@contoso.example").await;
        let page = browser.get(PAGE).await.ok();
        page.says("to admin@contoso.example");
        page.says("You were granted licenses");
        assert!(!page.html.contains("An offer is live"), "no role of Contoso's gets this");
        let saved = browser.submit(&page, PAGE, &[("by_mail", "license_removed_customer")]).await.ok();
        saved.says("Your choice was saved.");
        assert_eq!(saved.form(PAGE).iter().filter(|(name, _)| name == "by_mail").count(), 1);
        node.sold(&fabrikam, "f365", &contoso, &[("gold", 10)]).await;
        node.run_jobs().await;
        let mails = server.take();
        assert_eq!(told(&mails, "현재 10개"), ["admin@fabrikam.example", "lea@contoso.example"]);
        let found = contoso.get("/notices").await.ok();
        assert_eq!(found["items"][0]["kind"], "license_granted_customer");
        assert!(mails[0].part("text/html").contains(&format!("{}{PAGE}", node.app.settings.base_url)));
        let page = browser.reading("ko").get(PAGE).await.ok();
        page.says("라이선스를 부여받음");
    }
);

flow!(
    /// EVT-01: a choice is recorded; one that was decided by an older one is refused, on the page and over the API.
    a_choice_is_recorded_and_a_stale_one_refused,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let first = contoso.get("/notices/preferences").await;
        let etag = first.header("etag").unwrap().to_owned();
        let all = kinds(&contoso).await;
        assert!(first.ok()["kinds"].as_array().unwrap().iter().all(|kind| kind["by_mail"] == true));
        let mut browser = world.browser_of("admin@contoso.example").await;
        let page = browser.get(PAGE).await.ok();
        let chosen = contoso.with("if-match", etag.clone());
        let chosen = chosen.put("/notices/preferences", json!({ "by_mail": ["seat_requested"] })).await.ok();
        let wanted = |kind: &&Value| kind["by_mail"] == true;
        assert_eq!(chosen["kinds"].as_array().unwrap().iter().filter(wanted).count(), 1);
        let body = json!({ "by_mail": all });
        contoso.with("if-match", etag).put("/notices/preferences", body.clone()).await.refused(412, "resource.changed");
        let refused = browser.submit(&page, PAGE, &[("by_mail", "seat_granted")]).await;
        assert_eq!(refused.status, 412);
        refused.says("Somebody else saved this");
        let event = |events: &Value, kind: &str| {
            let entries = events["items"].as_array().unwrap().clone();
            entries.into_iter().filter(|entry| entry["kind"] == kind).collect::<Vec<_>>()
        };
        let recorded = event(&contoso.get("/events?limit=1000").await.ok(), "user.mails_chosen");
        assert_eq!(recorded.len(), 1);
        assert_eq!(recorded[0]["data"]["without_mail"].as_array().unwrap().len(), all.len() - 1);
        contoso.put("/notices/preferences", json!({ "by_mail": ["seat_requested"] })).await.ok();
        let again = event(&contoso.get("/events?limit=1000").await.ok(), "user.mails_chosen");
        assert_eq!(again.len(), 1, "what was chosen before is no change");
    }
);

flow!(
    /// ROL-01: everybody chooses among what their roles get, and what they chose of other kinds waits.
    a_choice_is_among_what_ones_roles_get,
    |world: World| async move {
        let (fabrikam, contoso) = (world.publisher("fabrikam").await, world.customer("contoso").await);
        let ana = world.user(&contoso, "ana@contoso.example", &[]).await;
        assert_eq!(kinds(&ana).await, ["seat_granted", "seat_declined"]);
        let ole = world.user(&world.operator().await, "ole@marketplace.example", &["operator"]).await;
        assert_eq!(kinds(&ole).await, ["seat_granted", "seat_declined", "webhook_disabled"]);
        assert!(!kinds(&contoso).await.contains(&"offer_live".to_owned()));
        assert!(kinds(&fabrikam).await.contains(&"offer_live".to_owned()));
        let wrong = contoso.put("/notices/preferences", json!({ "by_mail": ["seat_granted", "offer_live"] })).await;
        assert_eq!(wrong.wrong_fields(), [("by_mail[1]".to_owned(), "notice.not_for_your_roles".to_owned())]);
        let lea = world.user(&contoso, "lea@contoso.example", &["license_admin"]).await;
        lea.put("/notices/preferences", json!({ "by_mail": [] })).await.ok();
        contoso.put("/users/lea@contoso.example/roles", json!({ "roles": [] })).await.ok();
        let lea = world.sign_in("lea@contoso.example").await;
        lea.put("/notices/preferences", json!({ "by_mail": ["seat_granted", "seat_declined"] })).await.ok();
        contoso.put("/users/lea@contoso.example/roles", json!({ "roles": ["license_admin"] })).await.ok();
        let lea = world.sign_in("lea@contoso.example").await;
        let found = lea.get("/notices/preferences").await.ok();
        let wanted = found["kinds"].as_array().unwrap().iter().filter(|kind| kind["by_mail"] == true);
        assert_eq!(wanted.count(), 2);
    }
);

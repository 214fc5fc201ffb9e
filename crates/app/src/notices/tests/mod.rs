mod center;
mod preferences;

use axum::http::Method;
use serde_json::{Value, json};

use crate::testing::{Client, MailServer, PASSWORD, ReceivedMail, World, flow};

/// Who got a mail whose text has this in it.
fn told(mails: &[ReceivedMail], text: &str) -> Vec<String> {
    let mut to: Vec<String> = mails
        .iter()
        .filter(|mail| mail.part("text/plain").contains(text))
        .map(|mail| mail.to.clone())
        .collect();
    to.sort();
    to
}

async fn reads_english(client: &Client) {
    let chosen = client.json(Method::PUT, "/me/language", &json!({ "language": "en" })).await.ok();
    assert_eq!(chosen, json!({ "language": "en", "chosen": true }));
}

flow!(
    /// PUB-07: the publisher's people are told of findings, of certification, of being live and of having
    /// stopped; each in the own language, and nobody whose role has nothing to do with it.
    the_publisher_is_told_how_publishing_goes,
    |world: World| async move {
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        let fabrikam = node.publisher("fabrikam").await;
        reads_english(&fabrikam).await;
        node.user(&fabrikam, "dev@fabrikam.example", &["developer"]).await;
        node.user(&fabrikam, "ref@fabrikam.example", &["referrals_admin"]).await;
        node.complete_draft(&fabrikam, "f365", &["gold"]).await;
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        let findings = json!({ "findings": [{ "message": "The terms name another company.", "mend": "Write your own." }] });
        let id = node.pending("fabrikam.f365").await;
        node.operator().await.post(&format!("/certifications/{id}/send-back"), findings).await.ok();
        node.run_jobs().await;
        let mails = server.take();
        assert_eq!(told(&mails, "The terms name another company. Write your own."), ["admin@fabrikam.example", "dev@fabrikam.example"]);
        assert_eq!(told(&mails, "Mend it and publish again"), ["admin@fabrikam.example"]);
        assert_eq!(told(&mails, "다시 게시해 주세요"), ["dev@fabrikam.example"], "the country's language");
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        node.approve("fabrikam.f365").await;
        node.run_jobs().await;
        assert_eq!(told(&server.take(), "was certified"), ["admin@fabrikam.example"]);
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        node.run_jobs().await;
        let mails = server.take();
        assert_eq!((told(&mails, "is on sale from now on"), mails.len()), (vec!["admin@fabrikam.example".to_owned()], 2));
        fabrikam.post("/offers/f365/stop-distribution", json!({})).await.ok();
        node.run_jobs().await;
        assert_eq!(told(&server.take(), "left the storefront"), ["admin@fabrikam.example"]);
        assert_eq!(node.run_jobs().await, 0, "nobody is told twice");
    }
);

flow!(
    /// LIC-10: people on both sides are told of grants, reductions and removals; the publisher's see no person
    /// of the customer, and roles without licenses hear nothing.
    both_sides_are_told_of_licenses,
    |world: World| async move {
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        let (fabrikam, contoso) = (node.publisher("fabrikam").await, node.customer("contoso").await);
        reads_english(&fabrikam).await;
        reads_english(&contoso).await;
        node.user(&fabrikam, "dev@fabrikam.example", &["developer"]).await;
        node.user(&contoso, "lea@contoso.example", &["license_admin"]).await;
        node.user(&contoso, "uma@contoso.example", &["user_admin"]).await;
        node.live_offer(&fabrikam, "f365", &["gold"]).await;
        node.run_jobs().await;
        server.take();
        let deal = node.sold(&fabrikam, "f365", &contoso, &[("gold", 10)]).await;
        node.run_jobs().await;
        let mails = server.take();
        assert_eq!(told(&mails, "10 now, 0 before"), ["admin@contoso.example", "admin@fabrikam.example"]);
        assert_eq!(told(&mails, "이전 0개, 현재 10개"), ["lea@contoso.example"]);
        assert_eq!(mails.len(), 3);
        let seen = mails.iter().find(|mail| mail.to == "admin@fabrikam.example").unwrap().part("text/plain");
        assert!(seen.contains("contoso Ltd.") && !seen.contains("contoso.example"), "{seen}");
        let update = |rows: Value, remove: Value| {
            let (fabrikam, contoso, deal, node) = (fabrikam.clone(), contoso.clone(), deal.clone(), &node);
            async move {
                let customer = node.tenant_id(&contoso).await;
                let body = json!({ "customer": customer, "plans": rows, "remove": remove });
                fabrikam.put(&format!("/deals/{deal}/licenses"), body).await.ok();
                node.run_jobs().await;
            }
        };
        update(json!([{ "plan": "gold", "quantity": 4 }]), json!([])).await;
        let mails = server.take();
        assert_eq!(told(&mails, "lowered your organisation's licenses"), ["admin@contoso.example"]);
        assert_eq!(told(&mails, "were lowered: 4 now, 10 before"), ["admin@fabrikam.example"]);
        update(json!([]), json!(["gold"])).await;
        let mails = server.take();
        assert_eq!(told(&mails, "removed your organisation's 4 licenses"), ["admin@contoso.example"]);
        assert_eq!(told(&mails, "The 4 licenses"), ["admin@fabrikam.example"]);
    }
);

flow!(
    /// EVT-03: who administers the organisation is told that a webhook was switched off.
    a_webhook_that_was_switched_off_is_told_of,
    |world: World| async move {
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        let contoso = node.customer("contoso").await;
        let receiver = crate::testing::Receiver::start();
        receiver.answer(410);
        let hook = contoso.post("/webhooks", json!({ "url": receiver.url })).await.created();
        contoso.post(&format!("/webhooks/{}/test", hook["id"].as_str().unwrap()), json!({})).await.created();
        node.run_jobs().await;
        let mails = server.take();
        assert_eq!(told(&mails, &receiver.url), ["admin@contoso.example"]);
        assert_eq!(told(&mails, "엔드포인트가 410 Gone으로 응답했습니다."), ["admin@contoso.example"]);
        assert!(mails[0].header("subject").unwrap().contains("utf-8"), "Korean, encoded");
    }
);

flow!(
    /// The language is the one chosen, else that of the organisation's country.
    a_language_can_be_chosen,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        assert_eq!(contoso.get("/me/language").await.ok(), json!({ "language": "ko", "chosen": false }));
        reads_english(&contoso).await;
        assert_eq!(contoso.get("/me/language").await.ok()["language"], "en");
        contoso.put("/me/language", json!({ "language": "xx" })).await.refused(422, "request.invalid");
        contoso.put("/me/language", json!({})).await.ok();
        assert_eq!(contoso.get("/me/language").await.ok(), json!({ "language": "ko", "chosen": false }));
    }
);

flow!(
    /// ASG-08: who may grant a seat is told that one is asked for, who asked what became of it, each once, and
    /// nobody of a request that was decided before.
    seat_requests_and_what_becomes_of_them_are_told,
    |world: World| async move {
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        let (_, contoso) = crate::assignments::tests::requests::story(&node, 1, 1).await;
        reads_english(&contoso).await;
        let ana = node.user(&contoso, "ana@contoso.example", &[]).await;
        reads_english(&ana).await;
        node.user(&contoso, "bill@contoso.example", &["billing_admin"]).await;
        node.user(&contoso, "lea@contoso.example", &["license_admin"]).await;
        node.run_jobs().await;
        server.take();
        let body = json!({ "service_id": "fabrikam.f365.gold", "note": "For the audit" });
        let asked = ana.post("/me/seat-requests", body.clone()).await.created();
        node.run_jobs().await;
        let mails = server.take();
        assert_eq!(told(&mails, "For the audit"), ["admin@contoso.example", "lea@contoso.example"]);
        assert_eq!(told(&mails, "자리를 요청했습니다"), ["lea@contoso.example"]);
        assert_eq!(mails.len(), 2);
        let path = format!("/seat-requests/{}/decline", asked["id"].as_str().unwrap());
        contoso.post(&path, json!({ "reason": "Next year." })).await.ok();
        node.run_jobs().await;
        let mails = server.take();
        assert_eq!((told(&mails, "was declined"), mails.len()), (vec!["ana@contoso.example".to_owned()], 1));
        assert_eq!(told(&mails, "Next year."), ["ana@contoso.example"]);
        let again = ana.post("/me/seat-requests", body).await.created();
        contoso.post(&format!("/seat-requests/{}/grant", again["id"].as_str().unwrap()), json!({})).await.ok();
        node.run_jobs().await;
        let mails = server.take();
        assert_eq!((told(&mails, "was granted"), mails.len()), (vec!["ana@contoso.example".to_owned()], 1));
    }
);

flow!(
    /// LIC-07: a reduction below what is in use is told in one mail to each of the customer's who administer
    /// licenses or users, with how many seats are beyond what is left.
    seats_beyond_what_is_left_are_told_of,
    |world: World| async move {
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        let (fabrikam, contoso) = crate::assignments::tests::requests::story(&node, 2, 2).await;
        reads_english(&fabrikam).await;
        reads_english(&contoso).await;
        node.user(&contoso, "uma@contoso.example", &["user_admin"]).await;
        let users: Vec<String> = (0..2).map(crate::assignments::tests::requests::user).collect();
        contoso.post("/licenses/fabrikam.f365.gold/assignments", json!({ "users": users })).await.ok();
        node.run_jobs().await;
        server.take();
        let deal = fabrikam.get("/deals").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        let customer = node.tenant_id(&contoso).await;
        let body = json!({ "customer": customer, "plans": [{ "plan": "gold", "quantity": 1 }] });
        fabrikam.put(&format!("/deals/{deal}/licenses"), body).await.ok();
        node.run_jobs().await;
        let mails = server.take();
        assert_eq!(told(&mails, "seats in use beyond that: 1"), ["admin@contoso.example"]);
        assert_eq!(told(&mails, "사용 중인 자리가 1개"), ["uma@contoso.example"]);
        assert_eq!(told(&mails, "were lowered"), ["admin@fabrikam.example"]);
        assert_eq!(mails.len(), 3);
    }
);

flow!(
    /// DEA-05, LIC-08: both sides' people are told that licenses end soon, and that they have ended, once each.
    ends_of_licenses_are_told_of,
    |world: World| async move {
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        let (fabrikam, contoso, _) = crate::licenses::tests::ends::story(&node).await;
        reads_english(&fabrikam).await;
        reads_english(&contoso).await;
        node.run_jobs().await;
        server.take();
        crate::licenses::tests::ends::go_to(&node, "2026-12-15").await;
        node.run_jobs().await;
        let mails = server.take();
        assert_eq!(told(&mails, "start of 2027-01-01"), ["admin@contoso.example", "admin@fabrikam.example"]);
        crate::licenses::tests::ends::go_to(&node, "2027-01-02").await;
        node.run_jobs().await;
        let mails = server.take();
        assert_eq!(told(&mails, "ended with their contract"), ["admin@contoso.example", "admin@fabrikam.example"]);
        assert_eq!(told(&mails, "seats in use beyond that: 2"), ["admin@contoso.example"]);
        node.run_jobs().await;
        assert_eq!(server.take().len(), 0, "nobody is told twice");
    }
);

flow!(
    /// Whose password somebody else sets is told, by mail whatever they chose, and signed out everywhere; who sets
    /// their own is not told.
    a_password_that_somebody_else_sets_is_told_of,
    |world: World| async move {
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        let contoso = node.customer("contoso").await;
        let kim = node.user(&contoso, "kim@contoso.example", &[]).await;
        reads_english(&kim).await;
        let always = json!({ "by_mail": ["password_set"] });
        let refused = kim.put("/notices/preferences", always).await;
        assert_eq!(refused.wrong_fields(), [("by_mail[0]".to_owned(), "notice.not_for_your_roles".to_owned())]);
        kim.put("/notices/preferences", json!({ "by_mail": [] })).await.ok();
        node.run_jobs().await;
        server.take();
        let own = json!({ "present": PASSWORD, "new": "my own long password" });
        kim.put("/me/password", own).await.no_content();
        node.run_jobs().await;
        assert!(server.take().is_empty());
        let set = json!({ "password": PASSWORD });
        let kim = {
            contoso.put("/users/kim@contoso.example/password", set.clone()).await.no_content();
            node.sign_in("kim@contoso.example").await
        };
        node.run_jobs().await;
        assert_eq!(told(&server.take(), "set a new password for your account"), ["kim@contoso.example"]);
        let notice = kim.get("/notices").await.ok()["items"][0].clone();
        assert_eq!((&notice["kind"], &notice["topic"]), (&json!("password_set"), &json!("security")));
        assert!(notice["url"].as_str().unwrap().ends_with("/account/password"));
        contoso.put("/users/kim@contoso.example/password", set).await.no_content();
        kim.get("/me").await.refused(401, "identity.unauthenticated");
    }
);

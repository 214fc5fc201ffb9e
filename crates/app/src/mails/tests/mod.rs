use serde_json::{Value, json};

use crate::testing::{MailServer, World, flow};

async fn mails(world: &World, query: &str) -> Vec<Value> {
    let list = world.operator().await.get(&format!("/mails{query}")).await.ok();
    list["items"].as_array().unwrap().clone()
}

flow!(
    /// REL-01: on request the invitation is mailed, in the language asked for: as text and as HTML, with the
    /// link that works; nothing of it is kept once it was sent.
    an_invitation_is_mailed_on_request,
    |world: World| async move {
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        let (fabrikam, contoso) = (node.publisher("fabrikam").await, node.customer("contoso").await);
        node.run_jobs().await;
        server.take();
        fabrikam.post("/invitations", json!({ "mail_to": "nobody" })).await.refused(422, "request.invalid");
        let body = json!({ "mail_to": "kim@contoso.example", "language": "ko" });
        let invitation = fabrikam.post("/invitations", body).await.created();
        node.run_jobs().await;
        let mail = server.take().remove(0);
        assert_eq!((mail.from.as_str(), mail.to.as_str()), ("no-reply@market.example", "kim@contoso.example"));
        let url = invitation["url"].as_str().unwrap();
        assert!(mail.part("text/plain").contains(url) && mail.part("text/plain").contains("동의를 요청합니다"));
        let html = mail.part("text/html");
        assert!(html.contains(&format!("href=\"{url}\"")) && html.contains("fabrikam Ltd."), "{html}");
        assert_eq!(mail.header("auto-submitted").as_deref(), Some("auto-generated"));
        assert!(mail.header("message-id").unwrap().ends_with("@market.example>"));
        let sent = mails(&node, "?state=sent").await.remove(0);
        let shown = node.operator().await.get(&format!("/mails/{}", sent["id"].as_str().unwrap())).await.ok();
        assert_eq!((&shown["text"], &shown["recipient"]), (&Value::Null, &json!("kim@contoso.example")));
        contoso.post("/relationships", json!({ "token": invitation["token"] })).await.ok();
    }
);

flow!(
    /// Without a mail server mails are held where the operator sees them, but for their secrets, and sent when there is one.
    mails_are_held_until_there_is_a_server,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let body = json!({ "mail_to": "kim@contoso.example" });
        let token = fabrikam.post("/invitations", body).await.created()["token"].clone();
        world.run_jobs().await;
        let held = mails(&world, "?state=held").await.remove(0);
        let path = format!("/mails/{}", held["id"].as_str().unwrap());
        let shown = world.operator().await.get(&path).await.ok();
        assert!(shown["text"].as_str().unwrap().contains("/invitations/accept?token=sli_…"));
        assert!(!shown.to_string().contains(token.as_str().unwrap()), "{shown}");
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        node.run_jobs().await;
        assert!(server.take().remove(0).part("text/plain").contains(token.as_str().unwrap()));
        assert_eq!(node.operator().await.get(&path).await.ok()["state"], "sent");
        node.operator().await.post(&format!("{path}/send"), json!({})).await.refused(409, "mail.not_sendable");
    }
);

flow!(
    /// A server that asks to come again later is asked again; one that never takes a mail is not, and the
    /// operator sees why.
    a_mail_is_tried_again_or_fails_visibly,
    |world: World| async move {
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        let fabrikam = node.publisher("fabrikam").await;
        server.set_down(true);
        fabrikam.post("/invitations", json!({ "mail_to": "kim@contoso.example" })).await.created();
        node.run_jobs().await;
        let waiting = mails(&node, "?state=waiting").await.remove(0);
        assert!(waiting["error"].as_str().unwrap().contains("Come again later"), "{waiting}");
        server.set_down(false);
        node.pass_seconds(10);
        node.run_jobs().await;
        assert_eq!(server.take().len(), 1);
        fabrikam.post("/invitations", json!({ "mail_to": "kim@refused.example" })).await.created();
        node.run_jobs().await;
        let failed = mails(&node, "?state=failed").await.remove(0);
        assert!(failed["error"].as_str().unwrap().contains("No such mailbox"), "{failed}");
        let again = format!("/mails/{}/send", failed["id"].as_str().unwrap());
        assert_eq!(node.operator().await.post(&again, json!({})).await.ok()["state"], "waiting");
        node.run_jobs().await;
        assert_eq!(mails(&node, "?state=failed").await.len(), 1);
    }
);

flow!(
    /// While nobody answers at the mail server the mails wait, and the operator sees the job with its error;
    /// each arrives once when it is back.
    mails_wait_while_the_server_is_gone,
    |world: World| async move {
        let server = MailServer::stopped();
        let node = world.another_node(server.settings()).await;
        let fabrikam = node.publisher("fabrikam").await;
        for name in ["kim", "lee"] {
            let to = format!("{name}@contoso.example");
            fabrikam.post("/invitations", json!({ "mail_to": to })).await.created();
        }
        for _ in 0..3 {
            node.run_jobs().await;
            node.pass_seconds(400);
        }
        assert_eq!(mails(&node, "?state=waiting").await.len(), 2);
        let jobs = node.operator().await.get("/jobs?kind=mail.send&state=queued").await.ok();
        assert_eq!(jobs["items"].as_array().unwrap().len(), 2);
        for job in jobs["items"].as_array().unwrap() {
            assert_eq!(job["attempts"], 3);
            assert!(job["error"].as_str().unwrap().contains("refused"), "{job}");
        }
        server.listen();
        node.run_jobs().await;
        let mut to: Vec<String> = server.take().into_iter().map(|mail| mail.to).collect();
        to.sort();
        assert_eq!(to, ["kim@contoso.example", "lee@contoso.example"]);
        node.pass_seconds(86_400);
        node.run_jobs().await;
        assert!(server.take().is_empty(), "once is enough");
    }
);

use serde_json::json;

use crate::testing::{Browser, MailServer, PASSWORD, World, flow};

const NEW: &str = "another long password";

async fn ask(browser: &mut Browser, email: &str) {
    let seen = browser.get("/sign-in/forgotten").await.ok();
    let asked = browser.submit(&seen, "/sign-in/forgotten", &[("email", email)]).await.ok();
    asked.says("a link is on its way");
}

/// The path of the link in the next mail.
async fn link(node: &World, server: &MailServer) -> String {
    node.run_jobs().await;
    let text = server.take().remove(0).part("text/plain");
    let from = text.find("/sign-in/reset?token=").unwrap();
    text[from..].split_whitespace().next().unwrap().to_owned()
}

flow!(
    /// Whoever forgot a password gets a link by mail, chooses a new one with it, and is signed out everywhere; the
    /// link is good once, and only the last one is good.
    a_forgotten_password_is_replaced_by_mail,
    |world: World| async move {
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        let contoso = node.customer("contoso").await;
        let kim = node.user(&contoso, "kim@contoso.example", &[]).await;
        node.run_jobs().await;
        server.take();
        let mut browser = node.browser();
        browser.get("/sign-in").await.ok().says("/sign-in/forgotten");
        ask(&mut browser, "kim@contoso.example").await;
        let first = link(&node, &server).await;
        ask(&mut browser, "kim@contoso.example").await;
        let last = link(&node, &server).await;
        browser.get(&first).await.ok().says("This link is no longer good");
        let seen = browser.get(&last).await.ok();
        seen.says("kim@contoso.example");
        let typed = [("new_password", "short"), ("repeated_password", "other")];
        let refused = browser.submit(&seen, "/sign-in/reset", &typed).await;
        assert_eq!(refused.status, 422);
        refused.says("id=\"new_password-error\"");
        let own = [("new_password", "Kim@contoso.example"), ("repeated_password", "Kim@contoso.example")];
        browser.submit(&refused, "/sign-in/reset", &own).await.says("must not be the address");
        let typed = [("new_password", NEW), ("repeated_password", NEW)];
        browser.submit(&refused, "/sign-in/reset", &typed).await.ok().says("Your password was changed.");
        kim.get("/me").await.refused(401, "identity.unauthenticated");
        let again = browser.submit(&seen, "/sign-in/reset", &typed).await;
        assert_eq!(again.status, 410);
        again.says("This link is no longer good");
        let sign_in = |password: &str| json!({ "email": "kim@contoso.example", "password": password });
        node.anonymous().post("/sessions", sign_in(PASSWORD)).await.refused(401, "identity.sign_in_failed");
        node.anonymous().post("/sessions", sign_in(NEW)).await.created();
    }
);

flow!(
    /// Nobody learns from it who has an account, and whoever asks again and again has to wait. A link ends with
    /// its hour, with a password that came about otherwise, and with the account.
    a_link_is_for_its_owner_and_for_an_hour,
    |world: World| async move {
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        let contoso = node.customer("contoso").await;
        let kim = node.user(&contoso, "kim@contoso.example", &[]).await.get("/me").await.ok();
        let kim = kim["user"]["id"].as_str().unwrap();
        node.run_jobs().await;
        server.take();
        let mut browser = node.browser();
        ask(&mut browser, "nobody@contoso.example").await;
        node.run_jobs().await;
        assert!(server.take().is_empty());
        ask(&mut browser, "kim@contoso.example").await;
        let late = link(&node, &server).await;
        node.pass_seconds(3601);
        browser.get(&late).await.ok().says("This link is no longer good");
        ask(&mut browser, "kim@contoso.example").await;
        let replaced = link(&node, &server).await;
        contoso.put(&format!("/users/{kim}/password"), json!({ "password": NEW })).await.no_content();
        browser.get(&replaced).await.ok().says("This link is no longer good");
        ask(&mut browser, "kim@contoso.example").await;
        let gone = link(&node, &server).await;
        contoso.post(&format!("/users/{kim}/deactivate"), json!({})).await.ok();
        browser.get(&gone).await.ok().says("This link is no longer good");
        let seen = browser.get("/sign-in/forgotten").await.ok();
        let mut waits = false;
        for _ in 0..10 {
            let typed = [("email", "kim@contoso.example")];
            waits |= browser.submit(&seen, "/sign-in/forgotten", &typed).await.status == 429;
        }
        assert!(waits);
    }
);

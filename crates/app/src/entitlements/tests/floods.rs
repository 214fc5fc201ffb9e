//! Who asks too much waits; others do not.

use serde_json::{Value, json};

use super::checks::story;
use crate::Settings;
use crate::testing::{Client, Reply, World, flow};

async fn ask(client: &Client) -> Reply {
    client.post("/me/checks", json!({ "component": "gold_app" })).await
}

fn told_to_wait(reply: Reply, seconds: &str) {
    assert_eq!(reply.header("retry-after"), Some(seconds));
    let problem = reply.refused(429, "request.too_many");
    assert_eq!(problem["context"]["retry_after_seconds"].to_string(), seconds);
}

flow!(
    /// Each asker may ask so much a second, with whatever tokens and by whatever way; who asked more is told how long to
    /// wait, and others are answered meanwhile.
    who_asks_too_much_waits_and_others_do_not,
    |world: World| async move {
        story(&world).await;
        let settings = Settings { checks_per_second: 5, ..Settings::default() };
        let node = world.another_node(settings).await;
        let (admin, again) =
            (node.sign_in("admin@contoso.example").await, node.sign_in("admin@contoso.example").await);
        for _ in 0..5 {
            ask(&admin).await.ok();
        }
        told_to_wait(ask(&admin).await, "1");
        told_to_wait(ask(&again).await, "1");
        let evaluation = json!({
            "subject": { "type": "user", "id": "admin@contoso.example" }, "action": { "name": "use" },
            "resource": { "type": "component", "id": "gold_app" },
        });
        told_to_wait(admin.post("//access/v1/evaluation", evaluation).await, "1");
        let other = node.sign_in("admin@fabrikam.example").await;
        ask(&other).await.ok();
        admin.get("/tenant").await.ok();

        node.pass_seconds(1);
        let many = |count: usize| json!({ "checks": vec![json!({ "component": "gold_app" }); count] });
        let answered = admin.post("/me/checks/batch", many(20)).await.ok();
        assert_eq!(answered["results"].as_array().map(Vec::len), Some(20), "no batch is too large to be answered");
        told_to_wait(ask(&admin).await, "4");
        told_to_wait(admin.post("/me/checks/batch", many(1)).await, "4");
        node.pass_seconds(4);
        let answer: Value = ask(&admin).await.ok();
        assert_eq!(answer["reason"], "no_seat");

        node.pass_seconds(2);
        for _ in 0..4 {
            ask(&admin).await.ok();
        }
        let last = admin.post("/me/checks/batch", many(1)).await.ok();
        assert_eq!(last["results"].as_array().map(Vec::len), Some(1), "a batch of one is one question");
        told_to_wait(ask(&admin).await, "1");
    }
);

flow!(
    /// As many checks as may be are at work: more are told to come again, by whatever way.
    no_more_checks_are_at_work_than_may_be,
    |world: World| async move {
        story(&world).await;
        let node = world.another_node(Settings { requests_at_once: 2, ..Settings::default() }).await;
        let admin = node.sign_in("admin@contoso.example").await;
        let evaluation = json!({
            "subject": { "type": "user", "id": "admin@contoso.example" }, "action": { "name": "use" },
            "resource": { "type": "component", "id": "gold_app" },
        });
        let turns = [(); 2].map(|()| node.app.questions.turns.take().map_err(|refused| refused.cause()).unwrap());
        let refused = ask(&admin).await;
        assert_eq!(refused.header("retry-after"), Some("1"));
        refused.refused(503, "server.busy");
        admin.post("//access/v1/evaluation", evaluation.clone()).await.refused(503, "server.busy");
        drop(turns);
        ask(&admin).await.ok();
        admin.post("//access/v1/evaluation", evaluation).await.ok();
    }
);

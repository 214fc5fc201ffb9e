//! What a refusal means, as the plan says.

use serde_json::{Value, json};

use crate::entitlements::waived;
use crate::testing::{Client, World, flow};

/// A live offer whose plan gold is enforced in this mode, and a customer with one seat of it that nobody has.
async fn sold_in(world: &World, mode: &str) -> Client {
    let fabrikam = world.publisher("fabrikam").await;
    world.complete_draft(&fabrikam, "f365", &["gold"]).await;
    let features = json!([{ "key": "projects", "name": "Projects", "value": 25 }]);
    let body = json!({ "enforcement": mode, "features": features });
    fabrikam.patch("/offers/f365/plans/gold", body).await.ok();
    fabrikam.post("/offers/f365/publish", json!({})).await.ok();
    world.approve("fabrikam.f365").await;
    fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
    let contoso = world.customer("contoso").await;
    world.sold(&fabrikam, "f365", &contoso, &[("gold", 1)]).await;
    contoso
}

async fn check(client: &Client) -> Value {
    client.post("/me/checks", json!({ "component": "gold_app" })).await.ok()
}

flow!(
    /// PLN-07: audit lets in and records whom, once, without a write on the path of the check.
    audit_lets_in_and_records_whom,
    |world: World| async move {
        let contoso = sold_in(&world, "audit").await;
        let head = contoso.get("/events").await.ok()["head"].clone();
        for _ in 0..3 {
            let answer = check(&contoso).await;
            assert_eq!((&answer["allowed"], &answer["reason"]), (&json!(true), &json!("no_seat")));
            assert_eq!((&answer["enforcement"], &answer["notice"]), (&json!("audit"), &Value::Null));
        }
        assert_eq!(contoso.get("/events").await.ok()["head"], head, "a check writes nothing");
        assert_eq!(contoso.get("/waived-checks").await.ok()["items"], json!([]));
        waived::write_down(&world.app).await.unwrap();
        let noted = contoso.get("/waived-checks").await.ok()["items"].clone();
        let me = contoso.get("/me").await.ok()["user"]["id"].clone();
        assert_eq!((noted.as_array().unwrap().len(), &noted[0]["user_id"]), (1, &me));
        assert_eq!((&noted[0]["service_id"], &noted[0]["component"]), (&json!("fabrikam.f365.gold"), &json!("gold_app")));
        check(&contoso).await;
        waived::write_down(&world.app).await.unwrap();
        let events = contoso.get("/events?limit=1000").await.ok();
        let recorded = events["items"].as_array().unwrap().iter().filter(|event| event["kind"] == "check.waived").count();
        assert_eq!(recorded, 1, "once a day");
        world.pass_seconds(86_400);
        let contoso = world.sign_in("admin@contoso.example").await;
        check(&contoso).await;
        waived::write_down(&world.app).await.unwrap();
        let again = contoso.get("/waived-checks").await.ok()["items"].clone();
        assert_ne!((&again[0]["first_at"], again.as_array().unwrap().len()), (&again[0]["last_at"], 2));
        let litware = world.customer("litware").await;
        assert_eq!(litware.get("/waived-checks").await.ok()["items"], json!([]));
    }
);

flow!(
    /// PLN-07: warn lets in with a notice; who has a seat gets none, and the features of the plan.
    warn_lets_in_with_a_notice,
    |world: World| async move {
        let contoso = sold_in(&world, "warn").await;
        let answer = check(&contoso).await;
        assert_eq!((&answer["allowed"], &answer["enforcement"], &answer["refusal"]), (&json!(true), &json!("warn"), &Value::Null));
        assert!(answer["notice"]["details"].as_str().unwrap().contains("fabrikam.f365.gold"));
        assert_eq!(answer["features"], json!({}));
        let body = json!({ "users": ["admin@contoso.example"] });
        contoso.post("/licenses/fabrikam.f365.gold/assignments", body).await.ok();
        let answer = check(&contoso).await;
        assert_eq!((&answer["reason"], &answer["notice"]), (&json!("licensed"), &Value::Null));
        assert_eq!(answer["features"], json!({ "projects": 25 }));
        waived::write_down(&world.app).await.unwrap();
        assert_eq!(contoso.get("/waived-checks").await.ok()["items"], json!([]));
    }
);

flow!(
    /// PLN-07: block refuses, and so does every mode whom the tenant does not know.
    block_refuses,
    |world: World| async move {
        let contoso = sold_in(&world, "block").await;
        let answer = check(&contoso).await;
        assert_eq!((&answer["allowed"], &answer["enforcement"], &answer["notice"]), (&json!(false), &json!("block"), &Value::Null));
    }
);

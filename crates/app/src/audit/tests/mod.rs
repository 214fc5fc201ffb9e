use db::ChainEntry;
use db::chain::Chain;
use serde_json::{Value, json};
use types::{EventId, Timestamp};

use crate::testing::{World, flow};

fn bytes(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// Follows a trail as somebody does who only has the answer.
fn verify(trail: &Value) -> Result<(), db::chain::Broken> {
    let mut chain = Chain::default();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for item in trail["items"].as_array().unwrap() {
        let entry = ChainEntry {
            id: *EventId::parse(item["id"].as_str().unwrap()).unwrap().as_bytes(),
            position: item["position"].as_i64().unwrap(),
            kind: text(&item["kind"]),
            body: text(&item["body"]),
            at: Timestamp::parse(item["at"].as_str().unwrap()).unwrap().micros(),
            link: item["link"].as_str().map(bytes),
        };
        chain.step(&entry)?;
    }
    chain.end(trail["head"].as_i64().unwrap(), &bytes(trail["link"].as_str().unwrap()))
}

flow!(
    /// EVT-04: the trail says who did what from where, is a chain that anybody can follow, and an entry that
    /// was changed is found.
    the_trail_is_a_chain,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        world.user(&contoso, "ana@contoso.example", &["license_admin"]).await;
        let mut trail = contoso.get("/audit?limit=1000").await.ok();
        verify(&trail).expect("nobody touched it");
        let items = trail["items"].as_array_mut().unwrap();
        let made = items.iter_mut().rfind(|item| item["kind"] == "user.created").unwrap();
        let body: Value = serde_json::from_str(made["body"].as_str().unwrap()).unwrap();
        assert_eq!(body["actor"]["kind"], "user");
        made["body"] = json!(made["body"].as_str().unwrap().replace("user", "client"));
        assert!(verify(&trail).is_err());
    }
);

flow!(
    /// EVT-04, ROL-01: a tenant sees its own trail only, and only its global admin does; the operator every one.
    a_trail_is_seen_by_its_tenant_and_the_operator,
    |world: World| async move {
        let (contoso, adatum) = (world.customer("contoso").await, world.customer("adatum").await);
        let other = contoso.get("/me").await.ok()["tenant"]["id"].as_str().unwrap().to_owned();
        let trail = format!("/audit?tenant={other}");
        contoso.get(&trail).await.ok();
        adatum.get(&trail).await.refused(404, "resource.not_found");
        let seen = world.operator().await.get(&trail).await.ok();
        assert_eq!(seen["head"], contoso.get("/audit").await.ok()["head"]);
        let assigner = world.user(&contoso, "ana@contoso.example", &["license_admin"]).await;
        assigner.get("/audit").await.refused(403, "access.forbidden");
    }
);

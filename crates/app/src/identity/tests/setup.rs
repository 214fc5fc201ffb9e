use serde_json::{Value, json};

use crate::bootstrap;
use crate::testing::{PASSWORD, World, flow, together};

fn body(token: &str, email: &str) -> Value {
    json!({ "token": token, "email": email, "name": "Olga", "password": PASSWORD })
}

flow!(the_token_of_the_set_up_makes_the_first_operator_once, |world: World| async move {
    let world = world.new_marketplace().await;
    let (token, anonymous) = (bootstrap::setup_token(&world.app), world.anonymous());
    let wrong = body("slu_wrong", "olga@market.example");
    anonymous.post("/setup", wrong).await.refused(401, "setup.token_wrong");
    let fields = anonymous.post("/setup", json!({ "token": token, "email": "", "name": "", "password": "" }));
    assert_eq!(fields.await.wrong_fields().len(), 3);
    let made = anonymous.post("/setup", body(&token, "olga@market.example")).await.created();
    assert_eq!(made["roles"], json!(["operator", "global_admin"]));
    let again = anonymous.post("/setup", body(&token, "eve@market.example")).await;
    again.refused(409, "setup.done");
    let olga = world.sign_in("olga@market.example").await;
    assert_eq!(olga.get("/users").await.ok()["items"].as_array().unwrap().len(), 1);
    let log = olga.get("/events").await.ok();
    assert_eq!(log["items"][0]["kind"], "user.created");
});

flow!(of_two_who_set_up_at_once_one_does, |world: World| async move {
    let world = world.new_marketplace().await;
    let token = bootstrap::setup_token(&world.app);
    // Two nodes, so that their passwords are hashed side by side and the writes meet.
    let node = world.another_node(crate::Settings::default()).await;
    let tries = (0..4).map(|n| {
        let world = if n % 2 == 0 { &world } else { &node };
        let (client, body) = (world.anonymous(), body(&token, &format!("olga{n}@market.example")));
        async move { client.post("/setup", body).await.status.as_u16() }
    });
    let mut statuses = together(tries).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409]);
});

flow!(every_node_knows_the_token_and_another_marketplace_does_not, |world: World| async move {
    let world = world.new_marketplace().await;
    let token = bootstrap::setup_token(&world.app);
    let node = world.another_node(crate::Settings::default()).await;
    assert_eq!(bootstrap::setup_token(&node.app), token);
    let other = world.new_marketplace().await;
    assert_ne!(bootstrap::setup_token(&other.app), token);
});

flow!(who_guesses_at_the_token_of_the_set_up_waits, |world: World| async move {
    let world = world.new_marketplace().await;
    let place = world.anonymous().at("203.0.113.9");
    for _ in 0..5 {
        place.post("/setup", body("slu_guess", "eve@market.example")).await.refused(401, "setup.token_wrong");
    }
    let refused = place.post("/setup", body("slu_guess", "eve@market.example")).await;
    refused.refused(429, "identity.too_many_attempts");
});

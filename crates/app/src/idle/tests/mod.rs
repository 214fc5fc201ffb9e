mod pages;

use serde_json::{Value, json};

use crate::assignments::tests::requests::user;
use crate::testing::{Client, World, flow};

const GOLD: &str = "/licenses/fabrikam.f365.gold";

/// contoso holds three gold seats; u0, u1 and u2 have them.
async fn story(world: &World) -> (Client, Client, String) {
    let fabrikam = world.publisher("fabrikam").await;
    world.live_offer(&fabrikam, "f365", &["gold"]).await;
    let contoso = world.customer("contoso").await;
    let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 3)]).await;
    for n in 0..3 {
        contoso.post("/users", json!({ "email": user(n), "name": "U" })).await.created();
        contoso.post(&format!("{GOLD}/assignments"), json!({ "users": [user(n)] })).await.ok();
        world.pass_seconds(60);
    }
    (fabrikam, contoso, deal)
}

async fn use_it(contoso: &Client, n: usize) {
    let body = json!({ "user": user(n), "component": "gold_app" });
    assert_eq!(contoso.post("/checks", body).await.ok()["allowed"], true);
}

async fn write(world: &World) {
    world.run_jobs().await;
}

async fn days_later(world: &World, days: i64) -> Client {
    world.pass_seconds(days * 86_400);
    world.sign_in("admin@contoso.example").await
}

/// Whose seats are idle, and when each was last used.
async fn idle(contoso: &Client, days: i64) -> Vec<(String, Value)> {
    let idle = contoso.get(&format!("{GOLD}/idle?days={days}")).await.ok();
    let row = |item: &Value| (item["email"].as_str().unwrap().to_owned(), item["last_used_on"].clone());
    let mut rows: Vec<_> = idle["items"].as_array().unwrap().iter().map(row).collect();
    rows.sort_by(|(one, _), (other, _)| one.cmp(other));
    rows
}

flow!(
    /// ASG-10: what a check allows is a use of the seat, kept by the day; seats that were not used for n days
    /// are listed with when they were assigned, those of people on leave are not. Nobody loses one by it.
    seats_that_nobody_uses_are_listed,
    |world: World| async move {
        let (_, contoso, _) = story(&world).await;
        use_it(&contoso, 0).await;
        write(&world).await;
        assert_eq!(idle(&contoso, 1).await, [], "they were assigned today");
        let contoso = days_later(&world, 20).await;
        let head = contoso.get("/events").await.ok()["head"].clone();
        use_it(&contoso, 0).await;
        use_it(&contoso, 0).await;
        write(&world).await;
        assert_eq!(contoso.get("/events").await.ok()["head"], head, "a use is no event");
        let contoso = days_later(&world, 15).await;
        assert_eq!(idle(&contoso, 30).await, [(user(1), Value::Null), (user(2), Value::Null)]);
        let mut used = idle(&contoso, 10).await;
        assert!(used.remove(0).1.as_str().unwrap().ends_with("T00:00:00Z"), "a day, no more");
        let leave = format!("/users/{}/leave", user(1));
        contoso.put(&leave, json!({ "until": world.now().plus_days(5) })).await.no_content();
        assert_eq!(idle(&contoso, 30).await, [(user(2), Value::Null)]);
        contoso.delete(&leave).await.no_content();
        assert_eq!(idle(&contoso, 30).await.len(), 2);
        contoso.put(&leave, json!({ "until": world.now().plus_days(5) })).await.no_content();
        let contoso = days_later(&world, 5).await;
        assert_eq!(idle(&contoso, 30).await.len(), 2, "back from leave");
        let wrong = contoso.put(&leave, json!({ "from": world.now(), "until": world.now() })).await.wrong_fields();
        assert_eq!(wrong, [("until".to_owned(), "leave.ends_before_start".to_owned())]);
        assert_eq!(contoso.get(GOLD).await.ok()["assigned"], 3);
        let listed: Vec<String> = idle(&contoso, 30).await.into_iter().map(|(user, _)| user).collect();
        contoso.post(&format!("{GOLD}/unassignments"), json!({ "users": listed })).await.ok();
        assert_eq!(contoso.get(GOLD).await.ok()["assigned"], 1);
    }
);

flow!(
    /// LIC-07: by the policy least_recently_used those seats go first that were used least recently, or never.
    the_least_recently_used_go_first,
    |world: World| async move {
        let (_, contoso, deal) = story(&world).await;
        let policy = json!({ "policy": "least_recently_used" });
        contoso.put(&format!("{GOLD}/policy"), policy).await.ok();
        use_it(&contoso, 1).await;
        write(&world).await;
        let contoso = days_later(&world, 1).await;
        let fabrikam = world.sign_in("admin@fabrikam.example").await;
        use_it(&contoso, 2).await;
        write(&world).await;
        let states = || async {
            let seats = contoso.get(&format!("{GOLD}/seats")).await.ok();
            let state = |seat: &Value| (seat["user"]["email"].as_str().unwrap().to_owned(), seat["state"] == "active");
            let mut states: Vec<_> = seats["items"].as_array().unwrap().iter().map(state).collect();
            states.sort();
            states
        };
        for (seats, expected) in [(2, [false, true, true]), (1, [false, false, true])] {
            let body = json!({ "customer": world.tenant_id(&contoso).await, "plans": [{ "plan": "gold", "quantity": seats }] });
            fabrikam.put(&format!("/deals/{deal}/licenses"), body).await.ok();
            assert_eq!(states().await, [0, 1, 2].map(|n| (user(n), expected[n])));
        }
    }
);

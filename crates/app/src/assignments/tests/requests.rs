use serde_json::{Value, json};

use crate::Settings;
use crate::testing::{Client, World, flow, together};

const GOLD: &str = "/licenses/fabrikam.f365.gold";

/// contoso holds these many gold seats and has these many users, `u0@contoso.example` and so on.
pub(crate) async fn story(world: &World, seats: i64, users: usize) -> (Client, Client) {
    let fabrikam = world.publisher("fabrikam").await;
    fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
    fabrikam.post("/offers/f365/plans", json!({ "plan_id": "gold", "name": "Gold" })).await.created();
    let contoso = world.customer("contoso").await;
    world.sold(&fabrikam, "f365", &contoso, &[("gold", seats)]).await;
    for n in 0..users {
        contoso.post("/users", json!({ "email": user(n), "name": format!("User {n}") })).await.created();
    }
    (fabrikam, contoso)
}

/// The same person at this node and at another one.
pub(super) async fn on_two_nodes(world: &World, person: &Client) -> [Client; 2] {
    let other = world.another_node(Settings::default()).await;
    [person.clone(), other.with_token(person.token.as_deref().unwrap())]
}

pub(crate) fn user(n: usize) -> String {
    format!("u{n}@contoso.example")
}

fn users(range: std::ops::Range<usize>) -> Value {
    json!({ "users": range.map(user).collect::<Vec<_>>() })
}

async fn counts(contoso: &Client) -> (Value, Value) {
    let pool = contoso.get(GOLD).await.ok();
    (pool["assigned"].clone(), pool["available"].clone())
}

flow!(
    /// ASG-01: global, license and user admins assign; billing admins and plain users may not.
    who_may_assign,
    |world: World| async move {
        let (_, contoso) = story(&world, 9, 3).await;
        let path = format!("{GOLD}/assignments");
        for (n, role) in ["license_admin", "user_admin"].into_iter().enumerate() {
            let admin = world.user(&contoso, &format!("{role}@contoso.example"), &[role]).await;
            admin.post(&path, users(n..n + 1)).await.ok();
        }
        contoso.post(&path, users(2..3)).await.ok();
        for role in ["billing_admin", ""] {
            let roles: &[&str] = if role.is_empty() { &[] } else { &[role] };
            let other = world.user(&contoso, &format!("x{role}@contoso.example"), roles).await;
            other.post(&path, users(0..1)).await.refused(403, "access.forbidden");
        }
        let litware = world.customer("litware").await;
        litware.post(&path, users(0..1)).await.refused(404, "resource.not_found");
    }
);

flow!(
    /// ASG-02: everybody gets a seat, or the answer names each failure and nothing changes.
    everybody_or_nobody,
    |world: World| async move {
        let (_, contoso) = story(&world, 2, 4).await;
        contoso.post(&format!("/users/{}/deactivate", user(3)), json!({})).await.ok();
        let body = json!({ "users": [user(0), user(1), user(2), user(3), "nobody@contoso.example"] });
        let refused = contoso.post(&format!("{GOLD}/assignments"), body).await.refused(409, "assignment.refused");
        let failures: Vec<(String, String)> = refused["context"]["failures"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["user"].as_str().unwrap().to_owned(), row["error"].as_str().unwrap().to_owned()))
            .collect();
        let expected = [
            (user(2), "CountViolation".to_owned()),
            (user(3), "UserInactive".to_owned()),
            ("nobody@contoso.example".to_owned(), "UserUnknown".to_owned()),
        ];
        assert_eq!(failures, expected);
        assert_eq!(counts(&contoso).await, (json!(0), json!(2)));
        contoso.post(&format!("{GOLD}/assignments"), users(0..2)).await.ok();
        let full = contoso.post(&format!("{GOLD}/assignments"), users(2..3)).await.refused(409, "assignment.refused");
        assert_eq!(full["context"]["failures"][0]["error"], "CountViolation");
    }
);

flow!(
    /// ASG-02: `partial` asks for as many as fit, and answers per user.
    as_many_as_fit,
    |world: World| async move {
        let (_, contoso) = story(&world, 2, 4).await;
        contoso.post(&format!("{GOLD}/assignments"), users(1..2)).await.ok();
        let body = json!({ "users": [user(0), user(1), user(2), user(3), "nobody@contoso.example"], "partial": true });
        let done = contoso.post(&format!("{GOLD}/assignments"), body).await.ok();
        let outcomes: Vec<&str> =
            done["results"].as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["assigned", "already_assigned", "failed", "failed", "failed"]);
        assert_eq!((&done["in_use"], &done["available"], &done["changed"]), (&json!(2), &json!(0), &json!(1)));
        assert_eq!(done["results"][2]["error"], "CountViolation");
    }
);

flow!(
    /// ASG-06: deactivating or deleting a user frees the seat in the same transaction.
    who_leaves_frees_the_seat,
    |world: World| async move {
        let (_, contoso) = story(&world, 2, 3).await;
        contoso.post(&format!("{GOLD}/assignments"), users(0..2)).await.ok();
        contoso.post(&format!("/users/{}/deactivate", user(0)), json!({})).await.ok();
        assert_eq!(counts(&contoso).await, (json!(1), json!(1)));
        contoso.delete(&format!("/users/{}", user(1))).await.ok();
        assert_eq!(counts(&contoso).await, (json!(0), json!(2)));
        contoso.post(&format!("/users/{}/activate", user(0)), json!({})).await.ok();
        assert_eq!(counts(&contoso).await.0, json!(0), "seats do not come back by themselves");
        contoso.post(&format!("{GOLD}/assignments"), json!({ "users": [user(0), user(2)] })).await.ok();
        contoso.get(&format!("/users/{}", user(1))).await.refused(404, "resource.not_found");
    }
);

flow!(
    /// ASG-09: the history of a seat says who, through which path, when, and when it ended.
    a_seat_has_its_history,
    |world: World| async move {
        let (_, contoso) = story(&world, 2, 1).await;
        let me = contoso.get("/me").await.ok()["user"]["id"].clone();
        contoso.post(&format!("{GOLD}/assignments"), users(0..1)).await.ok();
        world.pass_seconds(60);
        contoso.post(&format!("{GOLD}/unassignments"), users(0..1)).await.ok();
        contoso.post(&format!("{GOLD}/assignments"), users(0..1)).await.ok();
        let history = contoso.get(&format!("{GOLD}/seats/{}/history", user(0))).await.ok();
        let items = history["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        for item in items {
            assert_eq!((&item["source"], &item["assigned_by"]), (&json!("direct"), &me));
        }
        assert_eq!((&items[0]["ended_by"], &items[1]["ended_by"]), (&me, &Value::Null));
        assert_ne!(items[0]["assigned_at"], items[0]["ended_at"]);
        let seats = contoso.get(&format!("{GOLD}/seats")).await.ok();
        assert_eq!(seats["items"][0]["paths"].as_array().unwrap().len(), 1);
        assert_eq!(contoso.get(&format!("/users/{}/licenses", user(0))).await.ok()["items"][0]["service_id"], "fabrikam.f365.gold");
    }
);

flow!(
    /// LIC-06: 64 clients on two nodes ask for the last ten seats: exactly ten succeed, again and again.
    the_last_ten_seats_go_to_exactly_ten,
    |world: World| async move {
        let (_, contoso) = story(&world, 10, 64).await;
        let clients = on_two_nodes(&world, &contoso).await;
        for round in 0..3 {
            let tasks = (0..64).map(|n| {
                let client = clients[n % 2].clone();
                async move { client.post(&format!("{GOLD}/assignments"), users(n..n + 1)).await.status.as_u16() }
            });
            let statuses = together(tasks).await;
            let count = |status| statuses.iter().filter(|found| **found == status).count();
            assert_eq!((count(200), count(409)), (10, 54), "round {round}");
            assert_eq!(counts(&contoso).await, (json!(10), json!(0)));
            contoso.post(&format!("{GOLD}/unassignments"), users(0..64)).await.ok();
        }
    }
);

flow!(
    /// ASG-03: many ask on two nodes for a seat for the same user: it is assigned once, and one seat is taken.
    a_user_who_is_assigned_many_times_at_once_takes_one_seat,
    |world: World| async move {
        let (_, contoso) = story(&world, 10, 4).await;
        let clients = on_two_nodes(&world, &contoso).await;
        for round in 0..4 {
            let tasks = (0..16).map(|n| {
                let client = clients[n % 2].clone();
                async move { client.post(&format!("{GOLD}/assignments"), users(round..round + 1)).await.ok() }
            });
            let mut outcomes: Vec<Value> =
                together(tasks).await.iter().map(|answer| answer["results"][0]["outcome"].clone()).collect();
            outcomes.retain(|outcome| outcome != "already_assigned");
            assert_eq!(outcomes, ["assigned"], "round {round}");
            assert_eq!(counts(&contoso).await, (json!(round + 1), json!(9 - round)));
        }
    }
);

flow!(ten_thousand_users_in_one_request_are_too_many_by_one, |world: World| async move {
    let (_, contoso) = story(&world, 2, 1).await;
    let many: Vec<String> = (0..10_001).map(user).collect();
    let wrong = contoso.post(&format!("{GOLD}/assignments"), json!({ "users": many })).await.wrong_fields();
    assert_eq!(wrong, [("users".to_owned(), "users.count".to_owned())]);
    let none = contoso.post(&format!("{GOLD}/assignments"), json!({ "users": [] })).await.wrong_fields();
    assert_eq!(none[0].1, "users.count");
    let twice = json!({ "users": [user(0), user(0), user(0).to_uppercase()] });
    let once = contoso.post(&format!("{GOLD}/assignments"), twice).await.ok();
    assert_eq!((&once["in_use"], &once["changed"]), (&json!(1), &json!(1)), "named three times, seated once");
});

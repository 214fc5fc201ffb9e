use serde_json::json;

use crate::testing::{World, flow, together};

flow!(
    /// EVT-01, EVT-02: what was refused leaves no event, what was done leaves one, and the positions of a
    /// tenant's log have no gaps, however many write at once.
    every_change_and_nothing_else_is_in_the_log,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let before = contoso.get("/events").await.ok()["head"].as_i64().unwrap();
        let writes = (0..20).map(|n| {
            let contoso = contoso.clone();
            async move {
                // Every address is used twice: the second is refused.
                let email = format!("u{}@contoso.example", n / 2);
                contoso.post("/users", json!({ "email": email, "name": "U" })).await.status.as_u16()
            }
        });
        let created = i64::try_from(together(writes).await.iter().filter(|status| **status == 201).count()).unwrap();
        assert_eq!(created, 10);
        let log = contoso.get("/events?limit=1000").await.ok();
        assert_eq!(log["head"].as_i64(), Some(before + created));
        let items = log["items"].as_array().unwrap();
        let positions: Vec<i64> = items.iter().map(|event| event["position"].as_i64().unwrap()).collect();
        assert_eq!(positions, (1..=before + created).collect::<Vec<_>>());
        let made = items.iter().filter(|event| event["kind"] == "user.created").count();
        assert_eq!(made, 11, "the admin and ten users");
    }
);

flow!(
    /// EVT-02: a reader that pages by cursor, or replays any range, sees every entry once and in order.
    the_log_can_be_paged_and_replayed,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        for n in 0..7 {
            contoso.post("/users", json!({ "email": format!("u{n}@contoso.example"), "name": "U" })).await.created();
        }
        let all = contoso.get("/events?limit=1000").await.ok()["items"].as_array().unwrap().clone();
        let (mut after, mut paged) = (0, Vec::new());
        loop {
            let items = contoso.get(&format!("/events?after={after}&limit=3")).await.ok()["items"].clone();
            let items = items.as_array().unwrap().clone();
            let Some(last) = items.last() else { break };
            after = last["position"].as_i64().unwrap();
            paged.extend(items);
        }
        assert_eq!(paged, all);
        let litware = world.customer("litware").await;
        let theirs = litware.get("/events").await.ok().to_string();
        assert!(!theirs.contains("u1@contoso"), "another tenant's log is another log");
        contoso.get("/events?after=-1").await.refused(422, "request.invalid");
    }
);

flow!(
    /// EVT-01: an entry says who did it and what.
    an_entry_says_who_and_what,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let me = contoso.get("/me").await.ok()["user"]["id"].clone();
        let made = contoso.post("/users", json!({ "email": "x@contoso.example", "name": "X" })).await.created();
        let log = contoso.get("/events?limit=1000").await.ok();
        let last = log["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["kind"], &last["actor"]["id"]), (&json!("user.created"), &me));
        assert_eq!(last["data"]["user"], made["id"]);
        assert_eq!(last["at"], json!(world.now()));
    }
);

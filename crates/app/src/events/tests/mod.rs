use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Settings;
use crate::testing::{EventStream, World, flow, together};

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

flow!(
    /// EVT-02: a reader that waits gets the entry as soon as it is committed, on whichever node, and an empty
    /// page when its time is over.
    a_reader_can_wait_for_the_next_entry,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let head = contoso.get("/events").await.ok()["head"].as_i64().unwrap();
        let started = Instant::now();
        let none = contoso.get(&format!("/events?after={head}&wait=1")).await.ok();
        assert_eq!(none["items"], json!([]));
        assert!(started.elapsed() >= Duration::from_secs(1));
        let other = world.another_node(Settings::default()).await.sign_in("admin@contoso.example").await;
        let head = contoso.get("/events").await.ok()["head"].as_i64().unwrap();
        let waiting = {
            let contoso = contoso.clone();
            let path = format!("/events?after={head}&wait=30");
            tokio::task::JoinSet::from_iter([async move { contoso.get(&path).await.ok() }])
        };
        other.post("/users", json!({ "email": "x@contoso.example", "name": "X" })).await.created();
        world.app.db.reconcile_heads(0).await.unwrap();
        let came = waiting.join_all().await.remove(0);
        assert_eq!(came["items"][0]["kind"], "user.created");
        assert!(started.elapsed() < Duration::from_secs(20));
        contoso.get("/events?wait=31").await.refused(422, "request.invalid");
        // Nobody waits for a server that stops, nor it for them.
        world.app.stop.send_replace(true);
        let started = Instant::now();
        contoso.get("/events?after=100000&wait=30").await.ok();
        assert!(started.elapsed() < Duration::from_secs(20));
    }
);

flow!(
    /// EVT-02: a stream gives every entry once and in order, those that are there and those that come, and goes
    /// on behind the last one that was read.
    the_log_can_be_followed_as_a_stream,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let user = |n: i64| json!({ "email": format!("u{n}@contoso.example"), "name": "U" });
        contoso.post("/users", user(0)).await.created();
        let mut stream = EventStream::open(&contoso, "/events?after=1").await;
        let head = contoso.get("/events").await.ok()["head"].as_i64().unwrap();
        for n in 1..=20 {
            contoso.post("/users", user(n)).await.created();
        }
        let mut entries: Vec<Value> = Vec::new();
        while entries.len() < usize::try_from(head - 1 + 20).unwrap() {
            entries.extend(stream.next().await);
        }
        let all = contoso.get("/events?after=1&limit=1000").await.ok();
        assert_eq!(json!(entries), all["items"]);
        let resumed = contoso.with("last-event-id", (head + 18).to_string());
        let mut stream = EventStream::open(&resumed, "/events?after=1").await;
        let last: Vec<i64> = stream.next().await.iter().map(|entry| entry["position"].as_i64().unwrap()).collect();
        assert_eq!(last, [head + 19, head + 20]);
        world.app.stop.send_replace(true);
        assert!(stream.is_over().await, "it ends when the process is told to");
    }
);

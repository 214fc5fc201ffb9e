use db::{BoxFuture, DbError, Tx};
use serde_json::{Value, json};
use types::TenantId;

use super::{Ends, Told};
use crate::events::{self, Reader, Recorded};
use crate::jobs::{When, enqueue};
use crate::kit::Refused;
use crate::testing::{Client, World, flow, together};
use crate::{App, Settings};

/// Enqueues a job per user that was made: what is in the queue afterwards is what was handled.
fn handle<'t>(
    tx: &'t mut Tx,
    app: &'t App,
    _: &'t TenantId,
    entries: &'t [Recorded],
) -> BoxFuture<'t, Result<(), Refused>> {
    Box::pin(async move {
        for entry in entries {
            assert_eq!(entry.kind, "user.created");
            let job = Told { test: 0, name: entry.id.to_string(), ends: Ends::Well };
            let now = app.clock.now();
            enqueue(tx, &app.random, &job, When::now(now)).await?;
        }
        Ok(())
    })
}

static MADE: Reader = Reader { name: "test.made", kinds: &["user.created"], handle };

async fn add(client: &Client, count: usize, name: &str) {
    for n in 0..count {
        let body = json!({ "email": format!("{name}{n}@contoso.example"), "name": "U" });
        client.post("/users", body).await.created();
    }
}

async fn handled(world: &World) -> usize {
    let mut cursor = String::new();
    let (operator, mut count) = (world.operator().await, 0);
    loop {
        let page = operator.get(&format!("/jobs?kind=test.told&limit=100{cursor}")).await.ok();
        count += page["items"].as_array().map_or(0, Vec::len);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return count,
        }
    }
}

flow!(
    /// EVT-02: a reader handles every event once, however many nodes read, and goes on where it stood after a
    /// restart.
    a_reader_handles_every_event_exactly_once,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        add(&contoso, 30, "a").await;
        let nodes = [world.another_node(Settings::default()).await, world.another_node(Settings::default()).await];
        let apps = [world.app.clone(), nodes[0].app.clone(), nodes[1].app.clone()];
        let read = apps.clone().map(|app| async move {
            events::catch_up(&app, &MADE).await.map_err(Refused::into_problem).unwrap();
        });
        together(read).await;
        // The operator, the admin and thirty more.
        assert_eq!(handled(&world).await, 32);
        add(&contoso, 3, "b").await;
        let restarted = world.another_node(Settings::default()).await;
        events::catch_up(&restarted.app, &MADE).await.map_err(Refused::into_problem).unwrap();
        events::catch_up(&world.app, &MADE).await.map_err(Refused::into_problem).unwrap();
        assert_eq!(handled(&world).await, 35);
    }
);

fn fail<'t>(
    tx: &'t mut Tx,
    app: &'t App,
    tenant: &'t TenantId,
    entries: &'t [Recorded],
) -> BoxFuture<'t, Result<(), Refused>> {
    Box::pin(async move {
        handle(tx, app, tenant, entries).await?;
        match app.settings.base_url.as_str() {
            "http://broken" => Err(Refused::internal("as told")),
            "http://lost" => Err(DbError::Unavailable { what: "as told".to_owned(), source: None }.into()),
            _ => Ok(()),
        }
    })
}

static FAILS: Reader = Reader { name: "test.fails", kinds: &["user.created"], handle: fail };

flow!(
    /// EVT-02: what could not be handled is not skipped: the log waits, visibly, leaving nothing half done, and
    /// is read on when it can be.
    a_reader_skips_nothing,
    |world: World| async move {
        let broken = Settings { base_url: "http://broken".to_owned(), ..Settings::default() };
        let node = world.another_node(broken).await;
        world.customer("contoso").await;
        let failed = events::catch_up(&node.app, &FAILS).await.unwrap_err();
        assert!(failed.cause().contains("server.internal"), "{}", failed.cause());
        assert_eq!(handled(&world).await, 0, "nothing is half done");
        events::catch_up(&world.app, &FAILS).await.unwrap_err();
        assert_eq!(handled(&world).await, 0, "it is left alone for a while");
        world.pass_seconds(16);
        events::catch_up(&world.app, &FAILS).await.map_err(Refused::into_problem).unwrap();
        assert_eq!(handled(&world).await, 2);
    }
);

flow!(
    /// EVT-02: a log that was not read because the database was away does not wait for longer than that.
    a_reader_goes_on_when_the_database_is_there_again,
    |world: World| async move {
        let lost = Settings { base_url: "http://lost".to_owned(), ..Settings::default() };
        let node = world.another_node(lost).await;
        world.customer("contoso").await;
        let failed = events::catch_up(&node.app, &FAILS).await.unwrap_err();
        assert!(failed.is_lost(), "{}", failed.cause());
        assert_eq!(handled(&world).await, 0);
        events::catch_up(&world.app, &FAILS).await.map_err(Refused::into_problem).unwrap();
        assert_eq!(handled(&world).await, 2);
    }
);

flow!(
    /// The operator sees every reconciler and how it ended last.
    reconcilers_are_visible,
    |world: World| async move {
        let operator = world.operator().await;
        let find = |list: &Value| {
            let items = list["items"].as_array().unwrap();
            items.iter().find(|item| item["name"] == "publishing.take_due_live").unwrap().clone()
        };
        assert_eq!(find(&operator.get("/reconcilers").await.ok())["last_run_at"], Value::Null);
        world.run_jobs().await;
        let run = find(&operator.get("/reconcilers").await.ok());
        assert_eq!((&run["last_run_at"], &run["failed"]), (&json!(world.now()), &json!(false)));
        assert_eq!(run["node"], world.app.node);
    }
);

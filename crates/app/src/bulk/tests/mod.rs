mod against_model;

use axum::http::Method;
use serde_json::{Value, json};
use types::BatchId;

use super::operations::apply::{self, Reached, Stretch};
use super::operations::resolve::Resolver;
use super::{AT_ONCE, ROWS_MAX};
use crate::access::{Right, SeatAssign};
use crate::assignments::tests::requests::{story, user};
use crate::bulk::store;
use crate::events::Actor;
use crate::testing::{Client, Reply, World, flow, together};

const SERVICE: &str = "fabrikam.f365.gold";
const GOLD: &str = "/licenses/fabrikam.f365.gold";
const BATCHES: &str = "/assignment-batches";

async fn send(client: &Client, path: &str, csv: String) -> Reply {
    client.send(Method::POST, path, Some(("text/csv", csv.into_bytes()))).await
}

fn csv(rows: &[(&str, &str)]) -> String {
    let rows: String = rows.iter().map(|(user, action)| format!("{user},{SERVICE},{action}\n")).collect();
    format!("user,service_id,action\n{rows}")
}

fn accepted(reply: Reply) -> (String, Value) {
    assert_eq!(reply.status, 202, "{}", reply.body());
    let body = reply.body();
    (format!("{BATCHES}/{}", body["id"].as_str().unwrap()), body)
}

/// A batch that was applied.
async fn applied(world: &World, client: &Client, csv: String) -> String {
    let (path, _) = accepted(send(client, BATCHES, csv).await);
    world.run_jobs().await;
    assert_eq!(client.get(&path).await.ok()["state"], "applied");
    path
}

async fn undone(world: &World, client: &Client, path: &str) -> Value {
    accepted(client.post(&format!("{path}/undo"), json!({})).await);
    world.run_jobs().await;
    client.get(path).await.ok()
}

/// Row, and the text of a field that is there.
async fn rows(client: &Client, path: &str, field: &str) -> Vec<(i64, String)> {
    let page = client.get(&format!("{path}/rows?limit=100")).await.ok();
    let items = page["items"].as_array().unwrap().iter();
    let said = |row: &Value| Some((row["row"].as_i64()?, row[field].as_str()?.to_owned()));
    items.filter_map(said).collect()
}

async fn assigned(client: &Client) -> Value {
    client.get(GOLD).await.ok()["assigned"].clone()
}

fn conflicts(preview: &Value) -> Vec<(i64, String)> {
    let conflicts = preview["conflicts"].as_array().unwrap().iter();
    conflicts.map(|row| (row["row"].as_i64().unwrap(), row["error"].as_str().unwrap().to_owned())).collect()
}

fn pairs(rows: &[(i64, &str)]) -> Vec<(i64, String)> {
    rows.iter().map(|(row, error)| (*row, (*error).to_owned())).collect()
}

flow!(
    /// ASG-07: the dry run names every conflict by row and changes nothing; applying does what it said, row by
    /// row, in the order of the list.
    the_dry_run_shows_what_applying_does,
    |world: World| async move {
        let (_, contoso) = story(&world, 3, 7).await;
        contoso.post(&format!("{GOLD}/assignments"), json!({ "users": [user(0), user(1)] })).await.ok();
        contoso.post(&format!("/users/{}/deactivate", user(6)), json!({})).await.ok();
        let id = contoso.get(&format!("/users/{}", user(2))).await.ok()["id"].as_str().unwrap().to_owned();
        let mut list = csv(&[
            (&user(0), "assign"),
            (&id, "assign"),
            (&user(2), ""),
            (&user(3), "assign"),
            (&user(1), "unassign"),
            (&user(3), "assign"),
            (&user(4), "assign"),
            (&user(5), "unassign"),
            (&user(6), "assign"),
            ("nobody@contoso.example", "assign"),
            ("nobody", "assign"),
        ]);
        list.push_str(&format!("{},fabrikam.f365.none,assign\n", user(5)));
        let expected = pairs(&[
            (2, "AlreadyAssigned"),
            (4, "DuplicateRow"),
            (5, "CountViolation"),
            (7, "DuplicateRow"),
            (9, "NotAssigned"),
            (10, "UserInactive"),
            (11, "UserUnknown"),
            (12, "UserUnknown"),
            (13, "LicenseUnknown"),
        ]);
        let preview = send(&contoso, &format!("{BATCHES}/preview"), list.clone()).await.ok();
        assert_eq!(conflicts(&preview), expected);
        assert_eq!((&preview["total"], &preview["changed"], &preview["failed"]), (&json!(12), &json!(3), &json!(5)));
        let license = json!({ "service_id": SERVICE, "available_before": 1, "available_after": 0 });
        assert_eq!(preview["licenses"], json!([license]));
        assert_eq!(assigned(&contoso).await, 2, "nothing has changed");
        assert_eq!(contoso.get(BATCHES).await.ok()["items"], json!([]));

        let (path, started) = accepted(send(&contoso, BATCHES, list).await);
        assert_eq!((&started["state"], &started["done"], &started["total"]), (&json!("applying"), &json!(0), &json!(12)));
        world.run_jobs().await;
        assert_eq!(rows(&contoso, &path, "error").await, expected);
        let batch = contoso.get(&path).await.ok();
        let counts = ["done", "changed", "unchanged", "failed"].map(|name| batch[name].as_i64().unwrap());
        assert_eq!((batch["state"].as_str().unwrap(), counts), ("applied", [12, 3, 4, 5]));
        assert_eq!(assigned(&contoso).await, 3);
        let failed = contoso.get(&format!("{path}/rows?outcome=failed&limit=2")).await.ok();
        assert_eq!((failed["items"].as_array().unwrap().len(), failed["next_cursor"].is_string()), (2, true));
        let next = failed["next_cursor"].as_str().unwrap();
        let next = contoso.get(&format!("{path}/rows?outcome=failed&cursor={next}")).await.ok();
        assert_eq!(next["items"].as_array().unwrap().len(), 3);
    }
);

flow!(
    /// ASG-07: a list may be JSON; its changes are in the log in the name of who sent it, as if made by hand; a
    /// repeated key starts no second batch.
    changes_are_told_as_any_other,
    |world: World| async move {
        let (_, contoso) = story(&world, 3, 2).await;
        let me = contoso.get("/me").await.ok()["user"]["id"].clone();
        let after = contoso.get("/events?limit=1").await.ok();
        assert!(after["items"].is_array());
        let body = json!({ "rows": [
            { "user": user(0), "service_id": SERVICE },
            { "user": user(1), "service_id": SERVICE, "action": "assign" },
        ] });
        let once = contoso.with("idempotency-key", "bulk-1");
        let (path, _) = accepted(once.post(BATCHES, body.clone()).await);
        assert_eq!(accepted(once.post(BATCHES, body).await).0, path);
        world.run_jobs().await;
        assert_eq!(contoso.get(BATCHES).await.ok()["items"].as_array().unwrap().len(), 1);
        let mut events = Vec::new();
        let mut position = 0;
        loop {
            let page = contoso.get(&format!("/events?after={position}&limit=100")).await.ok();
            let items = page["items"].as_array().unwrap().clone();
            let Some(last) = items.last() else { break };
            position = last["position"].as_i64().unwrap();
            events.extend(items);
        }
        let taken: Vec<&Value> = events.iter().filter(|event| event["kind"] == "seats.taken").collect();
        assert_eq!(taken.len(), 1);
        assert_eq!(taken[0]["data"]["users"].as_array().unwrap().len(), 2);
        assert_eq!(taken[0]["actor"]["id"], me);
        for kind in ["assignment_batch.started", "assignment_batch.applied"] {
            assert_eq!(events.iter().filter(|event| event["kind"] == kind).count(), 1, "{kind}");
        }
        let history = contoso.get(&format!("{GOLD}/seats/{}/history", user(0))).await.ok();
        assert_eq!(history["items"][0]["assigned_by"], me);
    }
);

flow!(
    /// ASG-07, ASG-01: who may assign may send a list; another tenant finds neither users nor batch.
    a_batch_belongs_to_its_tenant,
    |world: World| async move {
        let (_, contoso) = story(&world, 3, 2).await;
        let list = csv(&[(&user(0), "assign")]);
        let path = applied(&world, &contoso, list.clone()).await;
        let billing = world.user(&contoso, "bill@contoso.example", &["billing_admin"]).await;
        send(&billing, BATCHES, list.clone()).await.refused(403, "access.forbidden");
        billing.post(&format!("{path}/undo"), json!({})).await.refused(403, "access.forbidden");
        billing.get(&path).await.ok();
        let litware = world.customer("litware").await;
        litware.get(&path).await.refused(404, "resource.not_found");
        litware.get(&format!("{path}/rows")).await.refused(404, "resource.not_found");
        litware.post(&format!("{path}/undo"), json!({})).await.refused(404, "resource.not_found");
        assert_eq!(litware.get(BATCHES).await.ok()["items"], json!([]));
        let theirs = applied(&world, &litware, list).await;
        assert_eq!(rows(&litware, &theirs, "error").await, pairs(&[(2, "UserUnknown")]));
        assert_eq!(assigned(&contoso).await, 1);
    }
);

flow!(
    /// ASG-07: what cannot be read is refused by row, and so are more rows than a list may have.
    a_list_that_cannot_be_read_is_refused,
    |world: World| async move {
        let (_, contoso) = story(&world, 1, 1).await;
        let wrong = send(&contoso, BATCHES, "user,service_id,action\nu,s,give\n,s,\n".to_owned()).await.wrong_fields();
        let places: Vec<&str> = wrong.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["row 2", "row 3"]);
        let many = format!("user,service_id\n{}", "u,s\n".repeat(ROWS_MAX + 1));
        send(&contoso, &format!("{BATCHES}/preview"), many.clone()).await.refused(413, "batch.too_many_rows");
        send(&contoso, BATCHES, many).await.refused(413, "batch.too_many_rows");
        assert_eq!(contoso.get(BATCHES).await.ok()["items"], json!([]));
    }
);

flow!(
    /// ASG-07: a job that is killed between its steps goes on where it was, and two at once do each row once.
    each_row_is_applied_once_whatever_breaks,
    |world: World| async move {
        let (_, contoso) = story(&world, 9, 5).await;
        let mut list = csv(&[(&user(0), "assign"), (&user(1), "assign")]);
        let strangers: String = (0..AT_ONCE * 2).map(|n| format!("x{n}@contoso.example,{SERVICE},\n")).collect();
        list.push_str(&strangers);
        list.push_str(&format!("{0},{SERVICE},unassign\n{1},{SERVICE},assign\n", user(0), user(2)));
        let (path, _) = accepted(send(&contoso, BATCHES, list).await);
        let id = BatchId::parse(path.rsplit('/').next().unwrap()).unwrap();
        let tenant = world.tenant_id(&contoso).await;
        let tenant = types::TenantId::parse(tenant.as_str().unwrap()).unwrap();
        let right = || -> Right<SeatAssign> {
            let asker = (Actor::System, None);
            Right::of_the_asker(tenant, asker, world.app.clock.now(), world.app.random.clone())
        };
        let of_read = right();
        let resolved = world.app.db.read(move |tx| {
            Box::pin(async move {
                let rows = store::find_upload(tx, &id).await?;
                let rows = Resolver::default().resolve(tx, &of_read, rows).await?;
                Ok::<_, db::DbError>(Stretch { before: 0, rows })
            })
        });
        let resolved = std::sync::Arc::new(resolved.await.unwrap());
        let step = |right: Right<SeatAssign>, resolved: std::sync::Arc<Stretch>| {
            let db = world.app.db.clone();
            async move {
                let stepped = db.write(move |tx| {
                    Box::pin(async move { apply::step(tx, &right, &id, &resolved, AT_ONCE).await })
                });
                stepped.await.unwrap().value
            }
        };
        // The first step was committed, then its node was killed: somebody else's steps follow, two at once.
        assert_eq!(step(right(), resolved.clone()).await, Reached::Within);
        let half = contoso.get(&path).await.ok();
        assert_eq!((&half["state"], &half["done"]), (&json!("applying"), &json!(AT_ONCE)));
        assert_eq!(assigned(&contoso).await, 2);
        contoso.post(&format!("{path}/undo"), json!({})).await.refused(409, "batch.not_applied");
        tokio::join!(step(right(), resolved.clone()), step(right(), resolved.clone()));
        world.run_jobs().await;
        let batch = contoso.get(&path).await.ok();
        let strangers = i64::try_from(AT_ONCE * 2).unwrap();
        let counts = ["done", "total", "changed", "failed"].map(|name| batch[name].as_i64().unwrap());
        // The unassignment wants the opposite of a row before.
        assert_eq!(counts, [strangers + 4, strangers + 4, 3, strangers + 1]);
        assert_eq!(assigned(&contoso).await, 3);
        assert_eq!(step(right(), resolved).await, Reached::End, "nothing is left to do");
        assert_eq!(contoso.get(&path).await.ok(), batch);
    }
);

flow!(
    /// ASG-07: undo takes back what the batch did, from the last row to the first, and twice is the same as once.
    a_batch_is_undone,
    |world: World| async move {
        let (_, contoso) = story(&world, 2, 4).await;
        contoso.post(&format!("{GOLD}/assignments"), json!({ "users": [user(0), user(1)] })).await.ok();
        world.pass_seconds(60);
        let list = csv(&[(&user(0), "unassign"), (&user(2), "assign"), (&user(1), "assign"), (&user(3), "assign")]);
        let path = applied(&world, &contoso, list).await;
        assert_eq!(rows(&contoso, &path, "outcome").await.iter().filter(|(_, said)| said == "changed").count(), 2);
        world.pass_seconds(60);
        let after = undone(&world, &contoso, &path).await;
        assert_eq!((&after["state"], &after["undone"], &after["kept"]), (&json!("undone"), &json!(2), &json!(0)));
        let seats = contoso.get(&format!("{GOLD}/seats")).await.ok();
        let mut holders: Vec<&str> =
            seats["items"].as_array().unwrap().iter().map(|seat| seat["user"]["email"].as_str().unwrap()).collect();
        holders.sort_unstable();
        assert_eq!(holders, [user(0), user(1)]);
        assert_eq!(rows(&contoso, &path, "undo").await, pairs(&[(2, "undone"), (3, "undone")]));
        assert_eq!(undone(&world, &contoso, &path).await, after, "twice is the same as once");
    }
);

flow!(
    /// ASG-07: undo leaves alone what somebody changed since, and says by row what it could not take back.
    undo_leaves_alone_what_changed_since,
    |world: World| async move {
        let (_, contoso) = story(&world, 5, 10).await;
        let one = |n| json!({ "users": [user(n)] });
        for n in [0, 1, 2, 9] {
            contoso.post(&format!("{GOLD}/assignments"), one(n)).await.ok();
        }
        world.pass_seconds(60);
        let list = csv(&[
            (&user(0), "unassign"),
            (&user(1), "unassign"),
            (&user(2), "unassign"),
            (&user(3), "assign"),
            (&user(4), "assign"),
            (&user(5), "assign"),
            (&user(9), "unassign"),
        ]);
        let path = applied(&world, &contoso, list).await;
        world.pass_seconds(60);
        // 3 was taken off and given a seat again, 4 was taken off, 0 has one again, 1 has left, 9 had one again.
        contoso.post(&format!("{GOLD}/assignments"), one(9)).await.ok();
        contoso.post(&format!("{GOLD}/unassignments"), one(9)).await.ok();
        contoso.post(&format!("{GOLD}/assignments"), one(8)).await.ok();
        contoso.post(&format!("{GOLD}/unassignments"), one(3)).await.ok();
        contoso.post(&format!("{GOLD}/assignments"), one(3)).await.ok();
        contoso.post(&format!("{GOLD}/unassignments"), one(4)).await.ok();
        contoso.post(&format!("{GOLD}/assignments"), one(0)).await.ok();
        contoso.post(&format!("/users/{}/deactivate", user(1)), json!({})).await.ok();
        // With 5's, the pool is full but for what undoing frees, which 6 and 7 and 8 take from 2.
        contoso.post(&format!("{GOLD}/assignments"), one(6)).await.ok();
        let group = contoso.post("/groups", json!({ "name": "Waiting" })).await.created()["id"].clone();
        let group = format!("/groups/{}", group.as_str().unwrap());
        contoso.post(&format!("{group}/members"), json!({ "users": [user(7)], "groups": [] })).await.ok();
        contoso.put(&format!("{group}/licenses/{SERVICE}"), json!({})).await.ok();
        let after = undone(&world, &contoso, &path).await;
        assert_eq!((&after["undone"], &after["kept"]), (&json!(1), &json!(6)));
        let expected = [
            (2, "ChangedSince"),
            (3, "UserInactive"),
            (4, "CountViolation"),
            (5, "ChangedSince"),
            (6, "ChangedSince"),
            (8, "ChangedSince"),
        ];
        assert_eq!(rows(&contoso, &path, "undo_error").await, pairs(&expected));
        assert_eq!(assigned(&contoso).await, 5, "who waited has the seat that undoing freed");
    }
);

flow!(
    /// ASG-07, LIC-06: batches and requests at once never take more seats than there are.
    batches_at_once_take_no_more_than_there_is,
    |world: World| async move {
        let (_, contoso) = story(&world, 5, 12).await;
        let all: Vec<String> = (0..12).map(user).collect();
        for chunk in all.chunks(4) {
            let list: Vec<(&str, &str)> = chunk.iter().map(|user| (user.as_str(), "assign")).collect();
            accepted(send(&contoso, BATCHES, csv(&list)).await);
        }
        let by_hand = together((0..4).map(|n| {
            let contoso = contoso.clone();
            async move {
                contoso.post(&format!("{GOLD}/assignments"), json!({ "users": [user(n)] })).await.status.as_u16()
            }
        }));
        tokio::join!(by_hand, world.run_jobs());
        assert_eq!(assigned(&contoso).await, 5);
    }
);

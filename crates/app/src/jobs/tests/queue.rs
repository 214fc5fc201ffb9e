use db::DbError;
use serde_json::{Value, json};

use super::{Ends, TOLD, Told, number, ran, room, tell};
use crate::jobs::job::JobState;
use crate::jobs::{When, drain, enqueue, runner};
use crate::kit::Refused;
use crate::testing::{World, flow, together};
use crate::{Settings, jobs};

async fn drained(world: &World) -> (usize, Vec<String>) {
    drain(&world.app, &TOLD).await.map_err(Refused::into_problem).unwrap()
}

async fn only_job(world: &World) -> Value {
    world.operator().await.get("/jobs?kind=test.told").await.ok()["items"][0].clone()
}

flow!(
    /// A job exists if and only if the unit of work that wants it was committed, and runs once.
    a_job_is_there_if_its_unit_was_committed,
    |world: World| async move {
        let test = number();
        let (now, random) = (world.now(), world.app.random.clone());
        let undone = world.app.db.write(move |tx| {
            Box::pin(async move {
                let job = Told { test, name: "undone".to_owned(), ends: Ends::Well };
                enqueue(tx, &random, &job, When::now(now)).await?;
                Err::<(), _>(DbError::internal("changed my mind"))
            })
        });
        undone.await.unwrap_err();
        tell(&world, test, "done", Ends::Well, None).await;
        assert_eq!(drained(&world).await, (1, vec![]));
        assert_eq!(drained(&world).await, (0, vec![]));
        assert_eq!(ran(test), ["done"]);
        let job = only_job(&world).await;
        assert_eq!((&job["state"], &job["attempts"]), (&json!("done"), &json!(1)));
        world.pass_seconds(8 * 86_400);
        jobs::forget_done(&world.app).await.map_err(Refused::into_problem).unwrap();
        assert_eq!(only_job(&world).await, Value::Null);
    }
);

flow!(
    /// A job that fails is tried again later and later, keeps its last error, is dead after the last attempt,
    /// and the operator can have it tried again. Both are in the marketplace's log.
    a_job_that_fails_dies_after_its_last_attempt,
    |world: World| async move {
        let test = number();
        tell(&world, test, "a", Ends::Badly, None).await;
        assert_eq!(drained(&world).await, (1, vec![]));
        let job = only_job(&world).await;
        assert_eq!((&job["state"], &job["error"]), (&json!("queued"), &json!("attempt 1 failed")));
        assert!(job["due_at"].as_str().unwrap() > world.now().to_string().as_str());
        assert_eq!(drained(&world).await.0, 0, "it waits");
        world.pass_seconds(6);
        assert_eq!(drained(&world).await.0, 1);
        world.pass_seconds(6);
        assert_eq!(drained(&world).await.0, 0, "it waits longer");
        world.pass_seconds(20);
        let (count, died) = drained(&world).await;
        assert_eq!((count, died.len()), (1, 1));
        let operator = world.operator().await;
        let dead = operator.get("/jobs?state=dead").await.ok()["items"][0].clone();
        assert_eq!((&dead["attempts"], &dead["error"]), (&json!(3), &json!("attempt 3 failed")));
        let path = format!("/jobs/{}", dead["id"].as_str().unwrap());
        assert_eq!(operator.post(&format!("{path}/retry"), json!({})).await.ok()["state"], "queued");
        assert_eq!(drained(&world).await.0, 1);
        assert_eq!(operator.get(&path).await.ok()["error"], "attempt 4 failed");
        let kinds = operator.get("/events?limit=1000").await.ok()["items"].to_string();
        assert!(kinds.contains("job.died") && kinds.contains("job.retried"));
        let fine = {
            tell(&world, test, "b", Ends::Well, None).await;
            drained(&world).await;
            operator.get("/jobs?state=done").await.ok()["items"][0]["id"].as_str().unwrap().to_owned()
        };
        operator.post(&format!("/jobs/{fine}/retry"), json!({})).await.refused(409, "job.not_waiting");
        operator.get("/jobs?state=lost").await.refused(422, "request.invalid");
        assert_eq!(operator.get("/jobs?state=done&kind=test.other").await.ok()["items"], json!([]));
    }
);

flow!(
    /// A panic is an attempt that failed.
    a_panic_is_a_failure,
    |world: World| async move {
        tell(&world, number(), "a", Ends::Panicking, None).await;
        assert_eq!(drained(&world).await.0, 1);
        let job = only_job(&world).await;
        assert_eq!(job["state"], "queued");
        assert!(job["error"].as_str().unwrap().contains("panicked"), "{job}");
    }
);

flow!(
    /// A node that was killed loses nothing: when its lease is over another one takes the job, and what the
    /// first says of it afterwards counts no more.
    a_killed_node_loses_nothing,
    |world: World| async move {
        let test = number();
        let other = world.another_node(Settings::default()).await;
        tell(&world, test, "a", Ends::Well, None).await;
        let mut held = runner::claim(&world.app, room(10)).await.map_err(Refused::into_problem).unwrap();
        assert_eq!(held.len(), 1);
        assert_eq!(drained(&other).await.0, 0, "it is leased");
        world.pass_seconds(91);
        assert_eq!(drained(&other).await, (1, vec![]));
        let late = runner::perform(world.app.clone(), &TOLD, held.remove(0)).await;
        assert_eq!(late, None, "the lease was over");
        let job = only_job(&world).await;
        assert_eq!((&job["state"], &job["attempts"]), (&json!("done"), &json!(2)));
        assert_eq!(job["node"], other.app.node);
    }
);

flow!(
    /// A job whose nodes are killed each time does not go round for ever.
    a_job_that_kills_its_nodes_dies,
    |world: World| async move {
        tell(&world, number(), "a", Ends::Well, None).await;
        for _ in 0..3 {
            assert_eq!(runner::claim(&world.app, room(10)).await.map_err(Refused::into_problem).unwrap().len(), 1);
            world.pass_seconds(91);
        }
        assert_eq!(drained(&world).await.1.len(), 1);
    }
);

flow!(
    /// One that waits untried stands for all of its key; two of a key never run at once, and what was asked for
    /// while one ran is done after it.
    jobs_of_a_key_stand_for_each_other_and_run_one_by_one,
    |world: World| async move {
        let test = number();
        for name in ["a", "b"] {
            tell(&world, test, name, Ends::Well, Some("k")).await;
        }
        tell(&world, test, "other", Ends::Well, Some("l")).await;
        let claimed = runner::claim(&world.app, room(10)).await.map_err(Refused::into_problem).unwrap();
        assert_eq!(claimed.len(), 2, "one of each key");
        tell(&world, test, "c", Ends::Well, Some("k")).await;
        assert!(runner::claim(&world.app, room(10)).await.map_err(Refused::into_problem).unwrap().is_empty());
        for job in claimed {
            assert_eq!(runner::perform(world.app.clone(), &TOLD, job).await, Some(JobState::Done));
        }
        assert_eq!(drained(&world).await.0, 1);
        let mut names = ran(test);
        names.sort();
        assert_eq!(names, ["a", "c", "other"]);
        // One that waits for its next attempt, and a fresh one: the older goes first.
        tell(&world, test, "slow", Ends::BadlyAtFirst, Some("k")).await;
        drained(&world).await;
        world.pass_seconds(10);
        tell(&world, test, "fresh", Ends::Well, Some("k")).await;
        assert_eq!(runner::claim(&world.app, room(10)).await.map_err(Refused::into_problem).unwrap().len(), 1);
    }
);

flow!(
    /// Many claimants at once, on two nodes: every job is run exactly once.
    nodes_share_the_queue,
    |world: World| async move {
        let test = number();
        for at in 0..60 {
            tell(&world, test, &format!("{at:02}"), Ends::Well, None).await;
        }
        let other = world.another_node(Settings::default()).await;
        let apps = [world.app.clone(), other.app.clone(), world.app.clone(), other.app.clone()];
        let tasks = apps.into_iter().map(|app| async move {
            loop {
                let claimed = runner::claim(&app, room(7)).await.map_err(Refused::into_problem).unwrap();
                if claimed.is_empty() {
                    break;
                }
                for job in claimed {
                    runner::perform(app.clone(), &TOLD, job).await;
                }
            }
        });
        together(tasks).await;
        drained(&world).await;
        let mut names = ran(test);
        names.sort();
        assert_eq!(names, (0..60).map(|at| format!("{at:02}")).collect::<Vec<_>>());
        let operator = world.operator().await;
        let first = operator.get("/jobs?limit=50").await.ok();
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = operator.get(&format!("/jobs?limit=50&cursor={cursor}")).await.ok();
        let count = |page: &Value| page["items"].as_array().unwrap().len();
        assert_eq!((count(&first), count(&second)), (50, 10));
    }
);

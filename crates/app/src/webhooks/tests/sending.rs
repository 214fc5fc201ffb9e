use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{add_user, deliveries, event, hook, verifies};
use crate::testing::{Receiver, World, flow};

flow!(
    /// EVT-03: what arrives is a CloudEvent, signed per Standard Webhooks; only the kinds that were asked for,
    /// only of the own tenant, in a delivery whose attempt can be seen.
    an_event_arrives_signed_as_a_cloud_event,
    |world: World| async move {
        let (contoso, litware) = (world.customer("contoso").await, world.customer("litware").await);
        let receiver = Receiver::start();
        let (id, secret) = hook(&contoso, &receiver, json!(["user.created"])).await;
        let ada = add_user(&contoso, "ada").await;
        let path = format!("/users/{}", ada["id"].as_str().unwrap());
        contoso.patch(&path, json!({ "name": "Ada" })).await.ok();
        add_user(&litware, "lea").await;
        world.run_jobs().await;
        let received = receiver.take();
        assert_eq!(received.len(), 1);
        assert!(verifies(&received[0], &secret));
        assert_eq!(received[0].headers["content-type"], "application/cloudevents+json");
        let sent = event(&received[0]);
        let log = contoso.get("/events?limit=1000").await.ok();
        let logged = log["items"].as_array().unwrap().iter().find(|entry| entry["data"]["user"] == ada["id"]);
        let logged = logged.unwrap();
        assert_eq!((&sent["specversion"], &sent["type"]), (&json!("1.0"), &json!("user.created")));
        assert_eq!((&sent["id"], &sent["time"], &sent["data"]), (&logged["id"], &logged["at"], &logged["data"]));
        assert_eq!(sent["sequence"], logged["position"].to_string());
        assert_eq!(received[0].headers["webhook-id"], sent["id"].as_str().unwrap());
        assert_eq!(received[0].headers["webhook-timestamp"], world.now().seconds().to_string());
        let delivery = deliveries(&contoso, &id).await.remove(0);
        assert_eq!(delivery["state"], "delivered");
        let path = format!("/webhooks/{id}/deliveries/{}", delivery["id"].as_str().unwrap());
        let detail = contoso.get(&path).await.ok();
        assert_eq!((&detail["body"], &detail["tries"][0]["status"]), (&json!(received[0].body), &json!(204)));
        litware.get(&path).await.refused(404, "resource.not_found");
    }
);

flow!(
    /// EVT-03: what does not arrive is tried again later and later, each attempt is kept with its answer, under
    /// the same id; a redirect is no success.
    a_failed_delivery_is_tried_again,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let receiver = Receiver::start();
        let (id, secret) = hook(&contoso, &receiver, json!(["user.created"])).await;
        add_user(&contoso, "ada").await;
        for (status, early, due) in [(500, 4, 6), (302, 299, 331)] {
            receiver.answer(status);
            world.run_jobs().await;
            world.pass_seconds(early);
            assert_eq!(world.run_jobs().await, 0, "not before its time");
            world.pass_seconds(due - early);
        }
        receiver.answer(200);
        world.run_jobs().await;
        let received = receiver.take();
        assert_eq!(received.len(), 3);
        assert!(received.iter().all(|got| got.headers["webhook-id"] == received[0].headers["webhook-id"]));
        assert!(received.iter().all(|got| verifies(got, &secret)));
        let delivery = deliveries(&contoso, &id).await.remove(0);
        let path = format!("/webhooks/{id}/deliveries/{}", delivery["id"].as_str().unwrap());
        let tries = contoso.get(&path).await.ok()["tries"].clone();
        let statuses: Vec<&Value> = tries.as_array().unwrap().iter().map(|attempt| &attempt["status"]).collect();
        assert_eq!(statuses, [500, 302, 200]);
        assert_eq!(tries[0]["error"], "it answered 500");
        assert_eq!(contoso.get(&format!("/webhooks/{id}")).await.ok()["failing_since"], Value::Null);
    }
);

flow!(
    /// EVT-03: one delivery can be sent again, events since a time replayed, and a test sent.
    what_was_sent_can_be_sent_again,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let receiver = Receiver::start();
        add_user(&contoso, "early").await;
        world.pass_seconds(60);
        let since = world.now();
        for n in 0..5 {
            add_user(&contoso, &format!("u{n}")).await;
        }
        let (id, secret) = hook(&contoso, &receiver, json!(["user.created"])).await;
        world.run_jobs().await;
        assert!(receiver.take().is_empty(), "only events from then on");
        let path = format!("/webhooks/{id}");
        contoso.post(&format!("{path}/test"), json!({})).await.created();
        world.run_jobs().await;
        let test = receiver.take().remove(0);
        assert!(verifies(&test, &secret) && event(&test)["type"] == "webhook.test");
        contoso.post(&format!("{path}/replay"), json!({ "since": since })).await.ok();
        world.run_jobs().await;
        let replayed = receiver.take();
        assert_eq!(replayed.len(), 5);
        let delivery = deliveries(&contoso, &id).await.remove(0);
        let resend = format!("{path}/deliveries/{}/resend", delivery["id"].as_str().unwrap());
        contoso.post(&resend, json!({})).await.created();
        world.run_jobs().await;
        let again = receiver.take();
        assert_eq!((again.len(), again[0].headers["webhook-id"].as_str()), (1, delivery["event"].as_str().unwrap()));
        contoso.post(&format!("{path}/replay"), json!({ "since": "yesterday" })).await.refused(422, "request.invalid");
        let later = json!({ "since": world.now().plus_seconds(1) });
        let wrong = contoso.post(&format!("{path}/replay"), later).await.wrong_fields();
        assert_eq!(wrong, [("since".to_owned(), "webhook.since_in_future".to_owned())]);
    }
);

/// EVT-03: an endpoint that accepts and never answers holds up nobody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_endpoint_delays_nobody_else() {
    let world = World::sqlite().await;
    let contoso = world.customer("contoso").await;
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    contoso.post("/webhooks", json!({ "url": url, "kinds": ["user.created"] })).await.created();
    let receiver = Receiver::start();
    hook(&contoso, &receiver, json!(["user.created"])).await;
    let mut running = tokio::task::JoinSet::new();
    running.spawn(crate::work::work(world.app.clone()));
    let started = Instant::now();
    for n in 0..10 {
        add_user(&contoso, &format!("u{n}")).await;
    }
    let mut arrived = 0;
    while arrived < 10 && started.elapsed() < Duration::from_secs(12) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        arrived += receiver.take().len();
    }
    assert_eq!(arrived, 10, "before the silent one timed out");
    world.app.stop.send_replace(true);
    drop(silent);
    running.join_next().await.unwrap().unwrap();
}

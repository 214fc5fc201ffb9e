use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{deliveries, leads, market, press, verifies};
use crate::testing::{MailServer, Received, Receiver, World, flow};

fn payload(received: &Received) -> Value {
    serde_json::from_str(&received.body).unwrap()
}

flow!(
    /// STO-04: an endpoint is sent exactly what lead receivers know, signed per Standard Webhooks with the secret
    /// that was shown once; the delivery can be seen.
    a_lead_arrives_at_an_endpoint,
    |world: World| async move {
        let (fabrikam, contoso) = market(&world).await;
        let receiver = Receiver::start();
        let made = fabrikam.post("/lead-destinations", json!({ "url": receiver.url })).await.created();
        fabrikam.post("/lead-destinations", json!({ "url": receiver.url })).await.refused(409, "lead.destination_taken");
        let listed = fabrikam.get("/lead-destinations").await.ok();
        assert_eq!((&listed["items"][0]["id"], listed.to_string().contains("whsec_")), (&made["id"], false));
        let lead = press(&contoso).await["lead"].clone();
        world.run_jobs().await;
        let received = receiver.take();
        assert_eq!(received.len(), 1);
        assert!(verifies(&received[0], &made["secret"]));
        assert_eq!(received[0].headers["webhook-id"], lead.as_str().unwrap());
        assert_eq!(payload(&received[0]), json!({
            "UserDetails": {
                "FirstName": "Admin of", "LastName": "contoso", "Email": "admin@contoso.example", "Phone": "",
                "Country": "KR", "Company": "contoso Ltd.", "Title": "",
            },
            "LeadSource": "127.0.0.1-PLT|fabrikam.f365", "ActionCode": "PLT", "OfferTitle": "f365",
        }));
        let delivery = deliveries(&fabrikam, &lead).await.remove(0);
        assert_eq!((&delivery["state"], &delivery["status"], &delivery["attempts"]), (&json!("delivered"), &json!(204), &json!(1)));
        assert_eq!(delivery["destination"], made["id"]);
        press(&contoso).await;
        world.run_jobs().await;
        assert!(receiver.take().is_empty(), "a repeated press sends nothing");
    }
);

flow!(
    /// STO-04: what does not arrive is tried again for three days, visibly; then it is given up, announced, and can
    /// be sent again. The lead is on the publisher's page all the while.
    a_lead_is_never_lost,
    |world: World| async move {
        let (fabrikam, contoso) = market(&world).await;
        let receiver = Receiver::start();
        receiver.answer(500);
        fabrikam.post("/lead-destinations", json!({ "url": receiver.url })).await.created();
        let lead = press(&contoso).await["lead"].clone();
        world.run_jobs().await;
        let delivery = deliveries(&fabrikam, &lead).await.remove(0);
        assert_eq!((&delivery["state"], &delivery["error"]), (&json!("pending"), &json!("it answered 500")));
        world.pass_seconds(4);
        assert_eq!(world.run_jobs().await, 0, "not before its time");
        for _ in 0..9 {
            world.pass_seconds(100_000);
            world.run_jobs().await;
        }
        assert_eq!(receiver.take().len(), 10);
        let fabrikam = world.sign_in("admin@fabrikam.example").await;
        let delivery = deliveries(&fabrikam, &lead).await.remove(0);
        assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("dead"), &json!(10)));
        assert_eq!(leads(&fabrikam, "").await[0]["id"], lead);
        let log = fabrikam.get("/events?limit=1000").await.ok();
        let failed = |entry: &&Value| entry["kind"] == "lead.delivery_failed";
        assert_eq!(log["items"].as_array().unwrap().iter().filter(failed).count(), 1);
        receiver.answer(200);
        let resend = format!("/leads/{}/deliveries/{}/resend", lead.as_str().unwrap(), delivery["id"].as_str().unwrap());
        assert_eq!(fabrikam.post(&resend, json!({})).await.ok()["state"], "pending");
        world.run_jobs().await;
        assert_eq!(deliveries(&fabrikam, &lead).await[0]["state"], "delivered");
        fabrikam.post(&resend, json!({})).await.refused(409, "lead.not_dead");
    }
);

flow!(
    /// STO-04: an e-mail address gets the lead as a mail, in the language chosen; without a mail server it is held,
    /// visibly, and sent when there is one.
    a_lead_arrives_by_mail,
    |world: World| async move {
        let (fabrikam, contoso) = market(&world).await;
        let body = json!({ "email": "sales@fabrikam.example", "language": "ko" });
        assert_eq!(fabrikam.post("/lead-destinations", body).await.created()["secret"], Value::Null);
        let lead = press(&contoso).await["lead"].clone();
        world.run_jobs().await;
        let delivery = deliveries(&fabrikam, &lead).await.remove(0);
        assert_eq!(delivery["state"], "pending");
        assert!(delivery["error"].as_str().unwrap().contains("no mail server"));
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        node.run_jobs().await;
        let mails = server.take();
        let mail = mails.iter().find(|mail| mail.to == "sales@fabrikam.example").unwrap();
        let text = mail.part("text/plain");
        assert!(text.contains("admin@contoso.example") && text.contains("연락에 동의했습니다"), "{text}");
        assert_eq!(deliveries(&fabrikam, &lead).await[0]["state"], "delivered");
    }
);

flow!(
    /// STO-04: *Validate* sends a test lead that is recognised as one, and says whether it arrived.
    validate_says_whether_a_test_lead_arrives,
    |world: World| async move {
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        let fabrikam = node.publisher("fabrikam").await;
        let receiver = Receiver::start();
        let made = fabrikam.post("/lead-destinations", json!({ "url": receiver.url })).await.created();
        let validate = |id: &Value| format!("/lead-destinations/{}/validate", id.as_str().unwrap());
        let path = validate(&made["id"]);
        assert_eq!(fabrikam.post(&path, json!({})).await.ok()["arrived"], true);
        let test = receiver.take().remove(0);
        assert!(verifies(&test, &made["secret"]));
        let test = payload(&test);
        for name in ["FirstName", "LastName", "Company", "Title"] {
            assert!(test["UserDetails"][name].as_str().unwrap().starts_with("SEATLINE_TEST_"), "{test}");
        }
        receiver.answer(403);
        let refused = fabrikam.post(&path, json!({})).await.ok();
        assert_eq!((&refused["arrived"], &refused["status"]), (&json!(false), &json!(403)));
        for (email, arrives) in [("sales@fabrikam.example", true), ("sales@refused.example", false)] {
            let made = fabrikam.post("/lead-destinations", json!({ "email": email })).await.created();
            assert_eq!(fabrikam.post(&validate(&made["id"]), json!({})).await.ok()["arrived"], arrives);
        }
        assert!(server.take().iter().any(|mail| mail.source.contains("SEATLINE_TEST_")));
        assert!(leads(&fabrikam, "").await.is_empty(), "a test is no lead");
        node.publisher("litware").await.post(&path, json!({})).await.refused(404, "resource.not_found");
    }
);

flow!(
    /// STO-04: a destination is an address that may be reached, or one that can get mail, and one of the two; one
    /// that is deleted gets nothing more, not even what was on its way, and the leads stay.
    destinations_are_chosen_and_given_up,
    |world: World| async move {
        let (fabrikam, contoso) = market(&world).await;
        for body in [
            json!({}),
            json!({ "url": "https://10.0.0.1/leads" }),
            json!({ "url": "ftp://fabrikam.example" }),
            json!({ "email": "sales" }),
            json!({ "url": "https://fabrikam.example/leads", "email": "sales@fabrikam.example" }),
        ] {
            fabrikam.post("/lead-destinations", body).await.refused(422, "request.invalid");
        }
        let receiver = Receiver::start();
        let made = fabrikam.post("/lead-destinations", json!({ "url": receiver.url })).await.created();
        let path = format!("/lead-destinations/{}", made["id"].as_str().unwrap());
        press(&contoso).await;
        world.publisher("litware").await.delete(&path).await.refused(404, "resource.not_found");
        fabrikam.delete(&path).await.ok();
        world.run_jobs().await;
        assert!(receiver.take().is_empty());
        assert_eq!(leads(&fabrikam, "").await.len(), 1);
        for n in 0..20 {
            fabrikam.post("/lead-destinations", json!({ "email": format!("s{n}@fabrikam.example") })).await.created();
        }
        let one_more = json!({ "email": "more@fabrikam.example" });
        fabrikam.post("/lead-destinations", one_more).await.refused(409, "lead.too_many_destinations");
    }
);

/// STO-04: an endpoint that accepts and never answers holds up nobody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_endpoint_delays_nobody_else() {
    let world = World::sqlite().await;
    let (fabrikam, contoso) = market(&world).await;
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    fabrikam.post("/lead-destinations", json!({ "url": url })).await.created();
    let receiver = Receiver::start();
    fabrikam.post("/lead-destinations", json!({ "url": receiver.url })).await.created();
    let mut running = tokio::task::JoinSet::new();
    running.spawn(crate::work::work(world.app.clone()));
    let started = Instant::now();
    for n in 0..5 {
        press(&world.user(&contoso, &format!("u{n}@contoso.example"), &[]).await).await;
    }
    let mut arrived = 0;
    while arrived < 5 && started.elapsed() < Duration::from_secs(12) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        arrived += receiver.take().len();
    }
    assert_eq!(arrived, 5, "before the silent one timed out");
    world.app.stop.send_replace(true);
    drop(silent);
    running.join_next().await.unwrap().unwrap();
}

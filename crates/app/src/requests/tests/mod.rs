use serde_json::{Value, json};

use crate::assignments::tests::requests::{story, user};
use crate::testing::{MailServer, Receiver, World, flow};

const GOLD: &str = "/licenses/fabrikam.f365.gold";

flow!(
    /// ASG-08: a user without a seat asks for one; an admin grants it, which assigns the user, or declines it.
    a_user_asks_for_a_seat,
    |world: World| async move {
        let (_, contoso) = story(&world, 1, 1).await;
        let ana = world.user(&contoso, "ana@contoso.example", &[]).await;
        let bob = world.user(&contoso, "bob@contoso.example", &[]).await;
        let body = json!({ "service_id": "fabrikam.f365.gold", "note": "For the audit" });
        let asked = ana.post("/me/seat-requests", body.clone()).await.created();
        assert_eq!((&asked["state"], &asked["note"]), (&json!("open"), &json!("For the audit")));
        ana.post("/me/seat-requests", body.clone()).await.refused(409, "seat_request.open");
        ana.post("/me/seat-requests", json!({ "service_id": "fabrikam.f365.tin" })).await.refused(404, "resource.not_found");
        let other = bob.post("/me/seat-requests", body.clone()).await.created();
        let path = |request: &serde_json::Value, verb: &str| format!("/seat-requests/{}/{verb}", request["id"].as_str().unwrap());
        ana.post(&path(&asked, "grant"), json!({})).await.refused(403, "access.forbidden");
        let lea = world.user(&contoso, "lea@contoso.example", &["license_admin"]).await;
        assert_eq!(lea.get("/seat-requests").await.ok()["items"].as_array().unwrap().len(), 2);
        assert_eq!(lea.post(&path(&asked, "grant"), json!({})).await.ok()["state"], "granted");
        assert_eq!(ana.get("/me/licenses").await.ok()["items"][0]["state"], "active");
        lea.post(&path(&asked, "decline"), json!({})).await.refused(409, "seat_request.decided");
        ana.post("/me/seat-requests", body.clone()).await.refused(409, "seat_request.has_seat");
        lea.post(&path(&other, "grant"), json!({})).await.refused(409, "assignment.refused");
        assert_eq!(bob.get("/me/seat-requests").await.ok()["items"][0]["state"], "open", "no seat was left");
        let declined = lea.post(&path(&other, "decline"), json!({ "reason": "Next year." })).await.ok();
        assert_eq!((&declined["state"], &declined["reason"]), (&json!("declined"), &json!("Next year.")));
        bob.post("/me/seat-requests", body).await.created();
        let litware = world.customer("litware").await;
        litware.post(&path(&other, "grant"), json!({})).await.refused(404, "resource.not_found");
    }
);

flow!(
    /// LIC-09: the customer cannot change quantities; it asks for more, and that reaches the publisher as a
    /// lead on the deal, wherever its leads go.
    a_customer_asks_for_more,
    |world: World| async move {
        let server = MailServer::start();
        let world = world.another_node(server.settings()).await;
        let (fabrikam, contoso) = story(&world, 2, 1).await;
        let deal = fabrikam.get("/deals").await.ok()["items"][0]["id"].clone();
        let receiver = Receiver::start();
        fabrikam.post("/lead-destinations", json!({ "url": receiver.url })).await.created();
        fabrikam.post("/lead-destinations", json!({ "email": "sales@fabrikam.example" })).await.created();
        let asks = format!("{GOLD}/requests");
        let asked = contoso.post(&asks, json!({ "seats": 5, "note": "New office" })).await.created();
        assert_eq!(contoso.get(GOLD).await.ok()["granted"], 2, "nothing is granted by it");
        world.run_jobs().await;
        let lead = fabrikam.get("/leads").await.ok()["items"][0].clone();
        let wanted = json!({ "deal": deal, "service_id": "fabrikam.f365.gold", "seats": 5, "note": "New office" });
        assert_eq!((&lead["action"], &lead["status"], &lead["request"]), (&json!("LIC"), &json!("new"), &wanted));
        assert_eq!(lead["contact"]["email"], "admin@contoso.example");
        let sent: Value = serde_json::from_str(&receiver.take()[0].body).unwrap();
        assert_eq!((&sent["ActionCode"], &sent["DealRequest"]["Deal"]), (&json!("LIC"), &deal));
        assert!(sent["LeadSource"].as_str().unwrap().ends_with("-LIC|fabrikam.f365"), "{sent}");
        let mails = server.take();
        let mail = mails.iter().find(|mail| mail.to == "sales@fabrikam.example").unwrap();
        let text = mail.part("text/plain");
        assert!(text.contains("5 more seats of fabrikam.f365.gold") && text.contains("New office"), "{text}");
        let received = fabrikam.get("/license-requests").await.ok()["items"].clone();
        assert_eq!(received, json!([asked]));
        assert_eq!((&asked["deal"], &asked["customer"]), (&deal, &world.tenant_id(&contoso).await));
        for client in [&fabrikam, &contoso] {
            let events = client.get("/events?limit=1000").await.ok();
            let last = events["items"].as_array().unwrap().last().unwrap().clone();
            assert_eq!((&last["kind"], &last["data"]["seats"]), (&json!("license.requested"), &json!(5)));
        }
        let wrong = contoso.post(&asks, json!({ "seats": 0 })).await.wrong_fields();
        assert_eq!(wrong, [("seats".to_owned(), "license.quantity".to_owned())]);
        let plain = world.user(&contoso, &user(7), &[]).await;
        plain.post(&asks, json!({ "seats": 1 })).await.refused(403, "access.forbidden");
        let litware = world.publisher("litware").await;
        assert_eq!(litware.get("/license-requests").await.ok()["items"], json!([]));
        litware.post(&asks, json!({ "seats": 1 })).await.refused(404, "resource.not_found");
    }
);

use serde_json::{Value, json};

use crate::testing::{Client, MailServer, Receiver, World, flow};

/// The validation of the latest submission.
async fn validation(publisher: &Client) -> Value {
    publisher.get("/offers/f365/submissions").await.ok()["items"][0]["phases"][0].clone()
}

flow!(
    /// PUB-03: validation sends a test lead to every destination; a dead one needs attention, with what to do about
    /// it; once it takes leads, or is deleted, publishing passes.
    publishing_needs_destinations_that_take_leads,
    |world: World| async move {
        let server = MailServer::start();
        let node = world.another_node(server.settings()).await;
        let fabrikam = node.publisher("fabrikam").await;
        node.complete_draft(&fabrikam, "f365", &["gold"]).await;
        let receiver = Receiver::start();
        receiver.answer(503);
        fabrikam.post("/lead-destinations", json!({ "url": receiver.url })).await.created();
        let dead = fabrikam.post("/lead-destinations", json!({ "email": "sales@refused.example" })).await.created();
        let publish = async || fabrikam.post("/offers/f365/publish", json!({})).await.ok()["status"].clone();
        assert_eq!(publish().await, "attention_needed");
        let phase = validation(&fabrikam).await;
        assert_eq!((&phase["phase"], &phase["outcome"]), (&json!("validation"), &json!("failed")));
        let findings = phase["findings"].as_array().unwrap();
        let of = |address: &str| {
            let found = findings.iter().find(|finding| finding["message"].as_str().unwrap().contains(address));
            found.unwrap_or_else(|| panic!("{findings:?}")).clone()
        };
        assert_eq!((&of(&receiver.url)["rule"], &of(&receiver.url)["severity"]), (&json!("PUB-03"), &json!("error")));
        assert!(of(&receiver.url)["message"].as_str().unwrap().contains("503"));
        let mend = of("sales@refused.example")["mend"].as_str().unwrap().to_owned();
        assert!(mend.contains(dead["id"].as_str().unwrap()), "{mend}");
        receiver.answer(204);
        assert_eq!(publish().await, "attention_needed", "the mail address is still dead");
        fabrikam.delete(&format!("/lead-destinations/{}", dead["id"].as_str().unwrap())).await.ok();
        receiver.take();
        assert_eq!(publish().await, "publish_in_progress");
        assert!(receiver.take()[0].body.contains("SEATLINE_TEST_"));
        assert_eq!(fabrikam.get("/leads").await.ok()["items"], json!([]), "a test is no lead");
    }
);

flow!(
    /// PUB-03: that the marketplace has no mail server is a warning, which does not hold up the publisher.
    no_mail_server_is_a_warning,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        fabrikam.post("/lead-destinations", json!({ "email": "sales@fabrikam.example" })).await.created();
        let published = fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        assert_eq!(published["status"], "publish_in_progress");
        let phase = validation(&fabrikam).await;
        let warned = phase["findings"].as_array().unwrap().iter().any(|finding| {
            finding["severity"] == "warning" && finding["message"].as_str().unwrap().contains("sales@fabrikam.example")
        });
        assert!(warned, "{phase}");
    }
);

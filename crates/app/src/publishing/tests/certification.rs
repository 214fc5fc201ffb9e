use serde_json::{Value, json};

use crate::testing::story::package_for;
use crate::testing::{World, flow};

flow!(
    /// PUB-02: publishing an incomplete offer is refused with everything that is missing, at once.
    everything_that_is_missing_is_named_at_once,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
        fabrikam.put("/offers/f365/setup", json!({ "license_management": true })).await.ok();
        let refused = fabrikam.post("/offers/f365/publish", json!({})).await.refused(409, "publishing.incomplete");
        let missing: Vec<String> = refused["context"]["missing"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| format!("{}.{}", row["page"].as_str().unwrap(), row["field"].as_str().unwrap()))
            .collect();
        let expected = [
            "properties.primary_category",
            "properties.app_version",
            "properties.terms",
            "listing.name",
            "listing.summary",
            "listing.description",
            "listing.help_url",
            "listing.support_url",
            "listing.privacy_url",
            "listing.support_contact",
            "listing.engineering_contact",
            "listing.logo",
            "listing.screenshots",
            "listing.documents",
            "availability.markets",
            "plans.plan",
            "technical_configuration.base_license_model",
            "technical_configuration.package",
            "supplemental_content.key_usage_scenarios",
        ];
        assert_eq!(missing, expected);
        assert_eq!(fabrikam.get("/offers/f365").await.ok()["status"], "draft");
    }
);

flow!(
    /// PUB-03, PUB-01: validation fails on the package's findings; mended and published again it passes.
    a_failed_validation_needs_attention,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        fabrikam.upload("f365", package_for(&["fabrikam.other.gold".to_owned()])).await;
        let failed = fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        assert_eq!(failed["status"], "attention_needed");
        let submissions = fabrikam.get("/offers/f365/submissions").await.ok();
        let phase = &submissions["items"][0]["phases"][0];
        assert_eq!((&phase["phase"], &phase["outcome"]), (&json!("validation"), &json!("failed")));
        assert!(phase["findings"].to_string().contains("fabrikam.other.gold"), "{phase:#}");
        assert!(phase["started_at"].is_string() && phase["ended_at"].is_string());
        fabrikam.upload("f365", package_for(&["fabrikam.f365.gold".to_owned()])).await;
        assert_eq!(fabrikam.post("/offers/f365/publish", json!({})).await.ok()["status"], "publish_in_progress");
    }
);

flow!(
    /// PKG-02: the package is held against the plans as they are at publishing, not as they were at upload.
    plans_that_changed_after_the_upload_count,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["silver", "gold"]).await;
        fabrikam.delete("/offers/f365/plans/silver").await.no_content();
        let failed = fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        assert_eq!(failed["status"], "attention_needed");
    }
);

flow!(
    /// PUB-03, PUB-01: the operator sends back with findings, the publisher mends, the operator approves.
    the_operator_sends_back_and_then_approves,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        let operator = world.operator().await;
        let path = format!("/certifications/{}", world.pending("fabrikam.f365").await);
        operator.post(&format!("{path}/send-back"), json!({ "findings": [] })).await.refused(422, "publishing.no_findings");
        let findings = json!({ "findings": [{ "message": "The help page is empty.", "mend": "Fill it." }] });
        let back = operator.post(&format!("{path}/send-back"), findings.clone()).await.ok();
        assert_eq!(back["phases"][1]["findings"][0]["message"], "The help page is empty.");
        operator.post(&format!("{path}/send-back"), findings).await.refused(409, "publishing.move_not_allowed");
        operator.post(&format!("{path}/approve"), json!({})).await.refused(409, "publishing.move_not_allowed");
        assert_eq!(fabrikam.get("/offers/f365").await.ok()["status"], "attention_needed");
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        assert_eq!(fabrikam.get("/offers/f365").await.ok()["status"], "preview");
        let queue = operator.get("/certifications").await.ok();
        assert_eq!(queue["items"], json!([]));
    }
);

flow!(
    /// PUB-01: a submission can be taken back before it is certified, and not after.
    a_submission_is_taken_back_before_certification,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        let cancelled = fabrikam.post("/offers/f365/cancel-publish", json!({})).await.ok();
        assert_eq!(cancelled["status"], "draft");
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        let refused = fabrikam.post("/offers/f365/cancel-publish", json!({})).await.refused(409, "publishing.move_not_allowed");
        assert_eq!(refused["context"], json!({ "status": "preview", "allowed": ["publish", "go_live"] }));
        assert_eq!(fabrikam.get("/offers/f365").await.ok()["status"], "preview");
    }
);

flow!(
    /// PKG-10: what the operator certifies is what was uploaded, byte for byte, whatever the draft has since.
    the_certified_package_is_the_submitted_one,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        let submitted = fabrikam.get("/offers/f365/package/content").await.bytes;
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        fabrikam.upload("f365", package_for(&["fabrikam.other.gold".to_owned()])).await;
        let id = world.pending("fabrikam.f365").await;
        let operator = world.operator().await;
        assert_eq!(operator.get(&format!("/certifications/{id}/package")).await.bytes, submitted);
    }
);

flow!(
    /// PUB-06: every publishing action is in the history, with who and when; saving a draft is not.
    the_history_has_every_publishing_action,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        fabrikam.put("/offers/f365/availability", json!({ "markets": ["DE"] })).await.ok();
        world.pass_seconds(1);
        fabrikam.post("/offers/f365/stop-distribution", json!({})).await.ok();
        let history = fabrikam.get("/offers/f365/history").await.ok();
        let what: Vec<&str> =
            history["items"].as_array().unwrap().iter().map(|entry| entry["what"].as_str().unwrap()).collect();
        let mut sorted = what.clone();
        sorted.sort_unstable();
        let expected =
            [
                "certified", "distribution stopped", "live", "offer created", "plan gold created", "published",
                "signed off to go live", "stop of distribution asked for",
            ];
        assert_eq!(sorted, expected);
        let me = fabrikam.get("/me").await.ok()["user"]["id"].clone();
        let by = |entry: &Value| (entry["actor"].clone(), entry["at"].is_string());
        let published = history["items"].as_array().unwrap().iter().find(|entry| entry["what"] == "published").unwrap();
        assert_eq!(by(published), (me, true));
    }
);

flow!(
    /// PUB-03, OFF-10: who certifies sees the pages, plans and files as they were submitted, the supplemental ones
    /// too; other files and other people do not come into it.
    who_certifies_sees_what_was_submitted,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        let scenarios = fabrikam.upload_file("f365", b"%PDF-1.7 try this\n%%EOF").await;
        let page = json!({ "key_usage_scenarios": scenarios, "notes": "Ask for Sam." });
        fabrikam.put("/offers/f365/supplemental-content", page.clone()).await.ok();
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        let emptied = json!({ "notes": "Later." });
        fabrikam.put("/offers/f365/supplemental-content", emptied).await.ok();
        fabrikam.delete(&format!("/offers/f365/files/{scenarios}")).await.no_content();
        let operator = world.operator().await;
        let path = format!("/certifications/{}", world.pending("fabrikam.f365").await);
        let submitted = operator.get(&format!("{path}/draft")).await.ok();
        assert_eq!((&submitted["draft"]["supplemental_content"], &submitted["plans"][0]["name"]), (&page, &json!("gold")));
        let file = operator.get(&format!("{path}/files/{scenarios}")).await;
        assert_eq!((file.header("content-type"), file.bytes.as_slice()), (Some("application/pdf"), &b"%PDF-1.7 try this\n%%EOF"[..]));
        let stray = fabrikam.upload_file("f365", b"%PDF-1.7 stray\n%%EOF").await;
        operator.get(&format!("{path}/files/{stray}")).await.refused(404, "resource.not_found");
        fabrikam.get(&format!("{path}/files/{scenarios}")).await.refused(403, "access.forbidden");
        world.anonymous().get(&format!("/storefront/files/{scenarios}")).await.refused(404, "resource.not_found");
    }
);

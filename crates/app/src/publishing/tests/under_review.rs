//! What happens to an offer while a version of it is on its way.

use serde_json::{Value, json};

use crate::testing::{Client, World, flow};

async fn submitted(world: &World) -> Client {
    let fabrikam = world.publisher("fabrikam").await;
    world.complete_draft(&fabrikam, "f365", &["gold"]).await;
    fabrikam.post("/offers/f365/publish", json!({})).await.ok();
    fabrikam
}

flow!(
    /// PLN-06, OFF-13: going live publishes the plans that were submitted, not those made meanwhile.
    a_plan_made_during_review_stays_a_draft,
    |world: World| async move {
        let fabrikam = submitted(&world).await;
        fabrikam.post("/offers/f365/plans", json!({ "plan_id": "silver", "name": "Silver" })).await.created();
        world.approve("fabrikam.f365").await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        let plans = fabrikam.get("/offers/f365/plans").await.ok()["items"].clone();
        for plan in plans.as_array().unwrap() {
            assert_eq!(plan["published_at"].is_string(), plan["plan_id"] == "gold", "{plan:#}");
        }
        let shown = world.anonymous().get("/storefront/offers/fabrikam.f365").await.ok();
        assert_eq!(shown["plans"].as_array().unwrap().len(), 1, "{shown:#}");
        fabrikam.delete("/offers/f365/plans/silver").await.no_content();
    }
);

flow!(
    /// PLN-06: a plan cannot be deleted from under a version that is on its way to the storefront.
    a_submitted_plan_is_not_deleted,
    |world: World| async move {
        let fabrikam = submitted(&world).await;
        fabrikam.delete("/offers/f365/plans/gold").await.refused(409, "plan.submitted");
        world.approve("fabrikam.f365").await;
        fabrikam.delete("/offers/f365/plans/gold").await.refused(409, "plan.submitted");
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        fabrikam.post("/offers/f365/cancel-publish", json!({})).await.ok();
        fabrikam.delete("/offers/f365/plans/gold").await.no_content();
    }
);

flow!(
    /// PUB-01: what is taken back after a stop is a draft; only a version on sale leaves the offer live.
    coming_back_can_be_cancelled_too,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        fabrikam.post("/offers/f365/stop-distribution", json!({})).await.ok();
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        let cancelled = fabrikam.post("/offers/f365/cancel-publish", json!({})).await.ok();
        assert_eq!(cancelled["status"], "draft");
        world.anonymous().get("/storefront/offers/fabrikam.f365").await.refused(404, "resource.not_found");
        assert_eq!(fabrikam.post("/offers/f365/publish", json!({})).await.ok()["status"], "publish_in_progress");
    }
);

flow!(
    /// PUB-01, PUB-03: publishing from a preview replaces it; no phase of the old one stays open.
    a_new_preview_replaces_the_old_one,
    |world: World| async move {
        let fabrikam = submitted(&world).await;
        world.approve("fabrikam.f365").await;
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        let submissions = fabrikam.get("/offers/f365/submissions").await.ok()["items"].clone();
        assert_eq!((&submissions[0]["number"], &submissions[1]["number"]), (&json!(2), &json!(1)));
        assert_eq!((&submissions[0]["status"], &submissions[1]["status"]), (&json!("in_certification"), &json!("replaced")));
        let phases = submissions[1]["phases"].as_array().unwrap();
        assert!(phases.iter().all(|phase| phase["ended_at"].is_string()), "{phases:#?}");
        assert_eq!(phases.last().unwrap()["outcome"], "cancelled");
        world.approve("fabrikam.f365").await;
        assert_eq!(fabrikam.post("/offers/f365/go-live", json!({})).await.ok()["status"], "live");
    }
);

flow!(
    /// PUB-03: the operator sees in the queue who asks for what, with the report of the validation.
    the_queue_has_publisher_report_and_notes,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        fabrikam.post("/offers/f365/plans", json!({ "plan_id": "spare", "name": "Spare" })).await.created();
        fabrikam.post("/offers/f365/publish", json!({ "notes": "Test user: demo." })).await.ok();
        let queue = world.operator().await.get("/certifications").await.ok();
        let waiting = &queue["items"][0];
        let named = (&waiting["address"], &waiting["publisher_id"], &waiting["notes"]);
        assert_eq!(named, (&json!("fabrikam.f365"), &json!("fabrikam"), &json!("Test user: demo.")));
        // PKG-08: a plan that maps to nothing is a warning, which does not stand in the way.
        let report = &waiting["phases"][0];
        assert_eq!((&report["phase"], &report["outcome"]), (&json!("validation"), &json!("passed")));
        let finding = &report["findings"][0];
        assert_eq!((&finding["rule"], &finding["severity"]), (&json!("PKG-08.plan_unmapped"), &json!("warning")));
    }
);

flow!(
    /// PUB-06: the history is in the order in which things happened, latest first, with what was said.
    the_history_is_in_order,
    |world: World| async move {
        let fabrikam = submitted(&world).await;
        let id = world.pending("fabrikam.f365").await;
        let approve = format!("/certifications/{id}/approve");
        let operator = world.operator().await;
        operator.post(&approve, json!({ "colour": "red" })).await.refused(422, "request.invalid");
        operator.post(&approve, json!({ "notes": "Well done." })).await.ok();
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        let history = fabrikam.get("/offers/f365/history").await.ok()["items"].clone();
        let entries: Vec<(&str, &Value)> = history
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| (entry["what"].as_str().unwrap(), &entry["notes"]))
            .collect();
        let (none, said) = (Value::Null, json!("Well done."));
        let expected =
            [
                ("live", &none), ("signed off to go live", &none), ("certified", &said), ("published", &none),
                ("plan gold created", &none), ("offer created", &none),
            ];
        assert_eq!(entries, expected);
    }
);

flow!(what_the_publisher_did_not_see_is_not_published, |world: World| async move {
    let fabrikam = world.publisher("fabrikam").await;
    world.complete_draft(&fabrikam, "f365", &["gold"]).await;
    let seen = fabrikam.get("/offers/f365").await.header("etag").unwrap().to_owned();
    fabrikam.put("/offers/f365/availability", json!({ "markets": ["DE"] })).await.ok();
    let stale = fabrikam.with("if-match", seen);
    stale.post("/offers/f365/publish", json!({})).await.refused(412, "resource.changed");
    assert_eq!(fabrikam.get("/offers/f365").await.ok()["status"], "draft");
    let keyed = fabrikam.with("idempotency-key", "once");
    keyed.post("/offers/f365/publish", json!({})).await.ok();
    let again = keyed.post("/offers/f365/publish", json!({})).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(fabrikam.get("/offers/f365/submissions").await.ok()["items"].as_array().unwrap().len(), 1);
});

flow!(
    /// ROL-01: another publisher's offer is not found, whatever is asked of it.
    a_foreign_offer_is_not_published,
    |world: World| async move {
        submitted(&world).await;
        let litware = world.publisher("litware").await;
        for action in ["publish", "cancel-publish", "go-live", "stop-distribution"] {
            litware.post(&format!("/offers/f365/{action}"), json!({})).await.refused(404, "resource.not_found");
        }
        for page in ["submissions", "history", "package", "package/content", "plan-definitions.csv"] {
            litware.get(&format!("/offers/f365/{page}")).await.refused(404, "resource.not_found");
        }
        let setup = json!({ "license_management": true });
        litware.put("/offers/f365/setup", setup).await.refused(404, "resource.not_found");
        litware.delete("/offers/f365/plans/gold").await.refused(404, "resource.not_found");
    }
);

//! What takes effect on live plans at once.

use serde_json::{Value, json};

use crate::Settings;
use crate::publishing::jobs;
use crate::testing::{Client, World, flow};

async fn plans_shown(client: &Client) -> Vec<String> {
    let shown = client.get("/storefront/offers/fabrikam.f365").await.ok();
    let plans = shown["plans"].as_array().unwrap().iter();
    plans.map(|plan| plan["service_id"].as_str().unwrap().rsplit('.').next().unwrap().to_owned()).collect()
}

flow!(
    /// PLN-06, STO-05: a published plan is stopped only while another one remains; it is hidden from new sales,
    /// pools that hold it go on, and it can be put on sale again.
    a_published_plan_is_stopped_and_resumed,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["silver", "gold"]).await;
        let contoso = world.customer("contoso").await;
        world.sold(&fabrikam, "f365", &contoso, &[("gold", 2)]).await;
        let body = json!({ "users": ["admin@contoso.example"] });
        contoso.post("/licenses/fabrikam.f365.gold/assignments", body).await.ok();
        fabrikam.post("/offers/f365/plans", json!({ "plan_id": "draft", "name": "Draft" })).await.created();
        fabrikam.post("/offers/f365/plans/draft/stop", json!({})).await.refused(409, "plan.not_live");
        fabrikam.post("/offers/f365/plans/gold/resume", json!({})).await.refused(409, "plan.not_stopped");
        let stopped = fabrikam.post("/offers/f365/plans/gold/stop", json!({})).await.ok();
        assert!(stopped["stopped_at"].is_string());
        fabrikam.post("/offers/f365/plans/gold/stop", json!({})).await.refused(409, "plan.stopped");
        fabrikam.post("/offers/f365/plans/silver/stop", json!({})).await.refused(409, "plan.last");
        assert_eq!(plans_shown(&world.anonymous()).await, ["silver"]);
        assert_eq!(plans_shown(&contoso).await, ["silver"], "to nobody, not even to those who hold it");
        let check = json!({ "component": "gold_app" });
        assert_eq!(contoso.post("/me/checks", check).await.ok()["allowed"], true, "the pool goes on");
        let resumed = fabrikam.post("/offers/f365/plans/gold/resume", json!({})).await.ok();
        assert_eq!(resumed["stopped_at"], Value::Null);
        assert_eq!(plans_shown(&world.anonymous()).await, ["silver", "gold"]);
        let history = fabrikam.get("/offers/f365/history").await.ok().to_string();
        assert!(history.contains("plan gold stopped") && history.contains("plan gold resumed"), "{history}");
        let litware = world.publisher("litware").await;
        litware.post("/offers/f365/plans/gold/stop", json!({})).await.refused(404, "resource.not_found");
    }
);

flow!(
    /// PLN-06: a stopped plan is not granted to a customer without a pool of it, beside whatever else is wrong;
    /// the pools that hold it go on and may be changed, until it is on sale again for everybody.
    a_stopped_plan_is_not_sold_anew,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["silver", "gold"]).await;
        let (contoso, litware) = (world.customer("contoso").await, world.customer("litware").await);
        let held = world.sold(&fabrikam, "f365", &contoso, &[("gold", 2)]).await;
        let other = world.sold(&fabrikam, "f365", &litware, &[("silver", 2)]).await;
        fabrikam.post("/offers/f365/plans/gold/stop", json!({})).await.ok();
        let customer = world.tenant_id(&litware).await;
        let grant = |plan: &str| json!({ "customer": customer, "plans": [{ "plan": "silver", "quantity": 1 }, { "plan": plan, "quantity": 1 }] });
        let path = |deal: &str| format!("/deals/{deal}/licenses");
        let wrong = fabrikam.put(&path(&other), grant("gold")).await.wrong_fields();
        assert_eq!(wrong, [("plans[1].plan".to_owned(), "license.plan_stopped".to_owned())]);
        litware.get("/licenses/fabrikam.f365.gold").await.refused(404, "resource.not_found");
        assert_eq!(litware.get("/licenses/fabrikam.f365.silver").await.ok()["granted"], 2, "all rows or none");
        let more = json!({ "customer": world.tenant_id(&contoso).await, "plans": [{ "plan": "gold", "quantity": 5 }] });
        fabrikam.put(&path(&held), more).await.ok();
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["granted"], 5, "the pool may be changed");
        fabrikam.post("/offers/f365/plans/gold/resume", json!({})).await.ok();
        fabrikam.put(&path(&other), grant("gold")).await.ok();
        assert_eq!(litware.get("/licenses/fabrikam.f365.gold").await.ok()["granted"], 1);
    }
);

flow!(
    /// PLN-05, STO-05: a private plan is seen by its audience's signed-in users alone; a changed audience takes
    /// effect by its own sync, without certification.
    a_private_plan_is_for_its_audience,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["silver", "gold"]).await;
        let (contoso, litware) = (world.customer("contoso").await, world.customer("litware").await);
        let audience = |tenants: Vec<Value>| {
            let rows: Vec<Value> = tenants.into_iter().map(|id| json!({ "id": id })).collect();
            json!({ "tenants": rows })
        };
        let path = "/offers/f365/plans/gold/audience";
        fabrikam.patch("/offers/f365/plans/gold", json!({ "visibility": "private" })).await.ok();
        fabrikam.post("/offers/f365/publish", json!({})).await.refused(409, "publishing.incomplete");
        fabrikam.put(path, audience(vec![world.tenant_id(&contoso).await])).await.ok();
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        fabrikam.post("/offers/f365/plans/gold/sync-audience", json!({})).await.refused(409, "plan.not_live");
        world.approve("fabrikam.f365").await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        assert_eq!(plans_shown(&world.anonymous()).await, ["silver"]);
        assert_eq!(plans_shown(&litware).await, ["silver"]);
        assert_eq!(plans_shown(&contoso).await, ["silver", "gold"]);
        let both = vec![world.tenant_id(&contoso).await, world.tenant_id(&litware).await];
        assert_eq!(fabrikam.put(path, audience(both)).await.ok()["audience_changed"], true);
        assert_eq!(fabrikam.get("/offers/f365").await.ok()["unpublished_changes"], true);
        assert_eq!(plans_shown(&litware).await, ["silver"], "not yet in effect");
        let synced = fabrikam.post("/offers/f365/plans/gold/sync-audience", json!({})).await.ok();
        assert_eq!(synced["audience_changed"], false);
        assert_eq!(plans_shown(&litware).await, ["silver", "gold"]);
        let offer = fabrikam.get("/offers/f365").await.ok();
        assert_eq!((&offer["status"], &offer["unpublished_changes"], &offer["live_version"]), (&json!("live"), &json!(false), &json!(1)));
        fabrikam.patch("/offers/f365/plans/gold", json!({ "visibility": "public" })).await.ok();
        assert_eq!(plans_shown(&world.anonymous()).await, ["silver"], "an edit changes nothing that is seen");
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        assert_eq!(plans_shown(&world.anonymous()).await, ["silver", "gold"]);
        fabrikam.patch("/offers/f365/plans/gold", json!({ "visibility": "private" })).await.refused(409, "plan.public");
    }
);

flow!(
    /// PUB-05, PUB-01: a stop takes the marketplace's delay, in which the offer is pending and still on sale, and
    /// survives a restart; licenses go on, and publishing again brings the offer back.
    a_stop_takes_its_delay,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let contoso = world.customer("contoso").await;
        world.sold(&fabrikam, "f365", &contoso, &[("gold", 1)]).await;
        let body = json!({ "users": ["admin@contoso.example"] });
        contoso.post("/licenses/fabrikam.f365.gold/assignments", body).await.ok();
        let slow = world.another_node(Settings { go_live_delay_seconds: 3600, ..Settings::default() }).await;
        let there = slow.sign_in("admin@fabrikam.example").await;
        assert_eq!(there.post("/offers/f365/stop-distribution", json!({})).await.ok()["status"], "pending_stop");
        let refused = there.post("/offers/f365/publish", json!({})).await.refused(409, "publishing.move_not_allowed");
        assert_eq!(refused["context"], json!({ "status": "pending_stop", "allowed": ["stopped"] }));
        slow.pass_seconds(3599);
        jobs::take_due_stops(&slow.app).await.unwrap();
        assert_eq!(plans_shown(&world.anonymous()).await, ["gold"]);
        slow.pass_seconds(1);
        jobs::take_due_stops(&world.app).await.unwrap();
        jobs::take_due_stops(&slow.app).await.unwrap();
        world.anonymous().get("/storefront/offers/fabrikam.f365").await.refused(404, "resource.not_found");
        assert_eq!(fabrikam.get("/offers/f365").await.ok()["status"], "not_available");
        assert_eq!(contoso.post("/me/checks", json!({ "component": "gold_app" })).await.ok()["allowed"], true);
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["granted"], 1);
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        assert_eq!(plans_shown(&world.anonymous()).await, ["gold"]);
    }
);

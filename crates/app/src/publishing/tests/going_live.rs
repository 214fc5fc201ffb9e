use serde_json::{Value, json};

use crate::Settings;
use crate::publishing::jobs;
use crate::publishing::operations::find;
use crate::publishing::submission::Snapshot;
use crate::testing::story::listing;
use crate::testing::{Client, World, flow};

async fn listed(world: &World) -> Value {
    world.anonymous().get("/storefront/offers").await.ok()["items"].clone()
}

async fn publish_and_approve(world: &World, fabrikam: &Client) {
    fabrikam.post("/offers/f365/publish", json!({})).await.ok();
    world.approve("fabrikam.f365").await;
}

flow!(
    /// OFF-03, OFF-04, OFF-10: the storefront shows what went live, never the alias or the contacts.
    the_storefront_shows_what_is_live_and_nothing_private,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        publish_and_approve(&world, &fabrikam).await;
        assert_eq!(listed(&world).await, json!([]), "a preview is not listed");
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        let shown = world.anonymous().get("/storefront/offers/fabrikam.f365").await.ok();
        assert_eq!(shown["plans"][0]["service_id"], "fabrikam.f365.gold");
        assert_eq!(shown["web_address"], "/product/fabrikam.f365");
        assert_eq!(shown["publisher_name"], "fabrikam Ltd.");
        let text = shown.to_string();
        assert!(!text.contains("alias") && !text.contains("Sam Support"), "{text}");
        world.anonymous().get("/storefront/offers/fabrikam.other").await.refused(404, "resource.not_found");
    }
);

flow!(
    /// OFF-13, PUB-01: editing a live offer changes nothing that customers see until the update is live; the
    /// old version stays on sale meanwhile, also when the update is cancelled.
    a_live_offer_stays_as_it_is_until_the_update_is_live,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let name = || async { listed(&world).await[0]["name"].clone() };
        let mut renamed = listing("Renamed");
        fabrikam.add_files("f365", &mut renamed).await;
        fabrikam.put("/offers/f365/listing", renamed).await.ok();
        assert_eq!(name().await, "f365");
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        assert_eq!(name().await, "f365");
        let cancelled = fabrikam.post("/offers/f365/cancel-publish", json!({})).await.ok();
        assert_eq!((&cancelled["status"], name().await), (&json!("live"), json!("f365")));
        publish_and_approve(&world, &fabrikam).await;
        assert_eq!(name().await, "f365");
        assert_eq!(fabrikam.get("/offers/f365").await.ok()["live_version"], 1);
        assert_eq!(fabrikam.post("/offers/f365/go-live", json!({})).await.ok()["live_version"], 2);
        assert_eq!(name().await, "Renamed");
    }
);

flow!(
    /// PUB-04: going live takes the configured delay, and a restart in between changes nothing.
    going_live_takes_its_delay_and_survives_a_restart,
    |world: World| async move {
        let settings = Settings { go_live_delay_seconds: 3600, ..Settings::default() };
        let slow = world.another_node(settings.clone()).await;
        let fabrikam = slow.publisher("fabrikam").await;
        slow.complete_draft(&fabrikam, "f365", &["gold"]).await;
        publish_and_approve(&slow, &fabrikam).await;
        let going = fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        assert_eq!(going["status"], "publish_in_progress");
        fabrikam.post("/offers/f365/cancel-publish", json!({})).await.refused(409, "publishing.move_not_allowed");
        slow.pass_seconds(3599);
        let restarted = world.another_node(settings).await;
        jobs::take_due_live(&restarted.app).await.unwrap();
        assert_eq!(listed(&restarted).await, json!([]));
        restarted.pass_seconds(1);
        jobs::take_due_live(&restarted.app).await.unwrap();
        jobs::take_due_live(&slow.app).await.unwrap();
        assert_eq!(listed(&restarted).await[0]["name"], "f365");
        let fabrikam = restarted.sign_in("admin@fabrikam.example").await;
        assert_eq!(fabrikam.get("/offers/f365").await.ok()["status"], "live");
        let events = fabrikam.get("/events?limit=1000").await.ok();
        let live = events["items"].as_array().unwrap().iter().filter(|event| event["kind"] == "offer.went_live").count();
        assert_eq!(live, 1, "once, however many nodes look");
    }
);

flow!(
    /// PUB-01: stopped, the offer leaves the storefront; published again, it comes back.
    a_stopped_offer_leaves_and_comes_back,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let stopped = fabrikam.post("/offers/f365/stop-distribution", json!({})).await.ok();
        assert_eq!((&stopped["status"], listed(&world).await), (&json!("not_available"), json!([])));
        let again = fabrikam.post("/offers/f365/stop-distribution", json!({})).await;
        let refused = again.refused(409, "publishing.move_not_allowed");
        assert_eq!(refused["context"], json!({ "status": "not_available", "allowed": ["publish"] }));
        publish_and_approve(&world, &fabrikam).await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        assert_eq!(listed(&world).await[0]["name"], "f365");
    }
);

flow!(
    /// OFF-13, PKG-03: checks go by what went live last, whatever the draft says, and go on when the offer
    /// is stopped; a bronze app is opened by every plan, a gold one by gold alone.
    checks_go_by_what_went_live,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        assert_eq!(snapshots(&world).await, []);
        world.live_offer(&fabrikam, "f365", &["bronze", "silver", "gold"]).await;
        let live = snapshots(&world).await;
        let contents = live[0].contents.as_ref().unwrap();
        let opened_by = |app: &str| {
            let mappings = contents.mappings.iter().filter(|mapping| mapping.component == app);
            let mut plans: Vec<&str> = mappings.map(|mapping| mapping.service_id.as_str()).collect();
            plans.sort_unstable();
            plans
        };
        assert_eq!(opened_by("gold_app"), ["fabrikam.f365.gold"]);
        assert_eq!(opened_by("silver_app"), ["fabrikam.f365.gold", "fabrikam.f365.silver"]);
        assert_eq!(opened_by("bronze_app").len(), 3);
        fabrikam.post("/offers/f365/plans", json!({ "plan_id": "tin", "name": "Tin" })).await.created();
        fabrikam.patch("/offers/f365/plans/gold", json!({ "name": "Renamed" })).await.ok();
        assert_eq!(snapshots(&world).await, live);
        fabrikam.post("/offers/f365/stop-distribution", json!({})).await.ok();
        assert_eq!(snapshots(&world).await, live);
    }
);

/// What checks are loaded from.
async fn snapshots(world: &World) -> Vec<Snapshot> {
    let live = world.app.db.read(|tx| Box::pin(async move { find::live_offers(tx).await })).await.unwrap();
    live.into_iter().map(|live| live.snapshot.0).collect()
}

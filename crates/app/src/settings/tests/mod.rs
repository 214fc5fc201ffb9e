//! Flows: what the operator sets holds at once and everywhere, and is set back.

mod pages;

use serde_json::{Value, json};

use super::follow;
use crate::Settings;
use crate::testing::{World, flow};

const SETTINGS: &str = "/settings";

/// What is said of one setting.
fn of(settings: &Value, key: &str) -> Value {
    let items = settings["items"].as_array().unwrap();
    items.iter().find(|item| item["key"] == key).unwrap().clone()
}

async fn name_on(node: &World) -> String {
    let page = node.browser().get("/").await.ok();
    let title = page.html.split("<title>").nth(1).unwrap().split("</title>").next().unwrap().to_owned();
    title.rsplit(" · ").next().unwrap().to_owned()
}

flow!(
    /// LIC-07, CHK-09: what is set holds for what begins then; what began before keeps its time.
    what_is_set_holds_at_once,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let contoso = world.customer("contoso").await;
        let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 3)]).await;
        let users = json!({ "users": ["admin@contoso.example"] });
        contoso.post("/licenses/fabrikam.f365.gold/assignments", users).await.ok();
        let tenant = world.tenant_id(&contoso).await;
        let removal = json!({ "customer": tenant, "remove": ["gold"] });
        let preview = format!("/deals/{deal}/licenses/preview");
        let shown = fabrikam.post(&preview, removal.clone()).await.ok()["items"][0].clone();
        let dates = |usable: i64, kept: i64| (json!(world.now().plus_days(usable)), json!(world.now().plus_days(kept)));
        assert_eq!((shown["usable_until"].clone(), shown["kept_until"].clone()), dates(30, 120));

        let set = json!({
            "grace_warning_days": 7, "grace_suspended_days": 14, "answer_fresh_seconds": 5,
            "answer_grace_seconds": 600, "lease_days_max": 3,
        });
        let set = world.operator().await.patch(SETTINGS, set).await.ok();
        assert_eq!(of(&set, "grace_warning_days")["value"], 7);
        let shown = fabrikam.post(&preview, removal).await.ok()["items"][0].clone();
        assert_eq!((shown["usable_until"].clone(), shown["kept_until"].clone()), dates(7, 21));
        let question = json!({ "user": "admin@contoso.example", "service_id": "fabrikam.f365.gold" });
        let answer = contoso.post("/checks", question).await.ok();
        assert_eq!((&answer["fresh_seconds"], &answer["grace_seconds"]), (&json!(5), &json!(600)));
        assert_eq!(world.app.in_force.lease_seconds_max(), 3 * 86_400);
    }
);

flow!(
    /// PUB-04: an offer that is signed off goes live after the delay that was set by then, and no later one.
    a_delay_holds_for_what_is_signed_off_after_it,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        let operator = world.operator().await;
        operator.patch(SETTINGS, json!({ "go_live_delay_seconds": 3600 })).await.ok();
        let going = fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        assert_eq!(going["status"], "publish_in_progress");
        operator.patch(SETTINGS, json!({ "go_live_delay_seconds": 86_400 })).await.ok();
        world.pass_seconds(3600);
        world.run_jobs().await;
        let listed = world.anonymous().get("/storefront/offers").await.ok();
        assert_eq!(listed["items"][0]["address"], "fabrikam.f365");
    }
);

flow!(
    /// What one node commits holds on the others once they have looked, and on whichever is opened later. A node
    /// falls back on its own configuration, and what it learns late does not replace what is newer.
    every_node_goes_by_what_was_set_last,
    |world: World| async move {
        let configured = Settings { marketplace_name: "Bazaar".to_owned(), ..Settings::default() };
        let other = world.another_node(configured.clone()).await;
        assert_eq!((name_on(&world).await, name_on(&other).await), ("Seatline".into(), "Bazaar".into()));
        world.operator().await.patch(SETTINGS, json!({ "marketplace_name": "한빛" })).await.ok();
        assert_eq!((name_on(&world).await, name_on(&other).await), ("한빛".into(), "Bazaar".into()));
        other.run_jobs().await;
        assert_eq!(name_on(&other).await, "한빛");
        let restarted = world.another_node(configured).await;
        assert_eq!(name_on(&restarted).await, "한빛");

        other.operator().await.patch(SETTINGS, json!({ "marketplace_name": null })).await.ok();
        assert_eq!(name_on(&other).await, "Bazaar");
        follow(&world.app).await.unwrap();
        follow(&other.app).await.unwrap();
        assert_eq!((name_on(&world).await, name_on(&other).await), ("Seatline".into(), "Bazaar".into()));
    }
);

flow!(
    /// EVT-04: who set what, when and instead of what is in the marketplace's audit trail; what is already so is not
    /// changed again.
    a_setting_is_set_and_set_back,
    |world: World| async move {
        let operator = world.operator().await;
        let me = operator.get("/me").await.ok()["user"]["id"].clone();
        let found = operator.get(SETTINGS).await;
        assert_eq!(found.header("etag"), Some("\"0\""));
        let untouched = of(&found.ok(), "grace_reduced_days");
        let said = json!({
            "key": "grace_reduced_days", "value": 90, "configured": 90, "is_set": false,
            "changed_by": null, "changed_at": null,
        });
        assert_eq!(untouched, said);

        let set = operator.patch(SETTINGS, json!({ "grace_reduced_days": 10 })).await;
        assert_eq!(set.header("etag"), Some("\"1\""));
        let set = of(&set.ok(), "grace_reduced_days");
        let at = world.now();
        let said = json!({
            "key": "grace_reduced_days", "value": 10, "configured": 90, "is_set": true,
            "changed_by": me, "changed_at": at,
        });
        assert_eq!(set, said);
        world.pass_seconds(60);
        let again = operator.patch(SETTINGS, json!({ "grace_reduced_days": 10 })).await.ok();
        assert_eq!((&again["revision"], &of(&again, "grace_reduced_days")["changed_at"]), (&json!(1), &json!(at)));

        let back = operator.patch(SETTINGS, json!({ "grace_reduced_days": null })).await.ok();
        let back = of(&back, "grace_reduced_days");
        assert_eq!((&back["value"], &back["is_set"], &back["changed_by"]), (&json!(90), &json!(false), &me));
        assert_eq!(world.app.in_force.grace().reduced_days, 90);

        let events = operator.get("/events?limit=1000").await.ok();
        let events = events["items"].as_array().unwrap();
        let told: Vec<_> = events.iter().filter(|event| event["kind"] == "settings.changed").collect();
        let (ten, nothing) = (json!({ "grace_reduced_days": 10 }), json!({}));
        let said = |n: usize| (&told[n]["data"]["before"], &told[n]["data"]["after"]);
        assert_eq!((told.len(), said(0), said(1)), (2, (&nothing, &ten), (&ten, &nothing)));
        let mut browser = world.browser_of("operator@marketplace.example").await;
        browser.get("/admin/audit?kind=settings.changed").await.ok().says("Changed settings of the marketplace");
    }
);

flow!(
    /// Everything that is wrong is said at once, and nothing is set then.
    wrong_values_are_refused_together,
    |world: World| async move {
        let operator = world.operator().await;
        let wrong = json!({
            "marketplace_name": " ", "go_live_delay_seconds": -1, "grace_reduced_days": 3651, "lease_days_max": 0,
            "grace_warning_days": 10,
        });
        let fields = operator.patch(SETTINGS, wrong).await.wrong_fields();
        let said = [
            ("marketplace_name", "text.empty"),
            ("go_live_delay_seconds", "setting.seconds"),
            ("grace_reduced_days", "setting.grace_days"),
            ("lease_days_max", "setting.lease_days"),
        ];
        assert_eq!(fields, said.map(|(field, code)| (field.to_owned(), code.to_owned())));
        let fields = operator.patch(SETTINGS, json!({ "lease_days_max": "7" })).await.wrong_fields();
        assert_eq!(fields, [("lease_days_max".to_owned(), "field.wrong_type".to_owned())]);
        let fields = operator.patch(SETTINGS, json!({ "base_url": "http://a", "lease_days_max": 1.5 })).await;
        let fields: Vec<_> = fields.wrong_fields().into_iter().map(|(field, _)| field).collect();
        assert!(fields.contains(&"base_url".to_owned()) && fields.contains(&"lease_days_max".to_owned()), "{fields:?}");
        assert_eq!(operator.get(SETTINGS).await.ok()["revision"], 0);
    }
);

flow!(
    /// CHK-09: an app out of reach of the server does not stop earlier than it would ask again, whichever of the two
    /// times is set.
    an_answer_holds_without_the_server_as_long_as_without_asking,
    |world: World| async move {
        let operator = world.operator().await;
        let wrong = |field: &str| [(field.to_owned(), "setting.grace_below_fresh".to_owned())];
        let set = operator.patch(SETTINGS, json!({ "answer_grace_seconds": 59 })).await;
        assert_eq!(set.wrong_fields(), wrong("answer_grace_seconds"));
        let set = operator.patch(SETTINGS, json!({ "answer_fresh_seconds": 86_401 })).await;
        assert_eq!(set.wrong_fields(), wrong("answer_fresh_seconds"));
        operator.patch(SETTINGS, json!({ "answer_fresh_seconds": 86_401, "answer_grace_seconds": 86_401 })).await.ok();
        let back = operator.patch(SETTINGS, json!({ "answer_grace_seconds": null })).await;
        assert_eq!(back.wrong_fields(), wrong("answer_fresh_seconds"));
    }
);

flow!(
    /// The second of two who decide by the same revision is told; a request that comes again is answered as before.
    a_change_is_made_once_and_to_what_was_seen,
    |world: World| async move {
        let operator = world.operator().await;
        let keyed = operator.with("idempotency-key", "k1").with("if-match", "\"0\"");
        for _ in 0..2 {
            let set = keyed.patch(SETTINGS, json!({ "lease_days_max": 7 })).await.ok();
            assert_eq!(set["revision"], 1);
        }
        let stale = operator.with("if-match", "\"0\"").patch(SETTINGS, json!({ "lease_days_max": 8 })).await;
        stale.refused(412, "resource.changed");
        let fabrikam = world.publisher("fabrikam").await;
        fabrikam.patch(SETTINGS, json!({ "lease_days_max": 8 })).await.refused(403, "access.forbidden");
        fabrikam.get(SETTINGS).await.refused(403, "access.forbidden");
        assert_eq!(world.app.in_force.lease_seconds_max(), 7 * 86_400);
    }
);

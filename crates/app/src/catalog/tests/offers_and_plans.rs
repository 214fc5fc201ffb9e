use serde_json::json;

use crate::testing::{World, flow};

flow!(
    /// OFF-01, OFF-02, OFF-03, OFF-04: ids keep their rules; two publishers may use the same one.
    an_offer_id_is_unique_in_its_publisher,
    |world: World| async move {
        let (fabrikam, litware) = (world.publisher("fabrikam").await, world.publisher("litware").await);
        let body = json!({ "offer_id": "f365", "alias": "Fabrikam 365" });
        let offer = fabrikam.post("/offers", body.clone()).await.created();
        assert_eq!(offer["web_address"], "/product/fabrikam.f365");
        fabrikam.post("/offers", body.clone()).await.refused(409, "offer.id_taken");
        litware.post("/offers", body).await.created();
        let long = json!({ "offer_id": "o".repeat(32), "alias": "Long" });
        let wrong = fabrikam.post("/offers", long).await.wrong_fields();
        assert_eq!(wrong, [("offer_id".to_owned(), "offer_id.address_too_long".to_owned())]);
        let both = json!({ "offer_id": "F 365", "alias": "" });
        assert_eq!(fabrikam.post("/offers", both).await.wrong_fields().len(), 2);
    }
);

flow!(
    /// PLN-01, PLN-02, PLN-03: plan id and name are unique in the offer; the service id is made, not given.
    a_plan_has_its_service_id_from_creation,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
        let plan = fabrikam.post("/offers/f365/plans", json!({ "plan_id": "gold", "name": "Gold" })).await.created();
        assert_eq!(plan["service_id"], "fabrikam.f365.gold");
        let again = json!({ "plan_id": "gold", "name": "Other" });
        fabrikam.post("/offers/f365/plans", again).await.refused(409, "plan.id_taken");
        let named = json!({ "plan_id": "gold2", "name": "Gold" });
        fabrikam.post("/offers/f365/plans", named).await.refused(409, "plan.name_taken");
        let given = json!({ "plan_id": "silver", "name": "Silver", "service_id": "x.y.z" });
        fabrikam.post("/offers/f365/plans", given).await.refused(422, "request.invalid");
        let litware = world.publisher("litware").await;
        litware.get("/offers/f365/plans").await.refused(404, "resource.not_found");
    }
);

flow!(
    /// PLN-03, PLN-01: the overview exports every service id as a plan-definition file; no edit changes one.
    service_ids_are_exported_and_never_change,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
        for plan in ["bronze", "gold"] {
            fabrikam.post("/offers/f365/plans", json!({ "plan_id": plan, "name": plan })).await.created();
        }
        let edited = fabrikam.patch("/offers/f365/plans/gold", json!({ "name": "Gold, the best" })).await.ok();
        assert_eq!((&edited["service_id"], &edited["plan_id"]), (&json!("fabrikam.f365.gold"), &json!("gold")));
        fabrikam.patch("/offers/f365/plans/gold", json!({ "plan_id": "x" })).await.refused(422, "request.invalid");
        fabrikam.patch("/offers/f365/plans/gold", json!({ "name": "bronze" })).await.refused(409, "plan.name_taken");
        let reply = fabrikam.get("/offers/f365/plan-definitions.csv").await;
        let csv = String::from_utf8(reply.bytes).unwrap();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[0], "Service ID,Display name,More info URL");
        assert_eq!(lines[1], "fabrikam.f365.bronze,bronze,");
        assert_eq!(lines[2], "fabrikam.f365.gold,\"Gold, the best\",");
    }
);

flow!(
    /// PLN-04: an offer has at most 100 plans.
    the_hundred_and_first_plan_is_refused,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
        for n in 0..100 {
            let body = json!({ "plan_id": format!("p{n}"), "name": format!("Plan {n}") });
            fabrikam.post("/offers/f365/plans", body).await.created();
        }
        fabrikam.post("/offers/f365/plans", json!({ "plan_id": "one-more", "name": "One more" })).await.refused(409, "plan.too_many");
    }
);

flow!(
    /// PLN-06: a plan that was never published can be deleted, a published one cannot.
    only_a_plan_that_was_never_published_is_deleted,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        fabrikam.delete("/offers/f365/plans/gold").await.refused(409, "plan.published");
        fabrikam.post("/offers/f365/plans", json!({ "plan_id": "silver", "name": "Silver" })).await.created();
        fabrikam.delete("/offers/f365/plans/silver").await.no_content();
        fabrikam.delete("/offers/f365/plans/silver").await.refused(404, "resource.not_found");
    }
);

flow!(
    /// PLN-02: name and description are edited within their limits; an empty description is none.
    a_plan_is_edited,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
        let gold = json!({ "plan_id": "gold", "name": "Gold", "description": "All of it" });
        let etag = fabrikam.post("/offers/f365/plans", gold).await.header("etag").unwrap().to_owned();
        let named = fabrikam.patch("/offers/f365/plans/gold", json!({ "name": "Best" })).await.ok();
        assert_eq!((&named["name"], &named["description"]), (&json!("Best"), &json!("All of it")));
        let emptied = fabrikam.patch("/offers/f365/plans/gold", json!({ "description": "" })).await.ok();
        assert_eq!((&emptied["name"], &emptied["description"]), (&json!("Best"), &json!("")));
        let long = json!({ "name": "n".repeat(201), "description": "d".repeat(3001) });
        assert_eq!(fabrikam.patch("/offers/f365/plans/gold", long).await.wrong_fields().len(), 2);
        let stale = fabrikam.with("if-match", etag);
        stale.patch("/offers/f365/plans/gold", json!({ "name": "Old" })).await.refused(412, "resource.changed");
    }
);

flow!(
    /// OFF-03: what is fixed at creation is not taken by any page.
    an_offer_keeps_its_id_and_alias,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
        for (page, field) in [("setup", "alias"), ("availability", "offer_id"), ("properties", "publisher_id")] {
            let refused = fabrikam.put(&format!("/offers/f365/{page}"), json!({ field: "other" })).await.wrong_fields();
            assert!(refused.iter().any(|(at, _)| at == field), "{page}: {refused:?}");
        }
        let offer = fabrikam.get("/offers/f365").await.ok();
        assert_eq!((&offer["offer_id"], &offer["alias"]), (&json!("f365"), &json!("F")));
    }
);

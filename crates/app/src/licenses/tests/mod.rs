pub(crate) mod ends;
mod over;

use serde_json::{Value, json};

use crate::testing::{Client, World, flow};

async fn story(world: &World) -> (Client, Client) {
    let fabrikam = world.publisher("fabrikam").await;
    for (offer, plans) in [("f365", ["silver", "gold"]), ("other", ["basic", "plus"])] {
        fabrikam.post("/offers", json!({ "offer_id": offer, "alias": "F" })).await.created();
        for plan in plans {
            let path = format!("/offers/{offer}/plans");
            fabrikam.post(&path, json!({ "plan_id": plan, "name": plan })).await.created();
        }
    }
    (fabrikam, world.customer("contoso").await)
}

async fn granted(contoso: &Client, plan: &str) -> Value {
    contoso.get(&format!("/licenses/fabrikam.f365.{plan}")).await.ok()["granted"].clone()
}

fn rows(customer: &Value, plans: &[(&str, i64)]) -> Value {
    let plans: Vec<Value> =
        plans.iter().map(|(plan, quantity)| json!({ "plan": plan, "quantity": quantity })).collect();
    json!({ "customer": customer, "plans": plans })
}

flow!(
    /// LIC-01, LIC-02: an update is all or nothing; everything that is wrong is named at once.
    an_update_is_all_or_nothing,
    |world: World| async move {
        let (fabrikam, contoso) = story(&world).await;
        let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 5)]).await;
        let (path, tenant) = (format!("/deals/{deal}/licenses"), world.tenant_id(&contoso).await);
        let codes = |body: Value| {
            let (fabrikam, path) = (fabrikam.clone(), path.clone());
            async move {
                let wrong = fabrikam.put(&path, body).await.wrong_fields();
                wrong.into_iter().map(|(_, code)| code).collect::<Vec<_>>()
            }
        };
        assert_eq!(codes(rows(&tenant, &[])).await, ["license.no_row"]);
        let bad = codes(rows(&tenant, &[("gold", 0), ("silver", 1_000_001), ("gold", 2)])).await;
        assert_eq!(bad, ["license.quantity", "license.quantity", "license.plan_twice"]);
        let foreign = codes(rows(&tenant, &[("gold", 9), ("basic", 1), ("plus", 1)])).await;
        assert_eq!(foreign, ["license.plan_of_another_offer", "license.plan_of_another_offer"]);
        let mut fraction = rows(&tenant, &[("gold", 1)]);
        fraction["plans"][0]["quantity"] = json!(1.5);
        assert_eq!(codes(fraction).await, ["field.wrong_type"]);
        assert_eq!(granted(&contoso, "gold").await, 5, "nothing of all this changed anything");
        fabrikam.put(&path, rows(&tenant, &[("gold", 9), ("silver", 3)])).await.ok();
        assert_eq!((granted(&contoso, "gold").await, granted(&contoso, "silver").await), (json!(9), json!(3)));
    }
);

flow!(
    /// REL-04, LIC-02: no license without an accepted relationship between exactly these two.
    no_license_without_consent,
    |world: World| async move {
        let (fabrikam, contoso) = story(&world).await;
        let litware = world.publisher("litware").await;
        world.consent(&litware, &contoso).await;
        let deal = world.submitted_deal(&fabrikam, "f365").await;
        let body = rows(&world.tenant_id(&contoso).await, &[("gold", 5)]);
        let path = format!("/deals/{deal}/licenses");
        fabrikam.put(&path, body.clone()).await.refused(409, "relationship.none");
        // LIC-02: what else is wrong is named beside it, all at once.
        let mut wrong = body;
        wrong["plans"] = json!([{ "plan": "gold", "quantity": 0 }, { "plan": "basic", "quantity": 1 }]);
        let refused = fabrikam.put(&path, wrong).await.refused(409, "relationship.none");
        let fields: Vec<&str> =
            refused["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["plans[0].quantity", "plans[1].plan"]);
        assert_eq!(contoso.get("/licenses").await.ok()["items"], json!([]));
    }
);

flow!(
    /// LIC-03: quantities are absolute, the same update again changes nothing, a repeated key is safe.
    a_quantity_is_absolute,
    |world: World| async move {
        let (fabrikam, contoso) = story(&world).await;
        let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 30)]).await;
        let (path, tenant) = (format!("/deals/{deal}/licenses"), world.tenant_id(&contoso).await);
        fabrikam.put(&path, rows(&tenant, &[("gold", 40)])).await.ok();
        assert_eq!(granted(&contoso, "gold").await, 40);
        let head = contoso.get("/events").await.ok()["head"].clone();
        fabrikam.put(&path, rows(&tenant, &[("gold", 40)])).await.ok();
        assert_eq!(contoso.get("/events").await.ok()["head"], head, "no change, no event");
        let keyed = fabrikam.with("idempotency-key", "update-1");
        keyed.put(&path, rows(&tenant, &[("gold", 50)])).await.ok();
        fabrikam.put(&path, rows(&tenant, &[("gold", 60)])).await.ok();
        let replayed = keyed.put(&path, rows(&tenant, &[("gold", 50)])).await;
        assert_eq!(replayed.header("idempotency-replayed"), Some("true"));
        assert_eq!(granted(&contoso, "gold").await, 60, "the retry did nothing");
    }
);

flow!(
    /// LIC-04, LIC-05: the pool is the sum over the deals; a row goes by remove, never by zero.
    a_pool_is_the_sum_over_the_deals,
    |world: World| async move {
        let (fabrikam, contoso) = story(&world).await;
        let first = world.sold(&fabrikam, "f365", &contoso, &[("gold", 30)]).await;
        let second = world.sold(&fabrikam, "f365", &contoso, &[("gold", 12), ("silver", 1)]).await;
        assert_eq!(granted(&contoso, "gold").await, 42);
        let tenant = world.tenant_id(&contoso).await;
        let zero = rows(&tenant, &[("gold", 0)]);
        fabrikam.put(&format!("/deals/{first}/licenses"), zero).await.refused(422, "request.invalid");
        let remove = json!({ "customer": tenant, "remove": ["gold"] });
        let left = fabrikam.put(&format!("/deals/{second}/licenses"), remove.clone()).await.ok();
        assert_eq!(left["licenses"], json!([{ "plan_id": "silver", "service_id": "fabrikam.f365.silver", "quantity": 1, "ends_at": null }]));
        assert_eq!(granted(&contoso, "gold").await, 30);
    }
);

flow!(
    /// LIC-03, LIC-04: removing again what was removed changes nothing, as any repeated update.
    removing_twice_is_the_same_as_once,
    |world: World| async move {
        let (fabrikam, contoso) = story(&world).await;
        let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 30), ("silver", 1)]).await;
        let (path, tenant) = (format!("/deals/{deal}/licenses"), world.tenant_id(&contoso).await);
        let remove = json!({ "customer": tenant, "remove": ["gold"] });
        let first = fabrikam.put(&path, remove.clone()).await.ok();
        let head = contoso.get("/events").await.ok()["head"].clone();
        assert_eq!(fabrikam.put(&path, remove).await.ok(), first);
        assert_eq!(contoso.get("/events").await.ok()["head"], head, "no change, no event");
        let wrong = fabrikam.put(&path, json!({ "customer": tenant, "remove": ["basic"] })).await.wrong_fields();
        assert_eq!(wrong, [("remove[0]".to_owned(), "license.plan_of_another_offer".to_owned())]);
    }
);

flow!(
    /// REL-06: of a customer a publisher sees how many of its own seats it holds and uses, and no others.
    a_publisher_sees_what_its_customers_hold_of_it,
    |world: World| async move {
        let (fabrikam, contoso) = story(&world).await;
        let (litware, idle) = (world.publisher("fabrikam2").await, world.customer("idle").await);
        litware.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
        litware.post("/offers/f365/plans", json!({ "plan_id": "gold", "name": "Gold" })).await.created();
        world.sold(&litware, "f365", &contoso, &[("gold", 100)]).await;
        world.sold(&fabrikam, "f365", &contoso, &[("gold", 3), ("silver", 2)]).await;
        world.sold(&fabrikam, "other", &contoso, &[("plus", 5)]).await;
        world.consent(&fabrikam, &idle).await;
        let users = json!({ "users": ["admin@contoso.example"] });
        contoso.post("/licenses/fabrikam.f365.gold/assignments", users.clone()).await.ok();
        contoso.post("/licenses/fabrikam2.f365.gold/assignments", users).await.ok();
        let counts = |client: &Client| {
            let client = client.clone();
            async move {
                let customers = client.get("/customers").await.ok();
                let count = |customer: &Value| ["plans", "granted", "assigned"].map(|name| customer[name].as_i64().unwrap());
                customers["items"].as_array().unwrap().iter().map(count).collect::<Vec<_>>()
            }
        };
        assert_eq!(counts(&fabrikam).await, [[3, 10, 1], [0, 0, 0]]);
        assert_eq!(counts(&litware).await, [[1, 100, 1]]);
    }
);

flow!(a_plan_with_licenses_cannot_be_deleted, |world: World| async move {
    let (fabrikam, contoso) = story(&world).await;
    world.sold(&fabrikam, "f365", &contoso, &[("gold", 3)]).await;
    fabrikam.delete("/offers/f365/plans/gold").await.refused(409, "plan.licensed");
    fabrikam.delete("/offers/f365/plans/silver").await.no_content();
});

flow!(
    /// REL-05: either side ends the relationship, and only once no license is active under it; what was stays
    /// to be seen, and nothing can be granted until there is another consent, by another invitation.
    a_relationship_ends_once_nothing_is_granted,
    |world: World| async move {
        let (fabrikam, contoso) = story(&world).await;
        let litware = world.customer("litware").await;
        let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 3)]).await;
        world.consent(&fabrikam, &litware).await;
        let id = contoso.get("/relationships").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        let (end, tenant) = (format!("/relationships/{id}/end"), world.tenant_id(&contoso).await);
        let customer = format!("/customers/{}/end", tenant.as_str().unwrap());
        let refused = contoso.post(&end, json!({})).await.refused(409, "relationship.licensed");
        assert_eq!(refused["context"]["service_ids"], json!(["fabrikam.f365.gold"]));
        fabrikam.post(&customer, json!({})).await.refused(409, "relationship.licensed");
        litware.post(&end, json!({})).await.refused(404, "resource.not_found");
        let path = format!("/deals/{deal}/licenses");
        fabrikam.put(&path, json!({ "customer": tenant, "remove": ["gold"] })).await.ok();
        assert!(contoso.post(&end, json!({})).await.ok()["ended_at"].is_string());
        contoso.post(&end, json!({})).await.refused(409, "relationship.ended");
        fabrikam.post(&customer, json!({})).await.refused(404, "resource.not_found");
        fabrikam.put(&path, rows(&tenant, &[("gold", 1)])).await.refused(409, "relationship.none");
        let all = contoso.get("/relationships").await.ok();
        assert_eq!((all["items"][0]["id"].as_str(), all["items"][0]["ended_at"].is_string()), (Some(id.as_str()), true));
        assert_eq!(fabrikam.get("/customers").await.ok()["items"].as_array().unwrap().len(), 1, "litware is left");
        let invitation = fabrikam.post("/invitations", json!({})).await.created();
        let token = json!({ "token": invitation["token"] });
        contoso.post("/relationships", token.clone()).await.ok();
        fabrikam.put(&path, rows(&tenant, &[("silver", 1)])).await.ok();
        fabrikam.put(&path, json!({ "customer": tenant, "remove": ["silver"] })).await.ok();
        fabrikam.post(&customer, json!({})).await.ok();
        contoso.post("/relationships", token).await.refused(409, "relationship.ended");
        for client in [&fabrikam, &contoso] {
            let events = client.get("/events?limit=1000").await.ok();
            let ended = events["items"].as_array().unwrap().iter().filter(|event| event["kind"] == "relationship.ended");
            assert_eq!(ended.count(), 2);
        }
    }
);

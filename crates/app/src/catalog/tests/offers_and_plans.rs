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

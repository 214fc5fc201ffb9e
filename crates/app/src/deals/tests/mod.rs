use serde_json::{Value, json};

use crate::testing::customers::deal;
use crate::testing::{Client, World, flow};

async fn fabrikam(world: &World) -> Client {
    let fabrikam = world.publisher("fabrikam").await;
    fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
    fabrikam.post("/offers/f365/plans", json!({ "plan_id": "gold", "name": "Gold" })).await.created();
    fabrikam
}

flow!(
    /// DEA-01: everything that is wrong with a deal is named at once, by field.
    everything_wrong_with_a_deal_is_named_at_once,
    |world: World| async move {
        let fabrikam = fabrikam(&world).await;
        let mut body = deal("f365");
        body["customer"]["country"] = "XX".into();
        body["customer"]["company"] = "".into();
        body["solution_value"]["amount"] = 120_001.into();
        body["consumption_tenant"] = "customer".into();
        body["starts_on"] = "2026-08-31".into();
        body["ends_on"] = "2026-08-30".into();
        body["contact"]["email"] = "nobody".into();
        let wrong = fabrikam.post("/deals", body).await.wrong_fields();
        let fields: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
        let expected = [
            "customer.company", "customer.country", "solution_value.amount", "consumption_tenant_id", "starts_on",
            "ends_on", "contact.email",
        ];
        assert_eq!(fields, expected);
        fabrikam.post("/deals", deal("nothing")).await.refused(404, "resource.not_found");
        let made = fabrikam.post("/deals", deal("f365")).await.created();
        assert_eq!((&made["status"], &made["ends_on"]), (&json!("draft"), &Value::Null));
    }
);

flow!(
    /// DEA-02: a deal moves through the operator's review; tabs and filters follow.
    a_deal_moves_through_review,
    |world: World| async move {
        let (fabrikam, operator) = (fabrikam(&world).await, world.operator().await);
        let id = fabrikam.post("/deals", deal("f365")).await.created()["id"].as_str().unwrap().to_owned();
        let listed = |query: &str| {
            let (fabrikam, path) = (fabrikam.clone(), format!("/deals?{query}"));
            async move { fabrikam.get(&path).await.ok()["items"].as_array().unwrap().len() }
        };
        assert_eq!((listed("tab=action_required").await, listed("tab=in_progress").await), (1, 0));
        fabrikam.post(&format!("/deals/{id}/submit"), json!({})).await.ok();
        let again = fabrikam.post(&format!("/deals/{id}/submit"), json!({})).await.refused(409, "deal.move_not_allowed");
        assert_eq!(again["context"]["allowed"], json!(["approve", "reject", "request_update"]));
        fabrikam.patch(&format!("/deals/{id}"), deal("f365")).await.refused(409, "deal.not_editable");
        let review = format!("/deal-reviews/{id}");
        let asked = operator.post(&format!("{review}/request-update"), json!({ "reason": "Which city?" })).await.ok();
        assert_eq!((&asked["tab"], &asked["review_reason"]), (&json!("action_required"), &json!("Which city?")));
        fabrikam.patch(&format!("/deals/{id}"), deal("f365")).await.ok();
        fabrikam.post(&format!("/deals/{id}/submit"), json!({})).await.ok();
        assert_eq!(operator.get("/deal-reviews").await.ok()["items"].as_array().unwrap().len(), 1);
        operator.post(&format!("{review}/approve"), json!({})).await.ok();
        assert_eq!((listed("tab=closed").await, listed("status=approved").await, listed("status=draft").await), (1, 1, 0));
        assert_eq!((listed("search=SEOUL").await, listed("search=busan").await), (1, 0));
        assert_eq!((listed("customer=Contoso%20Ltd.").await, listed("contract_type=renewal").await), (1, 0));
        let litware = world.publisher("litware").await;
        litware.get(&format!("/deals/{id}")).await.refused(404, "resource.not_found");
    }
);

flow!(
    /// DEA-03: licenses are managed from submission on; a rejected deal keeps its own and grants no more.
    a_rejected_deal_keeps_what_it_granted,
    |world: World| async move {
        let (fabrikam, operator) = (fabrikam(&world).await, world.operator().await);
        let contoso = world.customer("contoso").await;
        let draft = fabrikam.post("/deals", deal("f365")).await.created()["id"].as_str().unwrap().to_owned();
        world.consent(&fabrikam, &contoso).await;
        let rows = |quantity: i64, customer: Value| json!({ "customer": customer, "plans": [{ "plan": "gold", "quantity": quantity }] });
        let tenant = world.tenant_id(&contoso).await;
        let path = format!("/deals/{draft}/licenses");
        fabrikam.put(&path, rows(5, tenant.clone())).await.refused(409, "license.deal_not_submitted");
        fabrikam.post(&format!("/deals/{draft}/submit"), json!({})).await.ok();
        fabrikam.put(&path, rows(5, tenant.clone())).await.ok();
        operator.post(&format!("/deal-reviews/{draft}/reject"), json!({ "reason": "No." })).await.ok();
        assert_eq!(contoso.get("/licenses").await.ok()["items"][0]["granted"], 5);
        fabrikam.put(&path, rows(6, tenant.clone())).await.refused(409, "license.deal_rejected");
        fabrikam.put(&path, rows(4, tenant)).await.ok();
    }
);

flow!(
    /// DEA-04: the first successful license update fixes the deal's customer.
    the_first_licenses_fix_the_customer,
    |world: World| async move {
        let fabrikam = fabrikam(&world).await;
        let (contoso, litware) = (world.customer("contoso").await, world.customer("litware").await);
        let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 5)]).await;
        world.consent(&fabrikam, &litware).await;
        let other = json!({ "customer": world.tenant_id(&litware).await, "plans": [{ "plan": "gold", "quantity": 5 }] });
        fabrikam.put(&format!("/deals/{deal}/licenses"), other).await.refused(409, "deal.customer_fixed");
        assert_eq!(litware.get("/licenses").await.ok()["items"], json!([]));
        let view = fabrikam.get(&format!("/deals/{deal}")).await.ok();
        assert_eq!(view["customer_tenant"], world.tenant_id(&contoso).await);
    }
);

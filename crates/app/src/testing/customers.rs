//! A sale, through public operations only.

use serde_json::{Value, json};

use super::{Client, World};

/// A deal that is complete, for an offer.
pub(crate) fn deal(offer: &str) -> Value {
    json!({
        "customer": { "company": "Contoso Ltd.", "country": "KR", "city": "Seoul" }, "offer": offer,
        "contract_type": "new", "total_value": { "amount": 120_000, "currency": "USD" },
        "solution_value": { "amount": 90_000, "currency": "USD" }, "hosting": "customer_cloud",
        "consumption_tenant": "partner", "signed_on": "2026-09-01", "starts_on": "2026-09-15",
        "contact": { "first_name": "Rae", "last_name": "Ferral", "phone": "+1 555 0101", "email": "rae@fabrikam.example" },
    })
}

impl World {
    /// The id of a client's tenant.
    pub(crate) async fn tenant_id(&self, client: &Client) -> Value {
        client.get("/tenant").await.ok()["id"].clone()
    }

    /// A submitted deal.
    pub(crate) async fn submitted_deal(&self, publisher: &Client, offer: &str) -> String {
        let made = publisher.post("/deals", deal(offer)).await.created();
        let id = made["id"].as_str().unwrap().to_owned();
        publisher.post(&format!("/deals/{id}/submit"), json!({})).await.ok();
        id
    }

    /// The customer consents to the publisher.
    pub(crate) async fn consent(&self, publisher: &Client, customer: &Client) {
        let invitation = publisher.post("/invitations", json!({})).await.created();
        customer.post("/relationships", json!({ "token": invitation["token"] })).await.ok();
    }

    /// A deal, consent, and these many licenses; the deal's id.
    pub(crate) async fn sold(
        &self,
        publisher: &Client,
        offer: &str,
        customer: &Client,
        plans: &[(&str, i64)],
    ) -> String {
        let deal = self.submitted_deal(publisher, offer).await;
        self.consent(publisher, customer).await;
        let rows: Vec<Value> =
            plans.iter().map(|(plan, quantity)| json!({ "plan": plan, "quantity": quantity })).collect();
        let body = json!({ "customer": self.tenant_id(customer).await, "plans": rows });
        publisher.put(&format!("/deals/{deal}/licenses"), body).await.ok();
        deal
    }
}

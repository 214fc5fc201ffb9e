//! What the publisher does, and the customer with it: deals, licenses, consent.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use types::Timestamp;

use super::market::{Market, SOLD};
use super::steps::Run;
use crate::testing::customers::deal;

const DEALS: usize = 5;

impl Run {
    /// Registers a deal that can be edited; its licenses end then.
    pub(super) async fn register(&mut self, end: Option<Timestamp>) {
        let made = self.fabrikam().post("/deals", terms(end)).await.created();
        let id = made["id"].as_str().unwrap().to_owned();
        self.fabrikam().post(&format!("/deals/{id}/submit"), json!({})).await.ok();
        let path = format!("/deal-reviews/{id}/request-update");
        self.node().operator().await.post(&path, json!({ "reason": "How long?" })).await.ok();
        self.deals.push(id);
        self.model.deals.push(end.map(midnight));
    }

    /// More, fewer or no licenses of one plan or both.
    pub(super) async fn update(&mut self) -> String {
        let deal = self.dice.below(self.deals.len());
        let held = |model: &Market, service: usize| {
            model.pools[service].licenses.get(&deal).map_or(0, |(quantity, _)| *quantity)
        };
        let mut wanted = BTreeMap::new();
        for service in 0..SOLD.len() {
            if self.dice.below(2) == 0 {
                let quantity = i64::try_from(self.dice.below(6)).unwrap();
                if quantity > 0 || held(&self.model, service) > 0 {
                    wanted.insert(service, quantity);
                }
            }
        }
        if wanted.is_empty() {
            return "nothing to update".to_owned();
        }
        let plan = |service: &usize| SOLD[*service].rsplit('.').next().unwrap();
        let (remove, plans): (Vec<_>, Vec<_>) = wanted.iter().partition(|(_, quantity)| **quantity == 0);
        let body = json!({
            "customer": self.tenant,
            "plans": plans.iter().map(|(of, n)| json!({ "plan": plan(of), "quantity": n })).collect::<Vec<_>>(),
            "remove": remove.iter().map(|(of, _)| plan(of)).collect::<Vec<_>>(),
        });
        let reply = self.fabrikam().put(&format!("/deals/{}/licenses", self.deals[deal]), body).await;
        wanted.retain(|service, quantity| held(&self.model, *service) != *quantity);
        let ended = self.model.deals[deal].is_some_and(|end| end <= self.model.now);
        if !self.model.related || (ended && wanted.values().any(|quantity| *quantity > 0)) {
            assert!(reply.status.is_client_error(), "{}", reply.status);
            return format!("deal {deal} may not grant {wanted:?}");
        }
        assert_eq!(reply.status, 200);
        for (service, quantity) in &wanted {
            self.model.grant(deal, *service, *quantity);
        }
        format!("deal {deal} grants {wanted:?} (0 is gold)")
    }

    /// A contract ends sooner or later, or never, or is renewed by another one.
    pub(super) async fn move_end(&mut self) -> String {
        let end = match self.dice.below(5) {
            0 => None,
            // Not before it began.
            1 => Some(self.model.now.plus_days(-20).max(Timestamp::parse("2026-09-20T00:00:00Z").unwrap())),
            days => Some(self.model.now.plus_days([10, 40, 200][days - 2])),
        };
        let deal = self.dice.below(self.deals.len() + 1);
        if deal == self.deals.len() {
            if deal < DEALS {
                self.register(end).await;
            }
            return format!("deal {deal} is registered until {end:?}");
        }
        self.fabrikam().patch(&format!("/deals/{}", self.deals[deal]), terms(end)).await.ok();
        self.model.move_end(deal, end.map(midnight));
        format!("deal {deal} ends {end:?}")
    }

    /// The customer's consent ends, or is given again.
    pub(super) async fn end_or_begin(&mut self) -> String {
        if !self.model.related {
            self.node().consent(&self.fabrikam(), &self.contoso()).await;
            self.model.related = true;
            return "they consent".to_owned();
        }
        let listed = self.contoso().get("/relationships").await.ok();
        let mut open = listed["items"].as_array().unwrap().iter().filter(|row| row["ended_at"].is_null());
        let path = format!("/relationships/{}/end", open.next().unwrap()["id"].as_str().unwrap());
        let reply = self.contoso().post(&path, json!({})).await;
        let licensed = self.model.pools.iter().any(|pool| pool.sum(self.model.now) > 0);
        assert_eq!(reply.status, if licensed { 409 } else { 200 });
        if !licensed {
            self.model.settle();
        }
        self.model.related = licensed;
        format!("the consent ends: {}", !licensed)
    }
}

fn terms(end: Option<Timestamp>) -> Value {
    let mut terms = deal("f365");
    if let Some(end) = end {
        terms["ends_on"] = end.day().into();
        terms["licenses_end_with_contract"] = true.into();
    }
    terms
}

/// The end of a day, which is when a contract is over whose last day it is.
fn midnight(of: Timestamp) -> Timestamp {
    Timestamp::parse(&format!("{}T00:00:00Z", of.day())).unwrap().plus_days(1)
}

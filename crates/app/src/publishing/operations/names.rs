//! Names of what rows are about, each looked up once.

use std::collections::HashMap;

use db::Tx;
use types::{ServiceId, TenantId};

use super::find;
use crate::identity::operations::find as identity;
use crate::kit::Refused;
use crate::publishing::Snapshot;

/// What was looked up so far.
#[derive(Debug, Default)]
pub(crate) struct Names {
    tenants: HashMap<TenantId, String>,
    offers: HashMap<String, Option<Snapshot>>,
}

impl Names {
    pub(crate) async fn tenant(&mut self, tx: &mut Tx, id: &TenantId) -> Result<String, Refused> {
        if let Some(name) = self.tenants.get(id) {
            return Ok(name.clone());
        }
        let name = identity::tenant(tx, id).await?.map(|tenant| tenant.name).unwrap_or_default();
        self.tenants.insert(*id, name.clone());
        Ok(name)
    }

    /// The plans that open a component of the offer that a plan is of.
    pub(crate) async fn openers(
        &mut self,
        tx: &mut Tx,
        plan: &ServiceId,
        component: &str,
    ) -> Result<Vec<ServiceId>, Refused> {
        let offer = self.offer(tx, plan).await?;
        Ok(offer.map(|offer| offer.openers(component)).unwrap_or_default())
    }

    async fn offer(&mut self, tx: &mut Tx, plan: &ServiceId) -> Result<Option<&Snapshot>, Refused> {
        let address = plan.offer();
        if !self.offers.contains_key(address) {
            let live = find::ever_live(tx, address).await?;
            self.offers.insert(address.to_owned(), live.map(|live| live.snapshot.0));
        }
        Ok(self.offers.get(address).and_then(Option::as_ref))
    }

    /// Product and plan, as customers see them; their ids where they never were live.
    pub(crate) async fn plan(&mut self, tx: &mut Tx, id: &ServiceId) -> Result<(String, String), Refused> {
        let (address, slug) = (id.offer(), id.plan());
        let offer = self.offer(tx, id).await?;
        let listing = offer.and_then(|offer| offer.draft.listing.as_ref());
        let product = listing.and_then(|listing| listing.texts.name.clone());
        let plan = offer.and_then(|offer| offer.plans.iter().find(|plan| plan.service_id == *id));
        let plan = plan.map_or_else(|| slug.to_owned(), |plan| plan.name.clone());
        Ok((product.unwrap_or_else(|| address.to_owned()), plan))
    }

    /// Product and plan in one, as headings have them.
    pub(crate) async fn title(&mut self, tx: &mut Tx, id: &ServiceId) -> Result<String, Refused> {
        let (product, plan) = self.plan(tx, id).await?;
        Ok(format!("{product} · {plan}"))
    }
}

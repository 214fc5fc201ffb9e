//! What an update of licenses would do (LIC-07): the same checks, and nothing written.

use db::Tx;
use entitlement::GraceTimes;
use types::{DealId, ServiceId, Timestamp};

use super::update_licenses::{self, UpdateLicenses};
use crate::access::{LicenseGrant, Right};
use crate::kit::Refused;
use crate::licenses::license::granted;
use crate::licenses::store;
use crate::seats::operations::find as seats;

/// What becomes of a plan's pool.
#[derive(Debug, Clone)]
pub(crate) struct Effect {
    pub service_id: ServiceId,
    pub granted_before: i64,
    pub granted_after: i64,
    pub in_use: i64,
    /// Seats in use beyond what would be granted.
    pub goes_over: i64,
    /// Set if seats go over.
    pub usable_until: Option<Timestamp>,
    pub kept_until: Option<Timestamp>,
}

pub(crate) async fn preview(
    tx: &mut Tx,
    right: &Right<LicenseGrant>,
    deal: &DealId,
    command: &UpdateLicenses,
    times: GraceTimes,
) -> Result<Vec<Effect>, Refused> {
    let wanted = update_licenses::check(tx, right, deal, command, times).await?;
    let mut effects = Vec::with_capacity(wanted.rows.len());
    for row in &wanted.rows {
        let service_id = row.service_id.clone();
        let pool = seats::pool(tx, &wanted.customer, &service_id).await?;
        let licenses = match &pool {
            Some(pool) => store::list_of_pool(tx, &pool.id).await?,
            None => Vec::new(),
        };
        let granted_before = granted(&licenses, right.now());
        let granted_after = granted_before + row.change(right.now());
        let in_use = pool.map_or(0, |pool| pool.in_use).min(granted_before);
        let goes_over = (in_use - granted_after).max(0);
        let grace = (goes_over > 0).then(|| row.grace(right.now(), times));
        effects.push(Effect {
            service_id,
            granted_before,
            granted_after,
            in_use,
            goes_over,
            usable_until: grace.map(|grace| grace.usable_until),
            kept_until: grace.and_then(|grace| grace.kept_until),
        });
    }
    Ok(effects)
}

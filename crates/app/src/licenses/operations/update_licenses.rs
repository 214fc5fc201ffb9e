//! Update the licenses of a deal: all rows at once, or none (LIC-01).

use std::collections::BTreeMap;

use db::Tx;
use serde_json::{Value, json};
use types::{DealId, PlanSlug, TenantId};

use crate::access::{LicenseGrant, Right};
use crate::catalog::Plan;
use crate::catalog::operations::find as catalog;
use crate::deals::operations::find as deals;
use crate::deals::{Deal, DealStatus};
use crate::kit::{Fields, Refused};
use crate::licenses::events::LicenseChanged;
use crate::licenses::{BELOW_ASSIGNED, DEAL_REJECTED, License, NOT_SUBMITTED, Pool, store};
use crate::relationships;

/// Absolute quantities, and what is to be removed. Plans that are named in neither stay as they are.
#[derive(Debug, Clone)]
pub(crate) struct UpdateLicenses {
    /// Absent where the request names none that could be.
    pub customer: Option<TenantId>,
    /// What is wrong with the request by itself; named together with what is wrong with it here (LIC-02).
    pub wrong: Fields,
    /// Each with its place in the request.
    pub plans: Vec<(usize, PlanSlug, i64)>,
    pub remove: Vec<(usize, PlanSlug)>,
}

pub(crate) async fn update_licenses(
    tx: &mut Tx,
    right: &Right<LicenseGrant>,
    deal: &DealId,
    command: UpdateLicenses,
) -> Result<(Deal, Vec<License>), Refused> {
    let deal = deals::lock_deal(tx, right, deal).await?;
    if deal.status == DealStatus::Draft {
        return Err(NOT_SUBMITTED.because("Submit the deal; approval is not needed."));
    }
    let plans = catalog::plans(tx, &deal.offer_id).await?;
    let (targets, wrong) = targets(&plans, &command);
    let customer = consenting(tx, right, command.customer, wrong).await?;
    deals::fix_customer(tx, right, &deal, customer).await?;
    let held = store::list_licenses(tx, &deal.id).await?;
    refuse_more_of_rejected(&deal, &held, &targets)?;
    // All before the first is held: whoever holds the tenant waits for pools, so nobody may do it the other
    // way round.
    for (plan, _) in targets.values() {
        store::insert_pool(tx, right.new_id(), &customer, &plan.id, &plan.service_id).await?;
    }
    let mut short = Vec::new();
    // In the order of the service ids, so that two updates cannot wait for each other's pools.
    for (service_id, (plan, quantity)) in targets {
        let known = held.iter().find(|license| license.service_id.as_str() == service_id);
        if known.map_or(0, |license| license.quantity) != quantity {
            short.extend(set_quantity(tx, right, &deal, customer, plan, known, quantity).await?);
        }
    }
    refuse_short(&short)?;
    let deal = Deal { customer_tenant_id: Some(customer), ..deal };
    let licenses = store::list_licenses(tx, &deal.id).await?;
    Ok((deal, licenses))
}

/// The customer, if it has consented and nothing is wrong; else everything that is, at once.
async fn consenting(
    tx: &mut Tx,
    right: &Right<LicenseGrant>,
    customer: Option<TenantId>,
    wrong: Fields,
) -> Result<TenantId, Refused> {
    let Some(customer) = customer else { return Err(wrong.refuse()) };
    match relationships::operations::find::consent(tx, &right.tenant(), &customer).await? {
        Some(_) => wrong.finish().map(|()| customer),
        None => Err(relationships::operations::find::no_consent().with_errors(wrong.into_errors())),
    }
}

/// The wanted quantity of each named plan, 0 to remove it, and every plan that is not the offer's beside
/// what was wrong before. What is removed and not held is wanted as it is: removing twice is the same as
/// once (LIC-03).
fn targets<'a>(plans: &'a [Plan], command: &UpdateLicenses) -> (BTreeMap<String, (&'a Plan, i64)>, Fields) {
    let (mut targets, mut wrong) = (BTreeMap::new(), command.wrong.clone());
    let named =
        command.plans.iter().map(|(at, slug, quantity)| (format!("plans[{at}].plan"), slug, *quantity));
    let removed = command.remove.iter().map(|(at, slug)| (format!("remove[{at}]"), slug, 0));
    for (field, slug, quantity) in named.chain(removed) {
        match plans.iter().find(|plan| plan.slug == *slug) {
            Some(plan) => {
                targets.insert(plan.service_id.as_str().to_owned(), (plan, quantity));
            }
            None => wrong.wrong(
                &field,
                "license.plan_of_another_offer",
                format!("the deal's offer has no plan {slug}"),
            ),
        }
    }
    (targets, wrong)
}

/// DEA-03: a rejected deal keeps what was granted and can grant no more.
fn refuse_more_of_rejected(
    deal: &Deal,
    held: &[License],
    targets: &BTreeMap<String, (&Plan, i64)>,
) -> Result<(), Refused> {
    let quantity = |service_id: &str| {
        held.iter()
            .find(|license| license.service_id.as_str() == service_id)
            .map_or(0, |license| license.quantity)
    };
    let more = targets.iter().any(|(service_id, (_, wanted))| *wanted > quantity(service_id));
    if deal.status == DealStatus::Rejected && more {
        return Err(DEAL_REJECTED.because("It keeps what it granted; lower or remove licenses only."));
    }
    Ok(())
}

async fn set_quantity(
    tx: &mut Tx,
    right: &Right<LicenseGrant>,
    deal: &Deal,
    customer: TenantId,
    plan: &Plan,
    known: Option<&License>,
    quantity: i64,
) -> Result<Option<Short>, Refused> {
    let pool = store::lock_pool(tx, &customer, &plan.service_id).await?;
    let pool = pool.ok_or_else(|| Refused::internal("a pool that was made is not there"))?;
    let change = quantity - known.map_or(0, |license| license.quantity);
    let Some(pool) = store::add_granted(tx, &pool.id, change).await? else {
        return Ok(Some(Short { remain: pool.granted + change, pool }));
    };
    match known {
        Some(license) if quantity == 0 => store::delete_license(tx, &license.id).await?,
        _ => {
            let license = License {
                id: right.new_id(),
                deal_id: deal.id,
                plan_id: plan.id,
                pool_id: pool.id,
                service_id: plan.service_id.clone(),
                quantity,
            };
            store::upsert_license(tx, &license).await?;
        }
    }
    let event = LicenseChanged {
        customer,
        deal: deal.id,
        plan: plan.id,
        service_id: plan.service_id.clone(),
        quantity,
        pool_granted: pool.granted,
    };
    right.record_for(tx, &[right.tenant(), customer], &event)?;
    Ok(None)
}

/// A pool that would have fewer seats than are in use.
struct Short {
    pool: Pool,
    remain: i64,
}

fn refuse_short(short: &[Short]) -> Result<(), Refused> {
    if short.is_empty() {
        return Ok(());
    }
    let sentence = |Short { pool, remain }: &Short| {
        let (in_use, service_id) = (pool.in_use, &pool.service_id);
        format!(
            "{in_use} seats of {service_id} are in use and {remain} would remain; the customer must unassign {} first.",
            in_use - remain
        )
    };
    let pools: Vec<Value> = short
        .iter()
        .map(|Short { pool, remain }| {
            json!({ "service_id": pool.service_id, "in_use": pool.in_use, "would_remain": remain })
        })
        .collect();
    let detail = short.iter().map(sentence).collect::<Vec<_>>().join(" ");
    Err(BELOW_ASSIGNED.because(detail).with_context(json!({ "pools": pools })))
}

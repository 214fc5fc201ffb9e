//! Update the licenses of a deal: all rows at once, or none (LIC-01).

use std::collections::BTreeMap;

use db::Tx;
use types::{DealId, PlanSlug, TenantId, Violation};

use crate::access::{LicenseGrant, Right};
use crate::catalog::Plan;
use crate::catalog::operations::find as catalog;
use crate::deals::operations::find as deals;
use crate::deals::{Deal, DealStatus};
use crate::kit::Refused;
use crate::licenses::events::LicenseChanged;
use crate::licenses::{BELOW_ASSIGNED, DEAL_REJECTED, License, NOT_SUBMITTED, store};
use crate::relationships;

/// Absolute quantities, and what is to be removed. Plans that are named in neither stay as they are.
#[derive(Debug, Clone)]
pub(crate) struct UpdateLicenses {
    pub customer: TenantId,
    pub plans: Vec<(PlanSlug, i64)>,
    pub remove: Vec<PlanSlug>,
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
    relationships::operations::find::require(tx, &right.tenant(), &command.customer).await?;
    deals::fix_customer(tx, right, &deal, command.customer).await?;
    let plans = catalog::plans(tx, &deal.offer_id).await?;
    let held = store::list_licenses(tx, &deal.id).await?;
    let targets = targets(&plans, &held, &command)?;
    refuse_more_of_rejected(&deal, &held, &targets)?;
    // All before the first is held: whoever holds the tenant waits for pools, so nobody may do it the other
    // way round.
    for (plan, _) in targets.values() {
        store::insert_pool(tx, right.new_id(), &command.customer, &plan.id, &plan.service_id).await?;
    }
    // In the order of the service ids, so that two updates cannot wait for each other's pools.
    for (service_id, (plan, quantity)) in targets {
        let known = held.iter().find(|license| license.service_id.as_str() == service_id);
        if known.map_or(0, |license| license.quantity) != quantity {
            set_quantity(tx, right, &deal, command.customer, plan, known, quantity).await?;
        }
    }
    let deal = Deal { customer_tenant_id: Some(command.customer), ..deal };
    let licenses = store::list_licenses(tx, &deal.id).await?;
    Ok((deal, licenses))
}

/// The wanted quantity of each named plan, 0 to remove it; every plan that is not the offer's is named at once.
fn targets<'a>(
    plans: &'a [Plan],
    held: &[License],
    command: &UpdateLicenses,
) -> Result<BTreeMap<String, (&'a Plan, i64)>, Refused> {
    let mut errors = Vec::new();
    let mut targets = BTreeMap::new();
    let find = |slug: &PlanSlug| plans.iter().find(|plan| plan.slug == *slug);
    for (at, (slug, quantity)) in command.plans.iter().enumerate() {
        match find(slug) {
            Some(plan) => {
                targets.insert(plan.service_id.as_str().to_owned(), (plan, *quantity));
            }
            None => errors.push(no_plan(slug).at(format!("plans[{at}].plan"))),
        }
    }
    for (at, slug) in command.remove.iter().enumerate() {
        match find(slug) {
            Some(plan) if held.iter().any(|license| license.plan_id == plan.id) => {
                targets.insert(plan.service_id.as_str().to_owned(), (plan, 0));
            }
            Some(_) => {
                let violation =
                    Violation::new("license.not_held", format!("the deal grants no license of {slug}"));
                errors.push(violation.at(format!("remove[{at}]")));
            }
            None => errors.push(no_plan(slug).at(format!("remove[{at}]"))),
        }
    }
    if errors.is_empty() { Ok(targets) } else { Err(Refused::fields(errors)) }
}

fn no_plan(slug: &PlanSlug) -> Violation {
    Violation::new("license.plan_of_another_offer", format!("the deal's offer has no plan {slug}"))
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
) -> Result<(), Refused> {
    let pool = store::lock_pool(tx, &customer, &plan.service_id).await?;
    let pool = pool.ok_or_else(|| Refused::internal("a pool that was made is not there"))?;
    let change = quantity - known.map_or(0, |license| license.quantity);
    let Some(pool) = store::add_granted(tx, &pool.id, change).await? else {
        let remain = pool.granted + change;
        let detail = format!(
            "{} seats of {} are in use and {remain} would remain; the customer must unassign {} first.",
            pool.in_use,
            plan.service_id,
            pool.in_use - remain
        );
        return Err(BELOW_ASSIGNED.because(detail));
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
    Ok(())
}

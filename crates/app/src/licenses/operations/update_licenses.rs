//! Update the licenses of a deal: all rows at once, or none (LIC-01). Fewer than are in use are accepted
//! (LIC-07).

use std::collections::BTreeMap;

use db::Tx;
use entitlement::{End, Grace, GraceTimes};
use types::{DealId, PlanId, PlanSlug, ServiceId, TenantId, Timestamp};

use super::edit_deal::end_of;
use super::{find, pools};
use crate::access::{LicenseGrant, Right};
use crate::catalog::Plan;
use crate::catalog::operations::find as catalog;
use crate::deals::operations::find as deals;
use crate::deals::{Deal, DealStatus};
use crate::kit::{Fields, Refused};
use crate::licenses::events::LicenseChanged;
use crate::licenses::license::last_end;
use crate::licenses::{CONTRACT_ENDED, DEAL_REJECTED, License, NOT_SUBMITTED, store};
use crate::relationships;
use crate::seats::operations::capacity;

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
    /// What whoever decided saw of plans; where it is not so any more, or nobody can say what it was, they decide anew.
    pub seen: Vec<(usize, PlanSlug, Option<i64>)>,
}

/// An update that may be made.
pub(super) struct Wanted {
    deal: Deal,
    pub customer: TenantId,
    end: Option<End>,
    /// What changes, in the order of the service ids.
    pub rows: Vec<Row>,
}

/// One plan whose quantity changes.
pub(super) struct Row {
    pub service_id: ServiceId,
    plan: PlanId,
    known: Option<License>,
    /// 0 removes it.
    quantity: i64,
}

impl Row {
    /// By how much the pool's grant changes.
    pub(super) fn change(&self, now: Timestamp) -> i64 {
        let known = self.known.as_ref().filter(|license| license.is_granted(now));
        self.quantity - known.map_or(0, |license| license.quantity)
    }

    /// What is left of seats that go over.
    pub(super) fn grace(&self, now: Timestamp, times: GraceTimes) -> Grace {
        if self.quantity == 0 { times.ended(now) } else { times.reduced(now) }
    }
}

pub(crate) async fn update_licenses(
    tx: &mut Tx,
    right: &Right<LicenseGrant>,
    deal: &DealId,
    command: &UpdateLicenses,
    times: GraceTimes,
) -> Result<(Deal, Vec<License>), Refused> {
    deals::lock_deal(tx, right, deal).await?;
    if let Some(customer) = &command.customer {
        relationships::operations::end::hold(tx, &right.tenant(), customer).await?;
    }
    let Wanted { deal, customer, end, rows } = check(tx, right, deal, command, times).await?;
    deals::fix_customer(tx, right, &deal, customer).await?;
    // All before the first is held: whoever holds the tenant waits for pools, so nobody may do it the other
    // way round.
    for row in &rows {
        capacity::make(tx, right, &customer, &row.plan, &row.service_id).await?;
    }
    // In the order of the service ids, so that two updates cannot wait for each other's pools.
    for row in &rows {
        set_quantity(tx, right, &deal, customer, end, row, times).await?;
    }
    let deal = Deal { customer_tenant_id: Some(customer), ..deal };
    let licenses = store::list_licenses(tx, &deal.id).await?;
    Ok((deal, licenses))
}

/// Refuses what may not be, or says what it comes to; writes nothing.
pub(super) async fn check(
    tx: &mut Tx,
    right: &Right<LicenseGrant>,
    deal: &DealId,
    command: &UpdateLicenses,
    times: GraceTimes,
) -> Result<Wanted, Refused> {
    let deal = deals::deal(tx, right, deal).await?;
    if deal.status == DealStatus::Draft {
        return Err(NOT_SUBMITTED.because("Submit the deal; approval is not needed."));
    }
    let plans = catalog::plans(tx, &deal.offer_id).await?;
    let held = store::list_licenses(tx, &deal.id).await?;
    let (targets, mut wrong) = targets(&plans, command);
    name_stopped(tx, right, &plans, command, &mut wrong).await?;
    name_changed(&plans, &held, &targets, command, &mut wrong);
    let customer = consenting(tx, right, command.customer, wrong).await?;
    deals::refuse_another_customer(&deal, customer)?;
    refuse_more_of_rejected(&deal, &held, &targets)?;
    let known = |id: &str| held.iter().find(|license| license.service_id.as_str() == id).cloned();
    let rows = targets.into_iter().map(|(id, (plan, quantity))| Row {
        service_id: plan.service_id.clone(),
        plan: plan.id,
        known: known(&id),
        quantity,
    });
    let changes = |row: &Row| row.known.as_ref().map_or(0, |license| license.quantity) != row.quantity;
    let rows: Vec<Row> = rows.filter(changes).collect();
    let end = end_of(&deal, times);
    if end.is_some_and(|end| end.at <= right.now()) && rows.iter().any(|row| row.quantity > 0) {
        return Err(CONTRACT_ENDED.because("Register a renewal, and grant the licenses under it."));
    }
    Ok(Wanted { deal, customer, end, rows })
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

/// What is to change and is not as it was seen.
fn name_changed(
    plans: &[Plan],
    held: &[License],
    targets: &BTreeMap<String, (&Plan, i64)>,
    command: &UpdateLicenses,
    wrong: &mut Fields,
) {
    for (at, slug, seen) in &command.seen {
        let plan = plans.iter().find(|plan| plan.slug == *slug);
        let Some(plan) = plan.filter(|plan| targets.contains_key(plan.service_id.as_str())) else { continue };
        let now =
            held.iter().find(|license| license.plan_id == plan.id).map_or(0, |license| license.quantity);
        if Some(now) != *seen {
            let was = seen.map_or_else(String::new, |seen| format!("was {seen} when you decided and "));
            let message = format!("{was}is {now} now: look again, and decide anew");
            wrong.wrong(&format!("plans[{at}].quantity"), "license.changed_meanwhile", message);
        }
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

/// PLN-06: a stopped plan is not sold to a customer that has no pool of it; pools that hold it go on.
async fn name_stopped(
    tx: &mut Tx,
    right: &Right<LicenseGrant>,
    plans: &[Plan],
    command: &UpdateLicenses,
    wrong: &mut Fields,
) -> Result<(), Refused> {
    let Some(customer) = &command.customer else { return Ok(()) };
    for (at, slug, _) in &command.plans {
        let stopped = plans.iter().find(|plan| plan.slug == *slug && plan.stopped_at.is_some());
        let Some(plan) = stopped else { continue };
        if !find::has_seats(tx, customer, &plan.service_id, right.now()).await? {
            let message = format!(
                "the plan {slug} is stopped, and the customer has no licenses of it: resume it to sell it anew"
            );
            wrong.wrong(&format!("plans[{at}].plan"), "license.plan_stopped", message);
        }
    }
    Ok(())
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
    end: Option<End>,
    row: &Row,
    times: GraceTimes,
) -> Result<(), Refused> {
    let pool = pools::lock(tx, right, &customer, &row.service_id).await?;
    let license = License {
        id: row.known.as_ref().map_or_else(|| right.new_id(), |license| license.id),
        deal_id: deal.id,
        plan_id: row.plan,
        pool_id: pool.id,
        service_id: row.service_id.clone(),
        quantity: row.quantity,
        ends_at: end.map(|end| end.at),
        usable_until: end.map(|end| end.grace.usable_until),
        kept_until: end.and_then(|end| end.grace.kept_until),
    };
    if row.quantity == 0 {
        store::delete_license(tx, &license.id).await?;
    } else {
        store::upsert_license(tx, &license).await?;
    }
    let licenses = store::list_of_pool(tx, &pool.id).await?;
    let grace = row.grace(right.now(), times);
    let (pool, over) = pools::add_up(tx, right, &pool, &licenses, grace).await?;
    let event = LicenseChanged {
        customer,
        deal: deal.id,
        plan: row.plan,
        service_id: license.service_id,
        quantity: row.quantity,
        ends_at: license.ends_at,
        over,
        pool_granted: pool.granted,
        pool_end: last_end(&licenses, right.now()),
    };
    right.record_for(tx, &[right.tenant(), customer], &event)?;
    Ok(())
}

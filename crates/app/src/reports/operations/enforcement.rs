//! Who would be refused tomorrow (PLN-07): who got in lately without a license, because the plan only records
//! it, and whose right ends soon.

use std::collections::{BTreeMap, HashMap, HashSet};

use db::Tx;
use entitlement::{License, State};
use types::{Email, Page, PageRequest, PublisherId, ServiceId, TenantId, Timestamp, UserId};

use super::refresh::Refresh;
use crate::access::{DealView, LicenseView, Permission, Right};
use crate::entitlements::waived;
use crate::events;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::{Refused, Search, text_enum};
use crate::licenses::operations::find as licenses;
use crate::publishing::operations::names::Names;
use crate::relationships::operations::find as relationships;
use crate::rights;
use crate::seats::operations::find as seats;
use crate::seats::{Seat, Standing};

text_enum! {
    /// Why somebody would be refused.
    RiskKind {
        /// Got in without a license.
        Waived = "waived",
        /// Has a right that ends.
        Ending = "ending",
    }
}

/// What is looked at: waived since then, ending until then.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub since_days: i64,
    pub days: i64,
}

/// One user who would be refused.
#[derive(Debug, Clone)]
pub(crate) struct Risk {
    pub user: UserId,
    pub kind: RiskKind,
    /// As in checks; of a right that ends its state now.
    pub reason: String,
    /// When it was waived last, or when the right ends.
    pub at: Timestamp,
}

/// Those of one plan.
#[derive(Debug, Clone)]
pub(crate) struct PlanRisks {
    pub service_id: ServiceId,
    pub product: String,
    pub plan: String,
    pub risks: Vec<Risk>,
}

impl PlanRisks {
    fn of(&self, kind: RiskKind) -> impl Iterator<Item = Timestamp> {
        self.risks.iter().filter(move |risk| risk.kind == kind).map(|risk| risk.at)
    }

    /// Users who got in without a license, and when the last one did.
    pub(crate) fn waived(&self) -> (usize, Option<Timestamp>) {
        (self.of(RiskKind::Waived).count(), self.of(RiskKind::Waived).max())
    }

    /// Users whose right ends, and when the first one does.
    pub(crate) fn ending(&self) -> (usize, Option<Timestamp>) {
        (self.of(RiskKind::Ending).count(), self.of(RiskKind::Ending).min())
    }
}

/// Those of this right's tenant, by plan, with the users' addresses.
pub(crate) async fn of_own(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    window: Window,
) -> Result<(Vec<PlanRisks>, HashMap<UserId, Email>, Refresh), Refused> {
    let plans = of_tenant(tx, &mut Names::default(), &right.tenant(), None, (window, right.now())).await?;
    let users: HashSet<UserId> = plans.iter().flat_map(|plan| &plan.risks).map(|risk| risk.user).collect();
    let users: Vec<UserRef> = users.into_iter().map(UserRef::Id).collect();
    let mut emails = HashMap::new();
    for users in users.chunks(1000) {
        let members = identity::members(tx, right, users).await?;
        emails.extend(members.into_iter().map(|member| (member.id, member.email)));
    }
    Ok((plans, emails, now(tx, right).await?))
}

/// One customer of a publisher: its name and counts, no users (REL-06).
#[derive(Debug, Clone)]
pub(crate) struct CustomerRisks {
    pub customer: TenantId,
    pub customer_name: String,
    pub plan: PlanRisks,
}

/// Those of the customers of this right's publisher, a page of customers at a time; of its own plans.
pub(crate) async fn of_customers(
    tx: &mut Tx,
    right: &Right<DealView>,
    window: Window,
    page: &PageRequest,
) -> Result<(Page<CustomerRisks>, Refresh), Refused> {
    let refresh = now(tx, right).await?;
    let publisher = right.publisher()?.clone();
    let customers = relationships::list_customers(tx, right, page, &Search::default()).await?;
    let (mut items, mut names) = (Vec::new(), Names::default());
    for (_, tenant) in customers.items {
        let at = (window, right.now());
        for plan in of_tenant(tx, &mut names, &tenant.id, Some(&publisher), at).await? {
            items.push(CustomerRisks { customer: tenant.id, customer_name: tenant.name.clone(), plan });
        }
    }
    Ok((Page { items, next_cursor: customers.next_cursor }, refresh))
}

/// It is read from the tables, so it is as of now.
async fn now<P: Permission>(tx: &mut Tx, right: &Right<P>) -> Result<Refresh, Refused> {
    let position = events::head(tx, &right.tenant()).await?;
    Ok(Refresh { at: right.now(), position, complete: true })
}

async fn of_tenant(
    tx: &mut Tx,
    names: &mut Names,
    tenant: &TenantId,
    publisher: Option<&PublisherId>,
    (window, now): (Window, Timestamp),
) -> Result<Vec<PlanRisks>, Refused> {
    let licenses: Licenses = licenses::pools_of(tx, tenant).await?.into_iter().collect();
    let mut found = ending(tx, tenant, &licenses, now.plus_days(window.days), now).await?;
    let since = now.plus_days(-window.since_days);
    found.extend(waived(tx, names, tenant, &licenses, (since, now)).await?);
    let mut risks: BTreeMap<ServiceId, Vec<Risk>> = BTreeMap::new();
    for (service, risk) in found {
        if publisher.is_none_or(|publisher| service.is_of(publisher.as_str())) {
            risks.entry(service).or_default().push(risk);
        }
    }
    let mut plans = Vec::with_capacity(risks.len());
    for (service_id, mut risks) in risks {
        let (product, plan) = names.plan(tx, &service_id).await?;
        risks.sort_by_key(|risk| (risk.user, risk.kind));
        plans.push(PlanRisks { service_id, product, plan, risks });
    }
    Ok(plans)
}

/// What the pools of a tenant are licensed to.
type Licenses = HashMap<ServiceId, Option<License>>;

/// The rights that are usable now and end until then.
async fn ending(
    tx: &mut Tx,
    tenant: &TenantId,
    licenses: &Licenses,
    until: Timestamp,
    now: Timestamp,
) -> Result<Vec<(ServiceId, Risk)>, Refused> {
    let mut ending = Vec::new();
    let mut add = |service: &ServiceId, user: UserId, state: Option<State>, at: Option<Timestamp>| {
        if let (Some(state), Some(at)) = (state.filter(|state| state.usable()), at.filter(|at| *at <= until))
        {
            let reason = Standing::from(Some(state)).as_str().to_owned();
            ending.push((service.clone(), Risk { user, kind: RiskKind::Ending, reason, at }));
        }
    };
    for (service, license) in licenses {
        let Some(license) = license.filter(|license| rights::ends(license).is_some_and(|end| end <= until))
        else {
            continue;
        };
        for user in seats::active(tx, tenant, service).await? {
            add(service, user, rights::of_active(license, now), rights::ends(&license));
        }
    }
    for seat in seats::seats_beyond(tx, tenant).await? {
        let license = licenses.get(&seat.service_id).copied().flatten();
        let at = rights::dates(&seat, license).map(|dates| dates.usable_until);
        add(&seat.service_id, seat.user_id, rights::state(&seat, license, now), at);
    }
    Ok(ending)
}

/// Who got in without a license and still has none that would do; each once for a plan.
async fn waived(
    tx: &mut Tx,
    names: &mut Names,
    tenant: &TenantId,
    licenses: &Licenses,
    (since, now): (Timestamp, Timestamp),
) -> Result<Vec<(ServiceId, Risk)>, Refused> {
    let rows = waived::waived_since(tx, tenant, since).await?;
    let users: HashSet<UserId> = rows.iter().map(|row| row.user_id).collect();
    let users: Vec<UserId> = users.into_iter().collect();
    let active = identity::active_among(tx, tenant, &users).await?;
    let seats = seats::seats_of_users(tx, tenant, &users).await?.into_iter();
    let license = |seat: &Seat| licenses.get(&seat.service_id).copied().flatten();
    let usable: HashSet<_> = seats
        .filter(|seat| rights::state(seat, license(seat), now).is_some_and(State::usable))
        .map(|seat| (seat.user_id, seat.service_id))
        .collect();
    let mut risks: BTreeMap<(ServiceId, UserId), Risk> = BTreeMap::new();
    for row in rows.into_iter().filter(|row| active.contains(&row.user_id)) {
        let mut would_do = vec![row.service_id.clone()];
        if !row.component.is_empty() {
            would_do.extend(names.openers(tx, &row.service_id, &row.component).await?);
        }
        if would_do.into_iter().any(|service| usable.contains(&(row.user_id, service))) {
            continue;
        }
        let risk = Risk { user: row.user_id, kind: RiskKind::Waived, reason: row.reason, at: row.last_at };
        let known = risks.entry((row.service_id, row.user_id)).or_insert_with(|| risk.clone());
        if known.at < risk.at {
            *known = risk;
        }
    }
    Ok(risks.into_iter().map(|((service, _), risk)| (service, risk)).collect())
}

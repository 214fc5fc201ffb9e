//! LIC-10, LIC-07, LIC-08, DEA-05: both sides' people are told of grants, changes, removals and ends; the
//! customer's also of seats beyond what is left.

use db::Tx;
use types::{DealId, ServiceId, TenantId};

use super::notice::{Notice, To};
use super::store;
use crate::access::Role;
use crate::events::Recorded;
use crate::identity::operations::find as identity;
use crate::kit::{Argument, Refused};
use crate::licenses::events::{LicenseChanged, LicenseEnded, LicenseEnding};

type Arguments = Vec<(&'static str, Argument<'static>)>;

const AT_PUBLISHER: &[Role] = &[Role::GlobalAdmin, Role::AccountAdmin, Role::ReferralsAdmin];
const AT_CUSTOMER: &[Role] = &[Role::GlobalAdmin, Role::BillingAdmin, Role::LicenseAdmin];
/// With who can free seats.
const WHEN_OVER: &[Role] = &[Role::GlobalAdmin, Role::BillingAdmin, Role::LicenseAdmin, Role::UserAdmin];

pub(super) async fn notice(
    tx: &mut Tx,
    tenant: &TenantId,
    entry: &Recorded,
) -> Result<Option<Notice>, Refused> {
    if let Some(event) = entry.decode::<LicenseChanged>().map_err(Refused::internal)? {
        return changed(tx, tenant, &event).await.map(Some);
    }
    if let Some(event) = entry.decode::<LicenseEnding>().map_err(Refused::internal)? {
        return ending(tx, tenant, &event).await.map(Some);
    }
    if let Some(event) = entry.decode::<LicenseEnded>().map_err(Refused::internal)? {
        return ended(tx, tenant, &event).await.map(Some);
    }
    Ok(None)
}

async fn changed(tx: &mut Tx, tenant: &TenantId, event: &LicenseChanged) -> Result<Notice, Refused> {
    let LicenseChanged { customer, deal, service_id, quantity, pool_granted, over, .. } = event;
    let before = told_before(tx, tenant, (deal, service_id), *quantity).await?;
    let at_customer = tenant == customer;
    let is_over = at_customer && *quantity < before && *over > 0;
    let key = match (at_customer, quantity) {
        _ if is_over => "license-over-customer",
        (true, 0) => "license-removed-customer",
        (true, more) if *more > before => "license-granted-customer",
        (true, _) => "license-reduced-customer",
        (false, 0) => "license-removed-publisher",
        (false, more) if *more > before => "license-granted-publisher",
        (false, _) => "license-reduced-publisher",
    };
    let mut arguments = about(tx, tenant, (customer, service_id), *quantity).await?;
    arguments.extend([
        ("before", Argument::Number(before)),
        ("total", Argument::Number(*pool_granted)),
        ("over", Argument::Number(*over)),
    ]);
    let to = if is_over { To::Roles(WHEN_OVER) } else { To::Roles(side(at_customer)) };
    Ok(Notice { key, to, arguments })
}

async fn ending(tx: &mut Tx, tenant: &TenantId, event: &LicenseEnding) -> Result<Notice, Refused> {
    let LicenseEnding { customer, service_id, quantity, ends_at, .. } = event;
    let at_customer = tenant == customer;
    let key = if at_customer { "license-ending-customer" } else { "license-ending-publisher" };
    let mut arguments = about(tx, tenant, (customer, service_id), *quantity).await?;
    arguments.push(("day", Argument::Text(ends_at.day().into())));
    Ok(Notice { key, to: To::Roles(side(at_customer)), arguments })
}

async fn ended(tx: &mut Tx, tenant: &TenantId, event: &LicenseEnded) -> Result<Notice, Refused> {
    let LicenseEnded { customer, deal, service_id, quantity, over, pool_granted, .. } = event;
    told_before(tx, tenant, (deal, service_id), 0).await?;
    let at_customer = tenant == customer;
    let key = match (at_customer, over) {
        (true, 0) => "license-ended-customer",
        (true, _) => "license-ended-over-customer",
        (false, _) => "license-ended-publisher",
    };
    let mut arguments = about(tx, tenant, (customer, service_id), *quantity).await?;
    arguments.extend([("total", Argument::Number(*pool_granted)), ("over", Argument::Number(*over))]);
    let to = if at_customer && *over > 0 { WHEN_OVER } else { side(at_customer) };
    Ok(Notice { key, to: To::Roles(to), arguments })
}

fn side(at_customer: bool) -> &'static [Role] {
    if at_customer { AT_CUSTOMER } else { AT_PUBLISHER }
}

/// What was told last; from now on it is this.
async fn told_before(
    tx: &mut Tx,
    tenant: &TenantId,
    (deal, service): (&DealId, &ServiceId),
    quantity: i64,
) -> Result<i64, Refused> {
    let before = store::find_quantity(tx, tenant, deal, service).await?;
    store::upsert_quantity(tx, tenant, deal, service, quantity).await?;
    Ok(before)
}

/// The other side, the service, and how many.
async fn about(
    tx: &mut Tx,
    tenant: &TenantId,
    (customer, service): (&TenantId, &ServiceId),
    quantity: i64,
) -> Result<Arguments, Refused> {
    let other = if tenant == customer {
        let publisher = service.as_str().split('.').next().unwrap_or_default();
        let publisher = types::PublisherId::parse(publisher).map_err(|why| Refused::internal(why.message))?;
        identity::publisher(tx, &publisher).await?
    } else {
        identity::tenant(tx, customer).await?
    };
    let other = other.map(|tenant| tenant.name).unwrap_or_default();
    Ok(vec![
        ("other", Argument::Text(other.into())),
        ("service", Argument::Text(service.to_string().into())),
        ("quantity", Argument::Number(quantity)),
    ])
}

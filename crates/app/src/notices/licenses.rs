//! LIC-10: both sides' people are told of grants, changes and removals.

use db::Tx;
use types::TenantId;

use super::notice::Notice;
use super::store;
use crate::access::Role;
use crate::identity::operations::find as identity;
use crate::kit::{Argument, Refused};
use crate::licenses::events::LicenseChanged;

const AT_PUBLISHER: &[Role] = &[Role::GlobalAdmin, Role::AccountAdmin, Role::ReferralsAdmin];
const AT_CUSTOMER: &[Role] = &[Role::GlobalAdmin, Role::BillingAdmin, Role::LicenseAdmin];

pub(super) async fn notice(
    tx: &mut Tx,
    tenant: &TenantId,
    event: &LicenseChanged,
) -> Result<Option<Notice>, Refused> {
    let LicenseChanged { customer, deal, service_id, quantity, pool_granted, .. } = event;
    let before = store::find_quantity(tx, tenant, deal, service_id).await?;
    store::upsert_quantity(tx, tenant, deal, service_id, *quantity).await?;
    let at_customer = tenant == customer;
    let key = match (at_customer, quantity) {
        (true, 0) => "license-removed-customer",
        (true, more) if *more > before => "license-granted-customer",
        (true, _) => "license-reduced-customer",
        (false, 0) => "license-removed-publisher",
        (false, more) if *more > before => "license-granted-publisher",
        (false, _) => "license-reduced-publisher",
    };
    let other = if at_customer {
        let publisher = service_id.as_str().split('.').next().unwrap_or_default();
        let publisher = types::PublisherId::parse(publisher).map_err(|why| Refused::internal(why.message))?;
        identity::publisher(tx, &publisher).await?
    } else {
        identity::tenant(tx, customer).await?
    };
    let other = other.map(|tenant| tenant.name).unwrap_or_default();
    let arguments = vec![
        ("other", Argument::Text(other.into())),
        ("service", Argument::Text(service_id.to_string().into())),
        ("quantity", Argument::Number(*quantity)),
        ("before", Argument::Number(before)),
        ("total", Argument::Number(*pool_granted)),
    ];
    let roles = if at_customer { AT_CUSTOMER } else { AT_PUBLISHER };
    Ok(Some(Notice { key, roles, arguments }))
}

//! LIC-10, LIC-07, LIC-08, DEA-05: both sides' people are told of grants, changes, removals and ends; the
//! customer's also of seats beyond what is left.

use db::Tx;
use types::{DealId, ServiceId, TenantId};

use super::kind::NoticeKind::{
    self, LicenseEndedCustomer, LicenseEndedOverCustomer, LicenseEndedPublisher, LicenseEndingCustomer,
    LicenseEndingPublisher, LicenseGrantedCustomer, LicenseGrantedPublisher, LicenseOverCustomer,
    LicenseReducedCustomer, LicenseReducedPublisher, LicenseRemovedCustomer, LicenseRemovedPublisher,
};
use super::kind::Topic;
use super::store;
use super::tell::News;
use crate::events::Recorded;
use crate::identity::operations::find as identity;
use crate::kit::{Argument, Refused};
use crate::licenses::events::{LicenseChanged, LicenseEnded, LicenseEnding};
use crate::publishing::operations::names::Names;

type Arguments = Vec<(&'static str, Argument<'static>)>;

pub(super) async fn news(tx: &mut Tx, tenant: &TenantId, entry: &Recorded) -> Result<Option<News>, Refused> {
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

async fn changed(tx: &mut Tx, tenant: &TenantId, event: &LicenseChanged) -> Result<News, Refused> {
    let LicenseChanged { customer, deal, service_id, quantity, pool_granted, over, .. } = event;
    let before = told_before(tx, tenant, (deal, service_id), *quantity).await?;
    let at_customer = tenant == customer;
    let kind = match (at_customer, quantity) {
        (true, less) if *less < before && *over > 0 => LicenseOverCustomer,
        (true, 0) => LicenseRemovedCustomer,
        (true, more) if *more > before => LicenseGrantedCustomer,
        (true, _) => LicenseReducedCustomer,
        (false, 0) => LicenseRemovedPublisher,
        (false, more) if *more > before => LicenseGrantedPublisher,
        (false, _) => LicenseReducedPublisher,
    };
    let mut arguments = about(tx, tenant, (customer, service_id), *quantity).await?;
    arguments.extend([
        ("before", Argument::Number(before)),
        ("total", Argument::Number(*pool_granted)),
        ("over", Argument::Number(*over)),
    ]);
    Ok(told(kind, arguments, (deal, service_id)))
}

async fn ending(tx: &mut Tx, tenant: &TenantId, event: &LicenseEnding) -> Result<News, Refused> {
    let LicenseEnding { customer, deal, service_id, quantity, ends_at } = event;
    let kind = if tenant == customer { LicenseEndingCustomer } else { LicenseEndingPublisher };
    let mut arguments = about(tx, tenant, (customer, service_id), *quantity).await?;
    arguments.push(("day", Argument::Text(ends_at.day().into())));
    Ok(told(kind, arguments, (deal, service_id)))
}

async fn ended(tx: &mut Tx, tenant: &TenantId, event: &LicenseEnded) -> Result<News, Refused> {
    let LicenseEnded { customer, deal, service_id, quantity, over, pool_granted, .. } = event;
    told_before(tx, tenant, (deal, service_id), 0).await?;
    let kind = match (tenant == customer, over) {
        (true, 0) => LicenseEndedCustomer,
        (true, _) => LicenseEndedOverCustomer,
        (false, _) => LicenseEndedPublisher,
    };
    let mut arguments = about(tx, tenant, (customer, service_id), *quantity).await?;
    arguments.extend([("total", Argument::Number(*pool_granted)), ("over", Argument::Number(*over))]);
    Ok(told(kind, arguments, (deal, service_id)))
}

/// A publisher acts on the deal, a customer on its license.
fn told(kind: NoticeKind, arguments: Arguments, (deal, service): (&DealId, &ServiceId)) -> News {
    let page = if kind.topic() == Topic::CustomerLicenses {
        format!("/publisher/deals/{deal}")
    } else {
        format!("/admin/licenses/{service}")
    };
    News { kind, to: None, arguments, page: Some(page) }
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
        ("service", Argument::Text(Names::default().title(tx, service).await?.into())),
        ("quantity", Argument::Number(quantity)),
    ])
}

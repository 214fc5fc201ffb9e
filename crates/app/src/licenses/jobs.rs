//! Reconcilers: no input, may run at any time and on several nodes, twice is the same as once.

use db::Tx;
use types::TenantId;

use super::events::LicenseEnding;
use super::operations::pools;
use super::{License, store};
use crate::App;
use crate::access::{LicenseGrant, Right};
use crate::deals::operations::find as deals;
use crate::kit::Refused;
use crate::seats::Pool;
use crate::seats::operations::{find, gone};

/// Rows in one run; the next run takes the rest.
const AT_ONCE: i64 = 100;
/// DEA-05: how long before the end both sides are told.
const DAYS_BEFORE: i64 = 30;

/// Settles the pools of which a license has ended, or a hold is over, that nobody touched since.
pub(crate) async fn settle(app: &App) -> Result<(), Refused> {
    let now = app.clock.now();
    let due = app.db.read(move |tx| Box::pin(async move { find::due_pools(tx, now, AT_ONCE).await })).await?;
    for Pool { tenant_id, service_id, .. } in due {
        let right = of_the_machine(app, tenant_id);
        let settled = app.db.write(move |tx| {
            Box::pin(async move { pools::lock(tx, &right, &tenant_id, &service_id).await.map(|_| ()) })
        });
        settled.await?;
    }
    Ok(())
}

/// Removes the rows of seats that are gone (LIC-08).
pub(crate) async fn remove_gone(app: &App) -> Result<(), Refused> {
    let now = app.clock.now();
    let pools =
        app.db.read(move |tx| Box::pin(async move { find::gone_pools(tx, now, AT_ONCE).await })).await?;
    for Pool { tenant_id, service_id, .. } in pools {
        loop {
            let (right, service_id) = (of_the_machine(app, tenant_id), service_id.clone());
            let removed = app.db.write(move |tx| {
                Box::pin(async move {
                    let pool = pools::lock_with_gone(tx, &right, &tenant_id, &service_id).await?;
                    gone::remove(tx, &right, &pool).await
                })
            });
            if removed.await?.value {
                break;
            }
        }
    }
    Ok(())
}

/// DEA-05: tells both sides of licenses that end soon.
pub(crate) async fn tell_of_ends(app: &App) -> Result<(), Refused> {
    let now = app.clock.now();
    let by = now.plus_days(DAYS_BEFORE);
    let ending = app
        .db
        .read(move |tx| Box::pin(async move { store::list_to_tell(tx, now, by, AT_ONCE).await }))
        .await?;
    for license in ending {
        let random = app.random.clone();
        let told = app.db.write(move |tx| {
            Box::pin(async move {
                let deal = deals::any_deal(tx, &license.deal_id).await?;
                let right = Right::<LicenseGrant>::of_the_machine(deal.tenant_id, None, now, random);
                tell(tx, &right, deal.customer_tenant_id, &license).await
            })
        });
        told.await?;
    }
    Ok(())
}

async fn tell(
    tx: &mut Tx,
    right: &Right<LicenseGrant>,
    customer: Option<TenantId>,
    license: &License,
) -> Result<(), Refused> {
    let (Some(customer), Some(ends_at)) = (customer, license.ends_at) else { return Ok(()) };
    if !store::mark_told(tx, license, right.now()).await? {
        return Ok(());
    }
    let event = LicenseEnding {
        customer,
        deal: license.deal_id,
        service_id: license.service_id.clone(),
        quantity: license.quantity,
        ends_at,
    };
    right.record_for(tx, &[right.tenant(), customer], &event)?;
    Ok(())
}

fn of_the_machine(app: &App, tenant: TenantId) -> Right<LicenseGrant> {
    Right::of_the_machine(tenant, None, app.clock.now(), app.random.clone())
}

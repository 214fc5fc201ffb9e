//! Who would have been refused, were it enforced (PLN-07, mode `audit`): noted in memory by the check, at
//! most once a day for each user and thing, and written down off its path.

use std::collections::BTreeMap;

use db::{DbError, Tx};
use entitlement::Reason;
use entitlement::notes::LetIn;
use types::{Page, PageRequest, ServiceId, TenantId, Timestamp, UserId};

use super::events::CheckWaived;
use super::store;
use super::uses::MANY;
use crate::App;
use crate::access::{CheckAny, LicenseView, Right};
use crate::kit::Refused;

/// Somebody who was let in, why a license was missing, and when.
type Noted = (LetIn, (Reason, Timestamp));

db::rows! {
    /// Somebody who got in without a license.
    pub(crate) struct Waived in "waived_checks" {
        pub user_id: UserId,
        pub service_id: ServiceId,
        pub component: String,
        pub reason: String,
        pub first_at: Timestamp,
        pub last_at: Timestamp,
    }
}

/// Writes down what was noted: no input, may run at any time.
pub(crate) async fn write_down(app: &App) -> Result<(), Refused> {
    let notes = &app.entitlements.notes;
    let mut by_tenant: BTreeMap<TenantId, Vec<Noted>> = BTreeMap::new();
    for noted in notes.take_let_in(usize::MAX) {
        by_tenant.entry(noted.0.tenant).or_default().push(noted);
    }
    while let Some((tenant, mut noted)) = by_tenant.pop_first() {
        while !noted.is_empty() {
            let some = noted.split_off(noted.len().saturating_sub(MANY));
            let right = Right::<CheckAny>::of_the_machine(tenant, None, app.clock.now(), app.random.clone());
            let rows = some.clone();
            let written =
                app.db.write(move |tx| Box::pin(async move { write_rows(tx, &right, &rows).await }));
            if let Err(refused) = written.await {
                notes.put_back_let_in(some.into_iter().chain(noted).chain(by_tenant.into_values().flatten()));
                return Err(refused);
            }
        }
    }
    Ok(())
}

async fn write_rows(tx: &mut Tx, right: &Right<CheckAny>, rows: &[Noted]) -> Result<(), Refused> {
    for (let_in, (reason, at)) in rows {
        store::upsert_waived(tx, let_in, reason.as_str(), *at).await?;
        let LetIn { user, service, component, .. } = let_in.clone();
        let event = CheckWaived { user, service_id: service, component, reason: reason.as_str().to_owned() };
        right.record(tx, &event)?;
    }
    Ok(())
}

/// Those of a tenant whom it happened to since then, for reports.
pub(crate) async fn waived_since(
    tx: &mut Tx,
    tenant: &TenantId,
    since: Timestamp,
) -> Result<Vec<Waived>, DbError> {
    store::list_waived_since(tx, tenant, since).await
}

/// Those of this right's tenant.
pub(crate) async fn list_waived(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    page: &PageRequest,
) -> Result<Page<Waived>, DbError> {
    let rows = store::list_waived(tx, &right.tenant(), page).await?;
    Ok(Page::cut(rows, page, store::waived_cursor))
}

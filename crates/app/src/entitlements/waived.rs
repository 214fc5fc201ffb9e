//! Who would have been refused, were it enforced (PLN-07, mode `audit`): noted in memory by the check, at
//! most once a day for each user and thing, and written down off its path.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use db::{DbError, Tx};
use entitlement::{Decision, EnforcementMode, Question, Target};
use types::{Page, PageRequest, ServiceId, TenantId, Timestamp, UserId};

use super::events::CheckWaived;
use super::store;
use crate::App;
use crate::access::{CheckAny, LicenseView, Right};
use crate::kit::Refused;

const DAY: i64 = 86_400;
/// Remembered at most; beyond that nothing is noted until what is there is written down and forgotten.
const REMEMBERED: usize = 200_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub tenant: TenantId,
    pub user: UserId,
    /// The first that would have done.
    pub service: ServiceId,
    /// Empty where a service was asked about.
    pub component: String,
}

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

/// What this node noted.
#[derive(Debug, Default)]
pub(super) struct Notebook {
    notes: Mutex<Notes>,
}

#[derive(Debug, Default)]
struct Notes {
    /// The day for which it was noted last.
    days: HashMap<Key, i64>,
    /// Not yet written down.
    waiting: Vec<(Key, &'static str, Timestamp)>,
}

impl Notebook {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Touches memory only.
    pub(super) fn note(&self, question: &Question<'_>, decision: &Decision<'_>) {
        if !decision.waived || decision.enforcement != EnforcementMode::Audit {
            return;
        }
        let Some(service) = decision.services().next() else { return };
        let (service, now) = (service.id.clone(), question.now);
        let component = match question.target {
            Target::Service(_) => String::new(),
            Target::Component { unique_name, .. } => unique_name.to_owned(),
        };
        let key = Key { tenant: question.tenant, user: question.user, service, component };
        let day = now.seconds() / DAY;
        let mut notes = self.notes();
        if notes.days.get(&key) == Some(&day) || notes.days.len() >= REMEMBERED {
            return;
        }
        notes.waiting.push((key.clone(), decision.reason.as_str(), now));
        notes.days.insert(key, day);
    }

    fn take(&self, now: Timestamp) -> Vec<(Key, &'static str, Timestamp)> {
        let mut notes = self.notes();
        let today = now.seconds() / DAY;
        notes.days.retain(|_, day| *day >= today);
        std::mem::take(&mut notes.waiting)
    }

    /// What could not be written is noted anew when it happens again.
    fn forget(&self, keys: &[Key]) {
        let mut notes = self.notes();
        for key in keys {
            notes.days.remove(key);
        }
    }
}

/// Writes down what was noted: no input, may run at any time.
pub(crate) async fn write_down(app: &App) -> Result<(), Refused> {
    let now = app.clock.now();
    let mut by_tenant: HashMap<TenantId, Vec<(Key, &'static str, Timestamp)>> = HashMap::new();
    for row in app.entitlements.waived.take(now) {
        by_tenant.entry(row.0.tenant).or_default().push(row);
    }
    for (tenant, rows) in by_tenant {
        let keys: Vec<Key> = rows.iter().map(|(key, ..)| key.clone()).collect();
        let right = Right::<CheckAny>::of_the_machine(tenant, None, now, app.random.clone());
        let written = app.db.write(move |tx| Box::pin(async move { write_rows(tx, &right, &rows).await }));
        if let Err(refused) = written.await {
            app.entitlements.waived.forget(&keys);
            return Err(refused);
        }
    }
    Ok(())
}

async fn write_rows(
    tx: &mut Tx,
    right: &Right<CheckAny>,
    rows: &[(Key, &'static str, Timestamp)],
) -> Result<(), Refused> {
    for (key, reason, at) in rows {
        store::upsert_waived(tx, key, reason, *at).await?;
        let Key { user, service, component, .. } = key.clone();
        let event = CheckWaived { user, service_id: service, component, reason: (*reason).to_owned() };
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

//! Who used what today (ASG-10): noted beside the answer of a check, written later, many at a time.

use std::collections::BTreeMap;

use entitlement::notes::Use;
use types::{ServiceId, TenantId, Timestamp};

use crate::App;
use crate::kit::Refused;
use crate::seats::operations::used;

const DAY: i64 = 86_400_000_000;
/// Written at once.
const MANY: usize = 500;

/// Writes what this node has noted. What cannot be written waits for the next time; what a node that is killed had not
/// written yet is lost, and noted again at the next use on a later day.
pub(crate) async fn write(app: &App) -> Result<(), Refused> {
    let mut days: BTreeMap<(TenantId, ServiceId, Timestamp), Vec<(Use, Timestamp)>> = BTreeMap::new();
    for (used, at) in app.entitlements.notes.take_uses() {
        let day = Timestamp::from_micros(at.micros().div_euclid(DAY) * DAY);
        days.entry((used.tenant, used.service.clone(), day)).or_default().push((used, at));
    }
    let mut result = Ok(());
    for ((tenant, service, day), mut uses) in days {
        uses.sort_unstable();
        for uses in uses.chunks(MANY) {
            let (service, users) =
                (service.clone(), uses.iter().map(|(used, _)| used.user).collect::<Vec<_>>());
            let written = app.db.write(move |tx| {
                Box::pin(async move { used::record(tx, &tenant, &service, &users, day).await })
            });
            if let Err(refused) = written.await {
                app.entitlements.notes.put_back_uses(uses.iter().cloned());
                result = Err(refused);
            }
        }
    }
    result
}

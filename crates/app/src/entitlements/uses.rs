//! Who used what today (ASG-10): noted beside the answer of a check, written later, many at a time.

use std::collections::BTreeMap;

use entitlement::notes::Use;
use types::{ServiceId, TenantId, Timestamp};

use crate::App;
use crate::kit::Refused;
use crate::seats::operations::used;

const DAY: i64 = 86_400_000_000;
/// Noted in one unit of work.
pub(super) const MANY: usize = 500;

/// Writes what this node has noted. What cannot be written waits for the next time; what a node that is killed had not
/// written yet is lost, and noted again at the next use on a later day.
pub(crate) async fn write(app: &App) -> Result<(), Refused> {
    let notes = &app.entitlements.notes;
    let mut days: BTreeMap<(TenantId, ServiceId, Timestamp), Vec<(Use, Timestamp)>> = BTreeMap::new();
    for (used, at) in notes.take_uses(usize::MAX) {
        let day = Timestamp::from_micros(at.micros().div_euclid(DAY) * DAY);
        days.entry((used.tenant, used.service.clone(), day)).or_default().push((used, at));
    }
    while let Some(((tenant, service, day), mut uses)) = days.pop_first() {
        uses.sort_unstable();
        while !uses.is_empty() {
            let (of, some) = (service.clone(), uses.split_off(uses.len().saturating_sub(MANY)));
            let users: Vec<_> = some.iter().map(|(used, _)| used.user).collect();
            let written = app
                .db
                .write(move |tx| Box::pin(async move { used::record(tx, &tenant, &of, &users, day).await }));
            if let Err(refused) = written.await {
                notes.put_back_uses(some.into_iter().chain(uses).chain(days.into_values().flatten()));
                return Err(refused);
            }
        }
    }
    Ok(())
}

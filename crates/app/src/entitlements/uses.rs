//! Who used what today (ASG-10): noted beside the answer of a check, written later, many at a time.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, PoisonError};

use entitlement::{Decision, Index, Question};
use types::{ServiceId, TenantId, Timestamp, UserId};

use crate::App;
use crate::kit::Refused;
use crate::seats::operations::used;

const DAY: i64 = 86_400_000_000;

/// What was used on one day, each once.
#[derive(Debug, Default)]
pub(super) struct Uses(Mutex<Day>);

#[derive(Debug, Default)]
struct Day {
    begins: Timestamp,
    /// Of what the index does not know.
    noted: HashSet<(UserId, ServiceId)>,
    unwritten: Vec<(TenantId, ServiceId, UserId)>,
}

impl Uses {
    /// Takes note of what was allowed; all but the first use of a day are known from the index.
    pub(super) fn note(&self, index: &Index, question: &Question<'_>, decision: &Decision<'_>) {
        let Some(service) = decision.used().filter(|_| decision.allowed) else { return };
        let (tenant, user, now) = (question.tenant, question.user, question.now);
        let number = now.micros().div_euclid(DAY);
        let known = u16::try_from(number).ok().and_then(|day| index.first_use(question, decision, day));
        if known == Some(false) {
            return;
        }
        let (begins, service) = (Timestamp::from_micros(number * DAY), &service.id);
        let mut day = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if day.begins != begins {
            // What was not written of the day before counts for this one.
            day.noted.clear();
            day.begins = begins;
        }
        if known.is_some() || day.noted.insert((user, service.clone())) {
            day.unwritten.push((tenant, service.clone(), user));
        }
    }

    /// What is to be written, and the day it was on.
    fn take(&self) -> (Timestamp, Vec<(TenantId, ServiceId, UserId)>) {
        let mut day = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (day.begins, std::mem::take(&mut day.unwritten))
    }
}

/// Writes what this node has noted. What a node that is killed had not written yet is lost: it is noted again
/// at the next use on a later day.
pub(crate) async fn write(app: &App) -> Result<(), Refused> {
    let (day, uses) = app.entitlements.uses.take();
    let mut users: BTreeMap<(TenantId, ServiceId), Vec<UserId>> = BTreeMap::new();
    for (tenant, service, user) in uses {
        users.entry((tenant, service)).or_default().push(user);
    }
    for ((tenant, service), mut users) in users {
        users.sort_unstable();
        for users in users.chunks(500) {
            let (service, users) = (service.clone(), users.to_vec());
            let written = app.db.write(move |tx| {
                Box::pin(async move { used::record(tx, &tenant, &service, &users, day).await })
            });
            written.await?;
        }
    }
    Ok(())
}

//! Tells the marketplace what checks in memory left behind, so that it knows of them as if it had been asked itself.

use std::sync::PoisonError;
use std::time::Duration;

use entitlement::notes::{LetIn, Use};
use serde_json::{Value, json};
use types::{TenantId, UserId};
use ureq::Agent;

use crate::account::Scope;
use crate::follower::Shared;

/// How often it is looked whether there is something to tell.
const PAUSE: Duration = Duration::from_secs(5);
/// Pause after the marketplace could not be told.
const LONG_PAUSE: Duration = Duration::from_secs(30);
/// Told at once, as many as one batch of checks takes.
const MANY: usize = 1000;

impl Shared {
    /// Tells until the follower is over, and then once more.
    pub(crate) fn report(&self) {
        let mut pause = PAUSE;
        while !self.rest(pause) {
            let told = self.report_all();
            pause = if told.is_ok() { PAUSE } else { LONG_PAUSE };
            *self.telling_fault.lock().unwrap_or_else(PoisonError::into_inner) = told.err();
        }
        // Nobody is left who could be told of a failure.
        let _ = self.report_all();
    }

    pub(crate) fn report_all(&self) -> Result<(), String> {
        let notes = self.replica.notes();
        if notes.waiting() == 0 {
            return Ok(());
        }
        let agent: Agent =
            Agent::config_builder().timeout_global(Some(Duration::from_secs(30))).build().into();
        let access = self.account.access(&agent)?;
        let ask = |checks: Vec<Value>| {
            let request = agent.post(self.account.url(access.scope.checks()));
            let asked = request
                .header("authorization", format!("Bearer {}", access.token))
                .send_json(json!({ "checks": checks }));
            asked.map(drop).map_err(|error| format!("the marketplace cannot be told of uses: {error}"))
        };
        loop {
            let (uses, let_in) = (notes.take_uses(MANY), notes.take_let_in(MANY));
            if uses.is_empty() && let_in.is_empty() {
                return Ok(());
            }
            let mut told = Ok(());
            for questions in [
                uses.iter().map(|(used, _)| of_use(access.scope, used)).collect::<Vec<_>>(),
                let_in.iter().map(|(it, _)| of_let_in(access.scope, it)).collect(),
            ] {
                if told.is_ok() && !questions.is_empty() {
                    told = ask(questions);
                }
            }
            if told.is_err() {
                // Uses that were told count once however often.
                notes.put_back_uses(uses);
                notes.put_back_let_in(let_in);
                return told;
            }
        }
    }
}

fn of_use(scope: Scope, used: &Use) -> Value {
    question(scope, &used.tenant, &used.user, json!({ "service_id": used.service.as_str() }))
}

fn of_let_in(scope: Scope, let_in: &LetIn) -> Value {
    let LetIn { tenant, user, service, component } = let_in;
    let thing = if component.is_empty() {
        json!({ "service_id": service.as_str() })
    } else {
        json!({ "component": component, "offer": service.offer() })
    };
    question(scope, tenant, user, thing)
}

/// Who follows one tenant asks about its users alone.
fn question(scope: Scope, tenant: &TenantId, user: &UserId, mut thing: Value) -> Value {
    thing["user"] = json!(user);
    if scope != Scope::Own {
        thing["tenant"] = json!(tenant);
    }
    thing
}

//! Tells the marketplace what checks in memory left behind, so that it knows of them as if it had been asked itself.

use std::sync::PoisonError;
use std::time::Duration;

use entitlement::notes::{LetIn, Use};
use serde_json::{Value, json};
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
    /// Tells until the follower is over.
    pub(crate) fn report(&self) {
        let agent: Agent =
            Agent::config_builder().timeout_global(Some(Duration::from_secs(30))).build().into();
        let mut pause = PAUSE;
        while !self.rest(pause) {
            let told = self.report_all(&agent);
            pause = if told.is_ok() { PAUSE } else { LONG_PAUSE };
            *self.untold.lock().unwrap_or_else(PoisonError::into_inner) = told.err();
        }
    }

    fn report_all(&self, agent: &Agent) -> Result<(), String> {
        let notes = self.replica.notes();
        if notes.waiting() == 0 {
            return Ok(());
        }
        let access = self.account.access(agent)?;
        let ask = |checks: Vec<Value>| {
            let request = agent.post(self.account.url(access.scope.checks()));
            let asked = request
                .header("authorization", format!("Bearer {}", access.token))
                .send_json(json!({ "checks": checks }));
            asked.map(drop).map_err(|error| format!("the marketplace cannot be told of uses: {error}"))
        };
        let (mut uses, mut let_in) = (notes.take_uses(), notes.take_let_in());
        let told = in_batches(&mut uses, |(used, _)| of_use(access.scope, used), ask)
            .and_then(|()| in_batches(&mut let_in, |(it, _)| of_let_in(access.scope, it), ask));
        notes.put_back_uses(uses);
        notes.put_back_let_in(let_in);
        told
    }
}

/// Asks about all of them; those that remain could not be told.
fn in_batches<N>(
    notes: &mut Vec<N>,
    question: impl Fn(&N) -> Value,
    ask: impl Fn(Vec<Value>) -> Result<(), String>,
) -> Result<(), String> {
    while !notes.is_empty() {
        let many = MANY.min(notes.len());
        ask(notes[..many].iter().map(&question).collect())?;
        notes.drain(..many);
    }
    Ok(())
}

fn of_use(scope: Scope, used: &Use) -> Value {
    let service = used.service.as_str();
    match scope {
        Scope::Own => json!({ "user": used.user, "service_id": service }),
        Scope::Customers | Scope::Everything => {
            json!({ "tenant": used.tenant, "user": used.user, "service_id": service })
        }
    }
}

fn of_let_in(scope: Scope, let_in: &LetIn) -> Value {
    let LetIn { tenant, user, service, component } = let_in;
    if component.is_empty() {
        return of_use(scope, &Use { tenant: *tenant, service: service.clone(), user: *user });
    }
    match scope {
        Scope::Own => json!({ "user": user, "component": component, "offer": service.offer() }),
        Scope::Customers | Scope::Everything => {
            json!({ "tenant": tenant, "user": user, "component": component, "offer": service.offer() })
        }
    }
}

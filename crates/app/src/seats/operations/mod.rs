//! The use cases of seats, for the features below.

pub(crate) mod capacity;
pub(crate) mod find;
pub(crate) mod gone;
pub(crate) mod holds;
pub(crate) mod paths;
#[cfg(feature = "measure")]
pub(crate) mod plain;
mod tell;
pub(crate) mod used;

use crate::events::Actor;

/// Who did it, as paths keep it.
fn actor_text(actor: &Actor) -> String {
    match actor {
        Actor::User(user) => user.to_string(),
        Actor::Client(client) => client.to_string(),
        Actor::System => "system".to_owned(),
    }
}

//! The use cases of requests.

pub(crate) mod decide;
pub(crate) mod find;
pub(crate) mod request_licenses;
pub(crate) mod request_seat;

use crate::events::Actor;

/// Who did it, as rows keep it.
fn actor_text(actor: &Actor) -> String {
    match actor {
        Actor::User(user) => user.to_string(),
        Actor::Client(client) => client.to_string(),
        Actor::System => "system".to_owned(),
    }
}

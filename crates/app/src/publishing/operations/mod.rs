//! The use cases of publishing.

pub(crate) mod cancel;
pub(crate) mod certify;
pub(crate) mod find;
pub(crate) mod go_live;
pub(crate) mod publish;
pub(crate) mod stop;

use db::Tx;
use types::{EventId, OfferId};

use super::store;
use crate::access::{Permission, Right};
use crate::events::Actor;
use crate::kit::Refused;

/// PUB-06: who did what, and when.
async fn note<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    offer: &OfferId,
    what: &str,
) -> Result<(), Refused> {
    let actor = match right.actor() {
        Actor::User(user) => user.to_string(),
        Actor::Client(client) => client.to_string(),
        Actor::System => "system".to_owned(),
    };
    let id: EventId = right.new_id();
    store::insert_history(tx, *id.as_bytes(), offer, right.now(), &actor, what).await?;
    Ok(())
}

//! The use cases of publishing.

pub(crate) mod cancel;
pub(crate) mod certify;
pub(crate) mod find;
pub(crate) mod go_live;
pub(crate) mod publish;
pub(crate) mod stop;

use db::Tx;
use types::{OfferId, Text};

use super::store;
use super::submission::HistoryEntry;
use crate::access::{Permission, Right};
use crate::kit::Refused;

/// What a person adds to an action.
pub(crate) type Notes = Text<2000>;

/// PUB-06: who did what, and when. The offer is held by whoever calls this.
async fn note<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    offer: &OfferId,
    what: &str,
    notes: Option<Notes>,
) -> Result<(), Refused> {
    let (actor, notes) = (right.actor().to_string(), notes.map(Notes::into_string));
    let entry = HistoryEntry { at: right.now(), actor, what: what.to_owned(), notes };
    Ok(store::insert_history(tx, offer, &entry).await?)
}

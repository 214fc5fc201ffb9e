//! Note an action in an offer's history, and read it.

use db::Tx;
use types::OfferId;

use super::find;
use crate::access::{OfferView, Permission, Right};
use crate::catalog::history::HistoryEntry;
use crate::catalog::{OfferRef, store};
use crate::kit::Refused;

/// PUB-06: who did what, and when. The offer is held by whoever calls this.
pub(crate) async fn note<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    offer: &OfferId,
    what: &str,
    notes: Option<String>,
) -> Result<(), Refused> {
    let actor = right.actor().to_string();
    let entry = HistoryEntry { at: right.now(), actor, what: what.to_owned(), notes };
    Ok(store::insert_history(tx, offer, &entry).await?)
}

/// Latest first.
pub(crate) async fn list_history(
    tx: &mut Tx,
    right: &Right<OfferView>,
    offer: &OfferRef,
) -> Result<Vec<HistoryEntry>, Refused> {
    let offer = find::offer(tx, right, offer).await?;
    Ok(store::list_history(tx, &offer.id).await?)
}

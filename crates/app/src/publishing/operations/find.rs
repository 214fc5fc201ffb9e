//! Look up submissions, the queue, history, and what is live.

use db::{DbError, Tx};
use types::{Page, PageRequest, SubmissionId};

use crate::access::{OfferView, Right, SubmissionCertify};
use crate::catalog::OfferRef;
use crate::catalog::operations::find as catalog;
use crate::identity::operations::find as identity;
use crate::kit::Refused;
use crate::publishing::submission::{HistoryEntry, Phase, Submission, SubmissionStatus};
use crate::publishing::{LiveOffer, store};

/// The submissions of an offer, latest first, with their phases.
pub(crate) async fn submissions(
    tx: &mut Tx,
    right: &Right<OfferView>,
    offer: &OfferRef,
) -> Result<Vec<(Submission, Vec<Phase>)>, Refused> {
    let offer = catalog::offer(tx, right, offer).await?;
    let mut found = Vec::new();
    for submission in store::list_submissions(tx, &offer.id).await? {
        let phases = store::list_phases(tx, &submission.id).await?;
        found.push((submission, phases));
    }
    Ok(found)
}

pub(crate) async fn history(
    tx: &mut Tx,
    right: &Right<OfferView>,
    offer: &OfferRef,
) -> Result<Vec<HistoryEntry>, Refused> {
    let offer = catalog::offer(tx, right, offer).await?;
    Ok(store::list_history(tx, &offer.id).await?)
}

/// The operator's queue, oldest first, with the reports so far.
pub(crate) async fn queue(
    tx: &mut Tx,
    _right: &Right<SubmissionCertify>,
    page: &PageRequest,
) -> Result<Page<(Submission, Vec<Phase>)>, Refused> {
    let waiting = store::list_by_status(tx, SubmissionStatus::InCertification, page).await?;
    let waiting = Page::cut(waiting, page, |submission| submission.id.as_bytes().to_vec());
    let mut items = Vec::new();
    for submission in waiting.items {
        let phases = store::list_phases(tx, &submission.id).await?;
        items.push((submission, phases));
    }
    Ok(Page { items, next_cursor: waiting.next_cursor })
}

pub(crate) async fn submission(
    tx: &mut Tx,
    _right: &Right<SubmissionCertify>,
    id: &SubmissionId,
) -> Result<(Submission, Vec<Phase>), Refused> {
    let found = store::find_submission(tx, id).await?.ok_or_else(|| Refused::not_found("submission"))?;
    let phases = store::list_phases(tx, id).await?;
    Ok((found, phases))
}

/// Every offer that is or was live: licenses outlast the listing.
pub(crate) async fn live_offers(tx: &mut Tx) -> Result<Vec<LiveOffer>, DbError> {
    store::list_all_live(tx).await
}

/// What the storefront lists, with the publishers' names.
pub(crate) async fn listed_offers(
    tx: &mut Tx,
    page: &PageRequest,
) -> Result<Page<(LiveOffer, String)>, Refused> {
    let offers = store::list_listed(tx, page).await?;
    let offers = Page::cut(offers, page, |offer| offer.offer_id.as_bytes().to_vec());
    let mut items = Vec::new();
    for offer in offers.items {
        items.push(with_publisher(tx, offer).await?);
    }
    Ok(Page { items, next_cursor: offers.next_cursor })
}

/// What is on sale at this address, if something is.
pub(crate) async fn on_sale(tx: &mut Tx, address: &str) -> Result<Option<LiveOffer>, DbError> {
    store::find_listed(tx, address).await
}

pub(crate) async fn listed_offer(tx: &mut Tx, address: &str) -> Result<(LiveOffer, String), Refused> {
    let offer = store::find_listed(tx, address).await?.ok_or_else(|| Refused::not_found("offer"))?;
    with_publisher(tx, offer).await
}

async fn with_publisher(tx: &mut Tx, offer: LiveOffer) -> Result<(LiveOffer, String), Refused> {
    let publisher = identity::publisher(tx, &offer.snapshot.0.publisher_id).await?;
    let publisher = publisher.ok_or_else(|| Refused::internal("an offer without its publisher"))?;
    Ok((offer, publisher.name))
}

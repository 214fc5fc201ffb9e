//! Look up submissions, the queue, history, and what is live.

use db::{DbError, Tx};
use types::{Page, PageRequest, SubmissionId};

use crate::access::{OfferView, Right, SubmissionCertify};
use crate::catalog::OfferRef;
use crate::catalog::operations::find as catalog;
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

/// The operator's queue, oldest first.
pub(crate) async fn queue(
    tx: &mut Tx,
    _right: &Right<SubmissionCertify>,
    page: &PageRequest,
) -> Result<Page<Submission>, Refused> {
    let waiting = store::list_by_status(tx, SubmissionStatus::InCertification, page).await?;
    Ok(Page::cut(waiting, page, |submission| submission.id.as_bytes().to_vec()))
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

/// What the storefront lists.
pub(crate) async fn listed_offers(tx: &mut Tx, page: &PageRequest) -> Result<Page<LiveOffer>, Refused> {
    let offers = store::list_listed(tx, page).await?;
    Ok(Page::cut(offers, page, |offer| offer.offer_id.as_bytes().to_vec()))
}

pub(crate) async fn listed_offer(tx: &mut Tx, address: &str) -> Result<LiveOffer, Refused> {
    store::find_listed(tx, address).await?.ok_or_else(|| Refused::not_found("offer"))
}

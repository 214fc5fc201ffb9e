//! Look up submissions, the queue, history, and what is live.

use std::collections::HashMap;

use db::{DbError, Tx};
use types::{OfferId, Page, PageRequest, PublisherId, SubmissionId};

use crate::access::{OfferView, Right, SubmissionCertify};
use crate::catalog::OfferRef;
use crate::catalog::operations::find as catalog;
use crate::identity::operations::find as identity;
use crate::kit::Refused;
use crate::publishing::submission::{Phase, PhaseName, PhaseOutcome, Snapshot, Submission, SubmissionStatus};
use crate::publishing::{LiveOffer, store};

/// Submissions of an offer that are shown.
const SUBMISSIONS: i64 = 100;

/// At which phase the latest submission of an offer failed, and how much was found there.
pub(crate) async fn failed_phase(
    tx: &mut Tx,
    right: &Right<OfferView>,
    offer: &OfferRef,
) -> Result<Option<(PhaseName, usize)>, Refused> {
    let offer = catalog::offer(tx, right, offer).await?;
    let latest = store::list_submissions(tx, &offer.id, 1).await?;
    let Some(latest) = latest.first() else { return Ok(None) };
    let phases = store::list_phases(tx, &latest.id).await?;
    let failed = phases.iter().rev().find(|phase| phase.outcome == Some(PhaseOutcome::Failed));
    Ok(failed.map(|phase| (phase.phase, phase.findings.0.len())))
}

/// The submissions of an offer, latest first, with their phases.
pub(crate) async fn submissions(
    tx: &mut Tx,
    right: &Right<OfferView>,
    offer: &OfferRef,
) -> Result<Vec<(Submission, Vec<Phase>)>, Refused> {
    let offer = catalog::offer(tx, right, offer).await?;
    let mut found = Vec::new();
    for submission in store::list_submissions(tx, &offer.id, SUBMISSIONS).await? {
        let phases = store::list_phases(tx, &submission.id).await?;
        found.push((submission, phases));
    }
    Ok(found)
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

/// Everything on the storefront, with the publishers' names.
pub(crate) async fn listed_offers(tx: &mut Tx) -> Result<Vec<(LiveOffer, String)>, Refused> {
    let mut names: HashMap<PublisherId, String> = HashMap::new();
    let mut found = Vec::new();
    for offer in store::list_listed(tx).await? {
        let publisher = &offer.snapshot.0.publisher_id;
        let name = match names.get(publisher) {
            Some(name) => name.clone(),
            None => publisher_name(tx, publisher).await?,
        };
        names.insert(publisher.clone(), name.clone());
        found.push((offer, name));
    }
    Ok(found)
}

/// What is or was live at this address: licenses outlast the listing.
pub(crate) async fn ever_live(tx: &mut Tx, address: &str) -> Result<Option<LiveOffer>, DbError> {
    store::find_live(tx, address).await
}

/// What is on sale at this address, if something is.
pub(crate) async fn on_sale(tx: &mut Tx, address: &str) -> Result<Option<LiveOffer>, DbError> {
    store::find_listed(tx, address).await
}

/// An offer on the storefront, with its publisher's name.
pub(crate) async fn live_offer(tx: &mut Tx, address: &str) -> Result<Option<(LiveOffer, String)>, Refused> {
    let Some(offer) = store::find_listed(tx, address).await? else { return Ok(None) };
    let name = publisher_name(tx, &offer.snapshot.0.publisher_id).await?;
    Ok(Some((offer, name)))
}

pub(crate) async fn is_listed(tx: &mut Tx, offer: &OfferId) -> Result<bool, DbError> {
    store::is_listed(tx, offer).await
}

/// OFF-12: the version that waits to go live, for whoever has its hide key; without one there is no preview.
pub(crate) async fn preview(tx: &mut Tx, address: &str, key: &str) -> Result<(Snapshot, String), Refused> {
    let found = store::find_preview(tx, address).await?.map(|submission| submission.snapshot.0);
    let opened = |snapshot: &Snapshot| {
        let page = snapshot.draft.availability.as_ref();
        page.and_then(|page| page.hide_key.as_ref()).is_some_and(|hide_key| hide_key.is(key))
    };
    let snapshot = found.filter(opened).ok_or_else(|| Refused::not_found("preview"))?;
    let name = publisher_name(tx, &snapshot.publisher_id).await?;
    Ok((snapshot, name))
}

async fn publisher_name(tx: &mut Tx, publisher: &PublisherId) -> Result<String, Refused> {
    let publisher = identity::publisher(tx, publisher).await?;
    publisher
        .map(|publisher| publisher.name)
        .ok_or_else(|| Refused::internal("an offer without its publisher"))
}

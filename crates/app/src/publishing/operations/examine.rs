//! What the people who certify see: the queue by place, and everything about one submission.

use db::Tx;
use types::{Page, PageRequest, PublisherId, SubmissionId, Timestamp};

use super::find;
use crate::access::{Right, SubmissionCertify};
use crate::identity::Tenant;
use crate::identity::operations::find as identity;
use crate::kit::Refused;
use crate::packages::{self, Package};
use crate::publishing::submission::{Phase, Submission, SubmissionStatus};
use crate::publishing::{LiveOffer, store};

/// A submission in the queue.
#[derive(Debug)]
pub(crate) struct Queued {
    /// From 1.
    pub place: i64,
    pub submission: Submission,
    pub phases: Vec<Phase>,
    pub publisher: Tenant,
}

/// A submission with what it is judged by.
#[derive(Debug)]
pub(crate) struct Examined {
    pub submission: Submission,
    pub phases: Vec<Phase>,
    pub publisher: Tenant,
    pub package: Package,
    /// What customers see now, or saw last.
    pub live: Option<LiveOffer>,
    /// Where it is in the queue, from 1, while it is.
    pub place: Option<i64>,
}

/// How many wait, and since when the first.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub count: i64,
    pub since: Option<Timestamp>,
}

/// Oldest first.
pub(crate) async fn queue(
    tx: &mut Tx,
    right: &Right<SubmissionCertify>,
    page: &PageRequest,
) -> Result<Page<Queued>, Refused> {
    let Page { items, next_cursor } = find::queue(tx, right, page).await?;
    let mut place = match items.first() {
        Some((first, _)) => place(tx, first).await?,
        None => 0,
    };
    let mut queued = Vec::new();
    for (submission, phases) in items {
        let publisher = publisher(tx, &submission.snapshot.0.publisher_id).await?;
        queued.push(Queued { place, submission, phases, publisher });
        place += 1;
    }
    Ok(Page { items: queued, next_cursor })
}

pub(crate) async fn examine(
    tx: &mut Tx,
    right: &Right<SubmissionCertify>,
    id: &SubmissionId,
) -> Result<Examined, Refused> {
    let (submission, phases) = find::submission(tx, right, id).await?;
    let package = package(tx, &submission).await?;
    let publisher = publisher(tx, &submission.snapshot.0.publisher_id).await?;
    let live = store::find_live(tx, &submission.address).await?;
    let place = match submission.status {
        SubmissionStatus::InCertification => Some(place(tx, &submission).await?),
        _ => None,
    };
    Ok(Examined { submission, phases, publisher, package, live, place })
}

/// The package that was submitted, whatever the draft has since.
pub(crate) async fn package(tx: &mut Tx, submission: &Submission) -> Result<Package, Refused> {
    let found = packages::operations::find::package(tx, &submission.offer_id, &submission.package_id);
    found.await?.ok_or_else(|| Refused::not_found("package"))
}

pub(crate) async fn waiting(tx: &mut Tx, right: &Right<SubmissionCertify>) -> Result<Waiting, Refused> {
    let count = store::count_waiting(tx, &PageRequest::default().before_id()).await?;
    let first = PageRequest { limit: 1, after: None };
    let first = find::queue(tx, right, &first).await?.items.into_iter().next();
    Ok(Waiting { count, since: first.map(|(submission, _)| submission.created_at) })
}

async fn place(tx: &mut Tx, submission: &Submission) -> Result<i64, Refused> {
    Ok(store::count_waiting(tx, submission.id.as_bytes()).await? + 1)
}

async fn publisher(tx: &mut Tx, publisher: &PublisherId) -> Result<Tenant, Refused> {
    let found = identity::publisher(tx, publisher).await?;
    found.ok_or_else(|| Refused::internal("an offer without its publisher"))
}

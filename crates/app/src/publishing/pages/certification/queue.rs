//! What waits to be certified, oldest first.

use askama::Template;
use axum::response::Response;

use super::{QUEUE, TEXTS, address};
use crate::access::SubmissionCertify;
use crate::catalog::OfferState;
use crate::edge::browser::Visit;
use crate::edge::{PageParams, Params};
use crate::kit::Refused;
use crate::kit::page::{Pages, Sheet, Wording};
use crate::publishing::operations::examine::{self, Queued};

#[derive(Template)]
#[template(path = "publishing/pages/certification/queue.html")]
struct Queue {
    t: Wording,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    place: i64,
    name: String,
    href: String,
    address: String,
    publisher: String,
    is_update: bool,
    submitted: String,
    waits: String,
    warnings: usize,
}

fn row(t: Wording, now: types::Timestamp, queued: Queued) -> Row {
    let Queued { place, submission, phases, publisher } = queued;
    let findings = phases.iter().flat_map(|phase| &phase.findings.0);
    Row {
        place,
        name: submission.snapshot.0.name().to_owned(),
        href: address(&submission.id),
        publisher: publisher.name,
        is_update: submission.came_from != OfferState::Draft,
        submitted: t.moment(&submission.created_at),
        waits: t.ago(&submission.created_at, &now),
        warnings: findings.count(),
        address: submission.address,
    }
}

pub(super) async fn look(
    Params(params): Params<PageParams>,
    visit: Visit<SubmissionCertify>,
) -> Result<Response, Refused> {
    let page = params.request()?;
    let found =
        visit.read(move |tx, right| Box::pin(async move { examine::queue(tx, right, &page).await })).await?;
    let t = visit.wording(&TEXTS);
    let pages = Pages::new(QUEUE, "", params.cursor.is_none(), found.next_cursor.as_ref());
    let rows = found.items.into_iter().map(|queued| row(t, visit.reader.now, queued)).collect();
    let sheet = Sheet::new(t.of("queue-title"), &Queue { t, rows, pages })?;
    visit.show(sheet.lead(t.of("queue-lead")))
}

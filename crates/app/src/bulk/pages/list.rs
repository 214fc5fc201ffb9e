//! The lists that were applied, the newest first.

use askama::Template;
use axum::response::Response;

use super::TEXTS;
use crate::access::{LicenseView, SeatAssign};
use crate::bulk::operations::find;
use crate::bulk::{Batch, BatchState};
use crate::edge::browser::Visit;
use crate::edge::{PageParams, Params};
use crate::kit::Refused;
use crate::kit::page::{Pages, Sheet, Wording};

#[derive(Template)]
#[template(path = "bulk/pages/list.html")]
struct List {
    t: Wording,
    rows: Vec<Batch>,
    pages: Pages,
    may_assign: bool,
}

/// How the state of a batch looks.
pub(super) fn badge(state: BatchState) -> &'static str {
    match state {
        BatchState::Applying | BatchState::Undoing => "info",
        BatchState::Applied => "good",
        BatchState::Undone => "neutral",
    }
}

pub(super) async fn look(
    Params(params): Params<PageParams>,
    visit: Visit<LicenseView>,
) -> Result<Response, Refused> {
    let page = params.request()?;
    let found =
        visit.read(move |tx, right| Box::pin(async move { find::batches(tx, right, &page).await })).await?;
    let t = visit.wording(&TEXTS);
    let pages = Pages::new("/admin/bulk", "", params.cursor.is_none(), found.next_cursor.as_ref());
    let may_assign = visit.right.also::<SeatAssign>().is_ok();
    let body = List { t, rows: found.items, pages, may_assign };
    visit.show(Sheet::new(t.of("title"), &body)?.lead(t.of("lead")))
}

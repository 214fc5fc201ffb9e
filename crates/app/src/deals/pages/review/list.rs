//! The deals that wait for a review.

use askama::Template;
use axum::response::Response;

use super::{LIST, TEXTS};
use crate::access::DealReview;
use crate::deals::operations::examine::{self, Examined};
use crate::edge::browser::Visit;
use crate::edge::{PageParams, Params};
use crate::kit::Refused;
use crate::kit::page::{Pages, Sheet, Wording};

#[derive(Template)]
#[template(path = "deals/pages/review/list.html")]
struct List {
    t: Wording,
    rows: Vec<Examined>,
    pages: Pages,
}

pub(super) async fn look(
    Params(params): Params<PageParams>,
    visit: Visit<DealReview>,
) -> Result<Response, Refused> {
    let page = params.request()?;
    let found = visit
        .read(move |tx, right| Box::pin(async move { examine::reviews(tx, right, &page).await }))
        .await?;
    let t = visit.wording(&TEXTS);
    let pages = Pages::new(LIST, "", params.cursor.is_none(), found.next_cursor.as_ref());
    let sheet = Sheet::new(t.of("list-title"), &List { t, rows: found.items, pages })?;
    visit.show(sheet.lead(t.of("list-lead")))
}

//! One list: how far it is, what became of each row, and taking it back.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use types::BatchId;

use super::TEXTS;
use crate::access::{LicenseView, SeatAssign};
use crate::bulk::operations::{find, undo as undoing};
use crate::bulk::{AppliedRow, Batch, BatchState, RowOutcome};
use crate::edge::browser::{Submit, Visit};
use crate::edge::{Params, Path, page_request};
use crate::kit::Refused;
use crate::kit::page::{Entered, Input, Pages, Sheet, Wording};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    cursor: Option<String>,
    outcome: Option<String>,
}

#[derive(Template)]
#[template(path = "bulk/pages/batch.html")]
struct BatchPage {
    t: Wording,
    form: Entered,
    batch: Batch,
    rows: Vec<AppliedRow>,
    only: Option<RowOutcome>,
    pages: Pages,
    may_assign: bool,
}

impl BatchPage {
    fn here(&self) -> String {
        format!("/admin/bulk/{}", self.batch.id)
    }

    fn only(&self, outcome: &str) -> String {
        format!("{}?outcome={outcome}", self.here())
    }

    fn is_only(&self, outcome: &str) -> bool {
        self.only.is_some_and(|only| only.as_str() == outcome)
    }

    fn undo(&self) -> String {
        format!("{}/undo", self.here())
    }

    fn state(&self) -> String {
        self.t.of(&format!("state-{}", self.batch.state.as_str()))
    }

    fn is_running(&self) -> bool {
        matches!(self.batch.state, BatchState::Applying | BatchState::Undoing)
    }

    /// In per cent.
    fn progress(&self) -> i64 {
        let Batch { state, done, total, changed, undone, kept, .. } = &self.batch;
        let (part, whole) = match state {
            BatchState::Applying | BatchState::Applied => (*done, *total),
            BatchState::Undoing | BatchState::Undone => (undone + kept, *changed),
        };
        part * 100 / whole.max(1)
    }

    /// Why a row did nothing, or why it could not be taken back.
    fn reason(&self, row: &AppliedRow) -> String {
        let problem = row.undo_error.or(row.error);
        problem.map(|problem| self.t.of(&format!("problem-{}", problem.as_str()))).unwrap_or_default()
    }
}

fn batch_id(text: &str) -> Result<BatchId, Refused> {
    BatchId::parse(text).map_err(|_| Refused::not_found("batch"))
}

pub(super) async fn look(
    Path(text): Path<String>,
    Params(asked): Params<Asked>,
    visit: Visit<LicenseView>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &text, asked, form).await
}

async fn show(
    visit: &Visit<LicenseView>,
    text: &str,
    asked: Asked,
    form: Entered,
) -> Result<Response, Refused> {
    let (id, page) = (batch_id(text)?, page_request(None, asked.cursor.as_deref())?);
    let only = asked.outcome.as_deref().and_then(|outcome| RowOutcome::parse(outcome).ok());
    let (batch, rows) = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let batch = find::batch(tx, right, &id).await?;
                let rows = find::rows(tx, right, &id, &page, (only, None)).await?;
                Ok((batch, rows))
            })
        })
        .await?;
    let t = visit.wording(&TEXTS);
    let query = only.map(|only| format!("outcome={}", only.as_str())).unwrap_or_default();
    let here = format!("/admin/bulk/{}", batch.id);
    let pages = Pages::new(&here, &query, asked.cursor.is_none(), rows.next_cursor.as_ref());
    let may_assign = visit.right.also::<SeatAssign>().is_ok();
    let title = t.named("batch-title", t.moment(&batch.created_at));
    let body = BatchPage { t, form: form.clone(), batch, rows: rows.items, only, pages, may_assign };
    visit.show(Sheet::new(title, &body)?.below(t.of("title"), "/admin/bulk").answering(&form))
}

pub(super) async fn undo(
    Path(text): Path<String>,
    submit: Submit<SeatAssign, Input>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let id = batch_id(&text)?;
    let undone =
        visit.write(form, move |tx, right, _| Box::pin(async move { undoing::undo(tx, right, &id).await }));
    match undone.await {
        Ok(_) => {
            let said = visit.wording(&TEXTS).of("undo-begun");
            Ok(visit.leave(&format!("/admin/bulk/{text}"), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit.also()?, &text, Asked::default(), entered).await
        }
    }
}

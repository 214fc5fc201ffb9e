//! A new list: it is checked first, row by row, and applied once somebody has seen what it would do.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;

use super::TEXTS;
use crate::access::SeatAssign;
use crate::bulk::operations::preview::{Preview, preview};
use crate::bulk::operations::start::{WrittenList, start};
use crate::bulk::{ListedRow, RowAction, RowOutcome, RowProblem, read_csv};
use crate::edge::browser::{Form, Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};

/// Conflicts that are shown; the others are counted.
const SHOWN: usize = 200;

/// A row that would change nothing.
struct Conflict {
    row: i64,
    user: String,
    service: String,
    action: RowAction,
    problem: RowProblem,
}

struct Checked {
    changed: usize,
    unchanged: usize,
    failed: usize,
    /// Service id, and seats available before and after.
    licenses: Vec<(String, i64, i64)>,
    conflicts: Vec<Conflict>,
    more: usize,
}

impl From<Preview> for Checked {
    fn from(Preview { rows, licenses }: Preview) -> Self {
        let total = rows.len();
        let conflict = |(row, problem): (ListedRow, Option<RowProblem>)| {
            let ListedRow { number, user, service, action } = row;
            Some(Conflict { row: number, user, service, action, problem: problem? })
        };
        let mut conflicts: Vec<Conflict> = rows.into_iter().filter_map(conflict).collect();
        let (all, is_failed) =
            (conflicts.len(), |conflict: &&Conflict| conflict.problem.outcome() == RowOutcome::Failed);
        let failed = conflicts.iter().filter(is_failed).count();
        conflicts.truncate(SHOWN);
        let licenses = licenses.into_iter().map(|(id, (before, after))| (id, before, after)).collect();
        let (changed, unchanged, more) = (total - all, all - failed, all - conflicts.len());
        Self { changed, unchanged, failed, licenses, conflicts, more }
    }
}

#[derive(Template)]
#[template(path = "bulk/pages/new.html")]
struct New {
    t: Wording,
    form: Entered,
    checked: Option<Checked>,
}

pub(super) async fn look(visit: Visit<SeatAssign>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, form, None)
}

fn show(visit: &Visit<SeatAssign>, form: Entered, checked: Option<Checked>) -> Result<Response, Refused> {
    let t = visit.wording(&TEXTS);
    let sheet = Sheet::new(t.of("new-title"), &New { t, form: form.clone(), checked })?;
    visit.show(sheet.lead(t.of("new-lead")).below(t.of("title"), "/admin/bulk").answering(&form))
}

/// A list, and whether it is to be applied or only checked.
#[derive(Clone)]
pub(super) struct ListForm {
    rows: Arc<Vec<ListedRow>>,
    apply: bool,
}

impl Form for ListForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        match read_csv(input.text("list").as_bytes()) {
            Ok(rows) => Some(Self { rows: Arc::new(rows), apply: input.checked("apply") }),
            Err(refused) => {
                let problem = refused.into_problem();
                let rows = problem.errors.iter().map(|error| format!("{}: {}", error.field, error.message));
                let said = rows.collect::<Vec<_>>().join("; ");
                fields.wrong("list", "batch.list", if said.is_empty() { problem.detail } else { said });
                None
            }
        }
    }
}

pub(super) async fn send(submit: Submit<SeatAssign, ListForm>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let done = match form {
        Ok(ListForm { rows, apply: true }) => apply(&visit, &rows).await,
        Ok(ListForm { rows, apply: false }) => {
            let checked = visit
                .read(move |tx, right| {
                    Box::pin(async move { preview(tx, right, rows.as_ref().clone()).await })
                })
                .await?;
            return show(&visit, entered, Some(checked.into()));
        }
        Err(refused) => Err(refused),
    };
    match done {
        Ok(response) => Ok(response),
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, entered, None)
        }
    }
}

async fn apply(visit: &Visit<SeatAssign>, rows: &[ListedRow]) -> Result<Response, Refused> {
    let list = Arc::new(WrittenList::new(rows)?);
    let started =
        visit.write(Ok(list), |tx, right, list| Box::pin(async move { start(tx, right, &list).await }));
    let batch = started.await?;
    Ok(visit.leave(&format!("/admin/bulk/{}", batch.id), visit.wording(&TEXTS).of("begun")))
}

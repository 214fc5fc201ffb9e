//! Whether the marketplace is well: what is brought about again and again, this node, and a thorough look.

use askama::Template;
use axum::response::Response;
use types::Timestamp;

use super::TEXTS;
use crate::access::JobManage;
use crate::doctor::{self, Examined};
use crate::edge::browser::Visit;
use crate::jobs::operations::find;
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording};
use crate::work::WORK;

#[derive(Template)]
#[template(path = "portals/operator/health.html")]
struct Health {
    t: Wording,
    node: String,
    version: &'static str,
    database: &'static str,
    now: Timestamp,
    rows: Vec<Row>,
}

/// A reconciler, and how it ended last on whichever node that was.
struct Row {
    name: &'static str,
    label: String,
    every: String,
    ran_at: Option<Timestamp>,
    node: Option<String>,
    failed: bool,
    error: Option<String>,
}

pub(super) async fn look(visit: Visit<JobManage>) -> Result<Response, Refused> {
    let runs = visit.read(|tx, right| Box::pin(async move { find::last_runs(tx, right).await })).await?;
    let t = visit.wording(&TEXTS);
    let rows = WORK.reconcilers.iter().map(|reconciler| {
        let run = runs.iter().find(|run| run.name == reconciler.name);
        Row {
            name: reconciler.name,
            label: t.of(&format!("reconciler-{}", reconciler.name.replace(['.', '_'], "-"))),
            every: t.count("every-seconds", i64::try_from(reconciler.every_seconds).unwrap_or(i64::MAX)),
            ran_at: run.map(|run| run.ran_at),
            node: run.map(|run| run.node.clone()),
            failed: run.is_some_and(|run| run.failed),
            error: run.and_then(|run| run.error.clone()),
        }
    });
    let database = match visit.app.db.dialect() {
        db::Dialect::Sqlite => "SQLite",
        db::Dialect::Postgres => "PostgreSQL",
    };
    let body = Health {
        t,
        node: visit.app.node.clone(),
        version: env!("CARGO_PKG_VERSION"),
        database,
        now: visit.reader.now,
        rows: rows.collect(),
    };
    visit.show(Sheet::new(t.of("health-title"), &body)?.lead(t.of("health-lead")))
}

#[derive(Template)]
#[template(path = "portals/operator/examination.html")]
struct Examination {
    t: Wording,
    at: Timestamp,
    rows: Vec<Looked>,
}

struct Looked {
    what: String,
    examined: Examined,
}

/// Reads everything there is, so it is asked for and not shown by itself.
pub(super) async fn examine(visit: Visit<JobManage>) -> Result<Response, Refused> {
    let t = visit.wording(&TEXTS);
    let looked = doctor::examine(&visit.app).await?.into_iter().map(|examined| Looked {
        what: t.of(&format!("examined-{}", examined.what.replace(' ', "-"))),
        examined,
    });
    let body = Examination { t, at: visit.reader.now, rows: looked.collect() };
    let sheet = Sheet::new(t.of("examination-title"), &body)?.below(t.of("health-title"), "/operator/health");
    visit.show(sheet.lead(t.of("examination-lead")))
}

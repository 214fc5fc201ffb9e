//! The audit trail in a browser, the newest entry first (EVT-04).

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use types::Timestamp;

use crate::App;
use crate::access::{AuditRead, Right};
use crate::edge::Params;
use crate::edge::browser::Visit;
use crate::events::{self, Recorded};
use crate::identity::operations::find as identity;
use crate::kit::page::{Sheet, Wording};
use crate::kit::{Refused, Texts};

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Entries of a page.
const ROWS: i64 = 25;

/// Of the admin center.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/admin/audit", get(look))
}

/// Entries before this position; absent: the last ones.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    before: Option<i64>,
}

struct Row {
    position: i64,
    at: Timestamp,
    kind: String,
    /// Empty: the marketplace itself.
    who: String,
    /// Where a request came from.
    origin: String,
    data: String,
}

#[derive(Template)]
#[template(path = "audit/pages/log.html")]
struct Log {
    t: Wording,
    rows: Vec<Row>,
    /// Where earlier entries are.
    earlier: Option<String>,
    is_first: bool,
}

async fn look(Params(Asked { before }): Params<Asked>, visit: Visit<AuditRead>) -> Result<Response, Refused> {
    let (rows, after) = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let tenant = right.tenant();
                // A log has no gaps, so that a page is known by where it ends.
                let last = events::head(tx, &tenant).await?;
                let before = before.unwrap_or(last + 1).clamp(1, last + 1);
                let after = (before - 1 - ROWS).max(0);
                let entries = events::read(tx, &tenant, after, before - 1 - after).await?;
                let mut rows = Vec::with_capacity(entries.len());
                for entry in entries.into_iter().rev() {
                    rows.push(row(tx, right, entry).await?);
                }
                Ok((rows, after))
            })
        })
        .await?;
    let t = visit.wording(&TEXTS);
    let earlier = (after > 0).then(|| format!("/admin/audit?before={}", after + 1));
    let body = Log { t, rows, earlier, is_first: before.is_none() };
    visit.show(Sheet::new(t.of("title"), &body)?.lead(t.of("lead")))
}

async fn row(tx: &mut db::Tx, right: &Right<AuditRead>, entry: Recorded) -> Result<Row, Refused> {
    let Recorded { position, kind, at, actor, origin, data, .. } = entry;
    let who = identity::doer(tx, right, &actor.to_string()).await?;
    let data = serde_json::to_string_pretty(&data).map_err(Refused::internal)?;
    Ok(Row { position, at, kind, who, origin: origin.unwrap_or_default(), data })
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

//! Every license, with how many seats are granted, assigned, available and waited for.

use askama::Template;
use axum::response::Response;
use db::Tx;
use serde::Deserialize;

use super::super::lookups::Called;
use super::TEXTS;
use crate::access::{LicenseView, Right};
use crate::edge::Params;
use crate::edge::browser::Visit;
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording};
use crate::licenses::operations::find::{self, PoolStatus};
use crate::publishing::operations::names::Names;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    search: String,
}

#[derive(Template)]
#[template(path = "portals/admin/licenses/list.html")]
struct List<'a> {
    t: Wording,
    search: &'a str,
    /// Whether there is any license, whatever is searched for.
    any: bool,
    rows: Vec<Row>,
}

/// A license as the list has it.
pub(in crate::portals) struct Row {
    pub called: Called,
    pub status: PoolStatus,
}

impl Row {
    pub(in crate::portals) fn is_about(&self, words: &str) -> bool {
        let text = format!("{} {} {}", self.called.product, self.called.plan, self.called.service_id);
        text.to_lowercase().contains(&words.trim().to_lowercase())
    }
}

/// What the state of a pool is called, and how it looks.
pub(super) fn standing(status: &PoolStatus) -> (&'static str, &'static str) {
    match status {
        PoolStatus { pool, warning, .. } if pool.granted == 0 && *warning > 0 => ("notice", "pool-warning"),
        PoolStatus { pool, suspended, .. } if pool.granted == 0 && *suspended > 0 => {
            ("bad", "pool-suspended")
        }
        PoolStatus { pool, .. } if pool.granted == 0 => ("bad", "pool-ended"),
        PoolStatus { warning, .. } if *warning > 0 => ("notice", "pool-over"),
        PoolStatus { waiting, suspended, .. } if waiting + suspended > 0 => ("notice", "pool-waiting"),
        PoolStatus { pool, .. } if pool.available() == 0 => ("info", "pool-full"),
        PoolStatus { .. } => ("good", "pool-active"),
    }
}

/// Every license of this right's tenant, by name.
pub(in crate::portals) async fn all(tx: &mut Tx, right: &Right<LicenseView>) -> Result<Vec<Row>, Refused> {
    let (mut names, mut rows) = (Names::default(), Vec::new());
    for status in find::pools(tx, right).await? {
        let called = Called::find(tx, &mut names, &status.pool.service_id).await?;
        rows.push(Row { called, status });
    }
    rows.sort_by_key(|row| row.called.title().to_lowercase());
    Ok(rows)
}

pub(super) async fn look(
    Params(Asked { search }): Params<Asked>,
    visit: Visit<LicenseView>,
) -> Result<Response, Refused> {
    let mut rows = visit.read(|tx, right| Box::pin(async move { all(tx, right).await })).await?;
    let any = !rows.is_empty();
    rows.retain(|row| row.is_about(&search));
    let t = visit.wording(&TEXTS);
    let body = List { t, search: &search, any, rows };
    visit.show(Sheet::new(t.of("list-title"), &body)?.lead(t.of("list-lead")))
}

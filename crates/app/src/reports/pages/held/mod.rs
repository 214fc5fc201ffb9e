//! What a customer holds, in a browser (RPT-02): a table, how it went, and the same as CSV.

use askama::Template;
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde::Deserialize;
use types::Timestamp;

use crate::App;
use crate::access::LicenseView;
use crate::edge::Params;
use crate::edge::browser::Visit;
use crate::kit::page::{Chart, Sheet, Wording};
use crate::kit::{Refused, Texts};
use crate::reports::api::held_csv;
use crate::reports::month::Month;
use crate::reports::operations::held::{self, Held, Interval, Sample};
use crate::reports::{Counts, Months};

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Days without use from which on a seat is idle.
const IDLE_DAYS: i64 = 30;

/// Of the admin center.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/admin/reports", get(look)).route("/admin/reports/licenses.csv", get(export))
}

/// Months, as they are written in an address; absent: the last half year.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    months: String,
}

#[derive(Template)]
#[template(path = "reports/pages/held/held.html")]
struct Report {
    t: Wording,
    rows: Vec<Held>,
    total: Counts,
    idle: i64,
    chart: Chart,
    /// By day, instead of by month.
    daily: bool,
    at: Timestamp,
    complete: bool,
}

async fn look(
    Params(Asked { months }): Params<Asked>,
    visit: Visit<LicenseView>,
) -> Result<Response, Refused> {
    let daily = months == "1";
    let now = visit.right.now();
    let (range, interval) = range(daily, now)?;
    let (rows, refresh, samples) = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let (rows, refresh) = held::held(tx, right, IDLE_DAYS).await?;
                let (samples, _) = held::history(tx, right, None, range, interval).await?;
                Ok((rows, refresh, samples))
            })
        })
        .await?;
    let t = visit.wording(&TEXTS);
    let mut total = Counts::default();
    for row in &rows {
        total.add(&row.counts);
    }
    let idle = rows.iter().map(|row| row.idle).sum();
    let chart = chart(t, samples);
    let body = Report { t, rows, total, idle, chart, daily, at: refresh.at, complete: refresh.complete };
    visit.show(Sheet::new(t.of("title"), &body)?.lead(t.of("lead")))
}

/// This month by days, or the last half year by months.
fn range(daily: bool, now: Timestamp) -> Result<(Months, Interval), Refused> {
    let this_month = daily.then(|| Month::of(now));
    let months = Months::new(this_month, None, now)
        .map_err(|violation| Refused::fields(vec![violation.at("months")]))?;
    Ok((months, if daily { Interval::Day } else { Interval::Month }))
}

fn chart(t: Wording, samples: Vec<Sample>) -> Chart {
    let series = vec![t.of("granted"), t.of("assigned"), t.of("waiting")];
    let values = |counts: Counts| vec![counts.granted, counts.assigned, counts.waiting];
    let rows = samples.into_iter().map(|sample| (sample.of, values(sample.counts))).collect();
    Chart::lines(t.of("chart"), series, rows)
}

async fn export(visit: Visit<LicenseView>) -> Result<Response, Refused> {
    let (held, refresh) =
        visit.read(|tx, right| Box::pin(async move { held::held(tx, right, IDLE_DAYS).await })).await?;
    Ok(held_csv(held, refresh)?.into_response())
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

//! What a customer holds, over HTTP (RPT-02).

use serde::{Deserialize, Serialize};
use types::{ServiceId, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{CountsView, CsvFile, RefreshView, months};
use crate::App;
use crate::access::LicenseView as MayView;
use crate::edge::{Answer, Call, Params, Refusals};
use crate::kit::{Csv, Fields, Refused};
use crate::reports::operations::held::{self, Held, Interval, Sample};
use crate::reports::operations::refresh::Refresh;
use crate::reports::{Counts, Months};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_held_seats))
        .routes(routes!(export_held_seats))
        .routes(routes!(list_seat_history))
        .routes(routes!(export_seat_history))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeldParams {
    /// Seats are idle that were not used for so many days.
    #[param(minimum = 1, maximum = 3650, default = 30)]
    idle_days: Option<i64>,
}

impl HeldParams {
    fn days(&self) -> Result<i64, Refused> {
        let days = self.idle_days.unwrap_or(30);
        if (1..=3650).contains(&days) {
            return Ok(days);
        }
        let mut fields = Fields::default();
        fields.wrong("idle_days", "days.out_of_range", "must be 1 to 3650");
        Err(fields.refuse())
    }
}

/// What you hold of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldSeats {
    service_id: ServiceId,
    product: String,
    plan: String,
    #[serde(flatten)]
    seats: CountsView,
    /// Assigned and not used for so many days, without those of people on leave.
    idle: i64,
}

impl From<Held> for HeldSeats {
    fn from(held: Held) -> Self {
        let Held { service_id, product, plan, counts, idle } = held;
        Self { service_id, product, plan, seats: counts.into(), idle }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldTotal {
    #[serde(flatten)]
    seats: CountsView,
    idle: i64,
}

/// By plan, and all plans together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldReport {
    items: Vec<HeldSeats>,
    total: HeldTotal,
    refresh: RefreshView,
}

/// What your organisation holds now, by plan: granted, assigned, available, waiting and idle seats.
#[utoipa::path(get, path = "/reports/seats", tag = "reports", operation_id = "list_held_seats",
    params(HeldParams), responses((status = 200, body = HeldReport), Refusals),
    extensions(("x-permission" = json!("license.view"))))]
async fn list_held_seats(
    Params(query): Params<HeldParams>,
    call: Call<MayView>,
) -> Result<Answer<HeldReport>, Refused> {
    let days = query.days()?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { held::held(tx, right, days).await })).await?;
    Ok(answer.map(|(held, refresh)| {
        let mut total = Counts::default();
        for held in &held {
            total.add(&held.counts);
        }
        let idle = held.iter().map(|held| held.idle).sum();
        let items = held.into_iter().map(HeldSeats::from).collect();
        HeldReport { items, total: HeldTotal { seats: total.into(), idle }, refresh: refresh.into() }
    }))
}

const COUNTED: [&str; 6] = ["Granted", "Assigned", "Available", "Warning", "Suspended", "Waiting"];

fn counted(counts: &Counts) -> impl Iterator<Item = String> {
    let Counts { granted, assigned, warning, suspended, waiting } = *counts;
    [granted, assigned, counts.available(), warning, suspended, waiting].into_iter().map(|n| n.to_string())
}

/// The same as CSV (RFC 4180, UTF-8); the headers `Refreshed-At` and `Refresh-Complete` say how fresh it is.
#[utoipa::path(get, path = "/reports/seats.csv", tag = "reports", operation_id = "export_held_seats",
    params(HeldParams), responses((status = 200, body = String, content_type = "text/csv"), Refusals),
    extensions(("x-permission" = json!("license.view"))))]
async fn export_held_seats(
    Params(query): Params<HeldParams>,
    call: Call<MayView>,
) -> Result<CsvFile, Refused> {
    let days = query.days()?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { held::held(tx, right, days).await })).await?;
    let (held, refresh) = answer.value;
    held_csv(held, refresh)
}

/// The same table, for whoever reads it in a browser, too.
pub(in crate::reports) fn held_csv(held: Vec<Held>, refresh: Refresh) -> Result<CsvFile, Refused> {
    let mut csv = Csv::new(&[["Service ID", "Product", "Plan"].as_slice(), &COUNTED, &["Idle"]].concat())?;
    for Held { service_id, product, plan, counts, idle } in held {
        let names = [service_id.to_string(), product, plan];
        csv.row(names.into_iter().chain(counted(&counts)).chain([idle.to_string()]))?;
    }
    Ok(CsvFile { name: "seats", table: csv.finish()?, refresh })
}

/// Which time, how close, and of what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct HistoryParams {
    /// The first month, such as 2026-01; absent: the fifth one before the last.
    #[param(max_length = 7)]
    from: Option<String>,
    /// The last month, at most the eleventh after the first; absent: this one.
    #[param(max_length = 7)]
    until: Option<String>,
    /// Absent: day.
    interval: Option<Interval>,
    /// publisherid.offerid.planid; absent: all plans together.
    #[param(max_length = 300)]
    service_id: Option<String>,
}

type AskedHistory = (Option<ServiceId>, Months, Interval);

impl HistoryParams {
    fn parse(&self, now: Timestamp) -> Result<AskedHistory, Refused> {
        let mut fields = Fields::default();
        let months = months(&mut fields, self.from.as_deref(), self.until.as_deref(), now);
        let service = fields.optional("service_id", self.service_id.as_deref(), ServiceId::parse);
        match (service, months) {
            (Some(service), Some(months)) => Ok((service, months, self.interval.unwrap_or(Interval::Day))),
            _ => Err(fields.refuse()),
        }
    }
}

/// What was held when a day or a month ended or, if it has not, is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldSample {
    /// 2026-01-31 or 2026-01, in UTC.
    of: String,
    #[serde(flatten)]
    seats: CountsView,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldHistory {
    items: Vec<HeldSample>,
    refresh: RefreshView,
}

/// What your organisation held over time, by day or month; idle seats have no history.
#[utoipa::path(get, path = "/reports/seats/history", tag = "reports", operation_id = "list_seat_history",
    params(HistoryParams), responses((status = 200, body = HeldHistory), Refusals),
    extensions(("x-permission" = json!("license.view"))))]
async fn list_seat_history(
    Params(query): Params<HistoryParams>,
    call: Call<MayView>,
) -> Result<Answer<HeldHistory>, Refused> {
    let (service, months, interval) = query.parse(call.right.now())?;
    let answer = call
        .read(move |tx, right| {
            Box::pin(async move { held::history(tx, right, service.as_ref(), months, interval).await })
        })
        .await?;
    Ok(answer.map(|(samples, refresh)| {
        let view = |Sample { of, counts }| HeldSample { of, seats: counts.into() };
        HeldHistory { items: samples.into_iter().map(view).collect(), refresh: refresh.into() }
    }))
}

/// The same as CSV (RFC 4180, UTF-8); the headers `Refreshed-At` and `Refresh-Complete` say how fresh it is.
#[utoipa::path(get, path = "/reports/seats/history.csv", tag = "reports", operation_id = "export_seat_history",
    params(HistoryParams), responses((status = 200, body = String, content_type = "text/csv"), Refusals),
    extensions(("x-permission" = json!("license.view"))))]
async fn export_seat_history(
    Params(query): Params<HistoryParams>,
    call: Call<MayView>,
) -> Result<CsvFile, Refused> {
    let (service, months, interval) = query.parse(call.right.now())?;
    let answer = call
        .read(move |tx, right| {
            Box::pin(async move { held::history(tx, right, service.as_ref(), months, interval).await })
        })
        .await?;
    let (samples, refresh) = answer.value;
    let mut csv = Csv::new(&[["Of"].as_slice(), &COUNTED].concat())?;
    for Sample { of, counts } in samples {
        csv.row([of].into_iter().chain(counted(&counts)))?;
    }
    Ok(CsvFile { name: "seat-history", table: csv.finish()?, refresh })
}

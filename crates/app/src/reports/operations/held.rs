//! What a customer holds (RPT-02).

use std::collections::BTreeMap;

use db::Tx;
use types::{ServiceId, Timestamp};

use super::refresh::{Refresh, refresh};
use crate::access::{LicenseView, Right};
use crate::idle::operations::report as idle;
use crate::kit::{Refused, text_enum};
use crate::publishing::operations::names::Names;
use crate::reports::point::Beyond;
use crate::reports::store::{self, DayEnd};
use crate::reports::{Counts, Months};

text_enum! {
    /// How far apart the points of a history are.
    Interval {
        Day = "day",
        Month = "month",
    }
}

/// A plan that the customer holds seats of.
#[derive(Debug)]
pub(crate) struct Held {
    pub service_id: ServiceId,
    pub product: String,
    pub plan: String,
    pub counts: Counts,
    /// Assigned and not used for so many days.
    pub idle: i64,
}

/// Every plan that the right's tenant holds seats of, granted or kept.
pub(crate) async fn held(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    days: i64,
) -> Result<(Vec<Held>, Refresh), Refused> {
    let refresh = refresh(tx, right, &[right.tenant()]).await?;
    let idle = idle::count_idle(tx, right, days).await?;
    let (mut names, mut items) = (Names::default(), Vec::new());
    for point in store::list_latest(tx, &right.tenant()).await? {
        let counts = point.counts(right.now());
        if counts.is_nothing() {
            continue;
        }
        let (product, plan) = names.plan(tx, &point.service_id).await?;
        let idle = idle.get(&point.service_id).copied().unwrap_or_default();
        items.push(Held { service_id: point.service_id, product, plan, counts, idle });
    }
    Ok((items, refresh))
}

/// What was held when a day or month ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    /// The day or the month.
    pub of: String,
    pub counts: Counts,
}

/// How it went, of one plan or of all together.
pub(crate) async fn history(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    service: Option<&ServiceId>,
    months: Months,
    interval: Interval,
) -> Result<(Vec<Sample>, Refresh), Refused> {
    let refresh = refresh(tx, right, &[right.tenant()]).await?;
    let range = (months.begin(), months.end());
    let points = store::list_history(tx, &right.tenant(), service, range).await?;
    let spans = match interval {
        Interval::Month => months.begun(right.now()).map(|month| (month.to_string(), month.ends())).collect(),
        Interval::Day => days(months, right.now()),
    };
    Ok((samples(points, spans, right.now()), refresh))
}

/// Days that have begun, each with its end.
fn days(months: Months, now: Timestamp) -> Vec<(String, Timestamp)> {
    let days = std::iter::successors(Some(months.begin()), |day| Some(day.plus_days(1)));
    let begun = days.take_while(|day| *day < months.end() && *day <= now);
    begun.map(|day| (day.day(), day.plus_days(1))).collect()
}

/// Follows points in order of their days.
fn samples(points: Vec<DayEnd>, spans: Vec<(String, Timestamp)>, now: Timestamp) -> Vec<Sample> {
    let mut points = points.into_iter().peekable();
    let mut last: BTreeMap<ServiceId, (i64, i64, Vec<Beyond>)> = BTreeMap::new();
    let mut samples = Vec::with_capacity(spans.len());
    for (of, ends) in spans {
        while let Some(point) = points.next_if(|point| point.day < ends) {
            last.insert(point.service_id, (point.granted, point.assigned, point.beyond.0));
        }
        let mut counts = Counts::default();
        for (granted, assigned, beyond) in last.values() {
            counts.add(&Counts::at(*granted, *assigned, beyond, ends.min(now)));
        }
        samples.push(Sample { of, counts });
    }
    samples
}

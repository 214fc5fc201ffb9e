//! What is provisioned and assigned: over time, by plan and state, and line by line.

use askama::Template;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use types::Country;

use super::TEXTS;
use crate::access::DealView;
use crate::edge::browser::Visit;
use crate::edge::{Params, page_request};
use crate::kit::Refused;
use crate::kit::page::{Chart, Pages, Sheet, Wording};
use crate::reports::api::licenses::{LicenseFilterParams, csv_file};
use crate::reports::operations::refresh::Refresh;
use crate::reports::operations::sold::{self, Asked as Sold, Named, Share, SoldLicense, Summary};

/// The filters as the form sends them: empty where nothing is asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Asked {
    from: String,
    until: String,
    offer: String,
    plan: String,
    customer: String,
    country: String,
    #[serde(skip_serializing)]
    cursor: Option<String>,
}

impl Asked {
    fn parse(&self, visit: &Visit<DealView>) -> Result<Sold, Refused> {
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        LicenseFilterParams {
            from: filled(&self.from),
            until: filled(&self.until),
            offer: filled(&self.offer),
            plan: filled(&self.plan),
            customer: filled(&self.customer),
            country: filled(&self.country),
        }
        .parse(visit.reader.now)
    }
}

#[derive(Template)]
#[template(path = "reports/pages/licenses.html")]
struct Dashboard {
    t: Wording,
    asked: Asked,
    offers: Option<Vec<Choice>>,
    plans: Option<Vec<Choice>>,
    customers: Option<Vec<Choice>>,
    countries: Vec<(String, &'static str, bool)>,
    csv: String,
    refreshed: String,
    complete: bool,
    total: Share,
    charts: Vec<Chart>,
    rows: Vec<Row>,
    pages: Pages,
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

struct Row {
    license: SoldLicense,
    badge: (&'static str, String),
}

pub(super) async fn look(Params(asked): Params<Asked>, visit: Visit<DealView>) -> Result<Response, Refused> {
    let page = page_request(None, asked.cursor.as_deref())?;
    let wanted = asked.parse(&visit)?;
    let found = visit.read(move |tx, right| {
        Box::pin(async move {
            let (rows, _) = sold::sold(tx, right, &wanted, &page).await?;
            let (summary, refresh) = sold::summary(tx, right, &wanted).await?;
            let choices = sold::choices(tx, right).await?;
            Ok((rows, summary, refresh, choices))
        })
    });
    let (found, summary, Refresh { at, complete, .. }, known) = found.await?;
    let t = visit.wording(&TEXTS);
    let query = serde_urlencoded::to_string(&asked).unwrap_or_default();
    let pages = Pages::new("/publisher/insights", &query, asked.cursor.is_none(), found.next_cursor.as_ref());
    let rows = found.items.into_iter().map(|license| Row { badge: badge(t, &license), license });
    let chosen = |country: &Country| country.as_str() == asked.country;
    let countries =
        Country::all().map(|country| (country.as_str().to_owned(), t.country(&country), chosen(&country)));
    let mut countries: Vec<_> = countries.collect();
    countries.sort_by_key(|(_, name, _)| *name);
    let body = Dashboard {
        t,
        offers: choices(known.offers, &asked.offer),
        plans: choices(known.plans, &asked.plan),
        customers: choices(known.customers, &asked.customer),
        countries,
        csv: format!("/publisher/insights/licenses.csv?{query}"),
        refreshed: t.moment(&at),
        complete,
        charts: charts(t, &summary),
        total: summary.total,
        rows: rows.collect(),
        pages,
        asked,
    };
    visit.show(Sheet::new(t.of("title"), &body)?.lead(t.of("lead")))
}

/// What was asked for is among them, also where it is no longer there.
fn choices(known: Option<Named>, asked: &str) -> Option<Vec<Choice>> {
    let known = known?;
    let gone = !asked.is_empty() && known.iter().all(|(value, _)| value != asked);
    let gone = gone.then(|| (asked.to_owned(), asked.to_owned()));
    let choice = |(value, label): (String, String)| Choice { chosen: value == asked, value, label };
    Some(known.into_iter().chain(gone).map(choice).collect())
}

fn badge(t: Wording, license: &SoldLicense) -> (&'static str, String) {
    let state = license.counts.state().as_str();
    let kind = match state {
        "active" => "good",
        "warning" => "notice",
        "suspended" => "bad",
        _ => "neutral",
    };
    (kind, t.of(&format!("state-{state}")))
}

/// Trend by month, distribution by plan and by state.
fn charts(t: Wording, summary: &Summary) -> Vec<Chart> {
    let series = || vec![t.of("provisioned"), t.of("assigned")];
    let share = |label: String, share: &Share| (label, vec![share.provisioned, share.assigned]);
    let trend = summary.trend.iter();
    let trend =
        trend.map(|(month, provisioned, assigned)| (month.to_string(), vec![*provisioned, *assigned]));
    let plans = summary.by_plan.values().map(|of| share(of.name.clone(), of));
    let states =
        summary.by_state.iter().map(|(state, of)| share(t.of(&format!("state-{}", state.as_str())), of));
    vec![
        Chart::lines(t.of("trend"), series(), trend.collect()),
        Chart::bars(t.of("by-plan"), series(), plans.collect()),
        Chart::bars(t.of("by-state"), series(), states.collect()),
    ]
}

/// The whole table, as the same filters have it.
pub(super) async fn export(
    Params(asked): Params<Asked>,
    visit: Visit<DealView>,
) -> Result<Response, Refused> {
    let wanted = asked.parse(&visit)?;
    let found = visit
        .read(move |tx, right| Box::pin(async move { sold::all_sold(tx, right, &wanted).await }))
        .await?;
    Ok(csv_file(found)?.for_people().into_response())
}

//! Who of one's own users would be refused.

use std::collections::HashMap;

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use types::{Email, UserId};

use super::{Asked, TEXTS, asking, choices};
use crate::access::LicenseView;
use crate::edge::Params;
use crate::edge::browser::Visit;
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording};
use crate::reports::api::enforcement::{USERS_SHOWN, own_csv};
use crate::reports::operations::enforcement::{self, PlanRisks, Risk, RiskKind, Window};
use crate::reports::operations::refresh::Refresh;

pub(super) const PAGE: &str = "/admin/reports/enforcement";

#[derive(Template)]
#[template(path = "reports/pages/risks/own.html")]
struct Own {
    t: Wording,
    days: Vec<(i64, bool)>,
    since_days: Vec<(i64, bool)>,
    plans: Vec<Plan>,
    csv: String,
    refreshed: String,
}

struct Plan {
    risks: PlanRisks,
    users: Vec<(Risk, Option<String>)>,
    /// Users that are in the CSV only.
    more: usize,
}

impl Plan {
    fn new(risks: PlanRisks, emails: &HashMap<UserId, Email>) -> Self {
        let shown = risks.risks.iter().take(USERS_SHOWN);
        let users = shown.map(|risk| (risk.clone(), emails.get(&risk.user).map(ToString::to_string)));
        Self { users: users.collect(), more: risks.risks.len().saturating_sub(USERS_SHOWN), risks }
    }
}

/// How it looks, and the key of its text.
fn badge(kind: RiskKind) -> (&'static str, &'static str) {
    match kind {
        RiskKind::Waived => ("bad", "kind-waived"),
        RiskKind::Ending => ("notice", "kind-ending"),
    }
}

type Found = (Vec<PlanRisks>, HashMap<UserId, Email>, Refresh);

async fn find(visit: &Visit<LicenseView>, window: Window) -> Result<Found, Refused> {
    visit.read(move |tx, right| Box::pin(async move { enforcement::of_own(tx, right, window).await })).await
}

pub(super) async fn look(
    Params(asked): Params<Asked>,
    visit: Visit<LicenseView>,
) -> Result<Response, Refused> {
    let window = asked.window()?;
    let (plans, emails, refresh) = find(&visit, window).await?;
    let t = visit.wording(&TEXTS);
    let body = Own {
        t,
        days: choices(window.days),
        since_days: choices(window.since_days),
        plans: plans.into_iter().map(|plan| Plan::new(plan, &emails)).collect(),
        csv: format!("{PAGE}.csv?{}", asking(window)),
        refreshed: t.moment(&refresh.at),
    };
    visit.show(Sheet::new(t.of("title"), &body)?.lead(t.of("lead")))
}

pub(super) async fn export(
    Params(asked): Params<Asked>,
    visit: Visit<LicenseView>,
) -> Result<Response, Refused> {
    let (plans, emails, refresh) = find(&visit, asked.window()?).await?;
    Ok(own_csv(plans, &emails, refresh)?.for_people().into_response())
}

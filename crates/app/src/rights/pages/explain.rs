//! The question, and the chain that answers it.

use askama::Template;
use axum::response::Response;
use entitlement::Thing;
use serde::Deserialize;
use types::{Date, ServiceId};

use super::TEXTS;
use crate::access::{CheckAny, LicenseView};
use crate::edge::Params;
use crate::edge::browser::Visit;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording};
use crate::licenses::operations::find as licenses;
use crate::rights::chain::{ExplainedAssignment, Explanation, PlanChain};
use crate::rights::missing::{MenderSide, Missing};
use crate::rights::operations::Subject;
use crate::rights::operations::explain::explain;
use crate::seats::Standing;

/// Who, and what: a service id, or the name of a component.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    user: String,
    #[serde(default)]
    what: String,
}

/// A link of the chain, as it is drawn.
struct Link {
    /// `done`, `failed`, or nothing for what is not reached.
    state: &'static str,
    label: String,
    text: String,
}

#[derive(Template)]
#[template(path = "rights/pages/explain.html")]
struct Explained {
    t: Wording,
    user: String,
    what: String,
    /// What could be asked about.
    known: Vec<ServiceId>,
    /// Nobody of this name, or nothing asked yet.
    wrong: Option<String>,
    answer: Option<Answer>,
}

struct Answer {
    allowed: bool,
    text: String,
    person: String,
    chains: Vec<(String, Vec<Link>)>,
    missing: Vec<(String, Vec<String>)>,
    differs: bool,
}

pub(super) async fn look(Params(asked): Params<Asked>, visit: Visit<CheckAny>) -> Result<Response, Refused> {
    let (user, what) = (asked.user.trim().to_owned(), asked.what.trim().to_owned());
    let t = visit.wording(&TEXTS);
    let named = UserRef::parse(&user);
    let target = ServiceId::parse(&what)
        .map_or_else(|_| Thing::Component { unique_name: what.clone(), offer: None }, Thing::Service);
    let asks = !user.is_empty() && !what.is_empty();
    let thing = target.clone();
    let (known, name, found) = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let pools = licenses::pools(tx, &right.also::<LicenseView>()?).await?;
                let known: Vec<ServiceId> = pools.into_iter().map(|status| status.pool.service_id).collect();
                let person = match &named {
                    Ok(user) => identity::user(tx, right, user).await?,
                    Err(_) => None,
                };
                let Some(person) = person else { return Ok((known, None, None)) };
                let subject = Subject::member(tx, right, &UserRef::Id(person.id)).await?;
                let found = if asks { Some(explain(tx, &subject, &thing).await?) } else { None };
                Ok((known, Some((person, subject)), found))
            })
        })
        .await?;
    let wrong = (name.is_none() && !user.is_empty()).then(|| t.named("user-unknown", &user));
    // Who came by a link sees the address in the field, not an id.
    let user = name.as_ref().map_or(user, |(person, _)| person.email.to_string());
    let answer = found.zip(name).map(|(explanation, (person, subject))| {
        let memory = crate::rights::memory::compare(&visit.app.entitlements, &subject, &target, &explanation);
        answer(t, person.name, &explanation, memory.differs == Some(true))
    });
    let body = Explained { t, user, what, known, wrong, answer };
    visit.show(Sheet::new(t.of("title"), &body)?.lead(t.of("lead")))
}

fn answer(t: Wording, person: String, explanation: &Explanation, differs: bool) -> Answer {
    let Explanation { allowed, reason, waived, plans, missing, component, .. } = explanation;
    let key = if *waived { "answer-waived".to_owned() } else { format!("answer-{reason}") };
    let chain = |plan: &PlanChain| {
        let mut links = links(t, plan);
        if let Some(component) = component {
            let state = if usable(plan) { "done" } else { "" };
            links.push(Link { state, label: t.of("link-component"), text: component.unique_name.clone() });
        }
        (format!("{} · {}", plan.plan, plan.service_id), links)
    };
    Answer {
        allowed: *allowed,
        text: t.of(&key),
        person,
        chains: plans.iter().map(chain).collect(),
        missing: missing.iter().map(|missing| told(t, missing)).collect(),
        differs,
    }
}

fn usable(plan: &PlanChain) -> bool {
    plan.seat.as_ref().is_some_and(|seat| matches!(seat.state, Standing::Active | Standing::Warning))
}

/// From the deal to the plan; the first link that is not there is the one that failed.
fn links(t: Wording, plan: &PlanChain) -> Vec<Link> {
    let granted: Vec<_> = plan.licenses.iter().filter(|license| license.granted).collect();
    let seats: i64 = granted.iter().filter_map(|license| license.quantity).sum();
    let deal = granted.first().map(|license| match &license.deal.ends_on {
        Some(end) => t.with(
            "deal-until",
            &[
                ("start", date(t, &license.deal.starts_on).as_str().into()),
                ("end", date(t, end).as_str().into()),
            ],
        ),
        None => t.named("deal-since", date(t, &license.deal.starts_on)),
    });
    let pool = plan.pool.as_ref().map(|pool| {
        t.with(
            "pool",
            &[("used", pool.in_use.into()), ("total", pool.granted.into()), ("waiting", pool.waiting.into())],
        )
    });
    let ways: Vec<String> = plan.assignments.iter().map(|one| way(t, one)).collect();
    let seat = plan.seat.as_ref().map(|seat| t.of(&format!("seat-{}", seat.state.as_str())));
    let is_usable = usable(plan);
    let parts = [
        ("link-deal", deal, true),
        ("link-license", (!granted.is_empty()).then(|| t.count("license", seats)), true),
        ("link-pool", pool, true),
        ("link-assignment", (!ways.is_empty()).then(|| ways.join(" / ")), true),
        ("link-seat", seat, is_usable),
        ("link-plan", is_usable.then(|| plan.plan.clone()), true),
    ];
    let (mut broken, mut links) = (false, Vec::new());
    for (label, text, holds) in parts {
        let state = match (&text, broken) {
            (Some(_), _) if holds => "done",
            (_, true) => "",
            _ => "failed",
        };
        broken |= state == "failed";
        // Behind the first that is missing nothing was looked for.
        let none = || t.of(if state == "failed" { "link-none" } else { "link-not-looked-at" });
        links.push(Link { state, label: t.of(label), text: text.unwrap_or_else(none) });
    }
    links
}

/// A day of a contract, which the chain has as a text.
fn date(t: Wording, text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| text.to_owned(), |date| t.date(&date))
}

/// How an assignment came: by whom, or through which groups.
fn way(t: Wording, assignment: &ExplainedAssignment) -> String {
    if assignment.kind == "direct" {
        let by = assignment.assigned_by.as_ref().map(|by| by.name.clone().unwrap_or_else(|| by.id.clone()));
        return t.named("way-direct", by.unwrap_or_default());
    }
    let names = assignment.way.iter().filter_map(|group| group.name.as_deref());
    let mut groups = names.collect::<Vec<_>>().join(" › ");
    if groups.is_empty() {
        groups = assignment.group.as_ref().and_then(|group| group.name.clone()).unwrap_or_default();
    }
    t.named("way-group", groups)
}

/// What is missing, and who could mend it.
fn told(t: Wording, missing: &Missing) -> (String, Vec<String>) {
    let what = t.of(&format!("missing-{}", missing.link.as_str()));
    let what = missing.service_id.as_ref().map_or_else(|| what.clone(), |id| format!("{id}: {what}"));
    let mends = missing.mend.iter().map(|mend| {
        let roles: Vec<String> =
            mend.roles.iter().map(|role| t.of(&format!("role-{}", role.as_str()))).collect();
        let key = match mend.side {
            MenderSide::Customer => "mend-customer",
            MenderSide::Publisher => "mend-publisher",
        };
        let does = mend.permission.info().name.replace('.', "-");
        let does = t.of(&format!("does-{does}"));
        t.with(key, &[("name", roles.join(", ").as_str().into()), ("does", does.as_str().into())])
    });
    let mut mends: Vec<String> = mends.collect();
    mends.dedup();
    (what, mends)
}

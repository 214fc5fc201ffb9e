//! The home of the admin center: what is held, and what needs somebody.

use askama::Template;
use axum::response::Response;
use types::{PageRequest, Timestamp};

use super::TEXTS;
use super::lookups::Called;
use crate::access::{LicenseView, Right};
use crate::edge::browser::Visit;
use crate::kit::page::{Sheet, Wording};
use crate::kit::{Argument, Refused};
use crate::licenses::operations::find::{self, PoolStatus};
use crate::publishing::operations::names::Names;
use crate::requests::RequestState;
use crate::requests::operations::find as requests;

/// Days before its end from which on a license is spoken of.
const ENDS_SOON_DAYS: i64 = 60;

/// Something that needs somebody.
struct Need {
    kind: &'static str,
    text: String,
    href: String,
}

#[derive(Template)]
#[template(path = "portals/admin/home.html")]
struct Home {
    t: Wording,
    needs: Vec<Need>,
    licenses: usize,
    granted: i64,
    assigned: i64,
    available: i64,
    waiting: i64,
}

struct Held {
    called: Called,
    status: PoolStatus,
    /// When the first of its licenses ends.
    ends: Option<Timestamp>,
}

struct Found {
    held: Vec<Held>,
    /// Open requests, and whether there are more.
    requests: (usize, bool),
    now: Timestamp,
}

pub(super) async fn look(visit: Visit<LicenseView>) -> Result<Response, Refused> {
    let found = visit.read(|tx, right| Box::pin(async move { find_all(tx, right).await })).await?;
    let t = visit.wording(&TEXTS);
    let sum =
        |count: fn(&PoolStatus) -> i64| -> i64 { found.held.iter().map(|held| count(&held.status)).sum() };
    let body = Home {
        t,
        needs: needs(t, &found),
        licenses: found.held.len(),
        granted: sum(|status| status.pool.granted),
        assigned: sum(|status| status.pool.in_use),
        available: sum(|status| status.pool.available()),
        waiting: sum(|status| status.waiting),
    };
    let name = visit.reader.visitor.as_ref().map(|visitor| visitor.tenant_name.clone()).unwrap_or_default();
    visit.show(Sheet::new(t.of("home-title"), &body)?.lead(t.named("home-welcome", name)))
}

async fn find_all(tx: &mut db::Tx, right: &Right<LicenseView>) -> Result<Found, Refused> {
    let (mut names, mut held, now) = (Names::default(), Vec::new(), right.now());
    for status in find::pools(tx, right).await? {
        let called = Called::find(tx, &mut names, &status.pool.service_id).await?;
        let grants = find::grants_of_pool(tx, &status.pool).await?;
        let granted = grants.iter().filter(|(license, _)| license.is_granted(now));
        let ends = granted.filter_map(|(license, _)| license.ends_at).min();
        held.push(Held { called, status, ends });
    }
    let page = PageRequest { limit: PageRequest::MAX, after: None };
    let open = requests::seat_requests(tx, right, RequestState::Open, &page).await?;
    Ok(Found { held, requests: (open.items.len(), open.next_cursor.is_some()), now })
}

/// The most urgent first.
fn needs(t: Wording, found: &Found) -> Vec<Need> {
    let mut needs = Vec::new();
    let (open, more) = found.requests;
    if open > 0 {
        let text = t.count(if more { "need-requests-more" } else { "need-requests" }, open);
        needs.push(Need { kind: "info", text, href: "/admin/requests".to_owned() });
    }
    for Held { called, status, ends } in &found.held {
        let about = |kind, text, page: &str| {
            let href = if page.is_empty() { called.href() } else { called.at(page) };
            Need { kind, text, href }
        };
        let counted = |key: &str, count: i64| {
            t.with(key, &[("name", called.title().as_str().into()), ("count", Argument::Number(count))])
        };
        if status.warning > 0 {
            needs.push(about("notice", counted("need-over", status.warning), "waiting"));
        }
        if status.suspended > 0 {
            needs.push(about("bad", counted("need-suspended", status.suspended), "waiting"));
        }
        if status.waiting > 0 {
            needs.push(about("notice", counted("need-waiting", status.waiting), "waiting"));
        } else if status.pool.granted > 0 && status.pool.available() == 0 {
            needs.push(about("info", t.named("need-full", called.title()), ""));
        }
        if let Some(ends) = ends.filter(|ends| *ends < found.now.plus_days(ENDS_SOON_DAYS)) {
            let (title, day) = (called.title(), t.day(&ends));
            let arguments = [("name", title.as_str().into()), ("day", day.as_str().into())];
            needs.push(about("notice", t.with("need-ends", &arguments), ""));
        }
    }
    needs
}

//! Every webhook, and whether it works.

use askama::Template;
use axum::response::Response;
use types::PageRequest;

use super::TEXTS;
use crate::access::WebhookManage;
use crate::edge::browser::Visit;
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording};
use crate::webhooks::endpoint::Endpoint;
use crate::webhooks::operations::find;

#[derive(Template)]
#[template(path = "webhooks/pages/list.html")]
struct List {
    t: Wording,
    rows: Vec<Endpoint>,
}

/// Whether it works, as a badge: its kind, and the key of its text.
pub(super) fn standing(endpoint: &Endpoint) -> (&'static str, &'static str) {
    match (endpoint.enabled, endpoint.failing_since) {
        (false, _) if endpoint.disabled_because.is_some() => ("bad", "standing-switched-off"),
        (false, _) => ("neutral", "standing-off"),
        (true, Some(_)) => ("notice", "standing-failing"),
        (true, None) => ("good", "standing-on"),
    }
}

pub(super) async fn look(visit: Visit<WebhookManage>) -> Result<Response, Refused> {
    // There are never more than fit on a page.
    let page = PageRequest { limit: PageRequest::MAX, after: None };
    let found = visit
        .read(move |tx, right| Box::pin(async move { find::list_endpoints(tx, right, &page).await }))
        .await?;
    let t = visit.wording(&TEXTS);
    visit.show(Sheet::new(t.of("webhooks"), &List { t, rows: found.items })?.lead(t.of("webhooks-lead")))
}

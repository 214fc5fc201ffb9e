//! One webhook: whether it works, and what was sent there.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::list::standing;
use super::{TEXTS, WEBHOOKS, badge, next_try, page_of, webhook_id};
use crate::access::WebhookManage;
use crate::edge::browser::{Reader, Visit};
use crate::edge::{Params, Path, page_request};
use crate::kit::page::{Entered, Pages, Sheet, Wording, query};
use crate::kit::{Fields, Refused};
use crate::webhooks::DeliveryState;
use crate::webhooks::delivery::Delivery;
use crate::webhooks::endpoint::{Endpoint, GivenUp};
use crate::webhooks::operations::find;

/// Deliveries in this state, or in any.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    state: String,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "webhooks/pages/endpoint.html")]
struct EndpointPage {
    t: Wording,
    form: Entered,
    here: String,
    endpoint: Endpoint,
    standing: (&'static str, String),
    /// Label, address, whether it is this one.
    tabs: Vec<(String, String, bool)>,
    /// Each with its badge, and when it is tried next.
    rows: Vec<(Delivery, (&'static str, String), String)>,
    pages: Pages,
}

impl EndpointPage {
    fn because(&self, words: &str) -> String {
        let known = GivenUp::parse(words).ok();
        known.map_or_else(|| words.to_owned(), |known| self.t.of(&format!("given-up-{}", known.key())))
    }
}

pub(super) async fn look(
    Path(webhook): Path<String>,
    Params(asked): Params<Asked>,
    visit: Visit<WebhookManage>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &webhook, &asked, form).await
}

pub(super) async fn show(
    visit: &Visit<WebhookManage>,
    webhook: &str,
    asked: &Asked,
    form: Entered,
) -> Result<Response, Refused> {
    let (id, page) = (webhook_id(webhook)?, page_request(None, asked.cursor.as_deref())?);
    let mut fields = Fields::default();
    let state = Some(asked.state.as_str()).filter(|state| !state.is_empty());
    let Some(state) = fields.optional("state", state, DeliveryState::parse) else {
        return Err(fields.refuse());
    };
    let found = visit.read(move |tx, right| {
        Box::pin(async move {
            let endpoint = find::endpoint(tx, right, &id).await?;
            Ok((endpoint, find::list_deliveries(tx, right, &id, &page, state).await?))
        })
    });
    let ((endpoint, deliveries), t) = (found.await?, visit.wording(&TEXTS));
    let (here, query) = (page_of(&id), query(&[("state", &asked.state)]));
    let pages = Pages::new(&here, &query, asked.cursor.is_none(), deliveries.next_cursor.as_ref());
    let (kind, said) = standing(&endpoint);
    let rows = deliveries.items.into_iter().map(|delivery| {
        let badge = badge(&visit.reader, delivery.state);
        let next = next_try(&visit.reader, &endpoint, &delivery);
        (delivery, badge, next)
    });
    let rows = rows.collect();
    let title = endpoint.url.clone();
    let body = EndpointPage {
        t,
        form: form.clone(),
        tabs: tabs(&visit.reader, &here, state),
        here,
        endpoint,
        standing: (kind, t.of(said)),
        rows,
        pages,
    };
    visit.show(Sheet::new(title, &body)?.below(t.of("webhooks"), WEBHOOKS).answering(&form))
}

fn tabs(reader: &Reader, here: &str, state: Option<DeliveryState>) -> Vec<(String, String, bool)> {
    let t = reader.wording(&TEXTS);
    let all = (t.of("deliveries-all"), here.to_owned(), state.is_none());
    let of = |one: &DeliveryState| {
        (badge(reader, *one).1, format!("{here}?state={}", one.as_str()), state == Some(*one))
    };
    std::iter::once(all).chain(DeliveryState::ALL.iter().map(of)).collect()
}

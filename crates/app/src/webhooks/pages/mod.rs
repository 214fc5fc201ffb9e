//! Webhooks in the admin center: where events are sent, for which events, and what arrived there (EVT-03).

mod act;
mod delivery;
mod endpoint;
mod form;
mod list;

use axum::Router;
use axum::routing::{get, post};
use types::WebhookId;

use super::DeliveryState;
use super::delivery::Delivery;
use super::endpoint::Endpoint;
use crate::App;
use crate::edge::browser::Reader;
use crate::kit::{Refused, Texts};

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

const WEBHOOKS: &str = "/admin/webhooks";

/// Of the admin center.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/webhooks", get(list::look))
        .route("/admin/webhooks/new", get(form::look).post(form::create))
        .route("/admin/webhooks/{webhook}", get(endpoint::look))
        .route("/admin/webhooks/{webhook}/edit", get(form::look_edit).post(form::save))
        .route("/admin/webhooks/{webhook}/state", post(act::set_state))
        .route("/admin/webhooks/{webhook}/secret", post(act::rotate_secret))
        .route("/admin/webhooks/{webhook}/test", post(act::test))
        .route("/admin/webhooks/{webhook}/replay", post(act::replay))
        .route("/admin/webhooks/{webhook}/delete", post(act::delete))
        .route("/admin/webhooks/{webhook}/deliveries/{delivery}", get(delivery::look))
        .route("/admin/webhooks/{webhook}/deliveries/{delivery}/resend", post(act::resend))
}

fn webhook_id(text: &str) -> Result<WebhookId, Refused> {
    WebhookId::parse(text).map_err(|_| Refused::not_found("webhook"))
}

fn page_of(id: &WebhookId) -> String {
    format!("{WEBHOOKS}/{id}")
}

/// When a delivery is tried next.
fn next_try(reader: &Reader, endpoint: &Endpoint, delivery: &Delivery) -> String {
    let t = reader.wording(&TEXTS);
    match delivery.finished_at {
        Some(_) => "–".to_owned(),
        None if !endpoint.enabled => t.of("next-enabled"),
        None if delivery.due_at <= reader.now => t.of("next-due"),
        None => t.moment(&delivery.due_at),
    }
}

/// How a delivery fares, as a badge.
pub(crate) fn badge(reader: &Reader, state: DeliveryState) -> (&'static str, String) {
    let kind = match state {
        DeliveryState::Pending => "info",
        DeliveryState::Delivered => "good",
        DeliveryState::Dead => "bad",
    };
    (kind, reader.wording(&TEXTS).of(&format!("delivery-{}", state.as_str())))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

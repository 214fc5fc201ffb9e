//! Leads in a browser: *Contact me* in the storefront (STO-03), the inbox of the publisher, and where else leads go (STO-04).

mod contact;
mod destinations;
mod inbox;
mod lead;

use axum::Router;
use axum::routing::{get, post};

use super::{Lead, LeadAction, LeadStatus};
use crate::App;
use crate::kit::Texts;
use crate::kit::page::Wording;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

const LEADS: &str = "/publisher/leads";

/// Of the storefront.
pub(crate) fn storefront_routes() -> Router<App> {
    Router::new().route("/product/{address}/contact", get(contact::look).post(contact::send))
}

/// Of the publisher portal.
pub(crate) fn publisher_routes() -> Router<App> {
    Router::new()
        .route("/publisher/leads", get(inbox::look))
        .route("/publisher/leads.csv", get(inbox::export))
        .route("/publisher/leads/destinations", get(destinations::look).post(destinations::create))
        .route("/publisher/leads/destinations/{destination}/delete", post(destinations::delete))
        .route("/publisher/leads/destinations/{destination}/test", post(destinations::test))
        .route("/publisher/leads/{lead}", get(lead::look).post(lead::set_status))
        .route("/publisher/leads/{lead}/deliveries/{delivery}/resend", post(lead::resend))
}

/// How far a lead is, as a badge.
fn badge(t: Wording, status: LeadStatus) -> (&'static str, String) {
    let kind = match status {
        LeadStatus::New => "info",
        LeadStatus::Contacted => "notice",
        LeadStatus::Won => "good",
        LeadStatus::Lost => "neutral",
    };
    (kind, t.of(&format!("status-{}", status.as_str())))
}

fn action(t: Wording, action: LeadAction) -> String {
    t.of(match action {
        LeadAction::Contact => "did-contact",
        LeadAction::Install => "did-install",
        LeadAction::Licenses => "did-licenses",
    })
}

fn name(lead: &Lead) -> String {
    let contact = &lead.contact.0;
    format!("{} {}", contact.first_name, contact.last_name).trim().to_owned()
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

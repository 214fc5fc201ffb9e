//! Mails in the operator console.

mod list;
mod mail;

use axum::Router;
use axum::routing::{get, post};

use super::MailState;
use crate::App;
use crate::kit::Texts;
use crate::kit::page::Wording;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

const LIST: &str = "/operator/mails";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/operator/mails", get(list::look))
        .route("/operator/mails/{mail}", get(mail::look))
        .route("/operator/mails/{mail}/send", post(mail::send))
}

/// Text and kind of a badge.
fn state(t: Wording, state: MailState) -> (String, &'static str) {
    let kind = match state {
        MailState::Waiting => "info",
        MailState::Held => "notice",
        MailState::Sent => "good",
        MailState::Failed => "bad",
    };
    (t.of(&format!("state-{}", state.as_str())), kind)
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

//! Work that is done later, in the operator console.

mod job;
mod list;

use axum::Router;
use axum::routing::{get, post};

use super::JobState;
use crate::App;
use crate::kit::Texts;
use crate::kit::page::Wording;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

const LIST: &str = "/operator/jobs";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/operator/jobs", get(list::look))
        .route("/operator/jobs/{job}", get(job::look))
        .route("/operator/jobs/{job}/retry", post(job::retry))
}

/// Text and kind of a badge.
fn state(t: Wording, state: JobState) -> (String, &'static str) {
    let kind = match state {
        JobState::Queued => "neutral",
        JobState::Running => "info",
        JobState::Done => "good",
        JobState::Dead => "bad",
    };
    (t.of(&format!("state-{}", state.as_str())), kind)
}

/// What a kind of job does, in words; its name where there are none.
fn kind(t: Wording, kind: &str) -> String {
    t.find(&format!("kind-{}", kind.replace(['.', '_'], "-"))).unwrap_or_else(|| kind.to_owned())
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

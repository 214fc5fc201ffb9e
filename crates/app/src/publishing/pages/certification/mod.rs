//! Certification in the operator console: the queue, and one submission seen from three sides.

mod decision;
mod offer;
mod package;
mod queue;
mod submission;

use axum::Router;
use axum::routing::{get, post};
use types::SubmissionId;

use crate::App;
use crate::kit::page::Wording;
use crate::kit::{Refused, Texts};
use crate::publishing::operations::examine::Examined;
use crate::publishing::submission::SubmissionStatus;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

const QUEUE: &str = "/operator/certifications";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/operator/certifications", get(queue::look))
        .route("/operator/certifications/{submission}", get(submission::look))
        .route("/operator/certifications/{submission}/offer", get(offer::look))
        .route("/operator/certifications/{submission}/files/{file}", get(offer::file))
        .route("/operator/certifications/{submission}/package", get(package::look))
        .route("/operator/certifications/{submission}/package/files", get(package::files))
        .route("/operator/certifications/{submission}/package/content", get(package::download))
        .route("/operator/certifications/{submission}/approve", post(decision::approve))
        .route(
            "/operator/certifications/{submission}/send-back",
            get(decision::look).post(decision::send_back),
        )
}

fn id(text: &str) -> Result<SubmissionId, Refused> {
    SubmissionId::parse(text).map_err(|_| Refused::not_found("submission"))
}

fn address(id: &SubmissionId) -> String {
    format!("{QUEUE}/{id}")
}

/// The views of a submission, as every one of them shows.
struct Views {
    /// Label, address, and whether it is the one that is looked at.
    list: Vec<(String, String, bool)>,
}

impl Views {
    fn of(t: Wording, examined: &Examined, current: &str) -> Self {
        let at = address(&examined.submission.id);
        let views = [("", "view-decision"), ("/offer", "view-offer"), ("/package", "view-package")];
        let view = |(path, key): (&str, &str)| (t.of(key), format!("{at}{path}"), path == current);
        Self { list: views.map(view).to_vec() }
    }
}

/// Text and kind of a badge.
fn status(t: Wording, status: SubmissionStatus) -> (String, &'static str) {
    let kind = match status {
        SubmissionStatus::InCertification => "info",
        SubmissionStatus::AttentionNeeded => "notice",
        SubmissionStatus::Preview | SubmissionStatus::GoingLive | SubmissionStatus::Live => "good",
        SubmissionStatus::Cancelled | SubmissionStatus::Replaced => "neutral",
    };
    (t.of(&format!("status-{}", status.as_str().replace('_', "-"))), kind)
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

//! What was submitted, field by field, beside what customers see now.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::{QUEUE, TEXTS, Views, address, id};
use crate::access::SubmissionCertify;
use crate::catalog::FileHash;
use crate::catalog::api::compare::{ComparedField, Fields, beside, fields as fields_of};
use crate::catalog::api::files as catalog_files;
use crate::catalog::operations::files;
use crate::edge::browser::Visit;
use crate::edge::{Params, Path};
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording};
use crate::publishing::operations::examine::{self, Examined};
use crate::publishing::operations::find;
use crate::publishing::pages::fields::{self, Beside, Piece};
use crate::publishing::submission::Snapshot;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shown {
    /// `changed`: only what customers do not see as it is.
    #[serde(default)]
    show: String,
}

#[derive(Template)]
#[template(path = "publishing/pages/certification/offer.html")]
struct Offer {
    t: Wording,
    views: Views,
    at: String,
    /// Of what customers see now; nothing where none ever was.
    live: Option<i64>,
    only_changed: bool,
    changes: usize,
    fields: Beside,
}

pub(super) async fn look(
    Path(submission): Path<String>,
    Params(shown): Params<Shown>,
    visit: Visit<SubmissionCertify>,
) -> Result<Response, Refused> {
    let id = id(&submission)?;
    let found = visit.read(move |tx, right| Box::pin(async move { examine::examine(tx, right, &id).await }));
    let (t, examined) = (visit.wording(&TEXTS), found.await?);
    let live = examined.live.as_ref();
    let compared = compare(&examined)?;
    let changes = compared.iter().filter(|field| field.changed).count();
    let only_changed = live.is_some() && shown.show == "changed";
    let body = Offer {
        t,
        views: Views::of(t, &examined, "/offer"),
        at: address(&id),
        live: live.map(|live| live.version),
        only_changed,
        changes,
        fields: side_by_side(&visit, &examined, compared, only_changed),
    };
    let title = examined.submission.snapshot.0.name();
    visit.show(Sheet::new(title, &body)?.below(t.of("queue-title"), QUEUE).lead(t.of("offer-lead")))
}

fn side_by_side(
    visit: &Visit<SubmissionCertify>,
    examined: &Examined,
    compared: Vec<ComparedField>,
    only_changed: bool,
) -> Beside {
    let (at, snapshot) = (address(&examined.submission.id), &examined.submission.snapshot.0);
    let submitted_files = snapshot.draft.files();
    let submitted = |hash: &str| {
        submitted_files.iter().any(|file| file.as_str() == hash).then(|| format!("{at}/files/{hash}"))
    };
    let (t, live) = (visit.wording(&TEXTS), examined.live.as_ref());
    let live_files = live.map(|live| live.snapshot.0.draft.shown_files()).unwrap_or_default();
    let shown = |hash: &str| live_files.iter().any(|file| file.as_str() == hash).then(|| fields::shown(hash));
    let headings = (t.of("submitted-value"), live.map(|live| t.count("live-value", live.version)));
    Beside::of(&visit.reader, headings, compared, only_changed, &submitted, &shown)
}

fn compare(examined: &Examined) -> Result<Vec<ComparedField>, Refused> {
    let of = |snapshot: &Snapshot| -> Result<Fields, Refused> {
        fields_of(snapshot.draft.clone().into(), &snapshot.plans, json!(snapshot.package_sha256))
    };
    let submitted = of(&examined.submission.snapshot.0)?;
    let live = examined.live.as_ref().map(|live| of(&live.snapshot.0)).transpose()?;
    Ok(beside(submitted, live.unwrap_or_default()))
}

/// A file that was submitted.
pub(super) async fn file(
    Path((submission, file)): Path<(String, String)>,
    visit: Visit<SubmissionCertify>,
) -> Result<Response, Refused> {
    let (id, file) = (id(&submission)?, FileHash::from_path(&file)?);
    let found = visit.read(move |tx, right| {
        Box::pin(async move {
            let (submission, _) = find::submission(tx, right, &id).await?;
            if !submission.snapshot.0.draft.files().contains(&file) {
                return Err(Refused::not_found("file"));
            }
            files::content(tx, &file).await
        })
    });
    Ok(catalog_files::content(found.await?))
}

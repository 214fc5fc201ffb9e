//! What was submitted, field by field, beside what customers see now.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::value::{Piece, pieces};
use super::{QUEUE, TEXTS, Views, address, id, name};
use crate::access::SubmissionCertify;
use crate::catalog::api::compare::{ComparedField, Fields, beside, fields};
use crate::catalog::api::files as catalog_files;
use crate::catalog::operations::files;
use crate::catalog::{FileHash, PageName};
use crate::edge::browser::Visit;
use crate::edge::{Params, Path};
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording};
use crate::publishing::operations::examine::{self, Examined};
use crate::publishing::operations::find;
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
    parts: Vec<Part>,
}

struct Part {
    title: String,
    rows: Vec<Row>,
}

struct Row {
    /// Of a plan's field: the plan id.
    of: String,
    label: String,
    submitted: Vec<Piece>,
    live: Vec<Piece>,
    changed: bool,
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
        parts: parts(t, &examined, compared, only_changed),
    };
    let title = name(&examined.submission.snapshot.0);
    visit.show(Sheet::new(title, &body)?.below(t.of("queue-title"), QUEUE).lead(t.of("offer-lead")))
}

fn compare(examined: &Examined) -> Result<Vec<ComparedField>, Refused> {
    let of = |snapshot: &Snapshot| -> Result<Fields, Refused> {
        fields(snapshot.draft.clone().into(), &snapshot.plans, json!(snapshot.package_sha256))
    };
    let submitted = of(&examined.submission.snapshot.0)?;
    let live = examined.live.as_ref().map(|live| of(&live.snapshot.0)).transpose()?;
    Ok(beside(submitted, live.unwrap_or_default()))
}

fn parts(t: Wording, examined: &Examined, compared: Vec<ComparedField>, only_changed: bool) -> Vec<Part> {
    let (at, snapshot) = (address(&examined.submission.id), &examined.submission.snapshot.0);
    let submitted_files = snapshot.draft.files();
    let submitted = |hash: &str| {
        submitted_files.iter().any(|file| file.as_str() == hash).then(|| format!("{at}/files/{hash}"))
    };
    let live_files =
        examined.live.as_ref().map(|live| live.snapshot.0.draft.shown_files()).unwrap_or_default();
    let live = |hash: &str| {
        let is_shown = live_files.iter().any(|file| file.as_str() == hash);
        is_shown.then(|| format!("/api/v1/storefront/files/{hash}"))
    };
    let is_new = examined.live.is_none();
    let mut parts: Vec<(PageName, Vec<Row>)> = Vec::new();
    for field in compared {
        let ComparedField { page, field, draft, live: before, changed } = field;
        if (only_changed && !changed) || (is_nothing(&draft) && is_nothing(&before)) {
            continue;
        }
        let (of, label) = labelled(t, page, &field);
        let row = Row {
            of,
            label,
            submitted: pieces(t, &field, &draft, &submitted),
            live: pieces(t, &field, &before, &live),
            changed: changed && !is_new,
        };
        match parts.last_mut() {
            Some((last, rows)) if *last == page => rows.push(row),
            _ => parts.push((page, vec![row])),
        }
    }
    let title = |page: PageName| t.of(&format!("page-{}", page.as_str().replace('_', "-")));
    parts.into_iter().map(|(page, rows)| Part { title: title(page), rows }).collect()
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("") || value.as_array().is_some_and(Vec::is_empty)
}

/// `gold.name`, `translations.ko.name`, `support_contact.email`: what it is of, and its label.
fn labelled(t: Wording, page: PageName, field: &str) -> (String, String) {
    let key = |name: &str| format!("field-{}", name.replace(['_', '.'], "-"));
    let named = |name: &str| t.find(&key(name)).unwrap_or_else(|| name.to_owned());
    match field.split_once('.') {
        Some((plan, name)) if page == PageName::Plans => (plan.to_owned(), named(name)),
        Some(("translations", rest)) => {
            let (language, name) = rest.split_once('.').unwrap_or((rest, ""));
            (language.to_owned(), named(name))
        }
        Some((contact, name)) => (named(contact), named(name)),
        None => (String::new(), named(field)),
    }
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

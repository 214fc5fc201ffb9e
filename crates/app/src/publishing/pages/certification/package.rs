//! The package that was submitted: what it installs, which plans open what, and every file in it.

use askama::Template;
use axum::response::Response;

use super::{QUEUE, TEXTS, Views, address, id};
use crate::access::SubmissionCertify;
use crate::edge::Path;
use crate::edge::browser::Visit;
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording};
use crate::packages::operations::list_files::list_files;
use crate::packages::{self, Listed, Package, PackageContents};
use crate::publishing::operations::examine::{self, Examined};
use crate::publishing::operations::find;

#[derive(Template)]
#[template(path = "publishing/pages/certification/package.html")]
#[expect(clippy::struct_field_names, reason = "its contents, as the package calls them")]
struct Contents<'a> {
    t: Wording,
    views: Views,
    at: String,
    package: &'a Package,
    sha256: String,
    source: Option<String>,
    contents: Option<&'a PackageContents>,
    apps: Vec<App<'a>>,
}

struct App<'a> {
    name: &'a str,
    unique_name: &'a str,
    solution: &'a str,
    /// The plans that open it; nothing: everybody may use it.
    opened_by: Vec<&'a str>,
}

#[derive(Template)]
#[template(path = "publishing/pages/certification/files.html")]
struct Files {
    t: Wording,
    files: Vec<Listed>,
}

async fn examined(visit: &Visit<SubmissionCertify>, submission: &str) -> Result<Examined, Refused> {
    let id = id(submission)?;
    visit.read(move |tx, right| Box::pin(async move { examine::examine(tx, right, &id).await })).await
}

pub(super) async fn look(
    Path(submission): Path<String>,
    visit: Visit<SubmissionCertify>,
) -> Result<Response, Refused> {
    let (t, examined) = (visit.wording(&TEXTS), examined(&visit, &submission).await?);
    let (package, snapshot) = (&examined.package, &examined.submission.snapshot.0);
    let body = Contents {
        t,
        views: Views::of(t, &examined, "/package"),
        at: address(&examined.submission.id),
        package,
        sha256: package.sha256_text(),
        source: package.source_url.as_ref().map(packages::SourceUrl::shown),
        contents: package.contents(),
        apps: package.contents().map(apps).unwrap_or_default(),
    };
    let sheet = Sheet::new(snapshot.name(), &body)?.below(t.of("queue-title"), QUEUE);
    visit.show(sheet.lead(t.of("package-lead")))
}

fn apps(contents: &PackageContents) -> Vec<App<'_>> {
    let openers = |name: &str| {
        let mapped = contents.mappings.iter().filter(|mapping| mapping.component == name);
        mapped.map(|mapping| mapping.service_id.as_str()).collect()
    };
    contents
        .components
        .iter()
        .map(|component| App {
            name: component.display_name.as_deref().unwrap_or(&component.unique_name),
            unique_name: &component.unique_name,
            solution: &component.solution,
            opened_by: openers(&component.unique_name),
        })
        .collect()
}

/// Reads the package itself, which takes as long as it is large.
pub(super) async fn files(
    Path(submission): Path<String>,
    visit: Visit<SubmissionCertify>,
) -> Result<Response, Refused> {
    let (t, examined) = (visit.wording(&TEXTS), examined(&visit, &submission).await?);
    let files = list_files(&visit.app.db, &examined.package).await?;
    let at = address(&examined.submission.id);
    let sheet = Sheet::new(t.of("files-title"), &Files { t, files })?.lead(t.of("files-lead"));
    let sheet = sheet.below(t.of("queue-title"), QUEUE).below(examined.submission.snapshot.0.name(), &at);
    visit.show(sheet.below(t.of("view-package"), format!("{at}/package")))
}

pub(super) async fn download(
    Path(submission): Path<String>,
    visit: Visit<SubmissionCertify>,
) -> Result<Response, Refused> {
    let id = id(&submission)?;
    let found = visit.read(move |tx, right| {
        Box::pin(async move {
            let (submission, _) = find::submission(tx, right, &id).await?;
            examine::package(tx, &submission).await
        })
    });
    Ok(packages::api::content(&visit.app, &found.await?))
}

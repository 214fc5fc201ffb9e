//! The base license model, and the package by file or by address.

use ::package::Finding;
use askama::Template;
use axum::response::Response;

use super::TEXTS;
use crate::access::{OfferEdit, OfferView, Permission};
use crate::catalog::draft::{BaseLicenseModel, Page, TechnicalConfiguration};
use crate::catalog::operations::edit_draft;
use crate::catalog::pages::frame;
use crate::catalog::{Offer, OfferRef};
use crate::edge::Path;
use crate::edge::browser::{SendFile, Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Subpages, Wording};
use crate::kit::{Expected, Fields, Refused};
use crate::packages::api::content;
use crate::packages::operations::{fetch_package, find, upload_package};
use crate::packages::upload::Upload;
use crate::packages::{Package, SourceUrl};

#[derive(Template)]
#[template(path = "packages/pages/package.html")]
struct PackagePage {
    t: Wording,
    form: Entered,
    pages: Subpages,
    offer: Offer,
    base: String,
    package: Option<Shown>,
    limit: String,
}

/// A package and its report.
struct Shown {
    size: String,
    sha256: String,
    uploaded_at: String,
    source: Option<String>,
    findings: Vec<Finding>,
    /// An app, and the service ids that open it.
    components: Vec<(String, String)>,
}

impl Shown {
    fn new(t: Wording, package: &Package) -> Self {
        let contents = package.contents();
        let components = contents.iter().flat_map(|contents| &contents.components);
        let openers = |component: &str| {
            let mappings = contents.iter().flat_map(|contents| &contents.mappings);
            let openers = mappings.filter(|mapping| mapping.component == component);
            openers.map(|mapping| mapping.service_id.clone()).collect::<Vec<_>>().join(", ")
        };
        Self {
            size: t.bytes(package.size),
            sha256: package.sha256_text(),
            uploaded_at: t.moment(&package.uploaded_at),
            source: package.source_url.as_ref().map(SourceUrl::shown),
            findings: package.report.0.findings.clone(),
            components: components
                .map(|component| (component.unique_name.clone(), openers(&component.unique_name)))
                .collect(),
        }
    }
}

pub(super) async fn look(Path(offer): Path<String>, visit: Visit<OfferView>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &offer, form).await
}

async fn show<P: Permission>(visit: &Visit<P>, offer: &str, form: Entered) -> Result<Response, Refused> {
    let (offer, plans) = frame::find(visit, offer).await?;
    let named = OfferRef::Id(offer.id);
    let package = match offer.package_id {
        Some(_) => {
            let found = visit
                .read(move |tx, right| Box::pin(async move { find::draft_package(tx, right, &named).await }));
            Some(found.await?.1)
        }
        None => None,
    };
    let t = visit.wording(&TEXTS);
    let model = offer.draft.0.technical_configuration.as_ref();
    let model = model.map(|page| ("base_license_model", page.base_license_model.as_str().to_owned()));
    let form = form.holding(Input::of(model));
    let body = PackagePage {
        t,
        form: form.clone(),
        pages: frame::beside(&visit.reader, &offer, &plans, "technical-configuration"),
        base: frame::address(&offer, "overview"),
        package: package.map(|package| Shown::new(t, &package)),
        limit: t.bytes(visit.app.settings.package_bytes_max),
        offer: offer.clone(),
    };
    let sheet = Sheet::new(t.of("title"), &body)?.lead(t.of("lead")).answering(&form);
    visit.show(frame::below(&visit.reader, &offer, sheet))
}

pub(super) async fn save(Path(offer): Path<String>, submit: Submit<OfferEdit>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let named = OfferRef::from_path(&offer)?;
    let read = form.and_then(|input| {
        let mut fields = Fields::default();
        let model = BaseLicenseModel::parse(input.text("base_license_model"));
        if model.is_err() {
            fields.wrong("base_license_model", "field.missing", "must be chosen");
        }
        fields.finish()?;
        let base_license_model = model.unwrap_or(BaseLicenseModel::User);
        let page = Page::TechnicalConfiguration(TechnicalConfiguration { base_license_model });
        Ok((page, input.revision()))
    });
    let saved = visit.write(read, move |tx, right, (page, expected): (Page, Expected)| {
        Box::pin(async move { edit_draft::edit_draft(tx, right, &named, page, &expected).await })
    });
    let saved = saved.await.map(|_| "saved");
    answer(&visit, &offer, entered, saved).await
}

/// Back to the page: with what was done, or with what was refused.
async fn answer(
    visit: &Visit<OfferEdit>,
    offer: &str,
    entered: Entered,
    done: Result<&str, Refused>,
) -> Result<Response, Refused> {
    match done {
        Ok(said) => {
            let to = format!("/publisher/offers/{offer}/technical-configuration");
            Ok(visit.leave(&to, visit.wording(&TEXTS).of(said)))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(visit, offer, entered).await
        }
    }
}

fn said_of(package: &Package) -> &'static str {
    if package.report.0.passes() { "uploaded" } else { "uploaded-with-findings" }
}

pub(super) async fn upload(
    Path(offer): Path<String>,
    sent: SendFile<OfferEdit>,
) -> Result<Response, Refused> {
    let SendFile { visit, form, file, .. } = sent;
    let uploaded = async {
        form?;
        let named = OfferRef::from_path(&offer)?;
        let Some(body) = file else {
            let mut fields = Fields::default();
            fields.wrong("package", "field.missing", "must be chosen");
            return Err(fields.refuse());
        };
        let upload = Upload::receive(body, visit.app.settings.package_bytes_max).await?;
        upload_package::upload_package(&visit.app, visit.right.clone(), named, upload, None).await
    };
    let said = uploaded.await.map(|(package, _)| said_of(&package));
    answer(&visit, &offer, visit.form(), said).await
}

pub(super) async fn fetch(Path(offer): Path<String>, submit: Submit<OfferEdit>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let fetched = async {
        let input = form?;
        let named = OfferRef::from_path(&offer)?;
        let mut fields = Fields::default();
        let source =
            fields.parse("url", input.text("url"), |text| SourceUrl::parse(text, &visit.app.outbound));
        let source = source.ok_or_else(|| fields.refuse())?;
        fetch_package::fetch_package(&visit.app, visit.right.clone(), named, source).await
    };
    let said = fetched.await.map(|(package, _)| said_of(&package));
    answer(&visit, &offer, entered, said).await
}

/// The package in the draft, as it was uploaded.
pub(super) async fn download(
    Path(offer): Path<String>,
    visit: Visit<OfferView>,
) -> Result<Response, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let found =
        visit.read(move |tx, right| Box::pin(async move { find::draft_package(tx, right, &offer).await }));
    let (_, package) = found.await?;
    Ok(content(&visit.app, &package))
}

//! Images and documents of a draft: uploaded to where they are shown.

use askama::Template;
use axum::body::to_bytes;
use axum::response::Response;
use types::Name;

use super::{TEXTS, frame};
use crate::access::{OfferEdit, OfferView, Permission};
use crate::catalog::api::files::content as served;
use crate::catalog::file::{self, BYTES_MAX};
use crate::catalog::listing::Captioned;
use crate::catalog::operations::files;
use crate::catalog::operations::place_file::{self, FilePlace, PlaceFile};
use crate::catalog::{FILE_TOO_LARGE, FileHash, Offer, OfferRef};
use crate::edge::Path;
use crate::edge::browser::{SendFile, Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Subpages, Wording};
use crate::kit::{Fields, Refused};

#[derive(Template)]
#[template(path = "catalog/pages/files.html")]
struct FilesPage {
    t: Wording,
    form: Entered,
    pages: Subpages,
    action: String,
    logo: Option<FileHash>,
    screenshots: Vec<Captioned>,
    documents: Vec<Captioned>,
    scenarios: Option<FileHash>,
}

pub(super) async fn look(Path(offer): Path<String>, visit: Visit<OfferView>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &offer, form).await
}

async fn show<P: Permission>(visit: &Visit<P>, offer: &str, form: Entered) -> Result<Response, Refused> {
    let (offer, plans) = frame::find(visit, offer).await?;
    let t = visit.wording(&TEXTS);
    let pages = frame::beside(&visit.reader, &offer, &plans, "files");
    let listing = offer.draft.0.listing.clone().unwrap_or_default();
    let page = offer.draft.0.supplemental_content.clone();
    let body = FilesPage {
        t,
        form: form.clone(),
        pages,
        action: frame::address(&offer, "files"),
        logo: listing.logo,
        screenshots: listing.screenshots,
        documents: listing.documents,
        scenarios: page.and_then(|page| page.key_usage_scenarios),
    };
    let sheet = Sheet::new(t.of("page-files"), &body)?.lead(t.of("lead-files")).answering(&form);
    visit.show(frame::below(&visit.reader, &offer, sheet))
}

pub(super) async fn upload(
    Path(offer): Path<String>,
    sent: SendFile<OfferEdit>,
) -> Result<Response, Refused> {
    let SendFile { visit, form, entered, file } = sent;
    match place(&visit, &offer, form, file).await {
        Ok(placed) => {
            let said = visit.wording(&TEXTS).of("file-uploaded");
            Ok(visit.leave(&frame::address(&placed, "files"), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, &offer, entered).await
        }
    }
}

async fn place(
    visit: &Visit<OfferEdit>,
    offer: &str,
    form: Result<Input, Refused>,
    file: Option<axum::body::Body>,
) -> Result<Offer, Refused> {
    let (input, named) = (form?, OfferRef::from_path(offer)?);
    let place = FilePlace::parse(input.text("place")).map_err(|_| Refused::not_found("place"))?;
    let mut fields = Fields::default();
    let needs_caption = matches!(place, FilePlace::Screenshots | FilePlace::Documents);
    let caption = needs_caption.then(|| input.text("caption"));
    let caption = fields.optional("caption", caption, Name::parse);
    if file.is_none() {
        fields.wrong("file", "field.missing", "must be chosen");
    }
    let (Some(caption), Some(body)) = (caption, file) else { return Err(fields.refuse()) };
    fields.finish()?;
    let bytes = to_bytes(body, BYTES_MAX).await.map_err(|_| {
        FILE_TOO_LARGE.because(format!("A file may have {BYTES_MAX} bytes, and all must arrive."))
    })?;
    let accepted = tokio::task::spawn_blocking(move || file::accept(&bytes));
    let accepted = accepted.await.map_err(Refused::internal)??;
    let command = PlaceFile { place, accepted, caption };
    visit
        .write(Ok(command), move |tx, right, command| {
            Box::pin(async move { place_file::place_file(tx, right, &named, command).await })
        })
        .await
}

pub(super) async fn remove(
    Path(offer): Path<String>,
    submit: Submit<OfferEdit>,
) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let (input, named) = (form?, OfferRef::from_path(&offer)?);
    let place = FilePlace::parse(input.text("place")).map_err(|_| Refused::not_found("place"))?;
    let file = FileHash::from_path(input.text("file"))?;
    let taken = visit.write(Ok((place, file)), move |tx, right, command| {
        Box::pin(async move { place_file::take_file(tx, right, &named, command).await })
    });
    let said = visit.wording(&TEXTS).of("file-removed");
    Ok(visit.leave(&frame::address(&taken.await?, "files"), said))
}

/// The bytes, for whoever looks at the draft.
pub(super) async fn content(
    Path((offer, file)): Path<(String, String)>,
    visit: Visit<OfferView>,
) -> Result<Response, Refused> {
    let (offer, file) = (OfferRef::from_path(&offer)?, FileHash::from_path(&file)?);
    let found =
        visit.read(move |tx, right| Box::pin(async move { files::own_file(tx, right, &offer, &file).await }));
    Ok(served(found.await?))
}

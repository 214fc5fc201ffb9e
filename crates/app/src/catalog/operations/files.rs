//! Upload, find and delete the files of an offer's draft.

use db::Tx;

use super::{advance, find};
use crate::access::{OfferEdit, Permission, Right};
use crate::catalog::events::{FileDeleted, FileUploaded};
use crate::catalog::file::{Accepted, FileContent, FileHash, OfferFile, PER_OFFER};
use crate::catalog::{FILE_IN_USE, OfferRef, TOO_MANY_FILES, store};
use crate::kit::Refused;

/// The same bytes are one file, however often they are uploaded.
pub(crate) async fn upload_file(
    tx: &mut Tx,
    right: &Right<OfferEdit>,
    offer: &OfferRef,
    accepted: Accepted,
) -> Result<OfferFile, Refused> {
    let found = find::offer(tx, right, offer).await?;
    let offer = advance::lock_offer(tx, &found.id).await?.ok_or_else(|| Refused::not_found("offer"))?;
    let files = store::list_files(tx, &offer.id).await?;
    let Accepted { content, dimensions } = accepted;
    if let Some(known) = files.iter().find(|file| file.sha256 == content.sha256) {
        return Ok(known.clone());
    }
    if files.len() >= PER_OFFER {
        let detail = format!("An offer has at most {PER_OFFER} files: delete some that it does not use.");
        return Err(TOO_MANY_FILES.because(detail));
    }
    let file = OfferFile {
        offer_id: offer.id,
        sha256: content.sha256.clone(),
        content_type: content.content_type,
        size: i64::try_from(content.bytes.len()).unwrap_or(i64::MAX),
        width: dimensions.map(|(width, _)| width.into()),
        height: dimensions.map(|(_, height)| height.into()),
        uploaded_at: right.now(),
    };
    store::insert_file(tx, &file, &content).await?;
    right.record(tx, &FileUploaded { offer: offer.id, sha256: file.sha256.clone().into() })?;
    Ok(file)
}

/// Only what the draft does not name; what went live with it stays.
pub(crate) async fn delete_file(
    tx: &mut Tx,
    right: &Right<OfferEdit>,
    offer: &OfferRef,
    file: &FileHash,
) -> Result<(), Refused> {
    let found = find::offer(tx, right, offer).await?;
    let offer = advance::lock_offer(tx, &found.id).await?.ok_or_else(|| Refused::not_found("offer"))?;
    let files = store::list_files(tx, &offer.id).await?;
    if !files.iter().any(|known| known.sha256 == *file) {
        return Err(Refused::not_found("file"));
    }
    if offer.draft.0.files().contains(file) {
        return Err(FILE_IN_USE.because("A page of the draft names it: take it out there first."));
    }
    store::delete_file(tx, &offer.id, file).await?;
    right.record(tx, &FileDeleted { offer: offer.id, sha256: file.clone().into() })?;
    Ok(())
}

pub(crate) async fn list_files<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    offer: &OfferRef,
) -> Result<Vec<OfferFile>, Refused> {
    let offer = find::offer(tx, right, offer).await?;
    Ok(store::list_files(tx, &offer.id).await?)
}

/// A file of an offer of this right's tenant.
pub(crate) async fn own_file<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    offer: &OfferRef,
    file: &FileHash,
) -> Result<FileContent, Refused> {
    let files = list_files(tx, right, offer).await?;
    if !files.iter().any(|known| known.sha256 == *file) {
        return Err(Refused::not_found("file"));
    }
    content(tx, file).await
}

/// The bytes; whoever calls this has seen that they may be shown.
pub(crate) async fn content(tx: &mut Tx, file: &FileHash) -> Result<FileContent, Refused> {
    store::find_content(tx, file).await?.ok_or_else(|| Refused::not_found("file"))
}

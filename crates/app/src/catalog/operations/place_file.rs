//! Upload a file to where the draft shows it, or take it away from there.

use db::Tx;
use types::Name;

use super::{edit_draft, files, find};
use crate::access::{OfferEdit, Right};
use crate::catalog::draft::{Page, SupplementalContent};
use crate::catalog::file::Accepted;
use crate::catalog::listing::{Captioned, DOCUMENTS_MAX, SCREENSHOTS_MAX};
use crate::catalog::{FileHash, Offer, OfferRef};
use crate::kit::{Expected, Fields, Refused, text_enum};

text_enum! {
    /// Where a draft shows a file.
    FilePlace {
        Logo = "logo",
        Screenshots = "screenshots",
        Documents = "documents",
        /// For the people who certify.
        KeyUsageScenarios = "key_usage_scenarios",
    }
}

#[derive(Debug, Clone)]
pub(crate) struct PlaceFile {
    pub place: FilePlace,
    pub accepted: Accepted,
    /// Beneath a screenshot or a document.
    pub caption: Option<Name<200>>,
}

/// The draft names the file at once; a logo and the scenarios take the place of those before.
pub(crate) async fn place_file(
    tx: &mut Tx,
    right: &Right<OfferEdit>,
    offer: &OfferRef,
    command: PlaceFile,
) -> Result<Offer, Refused> {
    let file = files::upload_file(tx, right, offer, command.accepted).await?.sha256;
    let draft = find::offer(tx, right, offer).await?.draft.0;
    let mut listing = draft.listing.unwrap_or_default();
    let caption = command.caption.map_or_else(String::new, Name::into_string);
    let page = match command.place {
        FilePlace::KeyUsageScenarios => {
            let notes = draft.supplemental_content.and_then(|page| page.notes);
            Page::SupplementalContent(SupplementalContent { key_usage_scenarios: Some(file), notes })
        }
        FilePlace::Logo => {
            listing.logo = Some(file);
            Page::Listing(Box::new(listing))
        }
        FilePlace::Screenshots => {
            listing.screenshots.push(Captioned { file, caption });
            refuse_too_many("screenshots", listing.screenshots.len(), SCREENSHOTS_MAX)?;
            Page::Listing(Box::new(listing))
        }
        FilePlace::Documents => {
            listing.documents.push(Captioned { file, caption });
            refuse_too_many("documents", listing.documents.len(), DOCUMENTS_MAX)?;
            Page::Listing(Box::new(listing))
        }
    };
    edit_draft::edit_draft(tx, right, offer, page, &Expected::ANY).await
}

/// What was taken away already stays so.
pub(crate) async fn take_file(
    tx: &mut Tx,
    right: &Right<OfferEdit>,
    offer: &OfferRef,
    (place, file): (FilePlace, FileHash),
) -> Result<Offer, Refused> {
    let draft = find::offer(tx, right, offer).await?.draft.0;
    let mut listing = draft.listing.unwrap_or_default();
    let page = match place {
        FilePlace::KeyUsageScenarios => {
            let notes = draft.supplemental_content.and_then(|page| page.notes);
            Page::SupplementalContent(SupplementalContent { key_usage_scenarios: None, notes })
        }
        FilePlace::Logo => {
            listing.logo = None;
            Page::Listing(Box::new(listing))
        }
        FilePlace::Screenshots => {
            listing.screenshots.retain(|shot| shot.file != file);
            Page::Listing(Box::new(listing))
        }
        FilePlace::Documents => {
            listing.documents.retain(|document| document.file != file);
            Page::Listing(Box::new(listing))
        }
    };
    edit_draft::edit_draft(tx, right, offer, page, &Expected::ANY).await
}

/// OFF-10
fn refuse_too_many(field: &str, length: usize, most: usize) -> Result<(), Refused> {
    let mut fields = Fields::default();
    if length > most {
        fields.wrong(field, "field.too_many", format!("has {most} entries already; remove one first"));
    }
    fields.finish()
}

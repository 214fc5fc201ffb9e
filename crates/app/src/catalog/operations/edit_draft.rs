//! Save a page of an offer's draft. Customers see nothing of it until it went live (OFF-13).

use db::Tx;

use super::advance;
use crate::access::{OfferEdit, Right};
use crate::catalog::draft::{BaseLicenseModel, Page, Setup};
use crate::catalog::events::OfferDrafted;
use crate::catalog::file::{FileHash, Wanted};
use crate::catalog::{LICENSE_MANAGEMENT_FIXED, Offer, OfferRef, store};
use crate::kit::{Expected, Fields, Refused};

pub(crate) async fn edit_draft(
    tx: &mut Tx,
    right: &Right<OfferEdit>,
    offer: &OfferRef,
    page: Page,
    expected: &Expected,
) -> Result<Offer, Refused> {
    let mut offer = advance::lock_own_offer(tx, right, offer, expected).await?;
    refuse_what_is_fixed(&offer, &page)?;
    refuse_unfit_files(tx, &offer, &page).await?;
    offer.draft.0.save(page);
    let read = offer.revision;
    offer.revision += 1;
    if !store::update_draft(tx, &offer, read).await? {
        return Err(Refused::stale(offer.revision));
    }
    right.record(tx, &OfferDrafted { offer: offer.id })?;
    Ok(offer)
}

fn refuse_what_is_fixed(offer: &Offer, page: &Page) -> Result<(), Refused> {
    let managed = offer.draft.0.setup.as_ref().map(Setup::license_management);
    match page {
        // OFF-06
        Page::Setup(setup)
            if offer.first_published_at.is_some() && managed != Some(setup.license_management()) =>
        {
            Err(LICENSE_MANAGEMENT_FIXED
                .because("The offer was published: license management stays as it is."))
        }
        // OFF-08
        Page::TechnicalConfiguration(page)
            if managed == Some(true) && page.base_license_model == BaseLicenseModel::Resource =>
        {
            let violation = types::Violation::new(
                "base_license_model.user_required",
                "must be user, because license management is on",
            );
            Err(Refused::fields(vec![violation.at("base_license_model")]))
        }
        _ => Ok(()),
    }
}

/// OFF-10: a page names files of its offer only, each of the kind its place demands.
async fn refuse_unfit_files(tx: &mut Tx, offer: &Offer, page: &Page) -> Result<(), Refused> {
    let named: Vec<(String, &FileHash, Wanted)> = match page {
        Page::Listing(listing) => listing.files().collect(),
        Page::SupplementalContent(page) => {
            let file = page.key_usage_scenarios.iter();
            file.map(|file| ("key_usage_scenarios".to_owned(), file, Wanted::Document)).collect()
        }
        _ => return Ok(()),
    };
    if named.is_empty() {
        return Ok(());
    }
    let files = store::list_files(tx, &offer.id).await?;
    let mut fields = Fields::default();
    for (field, hash, wanted) in named {
        match files.iter().find(|file| file.sha256 == *hash) {
            Some(file) => drop(fields.check(&field, wanted.check(file))),
            None => fields.wrong(&field, "file.unknown", "is no file of this offer: upload it first"),
        }
    }
    fields.finish()
}

//! Create an offer.

use db::Tx;
use types::{Name, OfferSlug, PublisherId};

use super::history;
use crate::access::{OfferEdit, Right};
use crate::catalog::events::OfferCreated;
use crate::catalog::history::Action;
use crate::catalog::{OFFER_ID_TAKEN, Offer, OfferState, store};
use crate::kit::{JsonColumn, Refused};

#[derive(Debug, Clone)]
pub(crate) struct CreateOffer {
    pub slug: OfferSlug,
    pub alias: Name<100>,
}

pub(crate) async fn create_offer(
    tx: &mut Tx,
    right: &Right<OfferEdit>,
    command: CreateOffer,
) -> Result<Offer, Refused> {
    let publisher_id = right.publisher()?.clone();
    refuse_unfit(&command.slug, &publisher_id)?;
    let offer = Offer {
        id: right.new_id(),
        tenant_id: right.tenant(),
        publisher_id,
        slug: command.slug,
        alias: command.alias.into_string(),
        state: OfferState::Draft,
        draft: JsonColumn::default(),
        package_id: None,
        first_published_at: None,
        live_version: None,
        published: None,
        created_at: right.now(),
        revision: 1,
    };
    if !store::insert_offer(tx, &offer).await? {
        return Err(taken(&offer.slug));
    }
    history::note(tx, right, &offer.id, Action::OfferCreated.as_str(), None).await?;
    right.record(tx, &OfferCreated { offer: offer.id, offer_id: offer.slug.clone() })?;
    Ok(offer)
}

/// Whether a new offer could have this id now, and the address it would have; refused as its creation would be.
pub(crate) async fn check_offer_id(
    tx: &mut Tx,
    right: &Right<OfferEdit>,
    slug: &OfferSlug,
) -> Result<String, Refused> {
    let publisher_id = right.publisher()?;
    refuse_unfit(slug, publisher_id)?;
    match store::find_offer_by_slug(tx, &right.tenant(), slug).await? {
        Some(_) => Err(taken(slug)),
        None => Ok(format!("{publisher_id}.{slug}")),
    }
}

fn refuse_unfit(slug: &OfferSlug, publisher: &PublisherId) -> Result<(), Refused> {
    slug.fits(publisher).map_err(|violation| Refused::fields(vec![violation.at("offer_id")]))
}

fn taken(slug: &OfferSlug) -> Refused {
    OFFER_ID_TAKEN.because(format!("You have an offer {slug} already."))
}

//! Offers over HTTP, for their publisher.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use types::{OfferId, OfferSlug, Page, PublisherId, Text, Timestamp};
use utoipa::ToSchema;

use crate::access::{OfferEdit, OfferView as MayView};
use crate::catalog::operations::create_offer::{self, CreateOffer};
use crate::catalog::operations::find;
use crate::catalog::{Offer, OfferRef};
use crate::edge::{Answer, Call, PageParams, Params, Refusals};
use crate::kit::{Fields, Refused};

/// An offer as its publisher sees it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct OfferView {
    id: OfferId,
    publisher_id: PublisherId,
    offer_id: OfferSlug,
    alias: String,
    /// Where it is on the storefront.
    web_address: String,
    created_at: Timestamp,
    revision: i64,
}

impl From<Offer> for OfferView {
    fn from(offer: Offer) -> Self {
        let web_address = offer.web_address();
        let Offer { id, publisher_id, slug, alias, created_at, revision, .. } = offer;
        Self { id, publisher_id, offer_id: slug, alias, web_address, created_at, revision }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateOfferBody {
    /// `a-z`, `0-9`, `-`, `_`; fixed for ever, part of every service id.
    #[schema(max_length = 50)]
    offer_id: String,
    /// For your eyes only; fixed for ever.
    #[schema(max_length = 100)]
    alias: String,
}

/// Create an offer.
#[utoipa::path(post, path = "/offers", tag = "catalog", operation_id = "create_offer",
    request_body = CreateOfferBody, responses((status = 201, body = OfferView), Refusals),
    extensions(("x-permission" = json!("offer.edit"))))]
pub(super) async fn create_offer(
    call: Call<OfferEdit, CreateOfferBody>,
) -> Result<Answer<OfferView>, Refused> {
    let mut fields = Fields::default();
    let slug = fields.parse("offer_id", &call.body.offer_id, OfferSlug::parse);
    let alias = fields.parse("alias", &call.body.alias, Text::parse);
    let (Some(slug), Some(alias)) = (slug, alias) else { return Err(fields.refuse()) };
    let command = CreateOffer { slug, alias };
    let answer = call
        .write(|tx, right| {
            Box::pin(async move { create_offer::create_offer(tx, right, command).await.map(OfferView::from) })
        })
        .await?;
    Ok(answer.created().etag(|offer| offer.revision))
}

/// Your offers.
#[utoipa::path(get, path = "/offers", tag = "catalog", operation_id = "list_offers", params(PageParams),
    responses((status = 200, body = Page<OfferView>), Refusals),
    extensions(("x-permission" = json!("offer.view"))))]
pub(super) async fn list_offers(
    Params(page): Params<PageParams>,
    call: Call<MayView>,
) -> Result<Answer<Page<OfferView>>, Refused> {
    let page = page.request()?;
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::list_offers(tx, right, &page).await }))
        .await?;
    Ok(answer.map(|page| page.map(OfferView::from)))
}

/// One of your offers, by id or offer id.
#[utoipa::path(get, path = "/offers/{offer}", tag = "catalog", operation_id = "get_offer",
    params(("offer" = String, Path, description = "Id or offer id")),
    responses((status = 200, body = OfferView), Refusals),
    extensions(("x-permission" = json!("offer.view"))))]
pub(super) async fn get_offer(
    Path(offer): Path<String>,
    call: Call<MayView>,
) -> Result<Answer<OfferView>, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::offer(tx, right, &offer).await })).await?;
    Ok(answer.map(OfferView::from).etag(|offer| offer.revision))
}

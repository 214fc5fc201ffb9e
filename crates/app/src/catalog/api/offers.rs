//! Offers over HTTP, for their publisher.

use serde::{Deserialize, Serialize};
use types::{Name, OfferId, OfferSlug, Page, PublisherId, Timestamp};
use utoipa::ToSchema;

use super::pages::DraftView;
use crate::access::{OfferEdit, OfferView as MayView};
use crate::catalog::operations::create_offer::{self, CreateOffer};
use crate::catalog::operations::find;
use crate::catalog::{self, Offer, OfferRef, OfferStatus, PageName, PageStatus, Plan};
use crate::edge::{Answer, Call, PageParams, Params, Path, Refusals};
use crate::kit::{Fields, Refused, Search};

/// An offer as its publisher sees it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct OfferView {
    id: OfferId,
    publisher_id: PublisherId,
    offer_id: OfferSlug,
    alias: String,
    /// Where it is on the storefront.
    web_address: String,
    status: OfferStatus,
    /// It was live, and the draft is no longer as it went live.
    unpublished_changes: bool,
    pages: Vec<PageView>,
    draft: DraftView,
    /// Which version went live last.
    live_version: Option<i64>,
    created_at: Timestamp,
    pub(super) revision: i64,
}

/// How far a page is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct PageView {
    page: PageName,
    state: PageStatus,
    missing: Vec<String>,
    /// The page is no longer as it went live.
    unpublished_changes: bool,
}

impl OfferView {
    pub(crate) fn new(offer: Offer, plans: &[Plan]) -> Self {
        let pages = catalog::pages(&offer, plans).into_iter().map(|page| PageView {
            page: page.page,
            state: page.state,
            missing: page.missing,
            unpublished_changes: page.unpublished_changes,
        });
        let pages: Vec<PageView> = pages.collect();
        Self {
            id: offer.id,
            web_address: offer.web_address(),
            status: offer.state.status(),
            unpublished_changes: pages.iter().any(|page| page.unpublished_changes),
            pages,
            publisher_id: offer.publisher_id,
            offer_id: offer.slug,
            alias: offer.alias,
            draft: offer.draft.0.into(),
            live_version: offer.live_version,
            created_at: offer.created_at,
            revision: offer.revision,
        }
    }
}

/// An offer in a list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct OfferSummary {
    id: OfferId,
    publisher_id: PublisherId,
    offer_id: OfferSlug,
    alias: String,
    status: OfferStatus,
    created_at: Timestamp,
}

impl From<Offer> for OfferSummary {
    fn from(offer: Offer) -> Self {
        let Offer { id, publisher_id, slug, alias, state, created_at, .. } = offer;
        Self { id, publisher_id, offer_id: slug, alias, status: state.status(), created_at }
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
    let alias = fields.parse("alias", &call.body.alias, Name::parse);
    let (Some(slug), Some(alias)) = (slug, alias) else { return Err(fields.refuse()) };
    let command = CreateOffer { slug, alias };
    let answer = call
        .write(|tx, right| {
            Box::pin(async move {
                let offer = create_offer::create_offer(tx, right, command).await?;
                Ok(OfferView::new(offer, &[]))
            })
        })
        .await?;
    Ok(answer.created().etag(|offer| offer.revision))
}

/// Your offers.
#[utoipa::path(get, path = "/offers", tag = "catalog", operation_id = "list_offers", params(PageParams),
    responses((status = 200, body = Page<OfferSummary>), Refusals),
    extensions(("x-permission" = json!("offer.view"))))]
pub(super) async fn list_offers(
    Params(page): Params<PageParams>,
    call: Call<MayView>,
) -> Result<Answer<Page<OfferSummary>>, Refused> {
    let page = page.request()?;
    let answer = call
        .read(move |tx, right| {
            Box::pin(async move { find::list_offers(tx, right, &page, &Search::default()).await })
        })
        .await?;
    Ok(answer.map(|page| page.map(OfferSummary::from)))
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
    let answer = call
        .read(move |tx, right| {
            Box::pin(async move {
                let offer = find::offer(tx, right, &offer).await?;
                let plans = find::plans(tx, &offer.id).await?;
                Ok(OfferView::new(offer, &plans))
            })
        })
        .await?;
    Ok(answer.etag(|offer| offer.revision))
}

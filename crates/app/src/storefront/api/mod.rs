//! The storefront over HTTP; no token is needed.

use axum::extract::{Path, State};
use serde::Serialize;
use types::{Page, PublisherId, ServiceId, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::catalog::draft::Setup;
use crate::edge::{Answer, PageParams, Params, Refusals};
use crate::kit::Refused;
use crate::publishing::LiveOffer;
use crate::publishing::operations::find;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_storefront_offers)).routes(routes!(get_storefront_offer))
}

/// An offer as customers see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedOffer {
    /// `publisherid.offerid`.
    address: String,
    web_address: String,
    publisher_id: PublisherId,
    publisher_name: String,
    name: String,
    summary: String,
    /// CommonMark, not sanitised: sanitise it before showing it as HTML.
    description: String,
    keywords: Vec<String>,
    category: String,
    app_version: String,
    license_management: bool,
    allow_install_without_license: bool,
    markets: Vec<String>,
    plans: Vec<ListedPlan>,
    help_url: String,
    support_url: String,
    privacy_url: String,
    live_since: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedPlan {
    service_id: ServiceId,
    name: String,
    description: String,
}

impl ListedOffer {
    /// Nothing can be live without these pages; should one lack all the same, the offer is not shown.
    fn of((live, publisher_name): (LiveOffer, String)) -> Option<Self> {
        let snapshot = live.snapshot.0;
        let draft = snapshot.draft;
        let (setup, listing, properties) = (draft.setup?, draft.listing?, draft.properties?);
        let plans = snapshot.plans.into_iter().map(|plan| ListedPlan {
            service_id: plan.service_id,
            name: plan.name,
            description: plan.description,
        });
        Some(Self {
            web_address: format!("/product/{}", live.address),
            address: live.address,
            publisher_id: snapshot.publisher_id,
            publisher_name,
            name: listing.name,
            summary: listing.summary,
            description: listing.description,
            keywords: listing.keywords,
            category: properties.primary_category,
            app_version: properties.app_version,
            license_management: setup.license_management(),
            allow_install_without_license: Setup::allow_install_without_license(&setup),
            markets: draft.availability?.markets.into_iter().map(String::from).collect(),
            plans: plans.collect(),
            help_url: listing.help_url.into(),
            support_url: listing.support_url.into(),
            privacy_url: listing.privacy_url.into(),
            live_since: live.live_since,
        })
    }
}

/// Every offer that is live.
#[utoipa::path(get, path = "/storefront/offers", tag = "storefront", operation_id = "list_storefront_offers",
    params(PageParams), responses((status = 200, body = Page<ListedOffer>), Refusals), security(()))]
async fn list_storefront_offers(
    State(app): State<App>,
    Params(page): Params<PageParams>,
) -> Result<Answer<Page<ListedOffer>>, Refused> {
    let page = page.request()?;
    let live = app.db.read(move |tx| Box::pin(async move { find::listed_offers(tx, &page).await })).await?;
    let Page { items, next_cursor } = live;
    Ok(Answer::read(Page { items: items.into_iter().filter_map(ListedOffer::of).collect(), next_cursor }))
}

/// One offer, by `publisherid.offerid`.
#[utoipa::path(get, path = "/storefront/offers/{address}", tag = "storefront", operation_id = "get_storefront_offer",
    params(("address" = String, Path, description = "publisherid.offerid")),
    responses((status = 200, body = ListedOffer), Refusals), security(()))]
async fn get_storefront_offer(
    State(app): State<App>,
    Path(address): Path<String>,
) -> Result<Answer<ListedOffer>, Refused> {
    let live = app.db.read(move |tx| Box::pin(async move { find::listed_offer(tx, &address).await })).await?;
    ListedOffer::of(live).map(Answer::read).ok_or_else(|| Refused::not_found("offer"))
}

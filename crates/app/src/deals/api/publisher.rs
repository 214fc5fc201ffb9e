//! Deals over HTTP, for publishers. They are edited through the feature `licenses`: their licenses may end
//! with them.

use serde::Deserialize;
use types::{DealId, Name, Page};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::bodies::{DealBody, DealView};
use crate::App;
use crate::access::{DealEdit, DealView as MayView};
use crate::deals::deal::{ContractType, DealStatus, DealTab};
use crate::deals::operations::{DealFilter, find, register};
use crate::edge::{Answer, Call, NoBody, Params, Path, Refusals, page_request};
use crate::kit::{Fields, Refused, Search};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_deal, list_deals))
        .routes(routes!(get_deal))
        .routes(routes!(submit_deal))
}

pub(crate) fn deal_id(text: &str) -> Result<DealId, Refused> {
    DealId::parse(text).map_err(|_| Refused::not_found("deal"))
}

/// Register a deal as a draft.
#[utoipa::path(post, path = "/deals", tag = "deals", operation_id = "create_deal", request_body = DealBody,
    responses((status = 201, body = DealView), Refusals), extensions(("x-permission" = json!("deal.edit"))))]
async fn create_deal(call: Call<DealEdit, DealBody>) -> Result<Answer<DealView>, Refused> {
    let terms = call.body.parse()?;
    let answer = call
        .write(move |tx, right| {
            Box::pin(async move { register::create_deal(tx, right, terms).await.map(DealView::from) })
        })
        .await?;
    Ok(answer.created().etag(|deal| deal.revision))
}

/// Which deals, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct DealParams {
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<usize>,
    #[param(max_length = 1024)]
    cursor: Option<String>,
    status: Option<DealStatus>,
    tab: Option<DealTab>,
    contract_type: Option<ContractType>,
    /// Part of a company's name, city or state.
    #[param(max_length = 200)]
    search: Option<String>,
    /// The company, exactly.
    #[param(max_length = 200)]
    customer: Option<String>,
}

/// Your deals.
#[utoipa::path(get, path = "/deals", tag = "deals", operation_id = "list_deals", params(DealParams),
    responses((status = 200, body = Page<DealView>), Refusals), extensions(("x-permission" = json!("deal.view"))))]
async fn list_deals(
    Params(query): Params<DealParams>,
    call: Call<MayView>,
) -> Result<Answer<Page<DealView>>, Refused> {
    let page = page_request(query.limit, query.cursor.as_deref())?;
    let mut fields = Fields::default();
    let search = fields.check("search", Search::parse(query.search.as_deref()));
    let customer = query.customer.as_deref().filter(|name| !name.is_empty());
    let company = fields.optional("customer", customer, Name::<200>::parse);
    let (Some(search), Some(company)) = (search, company) else { return Err(fields.refuse()) };
    let filter = DealFilter {
        status: query.status.map_or_else(String::new, |status| status.as_str().to_owned()),
        contract_type: query.contract_type.map_or_else(String::new, |kind| kind.as_str().to_owned()),
        search,
        company: company.map_or_else(String::new, Name::into_string),
        tab: query.tab.map_or_else(String::new, |tab| tab.as_str().to_owned()),
    };
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::list_deals(tx, right, &page, &filter).await }))
        .await?;
    Ok(answer.map(|page| page.map(DealView::from)))
}

/// One of your deals.
#[utoipa::path(get, path = "/deals/{deal}", tag = "deals", operation_id = "get_deal",
    params(("deal" = String, Path, description = "Id")),
    responses((status = 200, body = DealView), Refusals), extensions(("x-permission" = json!("deal.view"))))]
async fn get_deal(Path(deal): Path<String>, call: Call<MayView>) -> Result<Answer<DealView>, Refused> {
    let id = deal_id(&deal)?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::deal(tx, right, &id).await })).await?;
    Ok(answer.map(DealView::from).etag(|deal| deal.revision))
}

/// Submit a deal: from then on its licenses can be managed.
#[utoipa::path(post, path = "/deals/{deal}/submit", tag = "deals", operation_id = "submit_deal",
    params(("deal" = String, Path, description = "Id")),
    responses((status = 200, body = DealView), Refusals), extensions(("x-permission" = json!("deal.edit"))))]
async fn submit_deal(
    Path(deal): Path<String>,
    call: Call<DealEdit, NoBody>,
) -> Result<Answer<DealView>, Refused> {
    let (id, expected) = (deal_id(&deal)?, call.expected.clone());
    let answer = call
        .write(move |tx, right| {
            Box::pin(
                async move { register::submit_deal(tx, right, &id, &expected).await.map(DealView::from) },
            )
        })
        .await?;
    Ok(answer.etag(|deal| deal.revision))
}

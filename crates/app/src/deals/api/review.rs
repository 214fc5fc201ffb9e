//! Deals over HTTP, for the operator.

use serde::Deserialize;
use types::{Page, Text};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::bodies::DealView;
use super::publisher::deal_id;
use crate::App;
use crate::access::DealReview;
use crate::deals::deal::Move;
use crate::deals::operations::{find, review};
use crate::edge::{Answer, Call, NoBody, PageParams, Params, Path, Refusals};
use crate::kit::{Fields, Refused};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_deal_reviews))
        .routes(routes!(approve_deal))
        .routes(routes!(reject_deal))
        .routes(routes!(request_deal_update))
}

/// Submitted deals, oldest first.
#[utoipa::path(get, path = "/deal-reviews", tag = "deals", operation_id = "list_deal_reviews", params(PageParams),
    responses((status = 200, body = Page<DealView>), Refusals), extensions(("x-permission" = json!("deal.review"))))]
async fn list_deal_reviews(
    Params(page): Params<PageParams>,
    call: Call<DealReview>,
) -> Result<Answer<Page<DealView>>, Refused> {
    let page = page.request()?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::reviews(tx, right, &page).await })).await?;
    Ok(answer.map(|page| page.map(DealView::from)))
}

async fn take<B>(
    deal: &str,
    call: Call<DealReview, B>,
    step: Move,
    reason: Option<Text<2000>>,
) -> Result<Answer<DealView>, Refused> {
    let id = deal_id(deal)?;
    call.write(move |tx, right| {
        Box::pin(async move { review::review_deal(tx, right, &id, step, reason).await.map(DealView::from) })
    })
    .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    /// For the publisher.
    #[schema(max_length = 2000)]
    reason: String,
}

impl Reason {
    fn parse(&self) -> Result<Option<Text<2000>>, Refused> {
        let mut fields = Fields::default();
        let reason = fields.parse("reason", &self.reason, Text::parse);
        reason.map(Some).ok_or_else(|| fields.refuse())
    }
}

/// Approve a deal.
#[utoipa::path(post, path = "/deal-reviews/{deal}/approve", tag = "deals", operation_id = "approve_deal",
    params(("deal" = String, Path, description = "Id")),
    responses((status = 200, body = DealView), Refusals), extensions(("x-permission" = json!("deal.review"))))]
async fn approve_deal(
    Path(deal): Path<String>,
    call: Call<DealReview, NoBody>,
) -> Result<Answer<DealView>, Refused> {
    take(&deal, call, Move::Approve, None).await
}

/// Reject a deal: it keeps what it granted and can grant no more.
#[utoipa::path(post, path = "/deal-reviews/{deal}/reject", tag = "deals", operation_id = "reject_deal",
    params(("deal" = String, Path, description = "Id")), request_body = Reason,
    responses((status = 200, body = DealView), Refusals), extensions(("x-permission" = json!("deal.review"))))]
async fn reject_deal(
    Path(deal): Path<String>,
    call: Call<DealReview, Reason>,
) -> Result<Answer<DealView>, Refused> {
    let reason = call.body.parse()?;
    take(&deal, call, Move::Reject, reason).await
}

/// Send a deal back for an update.
#[utoipa::path(post, path = "/deal-reviews/{deal}/request-update", tag = "deals", operation_id = "request_deal_update",
    params(("deal" = String, Path, description = "Id")), request_body = Reason,
    responses((status = 200, body = DealView), Refusals), extensions(("x-permission" = json!("deal.review"))))]
async fn request_deal_update(
    Path(deal): Path<String>,
    call: Call<DealReview, Reason>,
) -> Result<Answer<DealView>, Refused> {
    let reason = call.body.parse()?;
    take(&deal, call, Move::RequestUpdate, reason).await
}

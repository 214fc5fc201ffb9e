//! Plans of a live offer over HTTP: what takes effect at once.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::OfferPublish;
use crate::catalog::OfferRef;
use crate::catalog::api::plans::{PlanView, plan_of_path};
use crate::edge::{Answer, Call, NoBody, Path, Refusals};
use crate::kit::Refused;
use crate::publishing::operations::plans;

/// Mounted under `/api/v1`.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(stop_plan))
        .routes(routes!(resume_plan))
        .routes(routes!(sync_audience))
}

macro_rules! action {
    ($(#[$doc:meta])* $name:ident, $path:literal, $operation:literal) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "publishing", operation_id = $operation,
            params(("offer" = String, Path, description = "Id or offer id"),
                ("plan" = String, Path, description = "Plan id")),
            responses((status = 200, body = PlanView), Refusals),
            extensions(("x-permission" = json!("offer.publish"))))]
        async fn $name(
            Path((offer, plan)): Path<(String, String)>,
            call: Call<OfferPublish, NoBody>,
        ) -> Result<Answer<PlanView>, Refused> {
            let (offer, plan) = (OfferRef::from_path(&offer)?, plan_of_path(&plan)?);
            call.write(move |tx, right| {
                Box::pin(async move { plans::$name(tx, right, &offer, &plan).await.map(PlanView::from) })
            })
            .await
        }
    };
}

action!(
    /// Hide a published plan from new sales; pools that hold it go on. Another plan has to remain on sale.
    stop_plan, "/offers/{offer}/plans/{plan}/stop", "stop_plan"
);
action!(
    /// Put a stopped plan on sale again.
    resume_plan, "/offers/{offer}/plans/{plan}/resume", "resume_plan"
);
action!(
    /// Put the audience of a private plan into effect as it is drafted, without certification.
    sync_audience, "/offers/{offer}/plans/{plan}/sync-audience", "sync_audience"
);

//! What takes effect on a live plan at once.

use axum::response::Response;
use types::PlanSlug;

use super::TEXTS;
use crate::access::OfferPublish;
use crate::catalog::OfferRef;
use crate::catalog::api::plans::plan_of_path;
use crate::edge::Path;
use crate::edge::browser::Submit;
use crate::kit::Refused;
use crate::publishing::operations::plans;

fn named(offer: &str, plan: &str) -> Result<(OfferRef, PlanSlug), Refused> {
    Ok((OfferRef::from_path(offer)?, plan_of_path(plan)?))
}

pub(super) async fn stop(
    Path((offer, plan)): Path<(String, String)>,
    submit: Submit<OfferPublish>,
) -> Result<Response, Refused> {
    let (named, slug) = named(&offer, &plan)?;
    let Submit { visit, form, .. } = submit;
    let stopped = visit.write(form, move |tx, right, _| {
        Box::pin(async move { plans::stop_plan(tx, right, &named, &slug).await })
    });
    stopped.await?;
    let said = visit.wording(&TEXTS).of("plan-stopped");
    Ok(visit.leave(&format!("/publisher/offers/{offer}/plans/{plan}"), said))
}

pub(super) async fn resume(
    Path((offer, plan)): Path<(String, String)>,
    submit: Submit<OfferPublish>,
) -> Result<Response, Refused> {
    let (named, slug) = named(&offer, &plan)?;
    let Submit { visit, form, .. } = submit;
    let resumed = visit.write(form, move |tx, right, _| {
        Box::pin(async move { plans::resume_plan(tx, right, &named, &slug).await })
    });
    resumed.await?;
    let said = visit.wording(&TEXTS).of("plan-resumed");
    Ok(visit.leave(&format!("/publisher/offers/{offer}/plans/{plan}"), said))
}

pub(super) async fn sync_audience(
    Path((offer, plan)): Path<(String, String)>,
    submit: Submit<OfferPublish>,
) -> Result<Response, Refused> {
    let (named, slug) = named(&offer, &plan)?;
    let Submit { visit, form, .. } = submit;
    let synced = visit.write(form, move |tx, right, _| {
        Box::pin(async move { plans::sync_audience(tx, right, &named, &slug).await })
    });
    synced.await?;
    let said = visit.wording(&TEXTS).of("audience-synced");
    Ok(visit.leave(&format!("/publisher/offers/{offer}/plans/{plan}/audience"), said))
}

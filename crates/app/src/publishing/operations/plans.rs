//! What takes effect on a live offer's plans at once, without certification: stopping one, letting it go
//! on, and whom a private one is for.

use db::Tx;
use types::PlanSlug;

use crate::access::{MARKETPLACE, OfferPublish, Right};
use crate::catalog::history::Action;
use crate::catalog::operations::{advance, find, history};
use crate::catalog::{Offer, OfferRef, Plan, Visibility};
use crate::kit::Refused;
use crate::publishing::events::{AudienceSynced, PlanResumed, PlanStopped};
use crate::publishing::{LAST_PLAN, PLAN_NOT_LIVE, PLAN_NOT_STOPPED, PLAN_STOPPED};

/// PLN-06: hidden from new sales; pools that hold it go on. One plan on sale has to remain.
pub(crate) async fn stop_plan(
    tx: &mut Tx,
    right: &Right<OfferPublish>,
    offer: &OfferRef,
    plan: &PlanSlug,
) -> Result<Plan, Refused> {
    let (offer, plans, at) = published(tx, right, offer, plan).await?;
    let plan = &plans[at];
    if plan.stopped_at.is_some() {
        return Err(PLAN_STOPPED.because("It is stopped already."));
    }
    if !plans.iter().any(|other| other.id != plan.id && other.is_sold()) {
        return Err(LAST_PLAN.because("No other plan of the offer is on sale: stop the offer instead."));
    }
    advance::set_stopped(tx, &plan.id, Some(right.now())).await?;
    history::note(tx, right, &offer.id, &Action::PlanStopped.of(&plan.slug), None).await?;
    let event =
        PlanStopped { offer: offer.id, address: offer.address(), service_id: plan.service_id.clone() };
    right.record_for(tx, &[offer.tenant_id, MARKETPLACE], &event)?;
    find::plan(tx, &offer.id, &plan.slug).await
}

/// PLN-06: on sale again.
pub(crate) async fn resume_plan(
    tx: &mut Tx,
    right: &Right<OfferPublish>,
    offer: &OfferRef,
    plan: &PlanSlug,
) -> Result<Plan, Refused> {
    let (offer, plans, at) = published(tx, right, offer, plan).await?;
    let plan = &plans[at];
    if plan.stopped_at.is_none() {
        return Err(PLAN_NOT_STOPPED.because("It is on sale."));
    }
    advance::set_stopped(tx, &plan.id, None).await?;
    history::note(tx, right, &offer.id, &Action::PlanResumed.of(&plan.slug), None).await?;
    let event =
        PlanResumed { offer: offer.id, address: offer.address(), service_id: plan.service_id.clone() };
    right.record_for(tx, &[offer.tenant_id, MARKETPLACE], &event)?;
    find::plan(tx, &offer.id, &plan.slug).await
}

/// PLN-05: the audience takes effect as it is drafted.
pub(crate) async fn sync_audience(
    tx: &mut Tx,
    right: &Right<OfferPublish>,
    offer: &OfferRef,
    plan: &PlanSlug,
) -> Result<Plan, Refused> {
    let (offer, plans, at) = published(tx, right, offer, plan).await?;
    let plan = &plans[at];
    let live = offer.published.iter().flat_map(|published| &published.0.plans);
    let private = |visibility| visibility == Visibility::Private;
    let live_private =
        live.filter(|live| live.service_id == plan.service_id).any(|live| private(live.visibility));
    if !private(plan.visibility) || !live_private {
        return Err(PLAN_NOT_LIVE.because("It is not live as a private plan."));
    }
    if plan.audience_size == 0 {
        return Err(PLAN_NOT_LIVE.because("Nobody would see it: name at least one tenant first."));
    }
    advance::sync_audience(tx, &plan.id).await?;
    history::note(tx, right, &offer.id, &Action::AudienceSynced.of(&plan.slug), None).await?;
    let event = AudienceSynced {
        offer: offer.id,
        address: offer.address(),
        service_id: plan.service_id.clone(),
        size: plan.audience_size,
    };
    right.record_for(tx, &[offer.tenant_id, MARKETPLACE], &event)?;
    find::plan(tx, &offer.id, &plan.slug).await
}

/// The offer, held until the end of the unit, its plans, and where the published one is among them.
async fn published(
    tx: &mut Tx,
    right: &Right<OfferPublish>,
    offer: &OfferRef,
    slug: &PlanSlug,
) -> Result<(Offer, Vec<Plan>, usize), Refused> {
    let found = find::offer(tx, right, offer).await?;
    let offer = advance::lock_offer(tx, &found.id).await?.ok_or_else(|| Refused::not_found("offer"))?;
    let plans = find::plans(tx, &offer.id).await?;
    let at = plans.iter().position(|plan| plan.slug == *slug).ok_or_else(|| Refused::not_found("plan"))?;
    if plans[at].published_at.is_none() {
        return Err(PLAN_NOT_LIVE.because("It never went live: change it, or delete it."));
    }
    Ok((offer, plans, at))
}

//! Say whom a private plan is for.

use db::Tx;
use types::{Page, PageRequest, PlanSlug};

use super::{advance, find};
use crate::access::{OfferEdit, OfferView, Right};
use crate::catalog::audience::AudienceMember;
use crate::catalog::events::AudienceEdited;
use crate::catalog::{OfferRef, PLAN_PUBLIC, Plan, Visibility, store};
use crate::kit::Refused;

/// Puts these tenants in the place of those before; in effect from the next sync, or the next version.
pub(crate) async fn set_audience(
    tx: &mut Tx,
    right: &Right<OfferEdit>,
    offer: &OfferRef,
    plan: &PlanSlug,
    audience: Vec<AudienceMember>,
) -> Result<Plan, Refused> {
    let found = find::offer(tx, right, offer).await?;
    advance::lock_offer(tx, &found.id).await?;
    let plan = find::plan(tx, &found.id, plan).await?;
    if plan.visibility == Visibility::Public {
        return Err(PLAN_PUBLIC.because("It is for everybody; make it private first."));
    }
    store::replace_audience(tx, &plan.id, &audience).await?;
    let size = i64::try_from(audience.len()).unwrap_or(i64::MAX);
    right.record(tx, &AudienceEdited { offer: found.id, plan: plan.id, size })?;
    Ok(Plan { audience_size: size, audience_changed: true, revision: plan.revision + 1, ..plan })
}

pub(crate) async fn list_audience(
    tx: &mut Tx,
    right: &Right<OfferView>,
    offer: &OfferRef,
    plan: &PlanSlug,
    page: &PageRequest,
) -> Result<Page<AudienceMember>, Refused> {
    let offer = find::offer(tx, right, offer).await?;
    let plan = find::plan(tx, &offer.id, plan).await?;
    let members = store::list_audience(tx, &plan.id, page).await?;
    Ok(Page::cut(members, page, |member| member.tenant_id.as_bytes().to_vec()))
}

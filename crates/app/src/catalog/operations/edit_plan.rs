//! Change a plan's draft, or delete a plan that was never published.

use db::{DbError, Tx};
use types::{Name, PlanSlug, Text};

use super::{advance, create_plan, find, history};
use crate::access::{OfferEdit, Right};
use crate::catalog::events::{PlanDeleted, PlanEdited};
use crate::catalog::history::Action;
use crate::catalog::{
    Enforcement, Feature, Offer, OfferRef, PLAN_LICENSED, PLAN_NAME_TAKEN, PLAN_PUBLIC, PLAN_PUBLISHED,
    PLAN_SUBMITTED, Plan, Visibility, store,
};
use crate::kit::{Expected, Refused};

#[derive(Debug, Clone)]
pub(crate) struct EditPlan {
    pub name: Option<Name<200>>,
    #[expect(clippy::option_option, reason = "left as it is, and made empty, are different edits")]
    pub description: Option<Option<Text<3000>>>,
    pub visibility: Option<Visibility>,
    pub enforcement: Option<Enforcement>,
    pub features: Option<Vec<Feature>>,
}

pub(crate) async fn edit_plan(
    tx: &mut Tx,
    right: &Right<OfferEdit>,
    offer: &OfferRef,
    plan: &PlanSlug,
    command: EditPlan,
    expected: &Expected,
) -> Result<Plan, Refused> {
    let found = find::offer(tx, right, offer).await?;
    let offer = advance::lock_offer(tx, &found.id).await?.ok_or_else(|| Refused::not_found("offer"))?;
    let plans = store::list_plans(tx, &offer.id).await?;
    let mut edited =
        plans.iter().find(|known| known.slug == *plan).cloned().ok_or_else(|| Refused::not_found("plan"))?;
    expected.refuse_stale(edited.revision)?;
    if let Some(name) = command.name {
        let name = name.into_string();
        if plans.iter().any(|other| other.id != edited.id && other.name == name) {
            return Err(PLAN_NAME_TAKEN.because(format!("The offer has a plan named {name:?} already.")));
        }
        edited.name = name;
    }
    if let Some(description) = command.description {
        edited.description = description.map_or_else(String::new, Text::into_string);
    }
    if let Some(visibility) = command.visibility {
        change_visibility(&offer, &plans, &mut edited, visibility)?;
    }
    edited.enforcement = command.enforcement.unwrap_or(edited.enforcement);
    edited.features.0 = command.features.unwrap_or(edited.features.0);
    edited.revision += 1;
    store::update_plan(tx, &edited).await?;
    right.record(tx, &PlanEdited { offer: offer.id, plan: edited.id })?;
    Ok(edited)
}

/// PLN-05: private may become public; what was published as public never is private again.
fn change_visibility(
    offer: &Offer,
    plans: &[Plan],
    edited: &mut Plan,
    visibility: Visibility,
) -> Result<(), Refused> {
    if visibility == edited.visibility {
        return Ok(());
    }
    if visibility == Visibility::Private {
        create_plan::refuse_too_many_private(plans)?;
        if edited.public_since.is_some() || offer.state.is_submitted() {
            return Err(PLAN_PUBLIC.because("It was published, or is being published, for everybody."));
        }
    }
    edited.visibility = visibility;
    Ok(())
}

/// PLN-06: only a plan that was never published can be deleted, and not while it is on its way there.
pub(crate) async fn delete_plan(
    tx: &mut Tx,
    right: &Right<OfferEdit>,
    offer: &OfferRef,
    plan: &PlanSlug,
) -> Result<(), Refused> {
    // Held, so that the offer is not published or gone live between the look and the deletion.
    let offer = advance::lock_own_offer(tx, right, offer, &Expected::ANY).await?;
    let plans = store::list_plans(tx, &offer.id).await?;
    let plan =
        plans.into_iter().find(|known| known.slug == *plan).ok_or_else(|| Refused::not_found("plan"))?;
    if plan.published_at.is_some() {
        return Err(PLAN_PUBLISHED.because("It was published; it can be stopped, not deleted."));
    }
    if offer.state.is_submitted() {
        return Err(PLAN_SUBMITTED.because("A version of the offer is on its way to the storefront with it."));
    }
    match store::delete_plan(tx, &plan.id).await {
        Err(DbError::ForeignKeyViolation { .. }) => {
            return Err(PLAN_LICENSED.because("A deal granted licenses of it."));
        }
        deleted => deleted?,
    }
    history::note(tx, right, &offer.id, &Action::PlanDeleted.of(&plan.slug), None).await?;
    right.record(tx, &PlanDeleted { offer: offer.id, plan: plan.id, service_id: plan.service_id })?;
    Ok(())
}

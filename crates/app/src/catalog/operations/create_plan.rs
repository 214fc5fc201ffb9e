//! Create a plan.

use db::Tx;
use types::{Name, PlanSlug, ServiceId, Text};

use super::{find, history};
use crate::access::{OfferEdit, Right};
use crate::catalog::events::PlanCreated;
use crate::catalog::history::Action;
use crate::catalog::{
    Enforcement, Feature, OfferRef, PLAN_ID_TAKEN, PLAN_NAME_TAKEN, Plan, TOO_MANY_PLANS, Visibility, plan,
    store,
};
use crate::kit::{JsonColumn, Refused};

#[derive(Debug, Clone)]
pub(crate) struct CreatePlan {
    pub slug: PlanSlug,
    pub name: Name<200>,
    pub description: Option<Text<3000>>,
    pub visibility: Visibility,
    pub enforcement: Enforcement,
    pub features: Vec<Feature>,
}

pub(crate) async fn create_plan(
    tx: &mut Tx,
    right: &Right<OfferEdit>,
    offer: &OfferRef,
    command: CreatePlan,
) -> Result<Plan, Refused> {
    let offer = find::offer(tx, right, offer).await?;
    store::lock_offer(tx, &offer.id).await?;
    let plans = store::list_plans(tx, &offer.id).await?;
    if plans.len() >= plan::MAX {
        return Err(TOO_MANY_PLANS.because(format!("An offer has at most {} plans.", plan::MAX)));
    }
    if command.visibility == Visibility::Private {
        refuse_too_many_private(&plans)?;
    }
    refuse_taken(&plans, &command.slug)?;
    if plans.iter().any(|plan| plan.name == command.name.as_str()) {
        return Err(PLAN_NAME_TAKEN
            .because(format!("The offer has a plan named {:?} already.", command.name.as_str())));
    }
    let plan = Plan {
        id: right.new_id(),
        offer_id: offer.id,
        service_id: ServiceId::new(&offer.publisher_id, &offer.slug, &command.slug),
        slug: command.slug,
        name: command.name.into_string(),
        description: command.description.map_or_else(String::new, Text::into_string),
        visibility: command.visibility,
        enforcement: command.enforcement,
        features: JsonColumn(command.features),
        audience_size: 0,
        audience_changed: false,
        created_at: right.now(),
        published_at: None,
        public_since: None,
        stopped_at: None,
        revision: 1,
    };
    store::insert_plan(tx, &plan).await?;
    history::note(tx, right, &offer.id, &Action::PlanCreated.of(&plan.slug), None).await?;
    right.record(tx, &PlanCreated { offer: offer.id, plan: plan.id, service_id: plan.service_id.clone() })?;
    Ok(plan)
}

/// Whether a new plan of an offer could have this id now, and the service id it would have; refused as its creation
/// would be.
pub(crate) async fn check_plan_id(
    tx: &mut Tx,
    right: &Right<OfferEdit>,
    offer: &OfferRef,
    slug: &PlanSlug,
) -> Result<ServiceId, Refused> {
    let offer = find::offer(tx, right, offer).await?;
    refuse_taken(&store::list_plans(tx, &offer.id).await?, slug)?;
    Ok(ServiceId::new(&offer.publisher_id, &offer.slug, slug))
}

fn refuse_taken(plans: &[Plan], slug: &PlanSlug) -> Result<(), Refused> {
    if plans.iter().any(|plan| plan.slug == *slug) {
        return Err(PLAN_ID_TAKEN.because(format!("The offer has a plan {slug} already.")));
    }
    Ok(())
}

/// PLN-04
pub(super) fn refuse_too_many_private(plans: &[Plan]) -> Result<(), Refused> {
    let private = plans.iter().filter(|plan| plan.visibility == Visibility::Private).count();
    if private < plan::PRIVATE_MAX {
        return Ok(());
    }
    Err(TOO_MANY_PLANS.because(format!("An offer has at most {} private plans.", plan::PRIVATE_MAX)))
}

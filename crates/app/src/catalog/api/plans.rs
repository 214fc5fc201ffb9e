//! Plans over HTTP, for their publisher.

use serde::{Deserialize, Serialize};
use types::{Name, PlanId, PlanSlug, ServiceId, Text, Timestamp};
use utoipa::ToSchema;

use super::features::FeatureBody;
use crate::access::{OfferEdit, OfferView};
use crate::catalog::operations::create_plan::{self, CreatePlan};
use crate::catalog::operations::edit_plan::{self, EditPlan};
use crate::catalog::operations::find;
use crate::catalog::{Enforcement, Offer, OfferRef, Plan, Visibility};
use crate::edge::{Answer, Call, CsvFile, Nothing, Path, Refusals};
use crate::kit::{Fields, Refused};

/// A plan as its publisher sees it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct PlanView {
    id: PlanId,
    plan_id: PlanSlug,
    /// Put it into the package, check for it: it never changes.
    service_id: ServiceId,
    name: String,
    description: String,
    visibility: Visibility,
    /// What a refused check means: `audit` allows and records, `warn` allows with a notice, `block` refuses.
    enforcement: Enforcement,
    features: Vec<FeatureBody>,
    /// Tenants that a private plan is for, as drafted.
    audience_size: i64,
    /// The audience as drafted is not yet in effect.
    audience_changed: bool,
    created_at: Timestamp,
    published_at: Option<Timestamp>,
    /// Set while the plan is hidden from new sales.
    stopped_at: Option<Timestamp>,
    pub(super) revision: i64,
}

impl From<Plan> for PlanView {
    fn from(plan: Plan) -> Self {
        Self {
            id: plan.id,
            plan_id: plan.slug,
            service_id: plan.service_id,
            name: plan.name,
            description: plan.description,
            visibility: plan.visibility,
            enforcement: plan.enforcement,
            features: plan.features.0.into_iter().map(FeatureBody::from).collect(),
            audience_size: plan.audience_size,
            audience_changed: plan.audience_changed,
            created_at: plan.created_at,
            published_at: plan.published_at,
            stopped_at: plan.stopped_at,
            revision: plan.revision,
        }
    }
}

/// Every plan of an offer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct PlanList {
    items: Vec<PlanView>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreatePlanBody {
    /// `a-z`, `0-9`, `-`, `_`; fixed for ever.
    #[schema(max_length = 50)]
    plan_id: String,
    #[schema(max_length = 200)]
    name: String,
    #[serde(default)]
    #[schema(max_length = 3000)]
    description: Option<String>,
    /// `public` unless said otherwise.
    #[serde(default)]
    visibility: Option<Visibility>,
    /// `block` unless said otherwise.
    #[serde(default)]
    enforcement: Option<Enforcement>,
    #[serde(default)]
    #[schema(max_items = 50)]
    features: Option<Vec<FeatureBody>>,
}

/// Create a plan of an offer.
#[utoipa::path(post, path = "/offers/{offer}/plans", tag = "catalog", operation_id = "create_plan",
    params(("offer" = String, Path, description = "Id or offer id")), request_body = CreatePlanBody,
    responses((status = 201, body = PlanView), Refusals),
    extensions(("x-permission" = json!("offer.edit"))))]
pub(super) async fn create_plan(
    Path(offer): Path<String>,
    call: Call<OfferEdit, CreatePlanBody>,
) -> Result<Answer<PlanView>, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let body = &call.body;
    let mut fields = Fields::default();
    let slug = fields.parse("plan_id", &body.plan_id, PlanSlug::parse);
    let name = fields.parse("name", &body.name, Name::parse);
    let given = body.description.as_deref().filter(|text| !text.is_empty());
    let description = fields.optional("description", given, Text::parse);
    let features = FeatureBody::parse(body.features.as_deref().unwrap_or_default(), &mut fields);
    let (Some(slug), Some(name), Some(description), Some(features)) = (slug, name, description, features)
    else {
        return Err(fields.refuse());
    };
    let (visibility, enforcement) =
        (body.visibility.unwrap_or_default(), body.enforcement.unwrap_or_default());
    let command = CreatePlan { slug, name, description, visibility, enforcement, features };
    let answer = call
        .write(move |tx, right| {
            Box::pin(
                async move { create_plan::create_plan(tx, right, &offer, command).await.map(PlanView::from) },
            )
        })
        .await?;
    Ok(answer.created().etag(|plan| plan.revision))
}

/// Every plan of an offer, oldest first.
#[utoipa::path(get, path = "/offers/{offer}/plans", tag = "catalog", operation_id = "list_plans",
    params(("offer" = String, Path, description = "Id or offer id")),
    responses((status = 200, body = PlanList), Refusals),
    extensions(("x-permission" = json!("offer.view"))))]
pub(super) async fn list_plans(
    Path(offer): Path<String>,
    call: Call<OfferView>,
) -> Result<Answer<PlanList>, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let answer = call
        .read(move |tx, right| {
            Box::pin(async move {
                let offer = find::offer(tx, right, &offer).await?;
                Ok(find::plans(tx, &offer.id).await?)
            })
        })
        .await?;
    Ok(answer.map(|plans| PlanList { items: plans.into_iter().map(PlanView::from).collect() }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EditPlanBody {
    #[serde(default)]
    #[schema(max_length = 200)]
    name: Option<String>,
    #[serde(default)]
    #[schema(max_length = 3000)]
    description: Option<String>,
    /// Private may become public; what was published for everybody never is private again.
    #[serde(default)]
    visibility: Option<Visibility>,
    #[serde(default)]
    enforcement: Option<Enforcement>,
    /// All of them.
    #[serde(default)]
    #[schema(max_items = 50)]
    features: Option<Vec<FeatureBody>>,
}

impl EditPlanBody {
    fn parse(&self) -> Result<EditPlan, Refused> {
        let mut fields = Fields::default();
        let name = fields.optional("name", self.name.as_deref(), Name::parse);
        let given = self.description.as_deref();
        let text = fields.optional("description", given.filter(|text| !text.is_empty()), Text::parse);
        let features = self.features.as_deref().map(|features| FeatureBody::parse(features, &mut fields));
        fields.finish()?;
        Ok(EditPlan {
            name: name.flatten(),
            description: given.map(|_| text.flatten()),
            visibility: self.visibility,
            enforcement: self.enforcement,
            features: features.flatten(),
        })
    }
}

pub(crate) fn plan_of_path(plan: &str) -> Result<PlanSlug, Refused> {
    PlanSlug::parse(plan).map_err(|_| Refused::not_found("plan"))
}

/// Change a plan's draft: name, description, visibility, features, enforcement.
#[utoipa::path(patch, path = "/offers/{offer}/plans/{plan}", tag = "catalog", operation_id = "edit_plan",
    params(("offer" = String, Path, description = "Id or offer id"), ("plan" = String, Path, description = "Plan id")),
    request_body = EditPlanBody, responses((status = 200, body = PlanView), Refusals),
    extensions(("x-permission" = json!("offer.edit"))))]
pub(super) async fn edit_plan(
    Path((offer, plan)): Path<(String, String)>,
    call: Call<OfferEdit, EditPlanBody>,
) -> Result<Answer<PlanView>, Refused> {
    let (offer, plan) = (OfferRef::from_path(&offer)?, plan_of_path(&plan)?);
    let (command, expected) = (call.body.parse()?, call.expected.clone());
    let answer = call
        .write(move |tx, right| {
            Box::pin(async move {
                edit_plan::edit_plan(tx, right, &offer, &plan, command, &expected).await.map(PlanView::from)
            })
        })
        .await?;
    Ok(answer.etag(|plan| plan.revision))
}

/// Delete a plan that was never published.
#[utoipa::path(delete, path = "/offers/{offer}/plans/{plan}", tag = "catalog", operation_id = "delete_plan",
    params(("offer" = String, Path, description = "Id or offer id"), ("plan" = String, Path, description = "Plan id")),
    responses((status = 204), Refusals), extensions(("x-permission" = json!("offer.edit"))))]
pub(super) async fn delete_plan(
    Path((offer, plan)): Path<(String, String)>,
    call: Call<OfferEdit>,
) -> Result<Nothing, Refused> {
    let (offer, plan) = (OfferRef::from_path(&offer)?, plan_of_path(&plan)?);
    let done = call
        .write(move |tx, right| {
            Box::pin(async move { edit_plan::delete_plan(tx, right, &offer, &plan).await })
        })
        .await?;
    Ok(done.nothing())
}

/// The plan-definition file for `seatline solution add-license`: every service id of the offer.
#[utoipa::path(get, path = "/offers/{offer}/plan-definitions.csv", tag = "catalog",
    operation_id = "export_plan_definitions", params(("offer" = String, Path, description = "Id or offer id")),
    responses((status = 200, body = String, content_type = "text/csv"), Refusals),
    extensions(("x-permission" = json!("offer.view"))))]
pub(super) async fn export_plan_definitions(
    Path(offer): Path<String>,
    call: Call<OfferView>,
) -> Result<CsvFile, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let answer = call
        .read(move |tx, right| {
            Box::pin(async move {
                let offer = find::offer(tx, right, &offer).await?;
                let plans = find::plans(tx, &offer.id).await?;
                Ok((offer, plans))
            })
        })
        .await?;
    let (offer, plans) = answer.value;
    let name = format!("{}-plan-definitions", offer.slug);
    Ok(CsvFile { name, table: plan_definitions(offer, plans) })
}

/// Every service id of an offer as the file of definitions.
pub(in crate::catalog) fn plan_definitions(offer: Offer, plans: Vec<Plan>) -> String {
    let help = offer.draft.0.listing.and_then(|listing| listing.help_url).map(String::from);
    let definitions: Vec<package::plans::PlanDefinition> = plans
        .into_iter()
        .map(|plan| package::plans::PlanDefinition {
            service_id: plan.service_id.into(),
            display_name: plan.name,
            more_info_url: help.clone(),
        })
        .collect();
    package::plans::write_definitions(&definitions)
}

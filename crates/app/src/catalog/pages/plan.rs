//! One plan: what people read of it, what the checks return, and whether it can go.

use askama::Template;
use axum::response::Response;
use entitlement::FeatureValue;
use types::{Name, PlanSlug, Text};

use super::{TEXTS, frame, plans};
use crate::access::{OfferEdit, OfferView, Permission};
use crate::catalog::api::features::{FeatureBody, FeatureValueBody};
use crate::catalog::api::plans::plan_of_path;
use crate::catalog::operations::edit_plan::{self, EditPlan};
use crate::catalog::{Enforcement, Feature, Offer, OfferRef, Plan, Visibility};
use crate::edge::Path;
use crate::edge::browser::{Reader, Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Subpages, Wording};
use crate::kit::{Expected, Fields, Refused};

#[derive(Template)]
#[template(path = "catalog/pages/plan.html")]
struct PlanPage {
    t: Wording,
    form: Entered,
    pages: Subpages,
    plan: Plan,
    action: String,
    badge: (&'static str, String),
    /// Why it cannot be private, where it cannot.
    always_public: bool,
    enforcements: Vec<&'static str>,
    /// Another plan is on sale, so that this one can be stopped.
    others_sold: bool,
}

/// The plan that an address names, with its offer and every plan of that.
pub(super) async fn find<P: Permission>(
    visit: &Visit<P>,
    offer: &str,
    plan: &str,
) -> Result<(Offer, Vec<Plan>, Plan), Refused> {
    let slug: PlanSlug = plan_of_path(plan)?;
    let (offer, plans) = frame::find(visit, offer).await?;
    let plan = plans.iter().find(|plan| plan.slug == slug).cloned();
    Ok((offer, plans, plan.ok_or_else(|| Refused::not_found("plan"))?))
}

/// A page of a plan, below its offer and its plans.
pub(super) fn below(reader: &Reader, offer: &Offer, sheet: Sheet) -> Sheet {
    let plans = reader.wording(&TEXTS).of("page-plans");
    frame::below(reader, offer, sheet).below(plans, frame::address(offer, "plans"))
}

pub(super) async fn look(
    Path((offer, plan)): Path<(String, String)>,
    visit: Visit<OfferView>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &offer, &plan, form).await
}

async fn show<P: Permission>(
    visit: &Visit<P>,
    offer: &str,
    plan: &str,
    form: Entered,
) -> Result<Response, Refused> {
    let (offer, plans, plan) = find(visit, offer, plan).await?;
    let t = visit.wording(&TEXTS);
    let form = form.holding(stored(&plan));
    let body = PlanPage {
        t,
        form: form.clone(),
        pages: frame::beside(&visit.reader, &offer, &plans, "plans"),
        action: address(&offer, &plan),
        badge: plans::badge(t, &plan),
        always_public: plan.public_since.is_some(),
        enforcements: Enforcement::ALL.iter().rev().map(|mode| mode.as_str()).collect(),
        others_sold: plans.iter().any(|other| other.id != plan.id && other.is_sold()),
        plan: plan.clone(),
    };
    let sheet = Sheet::new(plan.name, &body)?.answering(&form);
    visit.show(below(&visit.reader, &offer, sheet))
}

pub(super) fn address(offer: &Offer, plan: &Plan) -> String {
    frame::address(offer, &format!("plans/{}", plan.slug))
}

fn stored(plan: &Plan) -> Input {
    let features: Vec<String> = plan.features.0.iter().map(line).collect();
    Input::of([
        ("name", plan.name.clone()),
        ("description", plan.description.clone()),
        ("visibility", plan.visibility.as_str().to_owned()),
        ("enforcement", plan.enforcement.as_str().to_owned()),
        ("features", features.join("\n")),
    ])
}

/// A feature as it is typed: `key | name | value`.
fn line(feature: &Feature) -> String {
    let value = match &feature.value {
        FeatureValue::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        FeatureValue::Limit(limit) => limit.to_string(),
        FeatureValue::Text(text) => text.clone(),
    };
    format!("{} | {} | {value}", feature.key, feature.name)
}

fn feature(line: &str) -> Option<FeatureBody> {
    let line = line.trim();
    let mut parts = line.splitn(3, '|').map(str::trim);
    let (key, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let value = match parts.next().unwrap_or_default() {
        "yes" => FeatureValueBody::Flag(true),
        "no" => FeatureValueBody::Flag(false),
        text => {
            text.parse().map_or_else(|_| FeatureValueBody::Text(text.to_owned()), FeatureValueBody::Limit)
        }
    };
    let body = FeatureBody { key: key.to_owned(), name: name.to_owned(), value };
    (!line.is_empty()).then_some(body)
}

fn read(input: &Input) -> Result<(EditPlan, Expected), Refused> {
    let mut fields = Fields::default();
    let name = fields.parse("name", input.text("name"), Name::parse);
    let description = fields.optional("description", input.filled("description"), Text::parse);
    let rows: Vec<FeatureBody> = input.text("features").lines().filter_map(feature).collect();
    let features = FeatureBody::parse(&rows, &mut fields);
    fields.finish()?;
    let command = EditPlan {
        name,
        description,
        visibility: Visibility::parse(input.text("visibility")).ok(),
        enforcement: Enforcement::parse(input.text("enforcement")).ok(),
        features,
    };
    Ok((command, input.revision()))
}

pub(super) async fn save(
    Path((offer, plan)): Path<(String, String)>,
    submit: Submit<OfferEdit>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let (named, slug) = (OfferRef::from_path(&offer)?, plan_of_path(&plan)?);
    let read = form.and_then(|input| read(&input));
    let saved = visit.write(read, move |tx, right, (command, expected): (EditPlan, Expected)| {
        Box::pin(async move { edit_plan::edit_plan(tx, right, &named, &slug, command, &expected).await })
    });
    match saved.await {
        Ok(_) => {
            let said = visit.wording(&TEXTS).of("saved");
            Ok(visit.leave(&format!("/publisher/offers/{offer}/plans/{plan}"), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, &offer, &plan, entered).await
        }
    }
}

/// PLN-06: only what was never published.
pub(super) async fn delete(
    Path((offer, plan)): Path<(String, String)>,
    submit: Submit<OfferEdit>,
) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let (named, slug) = (OfferRef::from_path(&offer)?, plan_of_path(&plan)?);
    let deleted = visit.write(form, move |tx, right, _| {
        Box::pin(async move { edit_plan::delete_plan(tx, right, &named, &slug).await })
    });
    match deleted.await {
        Ok(()) => {
            let said = visit.wording(&TEXTS).named("plan-deleted", &plan);
            Ok(visit.leave(&format!("/publisher/offers/{offer}/plans"), said))
        }
        Err(refused) => {
            let refused = visit.again(visit.form(), refused)?;
            show(&visit, &offer, &plan, refused).await
        }
    }
}

//! The plans of an offer, with their service ids, and a new one.

use askama::Template;
use axum::response::{IntoResponse, Response};
use types::{Name, PlanSlug, Text};

use super::{TEXTS, frame, plan};
use crate::access::{OfferEdit, OfferView, Permission};
use crate::catalog::api::plans::plan_definitions;
use crate::catalog::operations::create_plan::{self, CreatePlan};
use crate::catalog::{Enforcement, OfferRef, Plan, Visibility};
use crate::edge::browser::{Form, Submit, Visit};
use crate::edge::{CsvFile, Path};
use crate::kit::page::{Entered, Input, Sheet, Subpages, Wording};
use crate::kit::{Fields, Refused};

#[derive(Template)]
#[template(path = "catalog/pages/plans.html")]
struct Plans {
    t: Wording,
    pages: Subpages,
    base: String,
    rows: Vec<Row>,
}

struct Row {
    plan: Plan,
    badge: (&'static str, String),
    enforcement: String,
    visibility: String,
}

pub(super) fn badge(t: Wording, plan: &Plan) -> (&'static str, String) {
    match (plan.published_at, plan.stopped_at) {
        (_, Some(_)) => ("notice", t.of("plan-stopped")),
        (Some(_), None) => ("good", t.of("plan-live")),
        (None, None) => ("neutral", t.of("plan-draft")),
    }
}

pub(super) async fn look(Path(offer): Path<String>, visit: Visit<OfferView>) -> Result<Response, Refused> {
    let (offer, plans) = frame::find(&visit, &offer).await?;
    let t = visit.wording(&TEXTS);
    let pages = frame::beside(&visit.reader, &offer, &plans, "plans");
    let rows = plans.into_iter().map(|plan| Row {
        badge: badge(t, &plan),
        enforcement: t.of(&format!("enforcement-{}", plan.enforcement.as_str())),
        visibility: t.of(&format!("visibility-{}", plan.visibility.as_str())),
        plan,
    });
    let body = Plans { t, pages, base: frame::address(&offer, "overview"), rows: rows.collect() };
    let sheet = Sheet::new(t.of("page-plans"), &body)?.lead(t.of("lead-plans"));
    visit.show(frame::below(&visit.reader, &offer, sheet))
}

/// Every service id as the file that `seatline solution add-license` reads (PLN-03).
pub(super) async fn definitions(
    Path(offer): Path<String>,
    visit: Visit<OfferView>,
) -> Result<Response, Refused> {
    let (offer, plans) = frame::find(&visit, &offer).await?;
    let name = format!("{}-plan-definitions", offer.slug);
    Ok(CsvFile { name, table: plan_definitions(offer, plans) }.into_response())
}

#[derive(Template)]
#[template(path = "catalog/pages/new_plan.html")]
struct NewPlan {
    t: Wording,
    form: Entered,
    pages: Subpages,
    action: String,
    /// `publisherid.offerid.`, in front of the plan id.
    prefix: String,
}

pub(super) async fn look_new(
    Path(offer): Path<String>,
    visit: Visit<OfferEdit>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show_new(&visit, &offer, form).await
}

async fn show_new<P: Permission>(visit: &Visit<P>, offer: &str, form: Entered) -> Result<Response, Refused> {
    let (offer, plans) = frame::find(visit, offer).await?;
    let t = visit.wording(&TEXTS);
    let form = form.holding(Input::of([("visibility", "public".to_owned())]));
    let body = NewPlan {
        t,
        form: form.clone(),
        pages: frame::beside(&visit.reader, &offer, &plans, "plans"),
        action: frame::address(&offer, "new-plan"),
        prefix: format!("{}.", offer.address()),
    };
    let sheet = Sheet::new(t.of("new-plan"), &body)?.lead(t.of("new-plan-lead")).answering(&form);
    visit.show(plan::below(&visit.reader, &offer, sheet))
}

impl Form for CreatePlan {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let slug = fields.parse("plan_id", input.text("plan_id"), PlanSlug::parse);
        let name = fields.parse("name", input.text("name"), Name::parse);
        let description = fields.optional("description", input.filled("description"), Text::parse);
        Some(Self {
            slug: slug?,
            name: name?,
            description: description?,
            visibility: Visibility::parse(input.text("visibility")).unwrap_or_default(),
            enforcement: Enforcement::default(),
            features: Vec::new(),
        })
    }
}

pub(super) async fn create(
    Path(offer): Path<String>,
    submit: Submit<OfferEdit, CreatePlan>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let named = OfferRef::from_path(&offer)?;
    let created = visit.write(form, move |tx, right, command| {
        Box::pin(async move { create_plan::create_plan(tx, right, &named, command).await })
    });
    match created.await {
        Ok(plan) => {
            let said = visit.wording(&TEXTS).named("plan-created", plan.service_id.as_str());
            Ok(visit.leave(&format!("/publisher/offers/{offer}/plans/{}", plan.slug), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show_new(&visit, &offer, entered).await
        }
    }
}

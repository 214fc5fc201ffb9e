//! The draft beside what is live, field by field (OFF-13).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::features::FeatureBody;
use super::pages::DraftView;
use crate::access::OfferView;
use crate::catalog::operations::find;
use crate::catalog::{Offer, OfferRef, PageName, Plan, PlanVersion, Published, Visibility};
use crate::edge::{Answer, Call, Path, Refusals};
use crate::kit::Refused;

/// Every field of the draft beside the same field of what went live last.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Comparison {
    /// Which version the draft is compared with; absent, if none ever was live.
    pub(crate) live_version: Option<i64>,
    pub(crate) items: Vec<ComparedField>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct ComparedField {
    pub(crate) page: PageName,
    /// The field as the page names it; of a plan behind its plan id and a dot.
    pub(crate) field: String,
    /// `null`: not there.
    #[schema(value_type = Value)]
    pub(crate) draft: Value,
    /// `null`: not there, or nothing was live.
    #[schema(value_type = Value)]
    pub(crate) live: Value,
    pub(crate) changed: bool,
}

/// Compare the draft with what is live, field by field.
#[utoipa::path(get, path = "/offers/{offer}/compare", tag = "catalog", operation_id = "compare_offer",
    params(("offer" = String, Path, description = "Id or offer id")),
    responses((status = 200, body = Comparison), Refusals), extensions(("x-permission" = json!("offer.view"))))]
pub(super) async fn compare_offer(
    Path(offer): Path<String>,
    call: Call<OfferView>,
) -> Result<Answer<Comparison>, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let answer = call.read(move |tx, right| {
        Box::pin(async move {
            let offer = find::offer(tx, right, &offer).await?;
            let plans = find::plans(tx, &offer.id).await?;
            compare(offer, &plans)
        })
    });
    answer.await
}

pub(crate) fn compare(offer: Offer, plans: &[Plan]) -> Result<Comparison, Refused> {
    let published = offer.published.map(|published| published.0);
    let versions: Vec<PlanVersion> = plans.iter().map(PlanVersion::from).collect();
    let mut draft = fields(DraftView::from(offer.draft.0), &versions, json!(offer.package_id))?;
    let mut live = match published {
        Some(Published { draft, plans, package }) => fields(DraftView::from(draft), &plans, json!(package))?,
        None => Vec::new(),
    };
    audiences(plans, &mut draft, &mut live);
    Ok(Comparison { live_version: offer.live_version, items: beside(draft, live) })
}

/// Every field of one version beside the same field of another.
pub(crate) fn beside(draft: Fields, mut live: Fields) -> Vec<ComparedField> {
    let mut items = Vec::new();
    for (page, field, drafted) in draft {
        let beside = live.iter().position(|(of, name, _)| *of == page && *name == field);
        let live = beside.map_or(Value::Null, |at| live.swap_remove(at).2);
        items.push(ComparedField { page, field, changed: drafted != live, draft: drafted, live });
    }
    items.extend(live.into_iter().map(|(page, field, live)| ComparedField {
        page,
        field,
        changed: !live.is_null(),
        draft: Value::Null,
        live,
    }));
    items.sort_by(|a, b| (a.page, &a.field).cmp(&(b.page, &b.field)));
    items
}

pub(crate) type Fields = Vec<(PageName, String, Value)>;

/// A version, field by field.
pub(crate) fn fields(draft: DraftView, plans: &[PlanVersion], package: Value) -> Result<Fields, Refused> {
    let mut found = vec![(PageName::TechnicalConfiguration, "package".to_owned(), package)];
    let pages = serde_json::to_value(draft).map_err(Refused::internal)?;
    for (page, value) in pages.as_object().into_iter().flatten() {
        if let (Ok(page), Value::Object(members)) = (PageName::parse(page), value) {
            flatten(page, "", members, &mut found);
        }
    }
    for plan in plans {
        let features: Vec<FeatureBody> = plan.features.iter().cloned().map(FeatureBody::from).collect();
        let Value::Object(members) = json!({
            "name": plan.name, "description": plan.description, "visibility": plan.visibility,
            "enforcement": plan.enforcement, "features": features,
        }) else {
            continue;
        };
        let id = plan.service_id.plan();
        flatten(PageName::Plans, &format!("{id}."), &members, &mut found);
    }
    Ok(found)
}

fn flatten(page: PageName, at: &str, members: &Map<String, Value>, found: &mut Fields) {
    for (name, value) in members {
        match value {
            Value::Object(members) => flatten(page, &format!("{at}{name}."), members, found),
            value => found.push((page, format!("{at}{name}"), value.clone())),
        }
    }
}

/// How many tenants a private plan is for; what is in effect is known to be the same or not, no more.
fn audiences(plans: &[Plan], draft: &mut Fields, live: &mut Fields) {
    for plan in plans.iter().filter(|plan| plan.visibility == Visibility::Private) {
        let field = format!("{}.audience_size", plan.slug);
        draft.push((PageName::Plans, field.clone(), json!(plan.audience_size)));
        if !plan.audience_changed {
            live.push((PageName::Plans, field, json!(plan.audience_size)));
        }
    }
}

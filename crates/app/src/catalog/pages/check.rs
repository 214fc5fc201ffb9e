//! Ids while somebody types them: what the form would say of them (OFF-01, PLN-01).

use axum::response::Response;
use serde::Deserialize;
use types::{OfferSlug, PlanSlug};

use super::TEXTS;
use crate::access::OfferEdit;
use crate::catalog::OfferRef;
use crate::catalog::operations::{create_offer, create_plan};
use crate::edge::browser::Visit;
use crate::edge::{Params, Path};
use crate::kit::{Fields, Refused};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOffer {
    offer_id: String,
}

pub(super) async fn offer_id(
    Params(NewOffer { offer_id }): Params<NewOffer>,
    visit: Visit<OfferEdit>,
) -> Result<Response, Refused> {
    let mut fields = Fields::default();
    let Some(slug) = fields.parse("offer_id", offer_id.trim(), OfferSlug::parse) else {
        return visit.reader.remark("offer_id", Err(fields.refuse()));
    };
    let checked = visit
        .read(move |tx, right| Box::pin(async move { create_offer::check_offer_id(tx, right, &slug).await }));
    let (t, base_url) = (visit.wording(&TEXTS), &visit.app.settings.base_url);
    let said = checked.await.map(|at| t.named("offer-id-free", format!("{base_url}/product/{at}")));
    visit.reader.remark("offer_id", said)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPlan {
    plan_id: String,
}

pub(super) async fn plan_id(
    Path(offer): Path<String>,
    Params(NewPlan { plan_id }): Params<NewPlan>,
    visit: Visit<OfferEdit>,
) -> Result<Response, Refused> {
    let (named, mut fields) = (OfferRef::from_path(&offer)?, Fields::default());
    let Some(slug) = fields.parse("plan_id", plan_id.trim(), PlanSlug::parse) else {
        return visit.reader.remark("plan_id", Err(fields.refuse()));
    };
    let checked = visit.read(move |tx, right| {
        Box::pin(async move { create_plan::check_plan_id(tx, right, &named, &slug).await })
    });
    let t = visit.wording(&TEXTS);
    visit.reader.remark("plan_id", checked.await.map(|id| t.named("plan-id-free", id.as_str())))
}

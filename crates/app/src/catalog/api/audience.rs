//! Whom private plans are for, over HTTP (PLN-05).

use axum::extract::{Request, State};
use serde::{Deserialize, Serialize};
use types::{Name, Page, TenantId};
use utoipa::ToSchema;

use super::plans::{PlanView, plan_of_path};
use crate::App;
use crate::access::{OfferEdit, OfferView};
use crate::catalog::OfferRef;
use crate::catalog::audience::{AudienceMember, distinct, read_csv};
use crate::catalog::operations::audience;
use crate::catalog::plan::AUDIENCE_BY_HAND;
use crate::edge::{Answer, Call, PageParams, Params, Path, Refusals, authorize, read_body};
use crate::events::freshness;
use crate::kit::{Fields, Refused};

/// Bytes of an audience's file.
pub(in crate::catalog) const FILE_MAX: usize = 8 * 1024 * 1024;

/// A tenant that a private plan is for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AudienceTenant {
    /// The customer's tenant id.
    #[schema(max_length = 36)]
    pub(in crate::catalog) id: String,
    /// For your eyes only.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub(in crate::catalog) description: String,
}

impl From<AudienceMember> for AudienceTenant {
    fn from(member: AudienceMember) -> Self {
        Self { id: member.tenant_id.to_string(), description: member.description }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AudienceBody {
    /// More than ten come as a file.
    #[schema(max_items = 10)]
    pub(in crate::catalog) tenants: Vec<AudienceTenant>,
}

impl AudienceBody {
    pub(in crate::catalog) fn parse(&self) -> Result<Vec<AudienceMember>, Refused> {
        let mut fields = Fields::default();
        if self.tenants.len() > AUDIENCE_BY_HAND {
            let message = format!("has more than {AUDIENCE_BY_HAND} tenants; a file takes more");
            fields.wrong("tenants", "field.too_many", message);
        }
        let rows = self.tenants.iter().enumerate().filter_map(|(at, row)| {
            let tenant_id = fields.parse(&format!("tenants[{at}].id"), &row.id, TenantId::parse);
            let given = Some(row.description.as_str()).filter(|text| !text.is_empty());
            let field = format!("tenants[{at}].description");
            let description = fields.optional(&field, given, Name::<200>::parse);
            let description = description?.map_or_else(String::new, Name::into_string);
            Some(AudienceMember { tenant_id: tenant_id?, description })
        });
        let rows = rows.collect();
        fields.finish()?;
        Ok(distinct(rows))
    }
}

/// Say whom a private plan is for; these tenants take the place of those before.
#[utoipa::path(put, path = "/offers/{offer}/plans/{plan}/audience", tag = "catalog", operation_id = "put_audience",
    params(("offer" = String, Path, description = "Id or offer id"), ("plan" = String, Path, description = "Plan id")),
    request_body = AudienceBody, responses((status = 200, body = PlanView), Refusals),
    extensions(("x-permission" = json!("offer.edit"))))]
pub(super) async fn put_audience(
    Path((offer, plan)): Path<(String, String)>,
    call: Call<OfferEdit, AudienceBody>,
) -> Result<Answer<PlanView>, Refused> {
    let (offer, plan) = (OfferRef::from_path(&offer)?, plan_of_path(&plan)?);
    let members = call.body.parse()?;
    let answer = call.write(move |tx, right| {
        Box::pin(async move {
            audience::set_audience(tx, right, &offer, &plan, members).await.map(PlanView::from)
        })
    });
    Ok(answer.await?.etag(|plan| plan.revision))
}

/// The same from a file with the columns `ID,Description,Type`, up to 20,000 rows.
#[utoipa::path(put, path = "/offers/{offer}/plans/{plan}/audience.csv", tag = "catalog",
    operation_id = "upload_audience",
    params(("offer" = String, Path, description = "Id or offer id"), ("plan" = String, Path, description = "Plan id")),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = PlanView), Refusals), extensions(("x-permission" = json!("offer.edit"))))]
pub(super) async fn upload_audience(
    State(app): State<App>,
    Path((offer, plan)): Path<(String, String)>,
    request: Request,
) -> Result<Answer<PlanView>, Refused> {
    let (right, body) = authorize::<OfferEdit>(&app, request).await?;
    let (offer, plan) = (OfferRef::from_path(&offer)?, plan_of_path(&plan)?);
    let members = read_csv(&read_body(body, FILE_MAX).await?)?;
    let written = app.db.write(move |tx| {
        Box::pin(async move {
            audience::set_audience(tx, &right, &offer, &plan, members).await.map(PlanView::from)
        })
    });
    let committed = written.await?;
    Ok(Answer::written(committed.value, freshness(&committed.marks)).etag(|plan| plan.revision))
}

/// Whom a private plan is for, as drafted.
#[utoipa::path(get, path = "/offers/{offer}/plans/{plan}/audience", tag = "catalog", operation_id = "list_audience",
    params(("offer" = String, Path, description = "Id or offer id"), ("plan" = String, Path, description = "Plan id"),
        PageParams),
    responses((status = 200, body = Page<AudienceTenant>), Refusals), extensions(("x-permission" = json!("offer.view"))))]
pub(super) async fn list_audience(
    Path((offer, plan)): Path<(String, String)>,
    Params(page): Params<PageParams>,
    call: Call<OfferView>,
) -> Result<Answer<Page<AudienceTenant>>, Refused> {
    let (offer, plan) = (OfferRef::from_path(&offer)?, plan_of_path(&plan)?);
    let page = page.request()?;
    let answer = call.read(move |tx, right| {
        Box::pin(async move { audience::list_audience(tx, right, &offer, &plan, &page).await })
    });
    Ok(answer.await?.map(|page| page.map(AudienceTenant::from)))
}

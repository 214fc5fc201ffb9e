//! Tenants over HTTP.

use serde::{Deserialize, Serialize};
use types::{Country, Email, Name, Page, PublisherId, TenantId, TenantSlug, Timestamp};
use utoipa::ToSchema;

use crate::access::{SelfView, TenantAdmit};
use crate::edge::{Answer, Call, PageParams, Params, Refusals};
use crate::identity::operations::create_tenant::{self, CreateTenant, FirstAdmin};
use crate::identity::operations::find;
use crate::identity::tenant::TenantFilter;
use crate::identity::{Password, Tenant};
use crate::kit::{Fields, Refused};

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct TenantView {
    id: TenantId,
    slug: TenantSlug,
    name: String,
    country: Country,
    publisher_id: Option<PublisherId>,
    created_at: Timestamp,
}

impl From<Tenant> for TenantView {
    fn from(tenant: Tenant) -> Self {
        let Tenant { id, slug, name, country, publisher_id, created_at } = tenant;
        Self { id, slug, name, country, publisher_id, created_at }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateTenantBody {
    /// Short name: `a-z`, `0-9`, `-`, `_`.
    #[schema(max_length = 50)]
    slug: String,
    #[schema(max_length = 200)]
    name: String,
    /// ISO 3166-1 alpha-2.
    #[schema(min_length = 2, max_length = 2)]
    country: String,
    /// For a tenant that sells: the first part of its service ids, fixed for ever.
    #[serde(default)]
    publisher_id: Option<String>,
    admin: FirstAdminBody,
}

/// The first global admin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstAdminBody {
    #[schema(max_length = 254)]
    email: String,
    #[schema(max_length = 200)]
    name: String,
    #[schema(min_length = 10, max_length = 200)]
    password: String,
}

/// Admit a tenant with its first global admin.
#[utoipa::path(post, path = "/tenants", tag = "identity", operation_id = "create_tenant",
    request_body = CreateTenantBody, responses((status = 201, body = TenantView), Refusals),
    extensions(("x-permission" = json!("tenant.admit"))))]
pub(super) async fn create_tenant(
    call: Call<TenantAdmit, CreateTenantBody>,
) -> Result<Answer<TenantView>, Refused> {
    let body = &call.body;
    let mut fields = Fields::default();
    let slug = fields.parse("slug", &body.slug, TenantSlug::parse);
    let name = fields.parse("name", &body.name, Name::parse);
    let country = fields.parse("country", &body.country, Country::parse);
    let publisher_id = fields.optional("publisher_id", body.publisher_id.as_deref(), PublisherId::parse);
    let email = fields.parse("admin.email", &body.admin.email, Email::parse);
    let admin_name = fields.parse("admin.name", &body.admin.name, Name::parse);
    let password = Password::parse(&mut fields, "admin.password", &body.admin.password);
    let (Some(slug), Some(name), Some(country), Some(publisher_id)) = (slug, name, country, publisher_id)
    else {
        return Err(fields.refuse());
    };
    let (Some(email), Some(admin_name), Some(password)) = (email, admin_name, password) else {
        return Err(fields.refuse());
    };
    let password_hash = call.app.passwords.hash(password, &email).await?;
    let admin = FirstAdmin { email, name: admin_name, password_hash };
    let command = CreateTenant { slug, name, country, publisher_id, admin };
    let answer = call
        .write(|tx, right| {
            Box::pin(async move {
                let (tenant, _) = create_tenant::create_tenant(tx, right, command).await?;
                Ok(TenantView::from(tenant))
            })
        })
        .await?;
    Ok(answer.created())
}

/// Every tenant of the marketplace.
#[utoipa::path(get, path = "/tenants", tag = "identity", operation_id = "list_tenants", params(PageParams),
    responses((status = 200, body = Page<TenantView>), Refusals),
    extensions(("x-permission" = json!("tenant.admit"))))]
pub(super) async fn list_tenants(
    Params(page): Params<PageParams>,
    call: Call<TenantAdmit>,
) -> Result<Answer<Page<TenantView>>, Refused> {
    let (page, filter) = (page.request()?, TenantFilter::default());
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::list_tenants(tx, right, &page, &filter).await }))
        .await?;
    Ok(answer.map(|page| page.map(TenantView::from)))
}

/// The caller's own tenant.
#[utoipa::path(get, path = "/tenant", tag = "identity", operation_id = "get_own_tenant",
    responses((status = 200, body = TenantView), Refusals),
    extensions(("x-permission" = json!("self.view"))))]
pub(super) async fn get_own_tenant(call: Call<SelfView>) -> Result<Answer<TenantView>, Refused> {
    let answer = call.read(|tx, right| Box::pin(find::own_tenant(tx, right))).await?;
    Ok(answer.map(TenantView::from))
}

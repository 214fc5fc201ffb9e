//! One organisation.

use askama::Template;
use axum::response::Response;
use types::TenantId;

use super::{LIST, TEXTS};
use crate::access::TenantAdmit;
use crate::edge::Path;
use crate::edge::browser::Visit;
use crate::identity::Tenant;
use crate::identity::operations::find;
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording};

#[derive(Template)]
#[template(path = "identity/pages/tenants/tenant.html")]
struct Page<'a> {
    t: Wording,
    tenant: &'a Tenant,
}

pub(super) async fn look(Path(tenant): Path<String>, visit: Visit<TenantAdmit>) -> Result<Response, Refused> {
    let id = TenantId::parse(&tenant).map_err(|_| Refused::not_found("tenant"))?;
    let found = visit.read(move |tx, right| Box::pin(async move { find::any_tenant(tx, right, &id).await }));
    let (t, tenant) = (visit.wording(&TEXTS), found.await?);
    let sheet = Sheet::new(&tenant.name, &Page { t, tenant: &tenant })?.below(t.of("list-title"), LIST);
    let lead = if tenant.publisher_id.is_some() { "is-publisher" } else { "is-customer" };
    visit.show(sheet.lead(t.of(lead)))
}

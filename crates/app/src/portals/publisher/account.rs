//! The publisher's account: what the marketplace knows of it, and where people, API clients and audit are.

use askama::Template;
use axum::response::Response;

use super::TEXTS;
use crate::access::{ClientManage, LicenseView, RoleGrant, SelfView};
use crate::edge::browser::Visit;
use crate::identity::Tenant;
use crate::identity::operations::find as identity;
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording};

#[derive(Template)]
#[template(path = "portals/publisher/account.html")]
struct Account {
    t: Wording,
    tenant: Tenant,
    publisher: String,
    parts: Vec<Part>,
}

/// A part of the account that the reader may see.
struct Part {
    title: String,
    text: String,
    icon: &'static str,
    label: String,
    href: &'static str,
}

pub(super) async fn look(visit: Visit<SelfView>) -> Result<Response, Refused> {
    visit.reader.demand_portal()?;
    let tenant =
        visit.read(|tx, right| Box::pin(async move { identity::own_tenant(tx, right).await })).await?;
    let (t, right) = (visit.wording(&TEXTS), &visit.right);
    let part = |key: &str, icon, href| Part {
        title: t.of(key),
        text: t.of(&format!("text-{key}")),
        icon,
        label: t.of(&format!("open-{key}")),
        href,
    };
    let parts = [
        // As the navigation of the admin center has it: the pages there lead on to licenses.
        right.also::<LicenseView>().is_ok().then(|| part("people", "people", "/admin/users")),
        right.also::<ClientManage>().is_ok().then(|| part("clients", "key", "/admin/clients")),
        // Whose the audit trail is in the navigation of the admin center, too.
        right.also::<RoleGrant>().is_ok().then(|| part("audit", "shield", "/admin/audit")),
    ];
    let publisher = right.publisher()?.to_string();
    let body = Account { t, tenant, publisher, parts: parts.into_iter().flatten().collect() };
    visit.show(Sheet::new(t.of("account"), &body)?.lead(t.of("account-lead")))
}

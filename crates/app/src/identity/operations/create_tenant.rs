//! Admit a tenant: a customer, or a publisher, with its first administrator.

use db::Tx;
use types::{Country, Email, Name, PublisherId, TenantSlug};

use super::create_user::insert_user;
use crate::access::{MARKETPLACE, Right, Role, TenantAdmit};
use crate::identity::events::{TenantAdmitted, UserCreated};
use crate::identity::{PUBLISHER_ID_TAKEN, TENANT_SLUG_TAKEN, Tenant, User, store};
use crate::kit::Refused;

#[derive(Debug, Clone)]
pub(crate) struct CreateTenant {
    pub slug: TenantSlug,
    pub name: Name<200>,
    pub country: Country,
    /// Set for a tenant that sells.
    pub publisher_id: Option<PublisherId>,
    pub admin: FirstAdmin,
}

#[derive(Debug, Clone)]
pub(crate) struct FirstAdmin {
    pub email: Email,
    pub name: Name<200>,
    pub password_hash: String,
}

pub(crate) async fn create_tenant(
    tx: &mut Tx,
    right: &Right<TenantAdmit>,
    command: CreateTenant,
) -> Result<(Tenant, User), Refused> {
    right.refuse_personal_token()?;
    let CreateTenant { slug, name, country, publisher_id, admin } = command;
    if store::find_tenant_by_slug(tx, slug.as_str()).await?.is_some() {
        return Err(TENANT_SLUG_TAKEN.because(format!("There is a tenant {slug} already.")));
    }
    let tenant = Tenant {
        id: right.new_id(),
        slug,
        name: name.into_string(),
        country,
        publisher_id,
        created_at: right.now(),
    };
    if !store::insert_tenant(tx, &tenant).await? {
        let publisher = tenant.publisher_id.as_ref().map_or("", PublisherId::as_str);
        return Err(PUBLISHER_ID_TAKEN.because(format!("There is a publisher {publisher} already.")));
    }
    let user = insert_user(
        tx,
        tenant.id,
        admin.email,
        admin.name,
        &[Role::GlobalAdmin],
        Some(&admin.password_hash),
        (right.new_id(), right.now()),
    )
    .await?;
    let admitted = TenantAdmitted { tenant: tenant.id, publisher_id: tenant.publisher_id.clone() };
    right.record_for(tx, &[MARKETPLACE, tenant.id], &admitted)?;
    right.record_for(tx, &[tenant.id], &UserCreated { user: user.id })?;
    Ok((tenant, user))
}

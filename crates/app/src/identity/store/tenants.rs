//! Tenants.

use db::{DbError, Tx};
use types::{PageRequest, PublisherId, TenantId};

use crate::identity::Tenant;
use crate::identity::tenant::{TenantFilter, TenantKind};
use crate::kit::Search;

db::statements! {
    INSERT_TENANT = "INSERT INTO tenants (id, slug, name, country, publisher_id, created_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    FIND_TENANT = "SELECT id, slug, name, country, publisher_id, created_at FROM tenants WHERE id = $1";
    FIND_TENANT_BY_SLUG = "SELECT id, slug, name, country, publisher_id, created_at FROM tenants WHERE slug = $1";
    FIND_TENANT_BY_PUBLISHER =
        "SELECT id, slug, name, country, publisher_id, created_at FROM tenants WHERE publisher_id = $1";
    LIST_TENANT_IDS = "SELECT id FROM tenants ORDER BY id";
    LIST_TENANTS = "SELECT id, slug, name, country, publisher_id, created_at FROM tenants
        WHERE id > $1 AND ($3 = '' OR lower(name) LIKE $3 ESCAPE '!' OR slug LIKE $3 ESCAPE '!'
                OR publisher_id LIKE $3 ESCAPE '!')
            AND ($4 = '' OR ($4 = 'publisher' AND publisher_id IS NOT NULL)
                OR ($4 = 'customer' AND publisher_id IS NULL))
        ORDER BY id LIMIT $2";
    LIST_CALLED = "SELECT id, slug, name, country, publisher_id, created_at FROM tenants
        WHERE (lower(name) LIKE $1 ESCAPE '!' OR slug LIKE $1 ESCAPE '!') AND id IN ($many)";
}

db::rows! {
    struct TenantKey in "tenants" { id: TenantId }
}

/// False if the slug or the publisher id is taken.
pub(in crate::identity) async fn insert_tenant(tx: &mut Tx, tenant: &Tenant) -> Result<bool, DbError> {
    let Tenant { id, slug, name, country, publisher_id, created_at } = tenant;
    Ok(tx.execute(INSERT_TENANT, &[id, slug, name, country, publisher_id, created_at]).await? == 1)
}

pub(in crate::identity) async fn find_tenant(tx: &mut Tx, id: &TenantId) -> Result<Option<Tenant>, DbError> {
    tx.find(FIND_TENANT, &[id]).await
}

pub(in crate::identity) async fn list_tenant_ids(tx: &mut Tx) -> Result<Vec<TenantId>, DbError> {
    let keys: Vec<TenantKey> = tx.list(LIST_TENANT_IDS, &[]).await?;
    Ok(keys.into_iter().map(|key| key.id).collect())
}

pub(in crate::identity) async fn list_tenants(
    tx: &mut Tx,
    page: &PageRequest,
    filter: &TenantFilter,
) -> Result<Vec<Tenant>, DbError> {
    let TenantFilter { search, kind } = filter;
    let kind = kind.map_or("", TenantKind::as_str);
    tx.list(LIST_TENANTS, &[&page.after_id(), &page.fetch(), search, &kind]).await
}

/// Those of some tenants whose name or short name has these words.
pub(in crate::identity) async fn list_called(
    tx: &mut Tx,
    among: &[TenantId],
    search: &Search,
) -> Result<Vec<Tenant>, DbError> {
    tx.list_among(LIST_CALLED, &[search], among).await
}

pub(in crate::identity) async fn find_tenant_by_slug(
    tx: &mut Tx,
    slug: &str,
) -> Result<Option<Tenant>, DbError> {
    tx.find(FIND_TENANT_BY_SLUG, &[&slug]).await
}

pub(in crate::identity) async fn find_tenant_by_publisher(
    tx: &mut Tx,
    publisher: &PublisherId,
) -> Result<Option<Tenant>, DbError> {
    tx.find(FIND_TENANT_BY_PUBLISHER, &[publisher]).await
}

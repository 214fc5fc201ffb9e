//! Every SQL statement of installations.

use db::{DbError, Tx};
use types::{EnvironmentId, InstallationId, PageRequest, TenantId};

use super::{Environment, EnvironmentState, Installation};

db::statements! {
    INSERT_ENVIRONMENT = "INSERT INTO environments (id, tenant_id, name, kind, state, created_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    FIND_ENVIRONMENT = "SELECT id, tenant_id, name, kind, state, created_at FROM environments
        WHERE tenant_id = $1 AND id = $2";
    // Held until the end of the unit: nothing is installed in it while it is deleted or disabled.
    LOCK_ENVIRONMENT = {
        sqlite: "SELECT id, tenant_id, name, kind, state, created_at FROM environments
            WHERE tenant_id = $1 AND id = $2",
        postgres: "SELECT id, tenant_id, name, kind, state, created_at FROM environments
            WHERE tenant_id = $1 AND id = $2 FOR UPDATE"
    };
    LIST_ENVIRONMENTS = "SELECT id, tenant_id, name, kind, state, created_at FROM environments
        WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    UPDATE_STATE = "UPDATE environments SET state = $2 WHERE id = $1";
    DELETE_ENVIRONMENT = "DELETE FROM environments WHERE id = $1
        AND NOT EXISTS (SELECT 1 FROM installations i WHERE i.environment_id = $1)";
    INSERT_INSTALLATION = "INSERT INTO installations (id, tenant_id, environment_id, offer_id, address, live_version,
            app_version, package_sha256, terms_accepted_by, installed_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
    FIND_INSTALLATION = "SELECT id, tenant_id, environment_id, offer_id, address, live_version, app_version,
            package_sha256, terms_accepted_by, installed_at, updated_at
        FROM installations WHERE tenant_id = $1 AND id = $2";
    LIST_INSTALLATIONS = "SELECT id, tenant_id, environment_id, offer_id, address, live_version, app_version,
            package_sha256, terms_accepted_by, installed_at, updated_at
        FROM installations WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    UPDATE_INSTALLATION = "UPDATE installations SET live_version = $2, app_version = $3, package_sha256 = $4,
            terms_accepted_by = $5, updated_at = $6
        WHERE id = $1 AND live_version < $2";
    DELETE_INSTALLATION = "DELETE FROM installations WHERE id = $1";
}

/// False if the name is taken.
pub(super) async fn insert_environment(tx: &mut Tx, environment: &Environment) -> Result<bool, DbError> {
    let Environment { id, tenant_id, name, kind, state, created_at } = environment;
    Ok(tx.execute(INSERT_ENVIRONMENT, &[id, tenant_id, name, kind, state, created_at]).await? == 1)
}

pub(super) async fn find_environment(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &EnvironmentId,
) -> Result<Option<Environment>, DbError> {
    tx.find(FIND_ENVIRONMENT, &[tenant, id]).await
}

pub(super) async fn lock_environment(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &EnvironmentId,
) -> Result<Option<Environment>, DbError> {
    tx.find(LOCK_ENVIRONMENT, &[tenant, id]).await
}

pub(super) async fn list_environments(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
) -> Result<Vec<Environment>, DbError> {
    tx.list(LIST_ENVIRONMENTS, &[tenant, &page.after_id(), &page.fetch()]).await
}

pub(super) async fn update_state(
    tx: &mut Tx,
    id: &EnvironmentId,
    state: EnvironmentState,
) -> Result<(), DbError> {
    tx.execute_one(UPDATE_STATE, &[id, &state]).await
}

/// False if something is installed in it.
pub(super) async fn delete_environment(tx: &mut Tx, id: &EnvironmentId) -> Result<bool, DbError> {
    Ok(tx.execute(DELETE_ENVIRONMENT, &[id]).await? == 1)
}

/// False if the offer is installed there.
pub(super) async fn insert_installation(tx: &mut Tx, installation: &Installation) -> Result<bool, DbError> {
    let Installation { id, tenant_id, environment_id, offer_id, address, live_version, app_version, .. } =
        installation;
    let Installation { package_sha256, terms_accepted_by, installed_at, updated_at, .. } = installation;
    let params: [&dyn db::ToValue; 11] = [
        id,
        tenant_id,
        environment_id,
        offer_id,
        address,
        live_version,
        app_version,
        package_sha256,
        terms_accepted_by,
        installed_at,
        updated_at,
    ];
    Ok(tx.execute(INSERT_INSTALLATION, &params).await? == 1)
}

pub(super) async fn find_installation(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &InstallationId,
) -> Result<Option<Installation>, DbError> {
    tx.find(FIND_INSTALLATION, &[tenant, id]).await
}

pub(super) async fn list_installations(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
) -> Result<Vec<Installation>, DbError> {
    tx.list(LIST_INSTALLATIONS, &[tenant, &page.after_id(), &page.fetch()]).await
}

/// False if this version or a later one is there already.
pub(super) async fn update_installation(tx: &mut Tx, installation: &Installation) -> Result<bool, DbError> {
    let Installation { id, live_version, app_version, package_sha256, terms_accepted_by, updated_at, .. } =
        installation;
    let params: [&dyn db::ToValue; 6] =
        [id, live_version, app_version, package_sha256, terms_accepted_by, updated_at];
    Ok(tx.execute(UPDATE_INSTALLATION, &params).await? == 1)
}

pub(super) async fn delete_installation(tx: &mut Tx, id: &InstallationId) -> Result<(), DbError> {
    tx.execute_one(DELETE_INSTALLATION, &[id]).await
}

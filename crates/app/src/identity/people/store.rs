//! The statements about people.

use db::{DbError, ToValue, Tx};
use types::{TenantId, UserId};

use super::Person;
use crate::access::Role;
use crate::kit::{Language, padded};

db::statements! {
    LIST_PEOPLE = "SELECT u.id, u.email, u.name, u.language, t.country FROM users u JOIN tenants t ON t.id = u.tenant_id
        WHERE u.id IN (SELECT r.user_id FROM user_roles r WHERE r.tenant_id = $1 AND r.role IN ($2, $3, $4, $5))
        AND u.status = 'active' ORDER BY u.id";
    FIND_PERSON = "SELECT u.id, u.email, u.name, u.language, t.country FROM users u JOIN tenants t ON t.id = u.tenant_id
        WHERE u.tenant_id = $1 AND u.id = $2";
    FIND_ACTIVE_PERSON = "SELECT u.id, u.email, u.name, u.language, t.country FROM users u
        JOIN tenants t ON t.id = u.tenant_id WHERE u.tenant_id = $1 AND u.id = $2 AND u.status = 'active'";
    UPDATE_LANGUAGE = "UPDATE users SET language = $2 WHERE id = $1";
}

pub(super) async fn list_people(
    tx: &mut Tx,
    tenant: &TenantId,
    roles: &[Role],
) -> Result<Vec<Person>, DbError> {
    let mut values: Vec<&dyn ToValue> = vec![tenant];
    values.extend(padded(roles, 4).map(|role| -> &dyn ToValue { role }));
    tx.list(LIST_PEOPLE, &values).await
}

pub(super) async fn find_person(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
) -> Result<Option<Person>, DbError> {
    tx.find(FIND_PERSON, &[tenant, user]).await
}

pub(super) async fn find_active_person(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
) -> Result<Option<Person>, DbError> {
    tx.find(FIND_ACTIVE_PERSON, &[tenant, user]).await
}

pub(super) async fn update_language(
    tx: &mut Tx,
    user: &UserId,
    language: Option<Language>,
) -> Result<(), DbError> {
    tx.execute_one(UPDATE_LANGUAGE, &[user, &language]).await
}

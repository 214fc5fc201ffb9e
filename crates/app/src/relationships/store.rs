//! Every SQL statement of relationships.

use db::{DbError, Tx};
use types::{InvitationId, PageRequest, RelationshipId, TenantId, Timestamp};

use super::{Invitation, Relationship};

db::statements! {
    INSERT_INVITATION = "INSERT INTO invitations
        (id, tenant_id, token_hash, note, created_at, expires_at, revoked_at, accepted_at, accepted_by_tenant)
        VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, NULL)";
    FIND_INVITATION = "SELECT id, tenant_id, note, created_at, expires_at, revoked_at, accepted_at, accepted_by_tenant
        FROM invitations WHERE tenant_id = $1 AND id = $2";
    FIND_BY_TOKEN = "SELECT id, tenant_id, note, created_at, expires_at, revoked_at, accepted_at, accepted_by_tenant
        FROM invitations WHERE token_hash = $1";
    LIST_INVITATIONS = "SELECT id, tenant_id, note, created_at, expires_at, revoked_at, accepted_at, accepted_by_tenant
        FROM invitations WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    REVOKE = "UPDATE invitations SET revoked_at = $2 WHERE id = $1 AND accepted_at IS NULL AND revoked_at IS NULL";
    REISSUE = "UPDATE invitations SET token_hash = $2, expires_at = $3, revoked_at = NULL
        WHERE id = $1 AND accepted_at IS NULL";
    ACCEPT = "UPDATE invitations SET accepted_at = $2, accepted_by_tenant = $3
        WHERE id = $1 AND accepted_at IS NULL AND revoked_at IS NULL";
    INSERT_RELATIONSHIP = "INSERT INTO relationships
        (id, publisher_tenant_id, customer_tenant_id, invitation_id, accepted_by, accepted_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    FIND_PAIR = "SELECT id, publisher_tenant_id, customer_tenant_id, invitation_id, accepted_at, ended_at FROM relationships
        WHERE publisher_tenant_id = $1 AND customer_tenant_id = $2 AND ended_at IS NULL";
    // Who grants a license holds the consent; who ends it waits for that, and the other way round.
    HOLD_PAIR = {
        sqlite: "SELECT id FROM relationships
            WHERE publisher_tenant_id = $1 AND customer_tenant_id = $2 AND ended_at IS NULL",
        postgres: "SELECT id FROM relationships
            WHERE publisher_tenant_id = $1 AND customer_tenant_id = $2 AND ended_at IS NULL FOR UPDATE"
    };
    FIND_OF_CUSTOMER = "SELECT id, publisher_tenant_id, customer_tenant_id, invitation_id, accepted_at, ended_at
        FROM relationships WHERE customer_tenant_id = $1 AND id = $2";
    END = "UPDATE relationships SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL";
    LIST_OF_CUSTOMER = "SELECT id, publisher_tenant_id, customer_tenant_id, invitation_id, accepted_at, ended_at
        FROM relationships WHERE customer_tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    LIST_OPEN_OF_CUSTOMER = "SELECT id, publisher_tenant_id, customer_tenant_id, invitation_id, accepted_at, ended_at
        FROM relationships WHERE customer_tenant_id = $1 AND ended_at IS NULL ORDER BY id";
    LIST_OPEN_OF_PUBLISHER = "SELECT id, publisher_tenant_id, customer_tenant_id, invitation_id, accepted_at, ended_at
        FROM relationships WHERE publisher_tenant_id = $1 AND ended_at IS NULL ORDER BY id";
    LIST_OF_PUBLISHER = "SELECT id, publisher_tenant_id, customer_tenant_id, invitation_id, accepted_at, ended_at
        FROM relationships WHERE publisher_tenant_id = $1 AND ended_at IS NULL AND id > $2 ORDER BY id LIMIT $3";
}

pub(super) async fn insert_invitation(
    tx: &mut Tx,
    invitation: &Invitation,
    token_hash: &[u8],
) -> Result<(), DbError> {
    let Invitation { id, tenant_id, note, created_at, expires_at, .. } = invitation;
    tx.execute_one(INSERT_INVITATION, &[id, tenant_id, &token_hash, note, created_at, expires_at]).await
}

pub(super) async fn find_invitation(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &InvitationId,
) -> Result<Option<Invitation>, DbError> {
    tx.find(FIND_INVITATION, &[tenant, id]).await
}

pub(super) async fn find_by_token(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<Invitation>, DbError> {
    tx.find(FIND_BY_TOKEN, &[&token_hash]).await
}

pub(super) async fn list_invitations(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
) -> Result<Vec<Invitation>, DbError> {
    tx.list(LIST_INVITATIONS, &[tenant, &page.after_id(), &page.fetch()]).await
}

/// False if it was accepted or revoked meanwhile.
pub(super) async fn revoke(tx: &mut Tx, id: &InvitationId, now: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(REVOKE, &[id, &now]).await? == 1)
}

/// False if it was accepted.
pub(super) async fn reissue(
    tx: &mut Tx,
    id: &InvitationId,
    token_hash: &[u8],
    expires_at: Timestamp,
) -> Result<bool, DbError> {
    Ok(tx.execute(REISSUE, &[id, &token_hash, &expires_at]).await? == 1)
}

/// False if somebody else was first: of two tenants that accept at once, one does.
pub(super) async fn accept(
    tx: &mut Tx,
    id: &InvitationId,
    now: Timestamp,
    customer: &TenantId,
) -> Result<bool, DbError> {
    Ok(tx.execute(ACCEPT, &[id, &now, customer]).await? == 1)
}

/// A consent that is there already stays as it is.
pub(super) async fn insert_relationship(
    tx: &mut Tx,
    relationship: &Relationship,
    accepted_by: &str,
) -> Result<bool, DbError> {
    let Relationship { id, publisher_tenant_id, customer_tenant_id, invitation_id, accepted_at, .. } =
        relationship;
    let inserted = tx
        .execute(
            INSERT_RELATIONSHIP,
            &[id, publisher_tenant_id, customer_tenant_id, invitation_id, &accepted_by, accepted_at],
        )
        .await?;
    Ok(inserted == 1)
}

pub(super) async fn find_pair(
    tx: &mut Tx,
    publisher: &TenantId,
    customer: &TenantId,
) -> Result<Option<Relationship>, DbError> {
    tx.find(FIND_PAIR, &[publisher, customer]).await
}

/// Holds the consent until the end of the unit.
pub(super) async fn hold_pair(tx: &mut Tx, publisher: &TenantId, customer: &TenantId) -> Result<(), DbError> {
    tx.query(HOLD_PAIR, &[publisher, customer]).await.map(|_| ())
}

/// Also one that has ended.
pub(super) async fn find_of_customer(
    tx: &mut Tx,
    customer: &TenantId,
    id: &RelationshipId,
) -> Result<Option<Relationship>, DbError> {
    tx.find(FIND_OF_CUSTOMER, &[customer, id]).await
}

/// False if it has ended.
pub(super) async fn end(tx: &mut Tx, id: &RelationshipId, at: Timestamp, by: &str) -> Result<bool, DbError> {
    Ok(tx.execute(END, &[id, &at, &by]).await? == 1)
}

/// Also those that have ended.
pub(super) async fn list_of_customer(
    tx: &mut Tx,
    customer: &TenantId,
    page: &PageRequest,
) -> Result<Vec<Relationship>, DbError> {
    tx.list(LIST_OF_CUSTOMER, &[customer, &page.after_id(), &page.fetch()]).await
}

pub(super) async fn list_open_of_customer(
    tx: &mut Tx,
    customer: &TenantId,
) -> Result<Vec<Relationship>, DbError> {
    tx.list(LIST_OPEN_OF_CUSTOMER, &[customer]).await
}

pub(super) async fn list_open_of_publisher(
    tx: &mut Tx,
    publisher: &TenantId,
) -> Result<Vec<Relationship>, DbError> {
    tx.list(LIST_OPEN_OF_PUBLISHER, &[publisher]).await
}

pub(super) async fn list_of_publisher(
    tx: &mut Tx,
    publisher: &TenantId,
    page: &PageRequest,
) -> Result<Vec<Relationship>, DbError> {
    tx.list(LIST_OF_PUBLISHER, &[publisher, &page.after_id(), &page.fetch()]).await
}

//! Every SQL statement of the catalogue.

use db::{DbError, Tx};
use types::{OfferId, OfferSlug, PackageId, PageRequest, PlanId, ServiceId, TenantId, Timestamp};

use super::{Offer, OfferState, Plan};

db::statements! {
    INSERT_OFFER = "INSERT INTO offers
        (id, tenant_id, publisher_id, slug, alias, state, draft, package_id, first_published_at, live_version,
            created_at, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL, NULL, $8, $9) ON CONFLICT DO NOTHING";
    FIND_OFFER = "SELECT id, tenant_id, publisher_id, slug, alias, state, draft, package_id, first_published_at,
            live_version, created_at, revision FROM offers
        WHERE tenant_id = $1 AND id = $2";
    FIND_OFFER_BY_SLUG = "SELECT id, tenant_id, publisher_id, slug, alias, state, draft, package_id, first_published_at,
            live_version, created_at, revision FROM offers
        WHERE tenant_id = $1 AND slug = $2";
    LIST_OFFERS = "SELECT id, tenant_id, publisher_id, slug, alias, state, draft, package_id, first_published_at,
            live_version, created_at, revision FROM offers
        WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    LOCK_OFFER = { sqlite: "SELECT id FROM offers WHERE id = $1",
        postgres: "SELECT id FROM offers WHERE id = $1 FOR UPDATE" };
    FIND_ANY_OFFER = "SELECT id, tenant_id, publisher_id, slug, alias, state, draft, package_id, first_published_at,
            live_version, created_at, revision FROM offers
        WHERE id = $1";
    UPDATE_DRAFT = "UPDATE offers SET draft = $2, revision = $3 WHERE id = $1 AND revision = $4";
    UPDATE_STATE = "UPDATE offers SET state = $2, revision = revision + 1 WHERE id = $1";
    UPDATE_PACKAGE = "UPDATE offers SET package_id = $2, revision = revision + 1 WHERE id = $1";
    UPDATE_LIVE_VERSION = "UPDATE offers SET live_version = $2 WHERE id = $1";
    MARK_OFFER_PUBLISHED = "UPDATE offers SET first_published_at = $2 WHERE id = $1 AND first_published_at IS NULL";
    MARK_PLAN_PUBLISHED = "UPDATE plans SET published_at = COALESCE(published_at, $2) WHERE service_id = $1";
    UPDATE_PLAN = "UPDATE plans SET name = $2, description = $3, revision = $4 WHERE id = $1";
    DELETE_PLAN = "DELETE FROM plans WHERE id = $1";
    INSERT_PLAN = "INSERT INTO plans
        (id, offer_id, slug, service_id, name, description, created_at, published_at, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    LIST_PLANS = "SELECT id, offer_id, slug, service_id, name, description, created_at, published_at, revision
        FROM plans WHERE offer_id = $1 ORDER BY id";
}

/// False if the publisher has an offer of this id.
pub(super) async fn insert_offer(tx: &mut Tx, offer: &Offer) -> Result<bool, DbError> {
    let Offer { id, tenant_id, publisher_id, slug, alias, state, draft, created_at, revision, .. } = offer;
    let inserted = tx
        .execute(
            INSERT_OFFER,
            &[id, tenant_id, publisher_id, slug, alias, state, draft, created_at, revision],
        )
        .await?;
    Ok(inserted == 1)
}

pub(super) async fn find_offer(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &OfferId,
) -> Result<Option<Offer>, DbError> {
    tx.find(FIND_OFFER, &[tenant, id]).await
}

pub(super) async fn find_offer_by_slug(
    tx: &mut Tx,
    tenant: &TenantId,
    slug: &OfferSlug,
) -> Result<Option<Offer>, DbError> {
    tx.find(FIND_OFFER_BY_SLUG, &[tenant, slug]).await
}

pub(super) async fn list_offers(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
) -> Result<Vec<Offer>, DbError> {
    tx.list(LIST_OFFERS, &[tenant, &page.after_id(), &page.fetch()]).await
}

/// Holds the offer until the end of the unit: what is counted then is still so when it is written.
pub(super) async fn lock_offer(tx: &mut Tx, id: &OfferId) -> Result<(), DbError> {
    tx.query(LOCK_OFFER, &[id]).await.map(|_| ())
}

pub(super) async fn insert_plan(tx: &mut Tx, plan: &Plan) -> Result<(), DbError> {
    let Plan { id, offer_id, slug, service_id, name, description, created_at, published_at, revision } = plan;
    tx.execute_one(
        INSERT_PLAN,
        &[id, offer_id, slug, service_id, name, description, created_at, published_at, revision],
    )
    .await
}

pub(super) async fn list_plans(tx: &mut Tx, offer: &OfferId) -> Result<Vec<Plan>, DbError> {
    tx.list(LIST_PLANS, &[offer]).await
}

pub(super) async fn find_any_offer(tx: &mut Tx, id: &OfferId) -> Result<Option<Offer>, DbError> {
    tx.find(FIND_ANY_OFFER, &[id]).await
}

/// False if the offer is no longer at the revision that was read.
pub(super) async fn update_draft(tx: &mut Tx, offer: &Offer, read: i64) -> Result<bool, DbError> {
    Ok(tx.execute(UPDATE_DRAFT, &[&offer.id, &offer.draft, &offer.revision, &read]).await? == 1)
}

pub(super) async fn update_state(tx: &mut Tx, id: &OfferId, state: OfferState) -> Result<(), DbError> {
    tx.execute_one(UPDATE_STATE, &[id, &state]).await
}

pub(super) async fn update_package(tx: &mut Tx, id: &OfferId, package: &PackageId) -> Result<(), DbError> {
    tx.execute_one(UPDATE_PACKAGE, &[id, package]).await
}

pub(super) async fn update_live_version(tx: &mut Tx, id: &OfferId, version: i64) -> Result<(), DbError> {
    tx.execute_one(UPDATE_LIVE_VERSION, &[id, &version]).await
}

pub(super) async fn mark_offer_published(tx: &mut Tx, id: &OfferId, now: Timestamp) -> Result<(), DbError> {
    tx.execute(MARK_OFFER_PUBLISHED, &[id, &now]).await.map(|_| ())
}

pub(super) async fn mark_plan_published(
    tx: &mut Tx,
    service: &ServiceId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute_one(MARK_PLAN_PUBLISHED, &[service, &now]).await
}

pub(super) async fn update_plan(tx: &mut Tx, plan: &Plan) -> Result<(), DbError> {
    tx.execute_one(UPDATE_PLAN, &[&plan.id, &plan.name, &plan.description, &plan.revision]).await
}

pub(super) async fn delete_plan(tx: &mut Tx, id: &PlanId) -> Result<(), DbError> {
    tx.execute_one(DELETE_PLAN, &[id]).await
}

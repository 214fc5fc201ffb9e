//! Every SQL statement of the catalogue.

use db::{DbError, ToValue, Tx, Value};
use types::{OfferId, OfferSlug, PackageId, PageRequest, PlanId, ServiceId, TenantId, Timestamp};

use super::audience::AudienceMember;
use super::file::{FileContent, FileHash, OfferFile};
use super::history::HistoryEntry;
use super::{Offer, OfferState, Plan, Published};
use crate::kit::{JsonColumn, Search};

db::statements! {
    INSERT_OFFER = "INSERT INTO offers
        (id, tenant_id, publisher_id, slug, alias, state, draft, package_id, first_published_at, live_version,
            published, created_at, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL, NULL, NULL, $8, $9) ON CONFLICT DO NOTHING";
    FIND_OFFER = "SELECT id, tenant_id, publisher_id, slug, alias, state, draft, package_id, first_published_at,
            live_version, published, created_at, revision FROM offers
        WHERE tenant_id = $1 AND id = $2";
    FIND_OFFER_BY_SLUG = "SELECT id, tenant_id, publisher_id, slug, alias, state, draft, package_id, first_published_at,
            live_version, published, created_at, revision FROM offers
        WHERE tenant_id = $1 AND slug = $2";
    LIST_OFFERS = "SELECT id, tenant_id, publisher_id, slug, alias, state, draft, package_id, first_published_at,
            live_version, published, created_at, revision FROM offers
        WHERE tenant_id = $1 AND id > $2
            AND ($4 = '' OR lower(alias) LIKE $4 ESCAPE '!' OR slug LIKE $4 ESCAPE '!')
        ORDER BY id LIMIT $3";
    // What was sent back first, then what is certified, then drafts; only of those that are shown the draft is read.
    LIST_UNFINISHED = "SELECT id, tenant_id, publisher_id, slug, alias, state, draft, package_id, first_published_at,
            live_version, published, created_at, revision FROM offers
        WHERE id IN (SELECT id FROM offers WHERE tenant_id = $1 AND state IN ('attention_needed', 'preview', 'draft')
            ORDER BY CASE state WHEN 'attention_needed' THEN 0 WHEN 'preview' THEN 1 ELSE 2 END, id DESC LIMIT $2)
        ORDER BY CASE state WHEN 'attention_needed' THEN 0 WHEN 'preview' THEN 1 ELSE 2 END, id DESC";
    LOCK_OFFER = { sqlite: "SELECT id FROM offers WHERE id = $1",
        postgres: "SELECT id FROM offers WHERE id = $1 FOR UPDATE" };
    FIND_ANY_OFFER = "SELECT id, tenant_id, publisher_id, slug, alias, state, draft, package_id, first_published_at,
            live_version, published, created_at, revision FROM offers
        WHERE id = $1";
    UPDATE_DRAFT = "UPDATE offers SET draft = $2, revision = $3 WHERE id = $1 AND revision = $4";
    UPDATE_STATE = "UPDATE offers SET state = $2, revision = revision + 1 WHERE id = $1";
    UPDATE_PACKAGE = "UPDATE offers SET package_id = $2, revision = revision + 1 WHERE id = $1";
    UPDATE_LIVE = "UPDATE offers SET live_version = $2, published = $3 WHERE id = $1";
    MARK_OFFER_PUBLISHED = "UPDATE offers SET first_published_at = $2 WHERE id = $1 AND first_published_at IS NULL";
    MARK_PLAN_PUBLISHED = "UPDATE plans SET published_at = COALESCE(published_at, $2) WHERE service_id = $1";
    MARK_PLAN_PUBLIC = "UPDATE plans SET public_since = COALESCE(public_since, $2) WHERE service_id = $1";
    UPDATE_PLAN = "UPDATE plans SET name = $2, description = $3, visibility = $4, enforcement = $5, features = $6,
        revision = $7 WHERE id = $1";
    UPDATE_STOPPED = "UPDATE plans SET stopped_at = $2, revision = revision + 1 WHERE id = $1";
    DELETE_PLAN = "DELETE FROM plans WHERE id = $1";
    INSERT_PLAN = "INSERT INTO plans
        (id, offer_id, slug, service_id, name, description, visibility, enforcement, features, created_at, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    LIST_PLANS = "SELECT id, offer_id, slug, service_id, name, description, visibility, enforcement, features,
            audience_size, audience_changed, created_at, published_at, public_since, stopped_at, revision
        FROM plans WHERE offer_id = $1 ORDER BY id";
    LIST_STOPPED = "SELECT service_id FROM plans WHERE stopped_at IS NOT NULL";
    LIST_STOPPED_OF = "SELECT service_id FROM plans WHERE offer_id = $1 AND stopped_at IS NOT NULL";
    // Whoever writes here holds the offer, so the number is free.
    INSERT_HISTORY = "INSERT INTO offer_history (offer_id, number, at, actor, what, notes)
        SELECT $1, COALESCE(max(number), 0) + 1, $2, $3, $4, $5 FROM offer_history WHERE offer_id = $1";
    LIST_HISTORY = "SELECT at, actor, what, notes FROM offer_history WHERE offer_id = $1
        ORDER BY number DESC LIMIT 1000";
    DELETE_AUDIENCE = "DELETE FROM plan_audiences WHERE plan_id = $1";
    INSERT_AUDIENCE = ["INSERT INTO plan_audiences (plan_id, tenant_id, description) VALUES", ""];
    UPDATE_AUDIENCE_SIZE = "UPDATE plans SET audience_size = $2, audience_changed = $3, revision = revision + 1
        WHERE id = $1";
    LIST_AUDIENCE = "SELECT tenant_id, description FROM plan_audiences WHERE plan_id = $1 AND tenant_id > $2
        ORDER BY tenant_id LIMIT $3";
    DELETE_LIVE_AUDIENCE = "DELETE FROM live_audiences WHERE plan_id = $1";
    COPY_AUDIENCE = "INSERT INTO live_audiences (plan_id, tenant_id)
        SELECT plan_id, tenant_id FROM plan_audiences WHERE plan_id = $1";
    SETTLE_AUDIENCE = "UPDATE plans SET audience_changed = $2 WHERE id = $1";
    LIST_PRIVATE_FOR = "SELECT p.service_id AS service_id FROM live_audiences a JOIN plans p ON p.id = a.plan_id
        WHERE a.tenant_id = $1";
    INSERT_CONTENT = "INSERT INTO file_contents (sha256, content_type, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    FIND_CONTENT = "SELECT sha256, content_type, bytes FROM file_contents WHERE sha256 = $1";
    INSERT_FILE = "INSERT INTO offer_files (offer_id, sha256, content_type, size, width, height, uploaded_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    LIST_FILES = "SELECT offer_id, sha256, content_type, size, width, height, uploaded_at FROM offer_files
        WHERE offer_id = $1 ORDER BY uploaded_at, sha256";
    DELETE_FILE = "DELETE FROM offer_files WHERE offer_id = $1 AND sha256 = $2";
    DELETE_LIVE_FILES = "DELETE FROM live_files WHERE offer_id = $1";
    INSERT_LIVE_FILE = "INSERT INTO live_files (offer_id, sha256) VALUES ($1, $2)";
    LIST_LIVE_WITH = "SELECT offer_id FROM live_files WHERE sha256 = $1";
}

db::rows! {
    struct OfService in "plans" { service_id: ServiceId }
}
db::rows! {
    struct OfOffer in "live_files" { offer_id: OfferId }
}

/// Offers that wait for their publisher, the most urgent first; the first page of them.
pub(super) async fn list_unfinished(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
) -> Result<Vec<Offer>, DbError> {
    tx.list(LIST_UNFINISHED, &[tenant, &page.fetch()]).await
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
    search: &Search,
) -> Result<Vec<Offer>, DbError> {
    tx.list(LIST_OFFERS, &[tenant, &page.after_id(), &page.fetch(), search]).await
}

/// Holds the offer until the end of the unit: what is counted then is still so when it is written.
pub(super) async fn lock_offer(tx: &mut Tx, id: &OfferId) -> Result<(), DbError> {
    tx.query(LOCK_OFFER, &[id]).await.map(|_| ())
}

pub(super) async fn insert_plan(tx: &mut Tx, plan: &Plan) -> Result<(), DbError> {
    let Plan { id, offer_id, slug, service_id, name, description, .. } = plan;
    let Plan { visibility, enforcement, features, created_at, revision, .. } = plan;
    let given: [&dyn ToValue; 11] = [
        id,
        offer_id,
        slug,
        service_id,
        name,
        description,
        visibility,
        enforcement,
        features,
        created_at,
        revision,
    ];
    tx.execute_one(INSERT_PLAN, &given).await
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

pub(super) async fn update_live(
    tx: &mut Tx,
    id: &OfferId,
    version: i64,
    published: &JsonColumn<Published>,
) -> Result<(), DbError> {
    tx.execute_one(UPDATE_LIVE, &[id, &version, published]).await
}

pub(super) async fn mark_offer_published(tx: &mut Tx, id: &OfferId, now: Timestamp) -> Result<(), DbError> {
    tx.execute(MARK_OFFER_PUBLISHED, &[id, &now]).await.map(|_| ())
}

/// Notes that a plan went live, and as what.
pub(super) async fn mark_plan_published(
    tx: &mut Tx,
    service: &ServiceId,
    public: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute_one(MARK_PLAN_PUBLISHED, &[service, &now]).await?;
    if public { tx.execute_one(MARK_PLAN_PUBLIC, &[service, &now]).await } else { Ok(()) }
}

pub(super) async fn update_plan(tx: &mut Tx, plan: &Plan) -> Result<(), DbError> {
    let Plan { id, name, description, visibility, enforcement, features, revision, .. } = plan;
    tx.execute_one(UPDATE_PLAN, &[id, name, description, visibility, enforcement, features, revision]).await
}

pub(super) async fn update_stopped(
    tx: &mut Tx,
    id: &PlanId,
    stopped_at: Option<Timestamp>,
) -> Result<(), DbError> {
    tx.execute_one(UPDATE_STOPPED, &[id, &stopped_at]).await
}

pub(super) async fn delete_plan(tx: &mut Tx, id: &PlanId) -> Result<(), DbError> {
    tx.execute(DELETE_AUDIENCE, &[id]).await?;
    tx.execute_one(DELETE_PLAN, &[id]).await
}

/// The stopped plans of one offer, or of all.
pub(super) async fn list_stopped(tx: &mut Tx, offer: Option<&OfferId>) -> Result<Vec<ServiceId>, DbError> {
    let rows: Vec<OfService> = match offer {
        Some(offer) => tx.list(LIST_STOPPED_OF, &[offer]).await?,
        None => tx.list(LIST_STOPPED, &[]).await?,
    };
    Ok(rows.into_iter().map(|row| row.service_id).collect())
}

pub(super) async fn insert_history(
    tx: &mut Tx,
    offer: &OfferId,
    entry: &HistoryEntry,
) -> Result<(), DbError> {
    let HistoryEntry { at, actor, what, notes } = entry;
    tx.execute_one(INSERT_HISTORY, &[offer, at, actor, what, notes]).await
}

pub(super) async fn list_history(tx: &mut Tx, offer: &OfferId) -> Result<Vec<HistoryEntry>, DbError> {
    tx.list(LIST_HISTORY, &[offer]).await
}

/// Puts these tenants in the place of whom a plan was for.
pub(super) async fn replace_audience(
    tx: &mut Tx,
    plan: &PlanId,
    audience: &[AudienceMember],
) -> Result<(), DbError> {
    tx.execute(DELETE_AUDIENCE, &[plan]).await?;
    let rows: Vec<Vec<Value<'_>>> = audience
        .iter()
        .map(|member| vec![plan.to_value(), member.tenant_id.to_value(), member.description.to_value()])
        .collect();
    tx.insert_many(INSERT_AUDIENCE, &rows).await?;
    let size = i64::try_from(audience.len()).unwrap_or(i64::MAX);
    tx.execute_one(UPDATE_AUDIENCE_SIZE, &[plan, &size, &true]).await
}

pub(super) async fn list_audience(
    tx: &mut Tx,
    plan: &PlanId,
    page: &PageRequest,
) -> Result<Vec<AudienceMember>, DbError> {
    tx.list(LIST_AUDIENCE, &[plan, &page.after_id(), &page.fetch()]).await
}

/// Puts the audience into effect as it is drafted; that of a public plan is nobody in particular.
pub(super) async fn publish_audience(tx: &mut Tx, plan: &PlanId, private: bool) -> Result<(), DbError> {
    tx.execute(DELETE_LIVE_AUDIENCE, &[plan]).await?;
    if private {
        tx.execute(COPY_AUDIENCE, &[plan]).await?;
    }
    tx.execute_one(SETTLE_AUDIENCE, &[plan, &false]).await
}

/// The private plans whose audience a tenant is of.
pub(super) async fn list_private_for(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<ServiceId>, DbError> {
    let rows: Vec<OfService> = tx.list(LIST_PRIVATE_FOR, &[tenant]).await?;
    Ok(rows.into_iter().map(|row| row.service_id).collect())
}

pub(super) async fn insert_file(tx: &mut Tx, file: &OfferFile, content: &FileContent) -> Result<(), DbError> {
    tx.execute(INSERT_CONTENT, &[&content.sha256, &content.content_type, &content.bytes]).await?;
    let OfferFile { offer_id, sha256, content_type, size, width, height, uploaded_at } = file;
    tx.execute(INSERT_FILE, &[offer_id, sha256, content_type, size, width, height, uploaded_at]).await?;
    Ok(())
}

pub(super) async fn find_content(tx: &mut Tx, file: &FileHash) -> Result<Option<FileContent>, DbError> {
    tx.find(FIND_CONTENT, &[file]).await
}

pub(super) async fn list_files(tx: &mut Tx, offer: &OfferId) -> Result<Vec<OfferFile>, DbError> {
    tx.list(LIST_FILES, &[offer]).await
}

pub(super) async fn delete_file(tx: &mut Tx, offer: &OfferId, file: &FileHash) -> Result<(), DbError> {
    tx.execute_one(DELETE_FILE, &[offer, file]).await
}

pub(super) async fn replace_live_files<'a>(
    tx: &mut Tx,
    offer: &OfferId,
    files: impl IntoIterator<Item = &'a FileHash>,
) -> Result<(), DbError> {
    tx.execute(DELETE_LIVE_FILES, &[offer]).await?;
    for file in files {
        tx.execute_one(INSERT_LIVE_FILE, &[offer, file]).await?;
    }
    Ok(())
}

/// The offers whose live version, or the last one that was, shows a file.
pub(super) async fn list_live_with(tx: &mut Tx, file: &FileHash) -> Result<Vec<OfferId>, DbError> {
    let rows: Vec<OfOffer> = tx.list(LIST_LIVE_WITH, &[file]).await?;
    Ok(rows.into_iter().map(|row| row.offer_id).collect())
}

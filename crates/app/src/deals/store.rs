//! Every SQL statement of deals.

use db::{DbError, Tx};
use types::{DealId, PageRequest, TenantId};

use super::Deal;
use crate::kit::Search;

db::statements! {
    INSERT_DEAL = "INSERT INTO deals (id, tenant_id, offer_id, status, contract_type, company, search, terms,
            customer_tenant_id, review_reason, created_at, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, $9, 1)";
    FIND_DEAL = "SELECT id, tenant_id, offer_id, status, contract_type, terms, customer_tenant_id, review_reason,
            created_at, revision
        FROM deals WHERE tenant_id = $1 AND id = $2";
    LOCK_DEAL = { sqlite: "SELECT id FROM deals WHERE id = $1", postgres: "SELECT id FROM deals WHERE id = $1 FOR UPDATE" };
    FIND_ANY_DEAL = "SELECT id, tenant_id, offer_id, status, contract_type, terms, customer_tenant_id, review_reason,
            created_at, revision
        FROM deals WHERE id = $1";
    LIST_DEALS = "SELECT id, tenant_id, offer_id, status, contract_type, terms, customer_tenant_id, review_reason,
            created_at, revision
        FROM deals WHERE tenant_id = $1 AND id > $2
            AND ($4 = '' OR status = $4) AND ($5 = '' OR contract_type = $5) AND ($6 = '' OR search LIKE $6 ESCAPE '!')
            AND ($7 = '' OR company = $7)
            AND ($8 = '' OR ($8 = 'action_required' AND status IN ('draft', 'update_required'))
                OR ($8 = 'in_progress' AND status = 'submitted')
                OR ($8 = 'closed' AND status IN ('approved', 'rejected')))
        ORDER BY id LIMIT $3";
    LIST_SUBMITTED = "SELECT id, tenant_id, offer_id, status, contract_type, terms, customer_tenant_id, review_reason,
            created_at, revision
        FROM deals WHERE status = 'submitted' AND id > $1 ORDER BY id LIMIT $2";
    COUNT_SUBMITTED = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM deals WHERE status = 'submitted'";
    UPDATE_TERMS = "UPDATE deals SET contract_type = $2, company = $3, search = $4, terms = $5, offer_id = $6,
            revision = revision + 1
        WHERE id = $1";
    UPDATE_STATUS = "UPDATE deals SET status = $2, review_reason = $3, revision = revision + 1 WHERE id = $1";
    FIX_CUSTOMER = "UPDATE deals SET customer_tenant_id = $2 WHERE id = $1 AND customer_tenant_id IS NULL";
}

db::rows! {
    struct Count in "deals" { n: i64 }
}

/// What a list is narrowed by; empty texts narrow nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct DealFilter {
    pub status: String,
    pub contract_type: String,
    /// Part of a company's name, lower-cased.
    pub search: Search,
    pub company: String,
    pub tab: String,
}

/// What the search looks in, lower-cased: LIKE minds the case on one database and not on the other.
fn search_text(deal: &Deal) -> String {
    let terms = &deal.terms.0;
    let parts = [Some(terms.company.as_str()), terms.city.as_deref(), terms.state.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ").to_lowercase()
}

pub(super) async fn insert_deal(tx: &mut Tx, deal: &Deal) -> Result<(), DbError> {
    let Deal { id, tenant_id, offer_id, status, contract_type, terms, created_at, .. } = deal;
    let (company, search) = (&deal.terms.0.company, search_text(deal));
    tx.execute_one(
        INSERT_DEAL,
        &[id, tenant_id, offer_id, status, contract_type, company, &search, terms, created_at],
    )
    .await
}

pub(super) async fn find_deal(tx: &mut Tx, tenant: &TenantId, id: &DealId) -> Result<Option<Deal>, DbError> {
    tx.find(FIND_DEAL, &[tenant, id]).await
}

/// Holds the deal until the end of the unit.
pub(super) async fn lock_deal(tx: &mut Tx, id: &DealId) -> Result<(), DbError> {
    tx.query(LOCK_DEAL, &[id]).await.map(|_| ())
}

pub(super) async fn find_any_deal(tx: &mut Tx, id: &DealId) -> Result<Option<Deal>, DbError> {
    tx.find(FIND_ANY_DEAL, &[id]).await
}

pub(super) async fn list_deals(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
    filter: &DealFilter,
) -> Result<Vec<Deal>, DbError> {
    let DealFilter { status, contract_type, search, company, tab } = filter;
    tx.list(
        LIST_DEALS,
        &[tenant, &page.after_id(), &page.fetch(), status, contract_type, search, company, tab],
    )
    .await
}

/// The operator's queue, of every publisher.
pub(super) async fn list_submitted(tx: &mut Tx, page: &PageRequest) -> Result<Vec<Deal>, DbError> {
    tx.list(LIST_SUBMITTED, &[&page.after_id(), &page.fetch()]).await
}

/// How many wait for the operator.
pub(super) async fn count_submitted(tx: &mut Tx) -> Result<i64, DbError> {
    let row: Option<Count> = tx.find(COUNT_SUBMITTED, &[]).await?;
    Ok(row.map_or(0, |row| row.n))
}

pub(super) async fn update_terms(tx: &mut Tx, deal: &Deal) -> Result<(), DbError> {
    let (company, search) = (&deal.terms.0.company, search_text(deal));
    tx.execute_one(
        UPDATE_TERMS,
        &[&deal.id, &deal.contract_type, company, &search, &deal.terms, &deal.offer_id],
    )
    .await
}

pub(super) async fn update_status(tx: &mut Tx, deal: &Deal) -> Result<(), DbError> {
    tx.execute_one(UPDATE_STATUS, &[&deal.id, &deal.status, &deal.review_reason]).await
}

/// False if the customer was fixed before.
pub(super) async fn fix_customer(tx: &mut Tx, id: &DealId, customer: &TenantId) -> Result<bool, DbError> {
    Ok(tx.execute(FIX_CUSTOMER, &[id, customer]).await? == 1)
}

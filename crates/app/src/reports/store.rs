//! Every SQL statement of reports.

use db::{DbError, ToValue, Tx, Value};
use entitlement::Grace;
use types::{Country, PageRequest, PublisherId, ServiceId, TenantId, Timestamp, UserId};

use super::point::{Beyond, Point};
use crate::kit::JsonColumn;
use crate::seats::SeatState;

db::statements! {
    FIND_POOL = "SELECT activated_at FROM report_pools WHERE tenant_id = $1 AND service_id = $2";
    UPSERT_POOL = "INSERT INTO report_pools (tenant_id, service_id, publisher_id, offer_id, plan_id, country, activated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (tenant_id, service_id) DO UPDATE SET
            activated_at = COALESCE(report_pools.activated_at, excluded.activated_at)";
    LAST_POINT = "SELECT day, granted, assigned FROM report_points
        WHERE tenant_id = $1 AND service_id = $2 ORDER BY day DESC LIMIT 1";
    UPSERT_POINT = "INSERT INTO report_points (tenant_id, service_id, day, granted, assigned, beyond)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (tenant_id, service_id, day) DO UPDATE SET
            granted = excluded.granted, assigned = excluded.assigned, beyond = excluded.beyond";
    INSERT_SEATS = ["INSERT INTO report_seats (tenant_id, service_id, user_id, state, usable_until, kept_until) VALUES", ""];
    DELETE_SEATS = "DELETE FROM report_seats WHERE tenant_id = $1 AND service_id = $2 AND user_id IN ($many)";
    LIST_BEYOND = "SELECT state, usable_until, kept_until, CAST(count(*) AS BIGINT) AS n FROM report_seats
        WHERE tenant_id = $1 AND service_id = $2
        GROUP BY state, usable_until, kept_until ORDER BY state, usable_until, kept_until";
    // Of each pool the last point before $3; those whose licenses were gone before $2 are left out.
    LIST_SOLD = "SELECT r.tenant_id, r.service_id, r.country, r.activated_at, p.granted, p.assigned, p.beyond
        FROM report_pools r JOIN report_points p ON p.tenant_id = r.tenant_id AND p.service_id = r.service_id
            AND p.day = (SELECT max(q.day) FROM report_points q
                WHERE q.tenant_id = r.tenant_id AND q.service_id = r.service_id AND q.day < $3)
        WHERE r.publisher_id = $1 AND (p.granted > 0 OR p.beyond <> '[]' OR p.day >= $2)
            AND r.offer_id = COALESCE($4, r.offer_id) AND r.plan_id = COALESCE($5, r.plan_id)
            AND r.country = COALESCE($6, r.country) AND r.tenant_id = COALESCE($7, r.tenant_id)
            AND (r.tenant_id, r.service_id) > ($8, $9)
        ORDER BY r.tenant_id, r.service_id LIMIT $10";
    SUM_SOLD = "SELECT CAST(COALESCE(sum(p.granted), 0) AS BIGINT) AS granted,
            CAST(COALESCE(sum(p.assigned), 0) AS BIGINT) AS assigned
        FROM report_pools r JOIN report_points p ON p.tenant_id = r.tenant_id AND p.service_id = r.service_id
            AND p.day = (SELECT max(q.day) FROM report_points q
                WHERE q.tenant_id = r.tenant_id AND q.service_id = r.service_id AND q.day < $2)
        WHERE r.publisher_id = $1 AND r.offer_id = COALESCE($3, r.offer_id) AND r.plan_id = COALESCE($4, r.plan_id)
            AND r.country = COALESCE($5, r.country) AND r.tenant_id = COALESCE($6, r.tenant_id)";
    LIST_CUSTOMERS = "SELECT DISTINCT tenant_id FROM report_pools WHERE publisher_id = $1 ORDER BY tenant_id";
    LIST_SERVICES = "SELECT DISTINCT service_id FROM report_pools WHERE publisher_id = $1 ORDER BY service_id LIMIT $2";
    // The points within, and of each pool the last one before.
    LIST_HISTORY = "SELECT p.service_id, p.day, p.granted, p.assigned, p.beyond FROM report_points p
        WHERE p.tenant_id = $1 AND p.service_id = COALESCE($2, p.service_id) AND p.day < $4
            AND p.day >= COALESCE((SELECT max(q.day) FROM report_points q
                WHERE q.tenant_id = p.tenant_id AND q.service_id = p.service_id AND q.day <= $3), $3)
        ORDER BY p.day, p.service_id";
    LIST_LATEST = "SELECT p.tenant_id, p.service_id, p.granted, p.assigned, p.beyond FROM report_points p
        WHERE p.tenant_id = $1 AND p.day = (SELECT max(q.day) FROM report_points q
            WHERE q.tenant_id = p.tenant_id AND q.service_id = p.service_id)
        ORDER BY p.service_id";
    LIST_LATEST_OF_ALL = "SELECT p.tenant_id, p.service_id, p.granted, p.assigned, p.beyond FROM report_points p
        WHERE p.day = (SELECT max(q.day) FROM report_points q
            WHERE q.tenant_id = p.tenant_id AND q.service_id = p.service_id)
        ORDER BY p.tenant_id, p.service_id";
    DELETE_POOLS = "DELETE FROM report_pools";
    DELETE_POINTS = "DELETE FROM report_points";
    DELETE_ALL_SEATS = "DELETE FROM report_seats";
}

db::rows! {
    struct Activated in "report_pools" { activated_at: Option<Timestamp> }
}

db::rows! {
    /// A pool's point of a day that goes on.
    pub(super) struct Running in "report_points" {
        pub day: Timestamp,
        pub granted: i64,
        pub assigned: i64,
    }
}

db::rows! {
    struct BeyondRow in "report_seats" {
        state: SeatState,
        usable_until: Option<Timestamp>,
        kept_until: Option<Timestamp>,
        n: i64,
    }
}

db::rows! {
    /// What a customer has of a plan.
    pub(super) struct Sold in "report_points" {
        pub tenant_id: TenantId,
        pub service_id: ServiceId,
        pub country: Country,
        pub activated_at: Option<Timestamp>,
        pub granted: i64,
        pub assigned: i64,
        pub beyond: JsonColumn<Vec<Beyond>>,
    }
}

db::rows! {
    /// What a publisher's pools add up to.
    pub(super) struct Sum in "report_points" { pub granted: i64, pub assigned: i64 }
}

db::rows! {
    struct Service in "report_pools" { service_id: ServiceId }
}

db::rows! {
    struct Customer in "report_pools" { tenant_id: TenantId }
}

db::rows! {
    /// How a day ended for a pool.
    pub(super) struct DayEnd in "report_points" {
        pub service_id: ServiceId,
        pub day: Timestamp,
        pub granted: i64,
        pub assigned: i64,
        pub beyond: JsonColumn<Vec<Beyond>>,
    }
}

/// Which of a publisher's pools.
#[derive(Debug, Clone, Default)]
pub(crate) struct SoldFilter {
    pub offer: Option<String>,
    pub plan: Option<String>,
    pub country: Option<Country>,
    pub customer: Option<TenantId>,
}

/// Whether there is one; if `activated`, one that knows since when.
pub(super) async fn has_pool(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
    activated: bool,
) -> Result<bool, DbError> {
    let found: Option<Activated> = tx.find(FIND_POOL, &[tenant, service]).await?;
    Ok(found.is_some_and(|pool| !activated || pool.activated_at.is_some()))
}

/// One that is there keeps when it was activated.
pub(super) async fn upsert_pool(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
    country: Country,
    activated_at: Option<Timestamp>,
) -> Result<(), DbError> {
    let mut parts = service.as_str().splitn(3, '.');
    let mut part = || parts.next().unwrap_or_default();
    let (publisher, offer, plan) = (part(), part(), part());
    tx.execute_one(UPSERT_POOL, &[tenant, service, &publisher, &offer, &plan, &country, &activated_at]).await
}

pub(super) async fn last_point(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
) -> Result<Option<Running>, DbError> {
    tx.find(LAST_POINT, &[tenant, service]).await
}

/// The point as it is now, with the seats that are beyond.
pub(super) async fn upsert_point(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
    point: &Running,
) -> Result<(), DbError> {
    let rows: Vec<BeyondRow> = tx.list(LIST_BEYOND, &[tenant, service]).await?;
    let beyond = rows.into_iter().map(|BeyondRow { state, usable_until, kept_until, n }| Beyond {
        state,
        usable_until,
        kept_until,
        n,
    });
    let beyond = JsonColumn(beyond.collect::<Vec<_>>());
    let Running { day, granted, assigned } = point;
    tx.execute_one(UPSERT_POINT, &[tenant, service, day, granted, assigned, &beyond]).await
}

/// How many of the users' seats were beyond what is granted; they are no more.
pub(super) async fn delete_seats(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
    users: &[UserId],
) -> Result<i64, DbError> {
    let deleted = tx.execute_among(DELETE_SEATS, &[tenant, service], users).await?;
    i64::try_from(deleted).map_err(|error| DbError::internal(error.to_string()))
}

/// Beyond what is granted.
pub(super) async fn insert_seats(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
    users: &[UserId],
    state: SeatState,
    grace: Option<Grace>,
) -> Result<(), DbError> {
    let usable_until = grace.map(|grace| grace.usable_until);
    let kept_until = grace.and_then(|grace| grace.kept_until);
    let row = |user: &UserId| -> Vec<Value<'static>> {
        let values: [&dyn ToValue; 6] = [tenant, service, user, &state, &usable_until, &kept_until];
        values.into_iter().map(|value| value.to_value().into_owned()).collect()
    };
    let rows: Vec<_> = users.iter().map(row).collect();
    tx.insert_many(INSERT_SEATS, &rows).await.map(|_| ())
}

/// A page of what a publisher sold, as of `until`, by customer and plan.
pub(super) async fn list_sold(
    tx: &mut Tx,
    publisher: &PublisherId,
    filter: &SoldFilter,
    (since, until): (Timestamp, Timestamp),
    page: &PageRequest,
) -> Result<Vec<Sold>, DbError> {
    let after = page.after.as_deref().unwrap_or_default();
    let tenant: [u8; 16] = after.get(..16).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
    let service = after.get(16..).and_then(|bytes| std::str::from_utf8(bytes).ok());
    // PostgreSQL has no text with a NUL in it, and no service id has one.
    let service = service.filter(|text| !text.contains('\0')).unwrap_or_default();
    let SoldFilter { offer, plan, country, customer } = filter;
    tx.list(
        LIST_SOLD,
        &[publisher, &since, &until, offer, plan, country, customer, &tenant, &service, &page.fetch()],
    )
    .await
}

/// Where a row is in that list.
pub(super) fn sold_cursor(tenant: &TenantId, service: &ServiceId) -> Vec<u8> {
    [tenant.as_bytes().as_slice(), service.as_str().as_bytes()].concat()
}

pub(super) async fn sum_sold(
    tx: &mut Tx,
    publisher: &PublisherId,
    filter: &SoldFilter,
    until: Timestamp,
) -> Result<Sum, DbError> {
    let SoldFilter { offer, plan, country, customer } = filter;
    let found: Option<Sum> = tx.find(SUM_SOLD, &[publisher, &until, offer, plan, country, customer]).await?;
    Ok(found.unwrap_or(Sum { granted: 0, assigned: 0 }))
}

/// Whoever holds or held something of a publisher.
pub(super) async fn list_customers(tx: &mut Tx, publisher: &PublisherId) -> Result<Vec<TenantId>, DbError> {
    let customers: Vec<Customer> = tx.list(LIST_CUSTOMERS, &[publisher]).await?;
    Ok(customers.into_iter().map(|customer| customer.tenant_id).collect())
}

/// What a publisher ever provisioned, so much at most.
pub(super) async fn list_services(
    tx: &mut Tx,
    publisher: &PublisherId,
    limit: usize,
) -> Result<Vec<ServiceId>, DbError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let services: Vec<Service> = tx.list(LIST_SERVICES, &[publisher, &limit]).await?;
    Ok(services.into_iter().map(|service| service.service_id).collect())
}

/// A customer's points that say how it was from `since` until `until`, by day.
pub(super) async fn list_history(
    tx: &mut Tx,
    tenant: &TenantId,
    service: Option<&ServiceId>,
    (since, until): (Timestamp, Timestamp),
) -> Result<Vec<DayEnd>, DbError> {
    tx.list(LIST_HISTORY, &[tenant, &service.cloned(), &since, &until]).await
}

/// A customer's pools as they are.
pub(super) async fn list_latest(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<Point>, DbError> {
    tx.list(LIST_LATEST, &[tenant]).await
}

/// Everybody's.
pub(super) async fn list_latest_of_all(tx: &mut Tx) -> Result<Vec<Point>, DbError> {
    tx.list(LIST_LATEST_OF_ALL, &[]).await
}

pub(super) async fn delete_everything(tx: &mut Tx) -> Result<(), DbError> {
    for table in [DELETE_POOLS, DELETE_POINTS, DELETE_ALL_SEATS] {
        tx.execute(table, &[]).await?;
    }
    Ok(())
}

//! Every SQL statement of leads.

use db::{DbError, ToValue, Tx};
use types::{DeliveryId, LeadDestinationId, LeadId, OfferId, PageRequest, TenantId, Timestamp, UserId};

use super::lead::DESTINATIONS_MAX;
use super::{Destination, Lead, LeadAction, LeadDelivery, LeadFilter, LeadStatus};

db::statements! {
    PRESS = "INSERT INTO lead_presses (offer_id, user_id, action, lead_id, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (offer_id, user_id, action) DO UPDATE SET lead_id = excluded.lead_id, at = excluded.at
        WHERE lead_presses.at <= $6";
    FIND_PRESSED = "SELECT l.id, l.tenant_id, l.offer_id, l.address, l.offer_title, l.action, l.status, l.contact,
            l.customer_tenant_id, l.user_id, l.created_at, l.revision, l.request
        FROM lead_presses p JOIN leads l ON l.id = p.lead_id
        WHERE p.offer_id = $1 AND p.user_id = $2 AND p.action = $3";
    INSERT_LEAD = "INSERT INTO leads (id, tenant_id, offer_id, address, offer_title, action, status, contact,
            customer_tenant_id, user_id, created_at, revision, request)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12)";
    FIND_LEAD = "SELECT id, tenant_id, offer_id, address, offer_title, action, status, contact, customer_tenant_id,
            user_id, created_at, revision, request
        FROM leads WHERE tenant_id = $1 AND id = $2";
    // Contact data are JSON in a column of text, which only PostgreSQL wants to be told.
    LIST_LEADS = {
        sqlite: "SELECT id, tenant_id, offer_id, address, offer_title, action, status, contact, customer_tenant_id,
                user_id, created_at, revision, request
            FROM (SELECT * FROM leads WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $8) AS newest
            WHERE ($3 = '' OR address = $3) AND ($4 = '' OR status = $4) AND ($5 = '' OR action = $5)
                AND ($6 = '' OR lower(offer_title || ' ' || (contact ->> 'first_name') || ' '
                    || (contact ->> 'last_name') || ' ' || (contact ->> 'company') || ' '
                    || (contact ->> 'email')) LIKE $6 ESCAPE '!')
            ORDER BY id DESC LIMIT $7",
        postgres: "SELECT id, tenant_id, offer_id, address, offer_title, action, status, contact, customer_tenant_id,
                user_id, created_at, revision, request
            FROM (SELECT * FROM leads WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $8) AS newest
            WHERE ($3 = '' OR address = $3) AND ($4 = '' OR status = $4) AND ($5 = '' OR action = $5)
                AND ($6 = '' OR lower(offer_title || ' ' || (contact::json ->> 'first_name') || ' '
                    || (contact::json ->> 'last_name') || ' ' || (contact::json ->> 'company') || ' '
                    || (contact::json ->> 'email')) LIKE $6 ESCAPE '!')
            ORDER BY id DESC LIMIT $7"
    };
    COUNT_NEW = "SELECT CAST(count(*) AS BIGINT) AS leads,
            CAST(COALESCE(sum(CASE WHEN action = 'LIC' THEN 1 ELSE 0 END), 0) AS BIGINT) AS on_deals
        FROM leads WHERE tenant_id = $1 AND status = 'new'";
    UPDATE_STATUS = "UPDATE leads SET status = $3, revision = revision + 1 WHERE id = $1 AND revision = $2";
    COUNT_DESTINATIONS = "SELECT CAST(count(*) AS BIGINT) AS count FROM lead_destinations WHERE tenant_id = $1";
    INSERT_DESTINATION = "INSERT INTO lead_destinations (id, tenant_id, kind, address, language, secret, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    FIND_DESTINATION = "SELECT id, tenant_id, kind, address, language, secret, created_at FROM lead_destinations
        WHERE id = $1";
    LIST_DESTINATIONS = "SELECT id, tenant_id, kind, address, language, secret, created_at FROM lead_destinations
        WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    DELETE_DELIVERIES = "DELETE FROM lead_deliveries WHERE destination_id = $1";
    DELETE_DESTINATION = "DELETE FROM lead_destinations WHERE id = $1";
    INSERT_DELIVERY = "INSERT INTO lead_deliveries (id, lead_id, destination_id, mail_id, state, attempts, status, error,
            due_at, created_at, finished_at)
        VALUES ($1, $2, $3, $4, $5, 0, NULL, NULL, $6, $7, NULL)";
    LIST_DELIVERIES = "SELECT id, lead_id, destination_id, mail_id, state, attempts, status, error, due_at, created_at,
            finished_at
        FROM lead_deliveries WHERE lead_id = $1 ORDER BY id";
    LIST_DUE = "SELECT id, lead_id, destination_id, mail_id, state, attempts, status, error, due_at, created_at,
            finished_at
        FROM lead_deliveries WHERE destination_id = $1 AND state = 'pending' AND due_at <= $2 AND mail_id IS NULL
        ORDER BY due_at, id LIMIT $3";
    NEXT_DUE = "SELECT CAST(min(due_at) AS BIGINT) AS due_at FROM lead_deliveries
        WHERE destination_id = $1 AND state = 'pending' AND mail_id IS NULL";
    UPDATE_DELIVERY = "UPDATE lead_deliveries SET state = $2, attempts = $3, status = $4, error = $5, due_at = $6,
            finished_at = $7
        WHERE id = $1 AND state = 'pending'";
    REVIVE = "UPDATE lead_deliveries SET state = 'pending', attempts = 0, due_at = $3, finished_at = NULL
        WHERE lead_id = $1 AND id = $2 AND state = 'dead' AND mail_id IS NULL";
}

db::rows! {
    struct Count in "lead_destinations" { count: i64 }
}

db::rows! {
    /// How many leads nobody looked after yet.
    #[derive(Default)]
    pub(crate) struct NewLeads in "leads" {
        pub leads: i64,
        /// Those of them that ask for more licenses under a deal.
        pub on_deals: i64,
    }
}

db::rows! {
    struct Next in "lead_deliveries" { due_at: Option<Timestamp> }
}

/// False if the same user pressed the same after `since`: then that lead stands.
pub(super) async fn press(tx: &mut Tx, lead: &Lead, since: Timestamp) -> Result<bool, DbError> {
    let Lead { id, offer_id, user_id, action, created_at, .. } = lead;
    Ok(tx.execute(PRESS, &[offer_id, user_id, action, id, created_at, &since]).await? == 1)
}

pub(super) async fn find_pressed(
    tx: &mut Tx,
    offer: &OfferId,
    user: &UserId,
    action: LeadAction,
) -> Result<Option<Lead>, DbError> {
    tx.find(FIND_PRESSED, &[offer, user, &action]).await
}

pub(super) async fn insert_lead(tx: &mut Tx, lead: &Lead) -> Result<(), DbError> {
    let Lead { id, tenant_id, offer_id, address, offer_title, action, status, contact, .. } = lead;
    let Lead { customer_tenant_id, user_id, created_at, request, .. } = lead;
    let values: [&dyn ToValue; 12] = [
        id,
        tenant_id,
        offer_id,
        address,
        offer_title,
        action,
        status,
        contact,
        customer_tenant_id,
        user_id,
        created_at,
        request,
    ];
    tx.execute_one(INSERT_LEAD, &values).await
}

pub(super) async fn find_lead(tx: &mut Tx, tenant: &TenantId, id: &LeadId) -> Result<Option<Lead>, DbError> {
    tx.find(FIND_LEAD, &[tenant, id]).await
}

/// The newest first.
pub(super) async fn list_leads(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
    filter: &LeadFilter,
) -> Result<Vec<Lead>, DbError> {
    let LeadFilter { offer, status, action, search, newest } = filter;
    let newest = newest.unwrap_or(i64::MAX);
    let status = status.map_or("", LeadStatus::as_str);
    let action = action.map_or("", LeadAction::as_str);
    let values: [&dyn ToValue; 8] =
        [tenant, &page.before_id(), offer, &status, &action, search, &page.fetch(), &newest];
    tx.list(LIST_LEADS, &values).await
}

pub(super) async fn count_new(tx: &mut Tx, tenant: &TenantId) -> Result<NewLeads, DbError> {
    Ok(tx.find(COUNT_NEW, &[tenant]).await?.unwrap_or_default())
}

/// False if it was changed meanwhile.
pub(super) async fn update_status(
    tx: &mut Tx,
    id: &LeadId,
    revision: i64,
    status: LeadStatus,
) -> Result<bool, DbError> {
    Ok(tx.execute(UPDATE_STATUS, &[id, &revision, &status]).await? == 1)
}

pub(super) async fn count_destinations(tx: &mut Tx, tenant: &TenantId) -> Result<i64, DbError> {
    let count: Option<Count> = tx.find(COUNT_DESTINATIONS, &[tenant]).await?;
    Ok(count.map_or(0, |count| count.count))
}

/// False if leads go there already.
pub(super) async fn insert_destination(tx: &mut Tx, destination: &Destination) -> Result<bool, DbError> {
    let Destination { id, tenant_id, kind, address, language, secret, created_at } = destination;
    let inserted =
        tx.execute(INSERT_DESTINATION, &[id, tenant_id, kind, address, language, secret, created_at]).await?;
    Ok(inserted == 1)
}

pub(super) async fn find_destination(
    tx: &mut Tx,
    id: &LeadDestinationId,
) -> Result<Option<Destination>, DbError> {
    tx.find(FIND_DESTINATION, &[id]).await
}

pub(super) async fn list_destinations(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
) -> Result<Vec<Destination>, DbError> {
    tx.list(LIST_DESTINATIONS, &[tenant, &page.after_id(), &page.fetch()]).await
}

/// All of them: there are few.
pub(super) async fn every_destination(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<Destination>, DbError> {
    let limit = usize::try_from(DESTINATIONS_MAX).unwrap_or_default();
    list_destinations(tx, tenant, &PageRequest { limit, after: None }).await
}

/// With what was sent there or is to be; the leads stay.
pub(super) async fn delete_destination(tx: &mut Tx, id: &LeadDestinationId) -> Result<(), DbError> {
    tx.execute(DELETE_DELIVERIES, &[id]).await?;
    tx.execute(DELETE_DESTINATION, &[id]).await.map(|_| ())
}

pub(super) async fn insert_delivery(tx: &mut Tx, delivery: &LeadDelivery) -> Result<(), DbError> {
    let LeadDelivery { id, lead_id, destination_id, mail_id, state, due_at, created_at, .. } = delivery;
    tx.execute_one(INSERT_DELIVERY, &[id, lead_id, destination_id, mail_id, state, due_at, created_at]).await
}

/// As many as there were destinations.
pub(super) async fn list_deliveries(tx: &mut Tx, lead: &LeadId) -> Result<Vec<LeadDelivery>, DbError> {
    tx.list(LIST_DELIVERIES, &[lead]).await
}

pub(super) async fn list_due(
    tx: &mut Tx,
    destination: &LeadDestinationId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<LeadDelivery>, DbError> {
    tx.list(LIST_DUE, &[destination, &now, &limit]).await
}

/// When the next delivery to an endpoint is due, if any waits.
pub(super) async fn next_due(
    tx: &mut Tx,
    destination: &LeadDestinationId,
) -> Result<Option<Timestamp>, DbError> {
    let next: Option<Next> = tx.find(NEXT_DUE, &[destination]).await?;
    Ok(next.and_then(|next| next.due_at))
}

/// False if it ended or was deleted meanwhile.
pub(super) async fn update_delivery(tx: &mut Tx, delivery: &LeadDelivery) -> Result<bool, DbError> {
    let LeadDelivery { id, state, attempts, status, error, due_at, finished_at, .. } = delivery;
    Ok(tx.execute(UPDATE_DELIVERY, &[id, state, attempts, status, error, due_at, finished_at]).await? == 1)
}

/// False if it was not given up.
pub(super) async fn revive(
    tx: &mut Tx,
    lead: &LeadId,
    id: &DeliveryId,
    now: Timestamp,
) -> Result<bool, DbError> {
    Ok(tx.execute(REVIVE, &[lead, id, &now]).await? == 1)
}

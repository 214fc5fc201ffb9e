//! Every pool as the projection has it: for the doctor.

use db::{DbError, Tx};
use types::TenantId;

use crate::events;
use crate::reports::point::Point;
use crate::reports::{READER, store};

/// Whether a tenant's log was read to its end, so that its points are to equal the counters.
pub(crate) async fn is_complete(tx: &mut Tx, tenant: &TenantId) -> Result<bool, DbError> {
    Ok(events::first_unread(tx, &READER, &[*tenant]).await?.is_none())
}

pub(crate) async fn latest(tx: &mut Tx) -> Result<Vec<Point>, DbError> {
    store::list_latest_of_all(tx).await
}

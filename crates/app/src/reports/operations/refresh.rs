//! How fresh an answer is (RPT-03).

use db::Tx;
use types::{TenantId, Timestamp};

use crate::access::{Permission, Right};
use crate::events;
use crate::kit::Refused;
use crate::reports::READER;

/// Up to where the logs were read when an answer was made, in the same snapshot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refresh {
    /// Totals equal the counters as they were then.
    pub at: Timestamp,
    /// Of the asking tenant's own log.
    pub position: i64,
    /// Nothing is left to be read: totals equal the counters now.
    pub complete: bool,
}

pub(super) async fn refresh<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    logs: &[TenantId],
) -> Result<Refresh, Refused> {
    let unread = events::first_unread(tx, &READER, logs).await?;
    let position = events::place(tx, &READER, &right.tenant()).await?;
    Ok(Refresh { at: unread.unwrap_or(right.now()), position, complete: unread.is_none() })
}

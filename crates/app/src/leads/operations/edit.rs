//! Set the status of a lead.

use db::Tx;
use types::LeadId;

use super::find;
use crate::access::{LeadEdit, Right};
use crate::kit::{Expected, Refused};
use crate::leads::events::LeadChanged;
use crate::leads::{Lead, LeadStatus, store};

/// To the status that it has is no change.
pub(crate) async fn set_status(
    tx: &mut Tx,
    right: &Right<LeadEdit>,
    id: &LeadId,
    status: LeadStatus,
    expected: &Expected,
) -> Result<Lead, Refused> {
    loop {
        let lead = find::lead(tx, right, id).await?;
        expected.refuse_stale(lead.revision)?;
        if lead.status == status {
            return Ok(lead);
        }
        if store::update_status(tx, id, lead.revision, status).await? {
            right.record(tx, &LeadChanged { lead: *id, status, before: lead.status })?;
            return Ok(Lead { status, revision: lead.revision + 1, ..lead });
        }
    }
}

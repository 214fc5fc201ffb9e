//! Have a job tried again: one that is dead, or that waits for its next attempt.

use db::Tx;
use types::JobId;

use super::find;
use crate::access::{JobManage, Right};
use crate::jobs::events::JobRetried;
use crate::jobs::{NOT_WAITING, StoredJob, store};
use crate::kit::Refused;

/// Attempts that it gets on top of those it had.
const MORE: i64 = 5;

pub(crate) async fn retry_job(
    tx: &mut Tx,
    right: &Right<JobManage>,
    id: &JobId,
) -> Result<StoredJob, Refused> {
    let job = find::job(tx, right, id).await?;
    if !store::retry_job(tx, id, right.now(), MORE).await? {
        return Err(NOT_WAITING.because(format!("It is {}.", job.state.as_str())));
    }
    right.record(tx, &JobRetried { job: *id, kind: job.kind })?;
    find::job(tx, right, id).await
}

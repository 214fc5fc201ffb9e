//! Look up jobs and reconcilers.

use db::Tx;
use types::{JobId, Page, PageRequest};

use crate::access::{JobManage, Right};
use crate::jobs::store::{self, LastRun};
use crate::jobs::{JobState, StoredJob};
use crate::kit::Refused;

/// The newest first.
pub(crate) async fn list_jobs(
    tx: &mut Tx,
    _right: &Right<JobManage>,
    page: &PageRequest,
    state: Option<JobState>,
    kind: &str,
) -> Result<Page<StoredJob>, Refused> {
    let jobs = store::list_jobs(tx, page, state, kind).await?;
    Ok(Page::cut(jobs, page, |job| job.id.as_bytes().to_vec()))
}

pub(crate) async fn count_jobs(
    tx: &mut Tx,
    _right: &Right<JobManage>,
    state: JobState,
) -> Result<i64, Refused> {
    Ok(store::count_jobs(tx, state).await?)
}

pub(crate) async fn job(tx: &mut Tx, _right: &Right<JobManage>, id: &JobId) -> Result<StoredJob, Refused> {
    store::find_job(tx, id).await?.ok_or_else(|| Refused::not_found("job"))
}

/// How each ended last, of those that have run.
pub(crate) async fn last_runs(tx: &mut Tx, _right: &Right<JobManage>) -> Result<Vec<LastRun>, Refused> {
    Ok(store::list_reconcilers(tx).await?)
}

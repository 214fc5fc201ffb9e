//! What jobs announce.

use types::JobId;

use crate::events::events;

events! {
    /// A job failed for good and waits for the operator.
    JobDied "job.died" { job: JobId, kind: String, attempts: i64 }
    /// The operator had a job tried again.
    JobRetried "job.retried" { job: JobId, kind: String }
}

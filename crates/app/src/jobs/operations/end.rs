//! Say how an attempt ended.

use db::Tx;
use types::Timestamp;

use crate::access::MARKETPLACE;
use crate::events::{self, Actor, Recorder};
use crate::jobs::backoff;
use crate::jobs::events::JobDied;
use crate::jobs::job::{Claimed, Failed, JobState};
use crate::jobs::store::{self, Ending};
use crate::kit::{Random, Refused};

/// Characters of an error that are kept.
const ERROR_MAX: usize = 2000;

/// The job's new state; `None` if its lease was over and somebody else has it now.
pub(crate) async fn end_attempt(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    job: &Claimed,
    outcome: &Result<(), Failed>,
) -> Result<Option<JobState>, Refused> {
    let error: Option<String> =
        outcome.as_ref().err().map(|failed| failed.error.chars().take(ERROR_MAX).collect());
    let state = match outcome {
        Ok(()) => JobState::Done,
        Err(failed) if failed.for_good || job.attempts >= job.attempts_max => JobState::Dead,
        Err(_) => JobState::Queued,
    };
    let wait = backoff::jittered(backoff::seconds(job.attempts), random);
    let ending = Ending {
        state,
        due_at: if state == JobState::Queued { now.plus_seconds(wait) } else { now },
        error: error.as_deref(),
        finished_at: (state != JobState::Queued).then_some(now),
    };
    if !store::end_job(tx, &job.id, job.attempts, &ending).await? {
        return Ok(None);
    }
    if state == JobState::Dead {
        let recorder = Recorder { actor: Actor::System, origin: None, at: now, random: random.clone() };
        let event = JobDied { job: job.id, kind: job.kind.clone(), attempts: job.attempts };
        events::record(tx, &recorder, &[MARKETPLACE], &event)?;
    }
    Ok(Some(state))
}

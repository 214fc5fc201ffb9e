//! The runner: claims what is due as long as there is room, and keeps the reconcilers going.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::job::{Attempt, Claimed, Failed, JobState, Kind};
use super::operations::end::end_attempt;
use super::reconciler::{Does, Noted, Reconciler};
use super::store;
use crate::App;
use crate::kit::Refused;

/// Jobs of one kind that run at once on one node: a kind that hangs holds up no other.
const AT_ONCE: usize = 64;
/// How often the queue is looked at, should nothing have hinted at it.
const LOOK: Duration = Duration::from_secs(1);
/// How often it is tried, a look apart, to keep how a job ended.
const KEEP_TRIES: usize = 120;
/// Commits come in crowds: they are waited for this long, and looked at together.
const GATHER: Duration = Duration::from_millis(20);

/// Everything there is to run.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    pub kinds: &'static [Kind],
    pub reconcilers: &'static [Reconciler],
}

/// Runs until told to stop; what is running then is brought to its end.
pub(crate) async fn run(app: App, work: &'static Work, stopped: watch::Receiver<bool>) {
    let mut tasks = JoinSet::new();
    for reconciler in work.reconcilers {
        tasks.spawn(keep(app.clone(), reconciler, stopped.clone()));
    }
    tasks.spawn(serve_queue(app, work, stopped));
    while tasks.join_next().await.is_some() {}
}

async fn keep(app: App, reconciler: &'static Reconciler, mut stopped: watch::Receiver<bool>) {
    let mut changes = app.db.heads().changes();
    let (every, mut noted) = (Duration::from_secs(reconciler.every_seconds), Noted::default());
    while !*stopped.borrow() {
        // It says itself what went wrong.
        let _ = reconciler.run_once(&app, &mut noted).await;
        let follows = matches!(reconciler.does, Does::Read(_));
        tokio::select! {
            Ok(()) = changes.changed(), if follows => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(every) => {}
            _ = stopped.changed() => {}
        }
        changes.mark_unchanged();
    }
}

async fn serve_queue(app: App, work: &'static Work, mut stopped: watch::Receiver<bool>) {
    let mut changes = app.db.heads().changes();
    let rooms: Vec<Room> = work.kinds.iter().map(Room::of).collect();
    let mut running = JoinSet::new();
    while !*stopped.borrow() {
        changes.mark_unchanged();
        while running.try_join_next().is_some() {}
        let claimed = claim(&app, rooms.iter().map(Room::left).collect()).await.unwrap_or_else(|refused| {
            tracing::warn!(error.cause = refused.cause(), "no job could be claimed");
            Vec::new()
        });
        for job in claimed {
            let place = rooms.iter().find(|room| room.kind == job.kind).map(Room::take);
            let performed = perform(app.clone(), work, job);
            running.spawn(async move {
                performed.await;
                drop(place);
            });
        }
        tokio::select! {
            Some(_) = running.join_next() => {}
            Ok(()) = changes.changed() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(LOOK) => {}
            _ = stopped.changed() => {}
        }
    }
    while running.join_next().await.is_some() {}
}

/// The places of a kind.
struct Room {
    kind: &'static str,
    taken: Arc<()>,
}

impl Room {
    fn of(kind: &'static Kind) -> Self {
        Self { kind: kind.name, taken: Arc::default() }
    }

    fn left(&self) -> (&'static str, usize) {
        (self.kind, AT_ONCE.saturating_sub(Arc::strong_count(&self.taken) - 1))
    }

    /// Taken until it is dropped.
    fn take(&self) -> Arc<()> {
        Arc::clone(&self.taken)
    }
}

/// Up to so many jobs of each kind.
pub(super) async fn claim(app: &App, mut room: Vec<(&'static str, usize)>) -> Result<Vec<Claimed>, Refused> {
    let (now, node) = (app.clock.now(), app.node.clone());
    room.retain(|(_, left)| *left > 0);
    let kinds: Vec<&'static str> = room.iter().map(|(kind, _)| *kind).collect();
    // Most looks find nothing, and a look costs no write.
    let due = app.db.read(move |tx| Box::pin(async move { store::due_kinds(tx, now, &kinds).await })).await?;
    room.retain(|(kind, _)| due.iter().any(|due| due == kind));
    if room.is_empty() {
        return Ok(Vec::new());
    }
    let claimed = app.db.write(move |tx| {
        let (node, room) = (node.clone(), room.clone());
        Box::pin(async move {
            let mut claimed = Vec::new();
            for (kind, left) in room {
                let limit = i64::try_from(left).unwrap_or_default();
                claimed.extend(store::claim(tx, now, &node, (kind, limit)).await?);
            }
            Ok::<_, db::DbError>(claimed)
        })
    });
    Ok(claimed.await?.value)
}

/// Runs one attempt and says how it ended; the job's state then, if it was still ours.
pub(super) async fn perform(app: App, work: &'static Work, job: Claimed) -> Option<JobState> {
    let outcome = attempt(&app, work, &job).await;
    if let Err(failed) = &outcome {
        tracing::warn!(job.id = %job.id, job.kind, job.attempt = job.attempts, error.cause = failed.error, "a job failed");
    }
    let (now, random, id) = (app.clock.now(), app.random.clone(), job.id);
    let outcome = Arc::new(outcome);
    let (job, mut tries) = (Arc::new(job), 0);
    loop {
        let (random, job, outcome) = (random.clone(), Arc::clone(&job), Arc::clone(&outcome));
        let ended = app
            .db
            .write(move |tx| Box::pin(async move { end_attempt(tx, &random, now, &job, &outcome).await }))
            .await;
        match ended {
            Ok(ended) => return ended.value,
            Err(refused) => {
                tracing::warn!(job.id = %id, error.cause = refused.cause(), "how a job ended could not be kept");
            }
        }
        // The database may be back before the lease is over; then nobody has to do the job again.
        tries += 1;
        if tries == KEEP_TRIES || *app.stop.borrow() {
            return None;
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn attempt(app: &App, work: &'static Work, job: &Claimed) -> Result<(), Failed> {
    let kind = work.kinds.iter().find(|kind| kind.name == job.kind);
    let kind = kind.ok_or_else(|| Failed::for_now("this version knows no such kind of job"))?;
    if job.attempts > job.attempts_max {
        return Err(Failed::for_good("every node that ran it stopped before it ended"));
    }
    let attempt = Attempt { number: job.attempts };
    // A task of its own: a panic is an attempt that failed, and what takes too long is dropped.
    let mut task = JoinSet::new();
    task.spawn((kind.run)(app.clone(), job.payload.clone(), attempt));
    let seconds = Duration::from_secs(u64::try_from(kind.seconds).unwrap_or_default());
    match tokio::time::timeout(seconds, task.join_next()).await {
        Ok(Some(Ok(ended))) => ended,
        Ok(Some(Err(error))) => Err(Failed::for_now(format!("it panicked: {error}"))),
        Ok(None) => Err(Failed::for_now("it was dropped")),
        Err(_) => Err(Failed::for_now(format!("it took longer than {} seconds", kind.seconds))),
    }
}

/// For tests: runs every reconciler and all that is due, again and again until nothing is left to do;
/// how often jobs ran, and those that died.
#[cfg(test)]
pub(crate) async fn drain(app: &App, work: &'static Work) -> Result<(usize, Vec<String>), Refused> {
    let (mut ran, mut died) = (0, Vec::new());
    loop {
        for reconciler in work.reconcilers {
            reconciler.run_once(app, &mut Noted::default()).await?;
        }
        let room = work.kinds.iter().map(|kind| (kind.name, AT_ONCE)).collect();
        let claimed = claim(app, room).await?;
        if claimed.is_empty() {
            return Ok((ran, died));
        }
        for job in claimed {
            ran += 1;
            let name = format!("{} {}", job.kind, job.payload);
            if perform(app.clone(), work, job).await == Some(JobState::Dead) {
                died.push(name);
            }
        }
    }
}

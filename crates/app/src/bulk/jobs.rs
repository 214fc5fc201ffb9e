//! Applies and undoes batches, some rows in a unit of work.

use std::sync::Arc;
use std::time::{Duration, Instant};

use db::BoxFuture;
use serde::{Deserialize, Serialize};
use types::{BatchId, TenantId};

use super::batch::Asker;
use super::operations::{apply, resolve, undo};
use super::{Batch, BatchState, store};
use crate::App;
use crate::access::{Right, SeatAssign};
use crate::jobs::{Attempt, Failed, Job, When, enqueue};
use crate::kit::{JsonColumn, Refused};

/// A job makes room for others then; what is left another one does.
const TIME: Duration = Duration::from_mins(1);

/// Brings a batch to where it should be. Its key is the batch, so no two run at once; if two did, each row
/// would still be done once.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Run {
    tenant: TenantId,
    batch: BatchId,
}

impl Run {
    pub(crate) fn of(batch: &Batch) -> Self {
        Self { tenant: batch.tenant_id, batch: batch.id }
    }
}

impl Job for Run {
    const KIND: &'static str = "assignment_batch.run";

    fn run(self, app: App, _: Attempt) -> BoxFuture<'static, Result<(), Failed>> {
        Box::pin(async move {
            let started = Instant::now();
            while !step_on(&app, self, started).await? {
                if started.elapsed() >= TIME {
                    return Ok(go_on_later(&app, self).await?);
                }
            }
            Ok(())
        })
    }
}

/// Goes on until the batch has reached a state in which it rests, or time is up; whether it rests.
async fn step_on(app: &App, run: Run, started: Instant) -> Result<bool, Refused> {
    let found =
        app.db.read(move |tx| Box::pin(async move { store::find_batch(tx, &run.tenant, &run.batch).await }));
    let Some(batch) = found.await? else { return Ok(true) };
    match (batch.state, batch.undone_by) {
        (BatchState::Applying, _) => apply_all(app, run, &batch.created_by, started).await,
        (BatchState::Undoing, Some(asker)) => undo_all(app, run, &asker, started).await,
        _ => Ok(true),
    }
}

async fn apply_all(app: &App, run: Run, asker: &Asker, started: Instant) -> Result<bool, Refused> {
    let right = right(app, run, asker);
    let resolved = app.db.read(move |tx| {
        Box::pin(async move {
            let rows = store::find_upload(tx, &run.batch).await?;
            resolve::resolve(tx, &right, rows).await
        })
    });
    let rows = Arc::new(resolved.await?);
    while started.elapsed() < TIME {
        let (right, rows) = (self::right(app, run, asker), Arc::clone(&rows));
        let stepped =
            app.db.write(move |tx| Box::pin(async move { apply::step(tx, &right, &run.batch, &rows).await }));
        if stepped.await?.value {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn undo_all(app: &App, run: Run, asker: &Asker, started: Instant) -> Result<bool, Refused> {
    while started.elapsed() < TIME {
        let right = right(app, run, asker);
        let stepped =
            app.db.write(move |tx| Box::pin(async move { undo::step(tx, &right, &run.batch).await }));
        if stepped.await?.value {
            return Ok(true);
        }
    }
    Ok(false)
}

fn right(app: &App, run: Run, JsonColumn(asker): &Asker) -> Right<SeatAssign> {
    Right::of_the_asker(run.tenant, asker.clone(), app.clock.now(), app.random.clone())
}

async fn go_on_later(app: &App, run: Run) -> Result<(), Refused> {
    let (now, random) = (app.clock.now(), app.random.clone());
    let enqueued = app.db.write(move |tx| {
        Box::pin(async move {
            let key = run.batch.to_string();
            Ok::<_, Refused>(enqueue(tx, &random, &run, When::now(now).key(&key)).await?)
        })
    });
    enqueued.await.map(|_| ())
}

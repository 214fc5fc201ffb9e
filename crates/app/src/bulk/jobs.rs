//! Applies and undoes batches, some rows in a unit of work.

use std::sync::Arc;
use std::time::{Duration, Instant};

use db::BoxFuture;
use serde::{Deserialize, Serialize};
use types::{BatchId, TenantId};

use super::batch::Asker;
use super::operations::apply::{self, Reached, Stretch};
use super::operations::resolve::Resolver;
use super::operations::undo;
use super::{AT_ONCE, AT_ONCE_MOST, Batch, BatchState, ListedRow, store};
use crate::App;
use crate::access::{Right, SeatAssign};
use crate::jobs::{Attempt, Failed, Job, When, enqueue};
use crate::kit::{JsonColumn, Pace, Refused, timed};

/// A job makes room for others then; what is left another one does.
const TIME: Duration = Duration::from_mins(1);
/// Rows of which it is found out together whom they name.
const STRETCH: usize = 2000;

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

/// Whom the rows of the next stretch name is found out while those of one are applied.
async fn apply_all(app: &App, run: Run, asker: &Asker, started: Instant) -> Result<bool, Refused> {
    let listed = app.db.read(move |tx| Box::pin(async move { store::find_upload(tx, &run.batch).await }));
    let (mut pace, rest) = (Pace::new(AT_ONCE, AT_ONCE_MOST), Rest::of(listed.await?));
    let (mut stretch, mut rest) = rest.resolve_some(app, right(app, run, asker)).await?;
    while started.elapsed() < TIME {
        let last = stretch.rows.is_empty();
        let (reached, next) = tokio::try_join!(
            apply_stretch(app, run, asker, (stretch, &mut pace), started),
            rest.resolve_some(app, right(app, run, asker)),
        )?;
        match reached {
            Reached::End => return Ok(true),
            Reached::EndOfStretch if last => {
                return Err(Refused::internal("a batch has fewer rows than it was said to have"));
            }
            Reached::EndOfStretch | Reached::Within => (stretch, rest) = next,
        }
    }
    Ok(false)
}

/// Rows of an upload that nobody has looked at yet.
struct Rest {
    before: usize,
    rows: std::vec::IntoIter<ListedRow>,
    resolver: Resolver,
}

impl Rest {
    fn of(rows: Vec<ListedRow>) -> Self {
        Self { before: 0, rows: rows.into_iter(), resolver: Resolver::default() }
    }

    async fn resolve_some(
        mut self,
        app: &App,
        right: Right<SeatAssign>,
    ) -> Result<(Arc<Stretch>, Self), Refused> {
        let resolved = app.db.read(move |tx| {
            Box::pin(async move {
                let listed: Vec<ListedRow> = self.rows.by_ref().take(STRETCH).collect();
                let rows = self.resolver.resolve(tx, &right, listed).await?;
                let stretch = Stretch { before: self.before, rows };
                self.before += stretch.rows.len();
                Ok((Arc::new(stretch), self))
            })
        });
        resolved.await
    }
}

/// [`Reached::Within`] where time was up.
async fn apply_stretch(
    app: &App,
    run: Run,
    asker: &Asker,
    (stretch, pace): (Arc<Stretch>, &mut Pace),
    started: Instant,
) -> Result<Reached, Refused> {
    let mut reached = Reached::Within;
    while reached == Reached::Within && started.elapsed() < TIME {
        let (right, stretch, at_once) = (self::right(app, run, asker), Arc::clone(&stretch), pace.size());
        let stepped = app.db.write(move |tx| {
            Box::pin(async move { timed(apply::step(tx, &right, &run.batch, &stretch, at_once)).await })
        });
        let (now_at, took) = stepped.await?.value;
        reached = now_at;
        if reached == Reached::Within {
            pace.took(took);
        }
    }
    Ok(reached)
}

async fn undo_all(app: &App, run: Run, asker: &Asker, started: Instant) -> Result<bool, Refused> {
    let mut pace = Pace::new(AT_ONCE, AT_ONCE_MOST);
    while started.elapsed() < TIME {
        let (right, at_once) = (right(app, run, asker), pace.size());
        let stepped = app.db.write(move |tx| {
            Box::pin(async move { timed(undo::step(tx, &right, &run.batch, at_once)).await })
        });
        let (all, took) = stepped.await?.value;
        if all {
            return Ok(true);
        }
        pace.took(took);
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

//! Take up a list: it is applied by itself then.

use db::Tx;

use crate::access::{Right, SeatAssign};
use crate::bulk::events::BatchStarted;
use crate::bulk::jobs::Run;
use crate::bulk::{Batch, BatchState, ListedRow, store};
use crate::jobs::{When, enqueue};
use crate::kit::{JsonColumn, Refused};

/// A list, written as it is kept: not in the unit of work, which holds the writer.
#[derive(Debug)]
pub(crate) struct WrittenList {
    total: i64,
    text: String,
}

impl WrittenList {
    pub(crate) fn new(rows: &[ListedRow]) -> Result<Self, Refused> {
        let total = i64::try_from(rows.len()).map_err(Refused::internal)?;
        Ok(Self { total, text: serde_json::to_string(rows).map_err(Refused::internal)? })
    }
}

pub(crate) async fn start(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    list: &WrittenList,
) -> Result<Batch, Refused> {
    let batch = Batch {
        id: right.new_id(),
        tenant_id: right.tenant(),
        state: BatchState::Applying,
        total: list.total,
        done: 0,
        changed: 0,
        failed: 0,
        undone: 0,
        kept: 0,
        created_at: right.now(),
        created_by: JsonColumn((right.actor().clone(), right.origin().clone())),
        finished_at: None,
        undone_by: None,
        undo_before: i64::MAX,
    };
    store::insert_batch(tx, &batch, &list.text).await?;
    right.record(tx, &BatchStarted { batch: batch.id, total: batch.total })?;
    let (run, key) = (Run::of(&batch), batch.id.to_string());
    enqueue(tx, right.random(), &run, When::now(right.now()).key(&key)).await?;
    Ok(batch)
}

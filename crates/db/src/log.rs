//! Logs: entries at gap-free positions, written in the transaction that staged them.

use crate::tx::{Connection, calls};
use crate::{ChainEntry, DbError, Dialect, FromRow, ToValue, Together, Tx, Value, chain, statements};

/// Microseconds in which a head is told to have changed: it is indexed by that, and between two steps nothing
/// of the index is written.
const GRAIN: i64 = 10 * 1_000_000;

/// Which log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogId(pub [u8; 16]);

/// What is to be appended.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: [u8; 16],
    pub kind: &'static str,
    pub body: String,
    /// Microseconds.
    pub at: i64,
}

/// What a unit appended.
#[derive(Debug, Clone, Default)]
pub(crate) struct Appended {
    /// How far that moved each log.
    pub(crate) marks: Vec<Mark>,
    /// By log, in the order of the marks.
    pub(crate) entries: Vec<(LogId, Entry)>,
}

/// How far a log has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub log: LogId,
    pub position: i64,
}

crate::rows! {
    /// An entry in its place.
    pub struct LogEntry in "log_entries" {
        pub id: [u8; 16],
        pub position: i64,
        pub kind: String,
        pub body: String,
        pub at: i64,
    }
}

/// The head of a log.
#[derive(Debug, Clone)]
pub struct LogHead {
    pub log: LogId,
    pub head: i64,
    /// Up to ten seconds early.
    pub changed_at: i64,
    /// Of the last transaction that appended; empty for an empty log.
    pub link: Vec<u8>,
}

impl FromRow for LogHead {
    const TABLE: &'static str = "log_heads";
    fn from_row(row: &crate::Row) -> Result<Self, crate::ColumnError> {
        Ok(Self {
            log: LogId(row.get("log")?),
            head: row.get("head")?,
            changed_at: row.get("changed_at")?,
            link: row.get("link")?,
        })
    }
}

statements! {
    ADVANCE_HEAD = "INSERT INTO log_heads (log, head, changed_at, link) VALUES ($1, $2, $3, log_link($4, $5))
        ON CONFLICT (log) DO UPDATE SET head = log_heads.head + excluded.head, changed_at = excluded.changed_at,
            link = log_link(log_heads.link, $5)
        RETURNING log, head, changed_at, link";
    INSERT_ENTRIES = ["INSERT INTO log_entries (log, position, id, kind, body, at, link) VALUES", ""];
    FIND_HEAD = "SELECT log, head, changed_at, link FROM log_heads WHERE log = $1";
    LIST_CHANGED_HEADS =
        "SELECT log, head, changed_at, link FROM log_heads WHERE changed_at >= $1 ORDER BY changed_at";
    LIST_CHAIN = "SELECT id, position, kind, body, at, link FROM log_entries
        WHERE log = $1 AND position > $2 ORDER BY position LIMIT $3";
    LIST_ENTRIES = "SELECT id, position, kind, body, at FROM log_entries
        WHERE log = $1 AND position > $2 ORDER BY position LIMIT $3";
}

impl Tx {
    /// Stages an entry; it gets its position when the unit ends.
    pub fn append(&mut self, log: LogId, entry: Entry) {
        self.staged.push((log, entry));
    }

    /// The logs that this unit has staged entries for, each once.
    pub fn staged_logs(&self) -> Vec<LogId> {
        let mut logs: Vec<LogId> = self.staged.iter().map(|(log, _)| *log).collect();
        logs.sort_unstable();
        logs.dedup();
        logs
    }

    /// The position of the last entry, 0 for an empty log.
    pub async fn log_head(&mut self, log: LogId) -> Result<i64, DbError> {
        Ok(self.log_head_linked(log).await?.map_or(0, |head| head.head))
    }

    /// Up to `limit` entries after a position, in order.
    pub async fn log_entries(
        &mut self,
        log: LogId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<LogEntry>, DbError> {
        self.list(LIST_ENTRIES, &[&log.0, &after, &limit]).await
    }

    /// Of several logs, each from a position of its own, the head and up to `limit` entries: one round trip on
    /// PostgreSQL.
    pub async fn log_entries_of_each(
        &mut self,
        logs: &[(LogId, i64)],
        limit: i64,
    ) -> Result<Vec<(i64, Vec<LogEntry>)>, DbError> {
        let mut together = Together::default();
        let mut places = Vec::with_capacity(logs.len());
        for (log, after) in logs {
            let head = together.add::<LogHead>(FIND_HEAD, &[&log.0]);
            let which: [&dyn ToValue; 3] = [&log.0, after, &limit];
            places.push((head, together.add::<LogEntry>(LIST_ENTRIES, &which)));
        }
        let answers = self.run_together(together).await?;
        places
            .iter()
            .map(|(head, entries)| {
                let head = answers.found(head)?.map_or(0, |head| head.head);
                Ok((head, answers.list(entries)?))
            })
            .collect()
    }

    /// The head of a log, with its link; none for an empty one.
    pub async fn log_head_linked(&mut self, log: LogId) -> Result<Option<LogHead>, DbError> {
        self.find(FIND_HEAD, &[&log.0]).await
    }

    /// Up to `limit` entries after a position, in order, as the chain has them.
    pub async fn log_chain(
        &mut self,
        log: LogId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<ChainEntry>, DbError> {
        self.list(LIST_CHAIN, &[&log.0, &after, &limit]).await
    }

    pub async fn log_heads_changed_since(&mut self, since: i64) -> Result<Vec<LogHead>, DbError> {
        self.list(LIST_CHANGED_HEADS, &[&since]).await
    }

    /// Writes the staged entries, the last thing before the commit; on PostgreSQL together with it. Heads
    /// are locked in the order of the logs and last of all locks, so units cannot wait for each other's.
    pub(crate) async fn finish(&mut self) -> Result<Appended, DbError> {
        self.still_sound()?;
        let mut staged = std::mem::take(&mut self.staged);
        staged.sort_by_key(|(log, _)| *log);
        let batches: Vec<Batch<'_>> =
            staged.chunk_by(|(one, _), (other, _)| one == other).map(Batch).collect();
        let Connection::Postgres(connection) = &mut self.connection else {
            self.run_all(&[]).await?;
            let marks = self.append_to_heads(&batches).await?;
            return Ok(Appended { marks, entries: staged });
        };
        let later = std::mem::take(&mut self.later);
        let committed = connection.commit(&calls(&later, Dialect::Postgres), &batches).await;
        if let Err(error) = &committed {
            self.note(error);
            if !later.is_empty() {
                self.overtaken(error);
            }
        }
        Ok(Appended { marks: committed?, entries: staged })
    }

    async fn append_to_heads(&mut self, batches: &[Batch<'_>]) -> Result<Vec<Mark>, DbError> {
        let (mut marks, mut rows) = (Vec::with_capacity(batches.len()), Vec::new());
        for batch in batches {
            let (log, count) = (batch.log(), batch.count());
            let (at, nothing, digests) = (batch.at(), Vec::new(), batch.digests());
            let head = self.find(ADVANCE_HEAD, &[&log.0, &count, &at, &nothing, &digests]).await?;
            let none = DbError::NotExactlyOne { statement: ADVANCE_HEAD.name, found: 0 };
            let LogHead { head, link, .. } = head.ok_or(none)?;
            marks.push(Mark { log, position: head });
            for (position, (log, entry)) in (head - count + 1..).zip(batch.0) {
                rows.push(vec![
                    Value::Bytes(log.0.as_slice().into()),
                    Value::Int(position),
                    Value::Bytes(entry.id.as_slice().into()),
                    Value::Text(entry.kind.into()),
                    Value::Text(entry.body.as_str().into()),
                    Value::Int(entry.at),
                    if position == head { Value::Bytes(link.clone().into()) } else { Value::Null },
                ]);
            }
        }
        self.insert_many(INSERT_ENTRIES, &rows).await?;
        Ok(marks)
    }
}

/// New entries of one log, in order; there is at least one.
pub(crate) struct Batch<'a>(&'a [(LogId, Entry)]);

impl<'a> Batch<'a> {
    pub(crate) fn log(&self) -> LogId {
        self.0[0].0
    }

    pub(crate) fn count(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap_or(i64::MAX)
    }

    /// When the latest of them was made, in steps of [`GRAIN`].
    pub(crate) fn at(&self) -> i64 {
        let latest = self.entries().map(|entry| entry.at).max().unwrap_or_default();
        latest - latest.rem_euclid(GRAIN)
    }

    /// What the link of these entries is made of, beside the one before.
    pub(crate) fn digests(&self) -> Vec<u8> {
        chain::digests(self.entries())
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &'a Entry> {
        self.0.iter().map(|(_, entry)| entry)
    }
}

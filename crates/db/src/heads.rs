//! How far the logs have come, as far as this process knows.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use tokio::sync::watch;

use crate::{LogId, Mark};

/// Commits of this process are here before they are answered; those of others come as hints or by
/// [`Db::reconcile_heads`](crate::Db::reconcile_heads).
#[derive(Debug)]
pub struct Heads {
    known: RwLock<HashMap<LogId, i64>>,
    /// Counts what was observed: a signal, nothing else.
    changes: watch::Sender<u64>,
    /// Where commits of this process are told to other nodes, if there can be any.
    hints: RwLock<Option<tokio::sync::mpsc::UnboundedSender<Mark>>>,
}

impl Default for Heads {
    fn default() -> Self {
        Self { known: RwLock::default(), changes: watch::Sender::new(0), hints: RwLock::default() }
    }
}

impl Heads {
    /// 0 where nothing is known.
    pub fn known(&self, log: &LogId) -> i64 {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(log).copied().unwrap_or_default()
    }

    /// Changes whenever something was observed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Takes note of positions; an older one than known says nothing.
    pub fn observe(&self, marks: &[Mark]) {
        if marks.is_empty() {
            return;
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        for mark in marks {
            let position = known.entry(mark.log).or_default();
            *position = mark.position.max(*position);
        }
        drop(known);
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Takes note of a commit of this process, and tells other nodes.
    pub(crate) fn committed(&self, marks: &[Mark]) {
        self.observe(marks);
        let hints = self.hints.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(hints) = hints.as_ref() {
            for mark in marks {
                // The receiver is gone when the database closes.
                let _ = hints.send(*mark);
            }
        }
    }

    pub(crate) fn tell(&self, hints: tokio::sync::mpsc::UnboundedSender<Mark>) {
        *self.hints.write().unwrap_or_else(PoisonError::into_inner) = Some(hints);
    }
}

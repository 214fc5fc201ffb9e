//! How far the logs have come, as far as this process knows.

use std::collections::HashMap;
use std::fmt;
use std::sync::{PoisonError, RwLock};

use tokio::sync::watch;

use crate::log::Appended;
use crate::{Entry, LogId, Mark};

/// Told of every commit that this process learns of: how far it moved a log, and what it appended there, where
/// this process did it. Called before whoever made the commit is answered, by the thread that commits, so it must be
/// quick; of two commits at the same time either may come first.
pub type Listener = Box<dyn Fn(Mark, &[(LogId, Entry)]) + Send + Sync>;

/// Commits of this process are here before they are answered; those of others come as hints or by
/// [`Db::reconcile_heads`](crate::Db::reconcile_heads).
pub struct Heads {
    known: RwLock<HashMap<LogId, i64>>,
    /// Counts what was observed: a signal, nothing else.
    changes: watch::Sender<u64>,
    /// Where commits of this process are told to other nodes, if there can be any.
    hints: RwLock<Option<tokio::sync::mpsc::UnboundedSender<Mark>>>,
    listeners: RwLock<Vec<Listener>>,
}

impl fmt::Debug for Heads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Heads").field("known", &self.known).finish_non_exhaustive()
    }
}

impl Default for Heads {
    fn default() -> Self {
        Self {
            known: RwLock::default(),
            changes: watch::Sender::new(0),
            hints: RwLock::default(),
            listeners: RwLock::default(),
        }
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

    /// Has somebody told of every commit from now on.
    pub fn listen(&self, listener: Listener) {
        self.listeners.write().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    /// Takes note of positions; an older one than known says nothing.
    pub fn observe(&self, marks: &[Mark]) {
        self.note(marks);
        for listener in &*self.listeners.read().unwrap_or_else(PoisonError::into_inner) {
            for mark in marks {
                listener(*mark, &[]);
            }
        }
    }

    /// Takes note of a commit of this process, and tells other nodes.
    pub(crate) fn committed(&self, Appended { marks, entries }: &Appended) {
        self.note(marks);
        for listener in &*self.listeners.read().unwrap_or_else(PoisonError::into_inner) {
            for (mark, entries) in marks.iter().zip(entries.chunk_by(|(one, _), (other, _)| one == other)) {
                listener(*mark, entries);
            }
        }
        let hints = self.hints.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(hints) = hints.as_ref() {
            for mark in marks {
                // The receiver is gone when the database closes.
                let _ = hints.send(*mark);
            }
        }
    }

    fn note(&self, marks: &[Mark]) {
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

    pub(crate) fn tell(&self, hints: tokio::sync::mpsc::UnboundedSender<Mark>) {
        *self.hints.write().unwrap_or_else(PoisonError::into_inner) = Some(hints);
    }
}

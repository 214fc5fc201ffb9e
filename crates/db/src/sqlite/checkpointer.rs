//! Moves what the write-ahead log holds into the file while others write, so that the writer seldom waits for the
//! file's own sync. The writer still does so itself where this one cannot keep up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use super::start;
use crate::DbError;

/// Between two looks at a log that fills slowly, and at one that fills fast.
const SLOW: Duration = Duration::from_secs(1);
const FAST: Duration = Duration::from_millis(100);
/// Pages in a log that fills fast.
const PAGES: i64 = 1000;

pub(super) struct Checkpointer {
    written: Arc<AtomicBool>,
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Checkpointer {
    pub(super) fn start(connection: rusqlite::Connection) -> Result<Self, DbError> {
        let (written, (stop, stopped)) = (Arc::new(AtomicBool::new(false)), mpsc::channel());
        let news = Arc::clone(&written);
        let thread = start("sqlite-checkpointer", move || {
            let mut pause = SLOW;
            while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                let fills_fast = news.swap(false, Ordering::Relaxed) && checkpoint(&connection) >= PAGES;
                pause = if fills_fast { FAST } else { SLOW };
            }
        })?;
        Ok(Self { written, stop, thread })
    }

    /// There is something in the log.
    pub(super) fn written(&self) {
        self.written.store(true, Ordering::Relaxed);
    }

    /// Waits until its connection is closed.
    pub(super) fn stop(self) {
        drop(self.stop);
        // It does not panic.
        let _ = self.thread.join();
    }
}

/// As much as can be moved without waiting for anybody; the pages in the log. What fails is tried again, and told
/// by the writer if it fails there, too.
fn checkpoint(connection: &rusqlite::Connection) -> i64 {
    let pages = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1));
    pages.unwrap_or_default()
}

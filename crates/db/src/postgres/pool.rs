//! Sessions that are kept for whoever needs one next.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_postgres::Config;

use super::session::{Session, Status};
use crate::DbError;

/// How long somebody waits while all sessions are in use.
const WAIT: Duration = Duration::from_secs(30);
/// How long it may take to open one.
const OPEN: Duration = Duration::from_secs(10);

pub(super) struct Sessions {
    config: Config,
    /// How many there may be.
    most: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The one used last is at the end and taken first: it has the statements prepared, and its server process knows
    /// the tables.
    idle: Vec<Session>,
    /// Who came first is given the next one.
    waiting: VecDeque<oneshot::Sender<Pooled>>,
    /// How many there are, or are being opened.
    open: usize,
    is_closed: bool,
}

/// One of the sessions, or leave to open one, for one unit of work; given back when it is dropped.
pub(super) struct Pooled {
    session: Option<Session>,
    /// Where it is given back to; `None` only while that is done.
    sessions: Option<Arc<Sessions>>,
}

impl State {
    /// To who has waited longest; back, if nobody waits.
    fn offer(&mut self, mut pooled: Pooled) -> Option<Pooled> {
        while let Some(waiting) = self.waiting.pop_front() {
            match waiting.send(pooled) {
                Ok(()) => return None,
                Err(unwanted) => pooled = unwanted,
            }
        }
        Some(pooled)
    }
}

impl Sessions {
    pub(super) fn new(config: Config, most: usize) -> Arc<Self> {
        Arc::new(Self { config, most, state: Mutex::default() })
    }

    pub(super) async fn take(self: &Arc<Self>) -> Result<Pooled, DbError> {
        let mut given = self.ask();
        let mut pooled = match timeout(WAIT, &mut given).await {
            Ok(pooled) => pooled.map_err(|_| DbError::closed("PostgreSQL"))?,
            Err(elapsed) => {
                given.close();
                given.try_recv().map_err(|_| unreachable(elapsed))?
            }
        };
        match &mut pooled.session {
            Some(session) => {
                if let Err(error) = session.look().await {
                    pooled.replace(&error).await?;
                }
            }
            None => pooled.session = Some(self.open().await?),
        }
        Ok(pooled)
    }

    async fn open(&self) -> Result<Session, DbError> {
        let opened = timeout(OPEN, Session::open(&self.config)).await.map_err(unreachable)?;
        opened.map_err(unreachable)
    }

    /// Nobody is given a session any more; those in use are closed when they are given back.
    pub(super) fn close(&self) {
        let closed = State { is_closed: true, ..State::default() };
        let before = std::mem::replace(&mut *self.state(), closed);
        drop(before);
    }

    fn ask(self: &Arc<Self>) -> oneshot::Receiver<Pooled> {
        let (asking, given) = oneshot::channel();
        let mut state = self.state();
        let found = state.idle.pop().map(Some).or_else(|| (state.open < self.most).then_some(None));
        match found {
            _ if state.is_closed => {}
            None => state.waiting.push_back(asking),
            Some(session) => {
                state.open += usize::from(session.is_none());
                // There is somebody to take it.
                let _ = asking.send(Pooled { session, sessions: Some(Arc::clone(self)) });
            }
        }
        given
    }

    /// To whoever waits, or else for whoever comes.
    fn give_back(self: Arc<Self>, session: Option<Session>) {
        let pooled = Pooled { session, sessions: Some(Arc::clone(&self)) };
        let mut state = self.state();
        let Some(mut unwanted) = state.offer(pooled) else { return };
        unwanted.sessions = None;
        match unwanted.session.take() {
            Some(session) if !state.is_closed => state.idle.push(session),
            _ => state.open = state.open.saturating_sub(1),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pooled {
    pub(super) fn session(&mut self) -> Result<&mut Session, DbError> {
        self.session.as_mut().ok_or_else(|| DbError::internal("no session was opened"))
    }

    /// Opens another one instead of one that has ended.
    pub(super) async fn replace(&mut self, ended: &DbError) -> Result<(), DbError> {
        let why = std::error::Error::source(ended).map(ToString::to_string);
        tracing::warn!(db.error = %why.unwrap_or_default(), "a connection to PostgreSQL ended");
        let Some(sessions) = &self.sessions else { return Ok(()) };
        self.session = None;
        self.session = Some(sessions.open().await?);
        Ok(())
    }

    /// Hands it to whoever waits for a session; itself, if nobody does. What is owed is read when that unit asks for
    /// something or ends: a unit waits for nothing but its own statements, so that will be soon.
    pub(super) fn hand_on(self) -> Option<Self> {
        let sessions = self.sessions.clone()?;
        sessions.state().offer(self)
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        let Some(sessions) = self.sessions.take() else { return };
        // A session with a transaction that has not ended is closed, and one that owes somebody an answer.
        let session = self.session.take();
        sessions
            .give_back(session.filter(|session| session.status() == Status::Idle && !session.is_awaited()));
    }
}

fn unreachable(error: impl std::error::Error + Send + Sync + 'static) -> DbError {
    DbError::unavailable("no connection to PostgreSQL", error)
}

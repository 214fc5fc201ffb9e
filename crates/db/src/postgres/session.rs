//! A connection to PostgreSQL on which statements travel together: sent at once, and answered at once.
//!
//! The driver asks for an answer to each statement by itself (`Sync`), which the server sends by itself, too. Here
//! there is one for all: what a small transaction costs most is not its statements but such answers.
//!
//! What is sent need not be answered before more is sent behind it: a session may be handed on in between, and whoever
//! reads the next answer reads those before it for whom they are meant.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use postgres_protocol::message::backend::Message;
use postgres_protocol::message::frontend;
use tokio::sync::oneshot;
use tokio_postgres::Config;

use super::messages::{Refusal, Reply, Request, Statement, bind, kinds, not_understood, unsendable};
use super::socket::{self, lost};
use super::wire::{CHUNK, Wire};
use crate::tx::Outcome;
use crate::{DbError, Row};

/// No transaction is open, as the server says it.
const IDLE: u8 = b'I';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// No transaction is open, if what is sent already holds.
    Idle,
    /// One is, and waits for its end, whether or not it has failed.
    Open,
    /// An answer was not read to its end.
    Unknown,
}

pub(super) struct Session {
    wire: Wire,
    /// By their texts: all that was ever run here.
    statements: HashMap<String, Arc<Statement>, foldhash::fast::RandomState>,
    /// How many were ever given a name.
    named: usize,
    status: Status,
    /// Answers that come before those of whatever is sent next. Only an open transaction comes to owe some, and before
    /// it is open what was owed is read.
    owed: Option<Owed>,
}

/// What the statements of a unit gave, or why they were refused.
pub(super) type Ending = Result<Vec<Outcome>, DbError>;

/// What answers the end of a transaction.
enum Owed {
    /// Nobody waits to hear of the end of a read.
    RollBack,
    Commit {
        reply: Reply,
        listener: oneshot::Sender<Ending>,
    },
}

impl Session {
    /// Connects to the first of the hosts that takes it.
    pub(super) async fn open(config: &Config) -> Result<Self, DbError> {
        let mut refused = None;
        for host in socket::hosts(config) {
            let places = host.places().await.unwrap_or_else(|error| {
                refused = Some(lost(error));
                Vec::new()
            });
            for place in places {
                match Self::open_at(config, &place).await {
                    Ok(session) => return Ok(session),
                    Err(error) => refused = Some(error),
                }
            }
        }
        Err(refused.unwrap_or_else(|| DbError::internal("the address of PostgreSQL names no host")))
    }

    async fn open_at(config: &Config, place: &socket::Place) -> Result<Self, DbError> {
        let mut session = Self {
            wire: Wire::new(socket::connect(config, place).await?),
            statements: HashMap::default(),
            named: 0,
            status: Status::Idle,
            owed: None,
        };
        if let Some(wanted) = socket::read_only(config) {
            let outcomes = session.run(&[Request::plain("SHOW transaction_read_only")]).await?;
            let is = outcomes.first().and_then(|outcome| outcome.rows.first()).map(Row::key);
            if is.as_deref() != Some(wanted) {
                let what = "the host is not as target_session_attrs asks".to_owned();
                return Err(DbError::Unavailable { what, source: None });
            }
        }
        Ok(session)
    }

    pub(super) fn status(&self) -> Status {
        self.status
    }

    /// Somebody waits for what it owes.
    pub(super) fn is_awaited(&self) -> bool {
        matches!(self.owed, Some(Owed::Commit { .. }))
    }

    /// An error if the server is not there any more, as far as is known: what it said last, if anything.
    pub(super) async fn look(&mut self) -> Result<(), DbError> {
        match self.wire.look().await {
            Some(error) => Err(self.hear_out(error).await),
            None => Ok(()),
        }
    }

    /// Hears a server that has hung up to its end: what it owes, and why it did.
    async fn hear_out(&mut self, error: io::Error) -> DbError {
        if let Err(error) = self.read_owed().await {
            return error;
        }
        self.status = Status::Unknown;
        while let Ok(message) = self.wire.message().await {
            if let Message::ErrorResponse(body) = message {
                return Refusal::read(&body)
                    .map_or_else(|error| error, |refusal| DbError::unavailable("PostgreSQL", refusal));
            }
        }
        lost(error)
    }

    /// Runs statements in this order, all sent at once; behind one that fails none is run.
    pub(super) async fn run(&mut self, requests: &[Request<'_>]) -> Ending {
        let statements = self.prepared(requests).await?;
        self.run_prepared(requests, statements).await
    }

    pub(super) async fn run_prepared(
        &mut self,
        requests: &[Request<'_>],
        statements: Vec<Arc<Statement>>,
    ) -> Ending {
        self.send(requests, &statements).await?;
        if self.read_owed().await? == Status::Open {
            // What came before has failed, and so the server refuses what is behind it.
            let _ = self.answer(|_| Ok(())).await;
            self.roll_back().await?;
            self.send(requests, &statements).await?;
        }
        let mut reply = Reply::to(statements);
        self.answer(|message| reply.take(&message)).await?;
        reply.end()
    }

    /// Sends the last statements of a transaction, and leaves reading what they give to whoever uses the session next.
    pub(super) async fn send_last(
        &mut self,
        requests: &[Request<'_>],
        statements: Vec<Arc<Statement>>,
    ) -> Result<oneshot::Receiver<Ending>, DbError> {
        self.send(requests, &statements).await?;
        let (listener, ending) = oneshot::channel();
        self.owe(Owed::Commit { reply: Reply::to(statements), listener });
        Ok(ending)
    }

    /// Sends the end of a read, of which nobody needs to hear.
    pub(super) async fn leave(&mut self) -> Result<(), DbError> {
        self.send_rollback().await?;
        self.owe(Owed::RollBack);
        Ok(())
    }

    pub(super) async fn roll_back(&mut self) -> Result<(), DbError> {
        self.send_rollback().await?;
        self.answer(|_| Ok(())).await
    }

    async fn send_rollback(&mut self) -> Result<(), DbError> {
        let requests = [Request::plain("ROLLBACK")];
        let statements = match self.known(&requests) {
            Some(statements) => statements,
            None => self.prepare(&requests).await?,
        };
        self.send(&requests, &statements).await
    }

    fn owe(&mut self, owed: Owed) {
        self.owed = Some(owed);
        self.status = Status::Idle;
    }

    /// Reads what is owed. A transaction that failed is rolled back.
    pub(super) async fn settle(&mut self) -> Result<(), DbError> {
        if self.read_owed().await? == Status::Open { self.roll_back().await } else { Ok(()) }
    }

    /// Reads what is owed, and tells whoever waits for it; what it left behind.
    async fn read_owed(&mut self) -> Result<Status, DbError> {
        let Some(owed) = self.owed.take() else { return Ok(Status::Idle) };
        let before = std::mem::replace(&mut self.status, Status::Unknown);
        match owed {
            Owed::RollBack => self.read_rollback().await?,
            Owed::Commit { reply, listener } => self.read_commit(reply, listener).await?,
        }
        let left = self.status;
        if before == Status::Unknown {
            // What was sent behind it is not answered yet.
            self.status = before;
        }
        Ok(left)
    }

    async fn read_rollback(&mut self) -> Result<(), DbError> {
        let read = self.answer(|_| Ok(())).await;
        if self.status == Status::Open {
            self.status = Status::Unknown;
            let what = "the read before on this connection did not end".to_owned();
            return Err(DbError::Unavailable { what, source: None });
        }
        read
    }

    async fn read_commit(
        &mut self,
        mut reply: Reply,
        listener: oneshot::Sender<Ending>,
    ) -> Result<(), DbError> {
        let read = self.answer(|message| reply.take(&message)).await;
        let ending = read.and_then(|()| reply.end());
        if let (Status::Unknown, Err(error)) = (self.status, &ending) {
            let lost = match error {
                DbError::Unavailable { .. } => error.clone(),
                // It is not of whoever reads it.
                error => DbError::unavailable("PostgreSQL", error.clone()),
            };
            let _ = listener.send(Err(error.clone().during_commit()));
            return Err(lost);
        }
        // Whoever waited may be gone.
        let _ = listener.send(ending);
        Ok(())
    }

    /// Runs texts that are not prepared; the first columns of their rows.
    #[cfg(feature = "testing")]
    pub(super) async fn script(&mut self, text: &str) -> Result<Vec<String>, DbError> {
        self.settle().await?;
        let mut out = BytesMut::new();
        frontend::query(text, &mut out).map_err(unsendable)?;
        self.write(out).await?;
        let mut lines = Vec::new();
        let answered = self.answer(|message| {
            if let Message::DataRow(body) = message
                && let Some(Some(range)) = body.ranges().next().map_err(lost)?
            {
                lines.push(String::from_utf8_lossy(&body.buffer()[range]).into_owned());
            }
            Ok(())
        });
        let answered = answered.await;
        // A text is answered by itself, and then what ends everything that is sent.
        self.answer(|_| Ok(())).await?;
        answered.map(|()| lines)
    }

    #[cfg(feature = "testing")]
    pub(super) async fn count_params(&mut self, text: &str) -> Result<usize, DbError> {
        let statements = self.prepared(&[Request::plain(text)]).await?;
        Ok(statements.first().map_or(0, |statement| statement.params.len()))
    }

    async fn send(&mut self, requests: &[Request<'_>], statements: &[Arc<Statement>]) -> Result<(), DbError> {
        let mut out = BytesMut::with_capacity(CHUNK);
        for (request, statement) in requests.iter().zip(statements) {
            bind(request, statement, &mut out)?;
        }
        self.write(out).await
    }

    /// The statements, those that are new here prepared in one round trip.
    pub(super) async fn prepared(
        &mut self,
        requests: &[Request<'_>],
    ) -> Result<Vec<Arc<Statement>>, DbError> {
        if let Some(statements) = self.known(requests) {
            return Ok(statements);
        }
        self.settle().await?;
        self.prepare(requests).await
    }

    fn known(&self, requests: &[Request<'_>]) -> Option<Vec<Arc<Statement>>> {
        requests.iter().map(|request| self.statements.get(request.text).cloned()).collect()
    }

    async fn prepare(&mut self, requests: &[Request<'_>]) -> Result<Vec<Arc<Statement>>, DbError> {
        let mut new: Vec<&str> = Vec::new();
        for Request { text, .. } in requests {
            if !self.statements.contains_key(*text) && !new.contains(text) {
                new.push(text);
            }
        }
        let described = self.describe(&new).await;
        if described.is_err() {
            // The server may have prepared some of them, by names that nobody knows: not to be used again.
            self.status = Status::Unknown;
        }
        for (text, statement) in new.into_iter().zip(described?) {
            self.statements.insert(text.to_owned(), Arc::new(statement));
        }
        self.known(requests).ok_or_else(not_understood)
    }

    async fn describe(&mut self, texts: &[&str]) -> Result<Vec<Statement>, DbError> {
        let (mut out, mut names) = (BytesMut::with_capacity(CHUNK), Vec::with_capacity(texts.len()));
        for text in texts {
            let name = format!("s{}", self.named);
            self.named += 1;
            let kinds: [u32; 0] = [];
            let put = frontend::parse(&name, text, kinds, &mut out);
            put.and_then(|()| frontend::describe(b'S', &name, &mut out)).map_err(unsendable)?;
            names.push(name);
        }
        self.write(out).await?;
        let (mut statements, mut names, mut params) =
            (Vec::with_capacity(texts.len()), names.into_iter(), Vec::new());
        self.answer(|message| {
            let (kinds, columns) = match message {
                Message::ParameterDescription(body) => {
                    params = kinds(body.parameters())?;
                    return Ok(());
                }
                Message::RowDescription(body) => {
                    let names = body.fields().map(|field| Ok(field.name().to_owned()));
                    let columns: Vec<String> = names.collect().map_err(lost)?;
                    (kinds(body.fields().map(|field| Ok(field.type_oid())))?, columns)
                }
                Message::NoData => (Vec::new(), Vec::new()),
                _ => return Ok(()),
            };
            let name = names.next().ok_or_else(not_understood)?;
            let (params, columns) = (std::mem::take(&mut params), columns.into());
            statements.push(Statement { name, params, kinds, columns });
            Ok(())
        })
        .await?;
        Ok(statements)
    }

    async fn write(&mut self, mut out: BytesMut) -> Result<(), DbError> {
        frontend::sync(&mut out);
        self.status = Status::Unknown;
        match self.wire.write(out).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.hear_out(error).await),
        }
    }

    /// Reads what answers all that was sent together; the first refusal is the result.
    async fn answer(&mut self, mut each: impl FnMut(Message) -> Result<(), DbError>) -> Result<(), DbError> {
        let mut refused: Option<Refusal> = None;
        loop {
            let message = match self.wire.message().await.map_err(lost) {
                Ok(message) => message,
                // Whatever it refused before: what became of the rest, nobody knows.
                Err(lost) => {
                    return Err(refused.map_or(lost, |refusal| DbError::unavailable("PostgreSQL", refusal)));
                }
            };
            match message {
                Message::ErrorResponse(body) if refused.is_none() => refused = Some(Refusal::read(&body)?),
                Message::ReadyForQuery(body) => {
                    self.status = if body.status() == IDLE { Status::Idle } else { Status::Open };
                    self.wire.shrink();
                    return refused.map_or(Ok(()), |refusal| Err(refusal.into()));
                }
                other => each(other)?,
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.status != Status::Unknown {
            self.wire.say_goodbye();
        }
    }
}

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

use super::messages::{Answers, Refusal, Request, Statement, bind, kinds, not_understood, unsendable};
use super::socket::{self, lost};
use super::wire::{CHUNK, Wire};
use crate::tx::Outcome;
use crate::{DbError, Row};

/// No transaction is open, as the server says it.
const IDLE: u8 = b'I';
const ROLLBACK: &str = "ROLLBACK";

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

/// Answers to statements that end a transaction.
struct Owed {
    answers: Answers,
    /// Whom to tell; nobody waits for the end of a read.
    listener: Option<oneshot::Sender<Ending>>,
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
        self.owed.as_ref().is_some_and(|owed| owed.listener.is_some())
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
        self.run_prepared(requests, &statements).await
    }

    pub(super) async fn run_prepared(
        &mut self,
        requests: &[Request<'_>],
        statements: &[Arc<Statement>],
    ) -> Ending {
        self.send(requests, statements).await?;
        if self.read_owed().await? == Status::Open {
            // What came before has failed, and so the server refuses what is behind it.
            let _ = self.answer(|_| Ok(())).await;
            self.roll_back().await?;
            self.send(requests, statements).await?;
        }
        let mut answers = Answers::to(statements.to_vec());
        self.answer(|message| answers.take(&message)).await?;
        answers.end()
    }

    /// Sends the last statements of a transaction, and leaves reading what they give to whoever uses the session next.
    pub(super) async fn send_last(
        &mut self,
        requests: &[Request<'_>],
        statements: &[Arc<Statement>],
    ) -> Result<oneshot::Receiver<Ending>, DbError> {
        self.send(requests, statements).await?;
        let (listener, ending) = oneshot::channel();
        self.owe(statements.to_vec(), Some(listener));
        Ok(ending)
    }

    /// Sends the end of a read, of which nobody needs to hear.
    pub(super) async fn leave(&mut self) -> Result<(), DbError> {
        let statements = self.send_rollback().await?;
        self.owe(statements, None);
        Ok(())
    }

    pub(super) async fn roll_back(&mut self) -> Result<(), DbError> {
        self.send_rollback().await?;
        self.answer(|_| Ok(())).await
    }

    async fn send_rollback(&mut self) -> Result<Vec<Arc<Statement>>, DbError> {
        let requests = [Request::plain(ROLLBACK)];
        let statements = match self.known(&requests) {
            Some(statements) => statements,
            None => self.prepare(&requests).await?,
        };
        self.send(&requests, &statements).await?;
        Ok(statements)
    }

    fn owe(&mut self, statements: Vec<Arc<Statement>>, listener: Option<oneshot::Sender<Ending>>) {
        self.owed = Some(Owed { answers: Answers::to(statements), listener });
        self.status = Status::Idle;
    }

    /// Reads what is owed. A transaction that failed is rolled back.
    pub(super) async fn settle(&mut self) -> Result<(), DbError> {
        if self.read_owed().await? == Status::Open { self.roll_back().await } else { Ok(()) }
    }

    /// Reads what is owed, and tells whoever waits for it; what it left behind.
    async fn read_owed(&mut self) -> Result<Status, DbError> {
        let Some(Owed { mut answers, listener }) = self.owed.take() else { return Ok(Status::Idle) };
        let before = std::mem::replace(&mut self.status, Status::Unknown);
        let read = self.answer(|message| answers.take(&message)).await;
        let left = std::mem::replace(&mut self.status, Status::Unknown);
        let ending = read.and_then(|()| answers.end());
        match (listener, ending) {
            (listener, Err(error)) if left == Status::Unknown => {
                listener.map(|listener| listener.send(Err(error.clone().during_commit())));
                return Err(match error {
                    DbError::Unavailable { .. } => error,
                    // It is not of whoever reads it.
                    error => DbError::unavailable("PostgreSQL", error),
                });
            }
            (Some(listener), ending) => drop(listener.send(ending)),
            (None, Ok(_)) if left == Status::Idle => {}
            (None, _) => {
                let what = "the read before on this connection did not end".to_owned();
                return Err(DbError::Unavailable { what, source: None });
            }
        }
        // What was sent behind it is not answered yet.
        self.status = if before == Status::Unknown { before } else { left };
        Ok(left)
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
        let (mut described, mut params) = (Vec::with_capacity(texts.len()), Vec::new());
        self.answer(|message| {
            match message {
                Message::ParameterDescription(body) => params = kinds(body.parameters())?,
                Message::RowDescription(body) => {
                    let names = body.fields().map(|field| Ok(field.name().to_owned()));
                    let columns: Vec<String> = names.collect().map_err(lost)?;
                    let types = kinds(body.fields().map(|field| Ok(field.type_oid())))?;
                    described.push((std::mem::take(&mut params), types, columns));
                }
                Message::NoData => described.push((std::mem::take(&mut params), Vec::new(), Vec::new())),
                _ => {}
            }
            Ok(())
        })
        .await?;
        let statement = |((name, text), (params, kinds, columns)): ((String, &&str), (_, _, Vec<String>))| {
            Statement { name, params, kinds, columns: columns.into(), undoes: *text == ROLLBACK }
        };
        Ok(names.into_iter().zip(texts).zip(described).map(statement).collect())
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

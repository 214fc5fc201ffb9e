//! A connection to PostgreSQL on which statements travel together: sent at once, and answered at once.
//!
//! The driver asks for an answer to each statement by itself (`Sync`), which the server sends by itself, too. Here
//! there is one for all: what a small transaction costs most is not its statements but such answers.

use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use bytes::{Buf, BytesMut};
use fallible_iterator::FallibleIterator;
use postgres_protocol::message::backend::Message;
use postgres_protocol::message::frontend;
use tokio::io::{AsyncReadExt, AsyncWrite};
use tokio_postgres::Config;

use super::messages::{Refusal, Request, Statement, affected, bind, kinds, not_understood, unsendable};
use super::socket::{self, Socket, lost};
use super::values::row;
use crate::tx::Outcome;
use crate::{DbError, Row};

/// Room for what is read at once.
const CHUNK: usize = 8 * 1024;
/// No transaction is open, as the server says it.
const IDLE: u8 = b'I';

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// No transaction is open.
    Idle,
    /// One is, and waits for its end, whether or not it has failed.
    Open,
    /// An answer was not read to its end.
    Unknown,
}

pub(super) struct Session {
    socket: Box<dyn Socket>,
    /// By their texts: all that was ever run here.
    statements: HashMap<String, Arc<Statement>, foldhash::fast::RandomState>,
    /// How many were ever given a name.
    named: usize,
    /// What was received and is not read yet.
    input: BytesMut,
    status: Status,
    /// Answers that nobody waits for: they come before those of whatever is sent next.
    unread: usize,
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
            socket: socket::connect(config, place).await?,
            statements: HashMap::default(),
            named: 0,
            input: BytesMut::new(),
            status: Status::Idle,
            unread: 0,
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

    /// An error if the server is not there any more, as far as is known: what it said last, if anything.
    pub(super) async fn look(&mut self) -> Result<(), DbError> {
        let Self { socket, input, .. } = self;
        let left = poll_fn(|context| {
            loop {
                match poll_fill(socket, input, context) {
                    Poll::Pending => return Poll::Ready(None),
                    Poll::Ready(Ok(0)) => return Poll::Ready(Some(io::ErrorKind::UnexpectedEof.into())),
                    Poll::Ready(Ok(_)) => {}
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(error)),
                }
            }
        });
        let Some(error) = left.await else { return Ok(()) };
        while let Ok(Some(message)) = Message::parse(&mut self.input) {
            if let Message::ErrorResponse(body) = message {
                return Err(DbError::unavailable("PostgreSQL", Refusal::read(&body)?));
            }
        }
        Err(lost(error))
    }

    /// Runs statements in this order, all sent at once; behind one that fails none is run.
    pub(super) async fn run(&mut self, requests: &[Request<'_>]) -> Result<Vec<Outcome>, DbError> {
        let statements = self.prepared(requests).await?;
        self.run_prepared(requests, &statements).await
    }

    pub(super) async fn run_prepared(
        &mut self,
        requests: &[Request<'_>],
        statements: &[Arc<Statement>],
    ) -> Result<Vec<Outcome>, DbError> {
        self.send(requests, statements).await?;
        let (mut outcomes, mut current) = (Vec::with_capacity(requests.len()), Outcome::default());
        let mut undone = false;
        let answered = self.answer(|message| {
            match message {
                Message::DataRow(body) => {
                    let statement = statements.get(outcomes.len()).ok_or_else(not_understood)?;
                    current.rows.push(row(&body, &statement.kinds, &statement.columns)?);
                }
                Message::CommandComplete(body) => {
                    let tag = body.tag().map_err(lost)?;
                    // So it answers a COMMIT, too, where a statement has failed before.
                    undone |= tag == "ROLLBACK"
                        && requests.get(outcomes.len()).is_some_and(|request| request.text != tag);
                    current.affected = affected(tag);
                    outcomes.push(std::mem::take(&mut current));
                }
                Message::EmptyQueryResponse => outcomes.push(Outcome::default()),
                _ => {}
            }
            Ok(())
        });
        answered.await?;
        if undone {
            return Err(DbError::Aborted);
        }
        if outcomes.len() == requests.len() { Ok(outcomes) } else { Err(not_understood()) }
    }

    /// Sends a last statement of which nobody needs to hear: whatever is sent next is run behind it.
    pub(super) async fn leave(&mut self, text: &str) -> Result<(), DbError> {
        let requests = [Request::plain(text)];
        let statements = self.prepared(&requests).await?;
        self.send(&requests, &statements).await?;
        self.unread += 1;
        self.status = Status::Idle;
        Ok(())
    }

    /// Runs texts that are not prepared; the first columns of their rows.
    #[cfg(feature = "testing")]
    pub(super) async fn script(&mut self, text: &str) -> Result<Vec<String>, DbError> {
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
        let known = |session: &Self| -> Option<Vec<Arc<Statement>>> {
            requests.iter().map(|request| session.statements.get(request.text).cloned()).collect()
        };
        if let Some(statements) = known(self) {
            return Ok(statements);
        }
        let mut new: Vec<&str> = Vec::new();
        for Request { text, .. } in requests {
            if !self.statements.contains_key(*text) && !new.contains(text) {
                new.push(text);
            }
        }
        let prepared = self.prepare(&new).await;
        if prepared.is_err() {
            // The server may have prepared some of them, by names that nobody knows: not to be used again.
            self.status = Status::Unknown;
        }
        prepared?;
        known(self).ok_or_else(not_understood)
    }

    async fn prepare(&mut self, texts: &[&str]) -> Result<(), DbError> {
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
        for ((text, name), (params, kinds, columns)) in texts.iter().zip(names).zip(described) {
            let statement = Statement { name, params, kinds, columns: columns.into() };
            self.statements.insert((*text).to_owned(), Arc::new(statement));
        }
        Ok(())
    }

    /// Sends all of this, and reads meanwhile: the server may wait for that before it reads on.
    async fn write(&mut self, mut out: BytesMut) -> Result<(), DbError> {
        frontend::sync(&mut out);
        self.status = Status::Unknown;
        let Self { socket, input, .. } = self;
        let written = poll_fn(|context| {
            while !out.is_empty() {
                let moved = match Pin::new(&mut *socket).poll_write(context, &out) {
                    Poll::Ready(written) => written.inspect(|written| out.advance(*written)),
                    Poll::Pending => ready!(poll_fill(socket, input, context)),
                };
                match moved {
                    Ok(0) => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                    Ok(_) => {}
                    Err(error) => return Poll::Ready(Err(error)),
                }
            }
            Poll::Ready(Ok(()))
        });
        let Err(error) = written.await else { return Ok(()) };
        // It may have said why.
        self.look().await?;
        Err(lost(error))
    }

    /// Reads what answers all that was sent; the first refusal is the result.
    async fn answer(&mut self, mut each: impl FnMut(Message) -> Result<(), DbError>) -> Result<(), DbError> {
        let mut refused: Option<Refusal> = None;
        loop {
            let message = match self.message().await {
                Ok(message) => message,
                // Whatever it refused before: what became of the rest, nobody knows.
                Err(lost) => {
                    return Err(refused.map_or(lost, |refusal| DbError::unavailable("PostgreSQL", refusal)));
                }
            };
            match message {
                Message::ErrorResponse(body) if refused.is_none() => refused = Some(Refusal::read(&body)?),
                Message::ReadyForQuery(body) if self.unread > 0 => {
                    self.unread -= 1;
                    if refused.is_some() || body.status() != IDLE {
                        let what = "the read before on this connection did not end".to_owned();
                        return Err(DbError::Unavailable { what, source: None });
                    }
                }
                Message::ReadyForQuery(body) => {
                    self.status = if body.status() == IDLE { Status::Idle } else { Status::Open };
                    if self.input.is_empty() {
                        // However much room it took: what is read next has its own.
                        self.input = BytesMut::new();
                    }
                    return refused.map_or(Ok(()), |refusal| Err(refusal.into()));
                }
                _ if self.unread > 0 => {}
                other => each(other)?,
            }
        }
    }

    async fn message(&mut self) -> Result<Message, DbError> {
        loop {
            if let Some(message) = Message::parse(&mut self.input).map_err(lost)? {
                return Ok(message);
            }
            let Self { socket, input, .. } = self;
            if poll_fn(|context| poll_fill(socket, input, context)).await.map_err(lost)? == 0 {
                return Err(lost(io::ErrorKind::UnexpectedEof.into()));
            }
        }
    }
}

/// Says goodbye, as far as that needs no waiting, and hears what was said last: a server that is left without a word,
/// or not heard to its end, logs an error.
impl Drop for Session {
    fn drop(&mut self) {
        if self.status != Status::Unknown {
            let (mut context, mut out) = (Context::from_waker(Waker::noop()), BytesMut::new());
            let _ = poll_fill(&mut self.socket, &mut self.input, &mut context);
            frontend::terminate(&mut out);
            let _ = Pin::new(&mut self.socket).poll_write(&mut context, &out);
        }
    }
}

fn poll_fill(
    socket: &mut Box<dyn Socket>,
    input: &mut BytesMut,
    context: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    input.reserve(CHUNK);
    pin!(socket.read_buf(input)).poll(context)
}

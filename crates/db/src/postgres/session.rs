//! A connection to PostgreSQL on which statements travel together: sent at once, and answered at once.
//!
//! The driver asks for an answer to each statement by itself (`Sync`), which the server sends by itself, too. Here
//! there is one for all: what a small transaction costs most is not its statements but such answers.

use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use fallible_iterator::FallibleIterator;
use postgres_protocol::IsNull;
use postgres_protocol::message::backend::{ErrorResponseBody, Message};
use postgres_protocol::message::frontend::{self, BindError};
use tokio::io::{AsyncReadExt, AsyncWrite};
use tokio_postgres::Config;
use tokio_postgres::types::{self, ToSql, Type};

use super::socket::{self, Socket, lost};
use super::values::{Bound, row};
use crate::tx::Outcome;
use crate::{DbError, Row};

/// Room for what is read at once.
const CHUNK: usize = 8 * 1024;
/// Parameters and columns are sent as they are in memory, not as texts.
const BINARY: i16 = 1;

/// A statement and its parameters.
pub(super) struct Request<'a> {
    pub text: &'a str,
    pub params: Vec<Bound<'a>>,
}

impl<'a> Request<'a> {
    /// A statement without parameters.
    pub(super) fn plain(text: &'a str) -> Self {
        Self { text, params: Vec::new() }
    }
}

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

/// As the server has prepared it.
struct Statement {
    name: String,
    params: Vec<Type>,
    kinds: Vec<Type>,
    columns: Arc<[String]>,
}

impl Session {
    /// Connects to the first of the hosts that takes it.
    pub(super) async fn open(config: &Config) -> Result<Self, DbError> {
        let mut refused = None;
        for place in socket::places(config) {
            match Self::open_at(config, &place).await {
                Ok(session) => return Ok(session),
                Err(error) => refused = Some(error),
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

    /// Whether the server is still there, as far as it said anything else.
    pub(super) async fn is_there(&mut self) -> bool {
        let Self { socket, input, .. } = self;
        poll_fn(|context| {
            loop {
                match poll_fill(socket, input, context) {
                    Poll::Pending => return Poll::Ready(true),
                    Poll::Ready(Ok(0) | Err(_)) => return Poll::Ready(false),
                    Poll::Ready(Ok(_)) => {}
                }
            }
        })
        .await
    }

    /// Runs statements in this order, all sent at once; behind one that fails none is run.
    pub(super) async fn run(&mut self, requests: &[Request<'_>]) -> Result<Vec<Outcome>, DbError> {
        let statements = self.send(requests).await?;
        let (mut outcomes, mut current) = (Vec::with_capacity(requests.len()), Outcome::default());
        let answered = self.answer(|message| {
            match message {
                Message::DataRow(body) => {
                    let statement = statements.get(outcomes.len()).ok_or_else(not_understood)?;
                    current.rows.push(row(&body, &statement.kinds, &statement.columns)?);
                }
                Message::CommandComplete(body) => {
                    current.affected = affected(body.tag().map_err(lost)?);
                    outcomes.push(std::mem::take(&mut current));
                }
                Message::EmptyQueryResponse => outcomes.push(Outcome::default()),
                _ => {}
            }
            Ok(())
        });
        answered.await?;
        if outcomes.len() == requests.len() { Ok(outcomes) } else { Err(not_understood()) }
    }

    /// Sends a last statement of which nobody needs to hear: whatever is sent next is run behind it.
    pub(super) async fn leave(&mut self, text: &str) -> Result<(), DbError> {
        self.send(&[Request::plain(text)]).await?;
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
        self.unread += 1;
        answered.map(|()| lines)
    }

    #[cfg(feature = "testing")]
    pub(super) async fn count_params(&mut self, text: &str) -> Result<usize, DbError> {
        let statements = self.prepared(&[Request::plain(text)]).await?;
        Ok(statements.first().map_or(0, |statement| statement.params.len()))
    }

    async fn send(&mut self, requests: &[Request<'_>]) -> Result<Vec<Arc<Statement>>, DbError> {
        let statements = self.prepared(requests).await?;
        let mut out = BytesMut::with_capacity(CHUNK);
        for (request, statement) in requests.iter().zip(&statements) {
            bind(request, statement, &mut out)?;
        }
        self.write(out).await?;
        Ok(statements)
    }

    /// The statements, those that are new here prepared in one round trip.
    async fn prepared(&mut self, requests: &[Request<'_>]) -> Result<Vec<Arc<Statement>>, DbError> {
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
        self.prepare(&new).await?;
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
        written.await.map_err(lost)
    }

    /// Reads what answers all that was sent; the first refusal is the result.
    async fn answer(&mut self, mut each: impl FnMut(Message) -> Result<(), DbError>) -> Result<(), DbError> {
        while self.unread > 0 {
            if let Message::ReadyForQuery(_) = self.message().await? {
                self.unread -= 1;
            }
        }
        let mut refused = None;
        loop {
            let message = match self.message().await {
                Ok(message) => message,
                Err(lost) => return Err(refused.unwrap_or(lost)),
            };
            match message {
                Message::ErrorResponse(body) => {
                    refused.get_or_insert(Refusal::read(&body)?.into());
                }
                Message::ReadyForQuery(body) => {
                    self.status = if body.status() == b'I' { Status::Idle } else { Status::Open };
                    return refused.map_or(Ok(()), Err);
                }
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

fn poll_fill(
    socket: &mut Box<dyn Socket>,
    input: &mut BytesMut,
    context: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    input.reserve(CHUNK);
    pin!(socket.read_buf(input)).poll(context)
}

fn bind(request: &Request<'_>, statement: &Statement, out: &mut BytesMut) -> Result<(), DbError> {
    if request.params.len() != statement.params.len() {
        let (given, wanted) = (request.params.len(), statement.params.len());
        return Err(DbError::internal(format!("{given} parameters where the statement wants {wanted}")));
    }
    let value = |(value, kind): (&Bound<'_>, &Type), out: &mut BytesMut| {
        Ok(match value.to_sql(kind, out)? {
            types::IsNull::Yes => IsNull::Yes,
            types::IsNull::No => IsNull::No,
        })
    };
    let values = request.params.iter().zip(&statement.params);
    let bound = frontend::bind("", &statement.name, [BINARY], values, value, [BINARY], out);
    bound.map_err(|error| match error {
        BindError::Conversion(error) => DbError::internal(error.to_string()),
        BindError::Serialization(error) => unsendable(error),
    })?;
    frontend::execute("", 0, out).map_err(unsendable)
}

fn kinds(oids: impl FallibleIterator<Item = u32, Error = io::Error>) -> Result<Vec<Type>, DbError> {
    // What is not built in is refused where a value of it is read or written.
    oids.map(|oid| Ok(Type::from_oid(oid).unwrap_or(Type::UNKNOWN))).collect().map_err(lost)
}

/// The number of rows, which stands at the end of `INSERT 0 1`.
fn affected(tag: &str) -> u64 {
    tag.rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or_default()
}

/// A message that cannot be written: too long, or with a zero in a text.
fn unsendable(error: io::Error) -> DbError {
    DbError::internal(format!("a message to PostgreSQL: {error}"))
}

fn not_understood() -> DbError {
    DbError::internal("PostgreSQL answered what it was not asked")
}

/// Why the server refuses.
#[derive(Debug, thiserror::Error)]
#[error("{severity}: {message} (SQLSTATE {code})")]
struct Refusal {
    severity: String,
    code: String,
    message: String,
}

impl Refusal {
    fn read(body: &ErrorResponseBody) -> Result<Self, DbError> {
        let mut refusal = Self { severity: String::new(), code: String::new(), message: String::new() };
        let mut fields = body.fields();
        while let Some(field) = fields.next().map_err(lost)? {
            let text = String::from_utf8_lossy(field.value_bytes()).into_owned();
            match field.type_() {
                b'S' => refusal.severity = text,
                b'C' => refusal.code = text,
                b'M' => refusal.message = text,
                _ => {}
            }
        }
        Ok(refusal)
    }
}

impl From<Refusal> for DbError {
    fn from(refusal: Refusal) -> Self {
        let (code, message) = (refusal.code.clone(), refusal.message.clone());
        Self::of_postgres(&code, message, refusal)
    }
}

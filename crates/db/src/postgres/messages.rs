//! Messages to PostgreSQL and from it.

use std::io;
use std::sync::Arc;

use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use postgres_protocol::IsNull;
use postgres_protocol::message::backend::{ErrorResponseBody, Message};
use postgres_protocol::message::frontend::{self, BindError};
use tokio_postgres::types::{self, ToSql, Type};

use super::socket::lost;
use super::values::{Bound, row};
use crate::DbError;
use crate::tx::Outcome;

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

/// As the server has prepared it.
pub(super) struct Statement {
    pub name: String,
    pub params: Vec<Type>,
    pub kinds: Vec<Type>,
    pub columns: Arc<[String]>,
}

/// What answers statements that were sent together, as far as it is read.
pub(super) struct Reply {
    statements: Vec<Arc<Statement>>,
    outcomes: Vec<Outcome>,
    current: Outcome,
    /// What should have been kept was rolled back.
    undone: bool,
}

impl Reply {
    pub(super) fn to(statements: Vec<Arc<Statement>>) -> Self {
        let outcomes = Vec::with_capacity(statements.len());
        Self { statements, outcomes, current: Outcome::default(), undone: false }
    }

    pub(super) fn take(&mut self, message: &Message) -> Result<(), DbError> {
        let statement = self.statements.get(self.outcomes.len());
        match message {
            Message::DataRow(body) => {
                let statement = statement.ok_or_else(not_understood)?;
                self.current.rows.push(row(body, &statement.kinds, &statement.columns)?);
            }
            Message::CommandComplete(body) => {
                let tag = body.tag().map_err(lost)?;
                // So it answers a COMMIT where a statement has failed before.
                self.undone |= tag == "ROLLBACK";
                self.current.affected = affected(tag);
                self.outcomes.push(std::mem::take(&mut self.current));
            }
            Message::EmptyQueryResponse => self.outcomes.push(Outcome::default()),
            _ => {}
        }
        Ok(())
    }

    /// What the statements gave, once nothing follows.
    pub(super) fn end(self) -> Result<Vec<Outcome>, DbError> {
        if self.undone {
            return Err(DbError::Aborted);
        }
        if self.outcomes.len() == self.statements.len() { Ok(self.outcomes) } else { Err(not_understood()) }
    }
}

pub(super) fn bind(request: &Request<'_>, statement: &Statement, out: &mut BytesMut) -> Result<(), DbError> {
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

pub(super) fn kinds(
    oids: impl FallibleIterator<Item = u32, Error = io::Error>,
) -> Result<Vec<Type>, DbError> {
    // What is not built in is refused where a value of it is read or written.
    oids.map(|oid| Ok(Type::from_oid(oid).unwrap_or(Type::UNKNOWN))).collect().map_err(lost)
}

/// The number of rows, which stands at the end of `INSERT 0 1`.
pub(super) fn affected(tag: &str) -> u64 {
    tag.rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or_default()
}

/// A message that cannot be written: too long, or with a zero in a text.
pub(super) fn unsendable(error: io::Error) -> DbError {
    DbError::internal(format!("a message to PostgreSQL: {error}"))
}

pub(super) fn not_understood() -> DbError {
    DbError::internal("PostgreSQL answered what it was not asked")
}

/// Why the server refuses.
#[derive(Debug, thiserror::Error)]
#[error("{severity}: {message} (SQLSTATE {code}){hint}")]
pub(super) struct Refusal {
    severity: String,
    code: String,
    message: String,
    /// Details are left out: they may quote somebody's row.
    hint: String,
}

impl Refusal {
    pub(super) fn read(body: &ErrorResponseBody) -> Result<Self, DbError> {
        let [severity, code, message, hint] = [const { String::new() }; 4];
        let mut refusal = Self { severity, code, message, hint };
        let mut fields = body.fields();
        while let Some(field) = fields.next().map_err(lost)? {
            let text = String::from_utf8_lossy(field.value_bytes()).into_owned();
            match field.type_() {
                b'S' => refusal.severity = text,
                b'C' => refusal.code = text,
                b'M' => refusal.message = text,
                b'H' => refusal.hint = format!(". {text}"),
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

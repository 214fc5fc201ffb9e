//! Values and rows as PostgreSQL's driver has them.

use std::pin::{Pin, pin};
use std::sync::Arc;

use tokio_postgres::types::{IsNull, Kind, ToSql, Type, private::BytesMut, to_sql_checked};
use tokio_postgres::{Error, RowStream, Statement};

use crate::tx::Outcome;
use crate::{DbError, Row, Value};

/// A parameter, sent as the type that the statement wants it to be.
#[derive(Debug)]
pub(crate) enum Bound<'a> {
    One(&'a Value<'a>),
    Array(&'a [Value<'a>]),
}

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::One(value) => send(value, kind, out),
            Self::Array(values) => match kind.kind() {
                Kind::Array(_) => {
                    let elements: Vec<Element<'_>> = values.iter().map(Element).collect();
                    elements.to_sql(kind, out)
                }
                _ => Err(format!("a list where the statement wants {kind}").into()),
            },
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// One value of an array.
#[derive(Debug)]
struct Element<'a>(&'a Value<'a>);

impl ToSql for Element<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        send(self.0, kind, out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn send(
    value: &Value<'_>,
    kind: &Type,
    out: &mut BytesMut,
) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
    match (value, kind) {
        (Value::Null, _) => Ok(IsNull::Yes),
        (Value::Int(int), &Type::INT4) => i32::try_from(*int)?.to_sql(kind, out),
        (Value::Int(int), &Type::INT8) => int.to_sql(kind, out),
        (Value::Bool(bool), &Type::BOOL) => bool.to_sql(kind, out),
        // What was moved here from SQLite, which has no others.
        (Value::Int(int @ (0 | 1)), &Type::BOOL) => (*int == 1).to_sql(kind, out),
        (Value::Text(text), &Type::TEXT | &Type::VARCHAR) => text.as_ref().to_sql(kind, out),
        (Value::Bytes(bytes), &Type::BYTEA) => bytes.as_ref().to_sql(kind, out),
        // The value itself may be somebody's secret.
        (value, kind) => Err(format!("{} where the statement wants {kind}", value.kind()).into()),
    }
}

/// Everything a statement has to say: read to its end before any of it is looked at.
pub(super) struct Raw {
    rows: Vec<tokio_postgres::Row>,
    affected: u64,
}

impl Raw {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }
}

pub(super) async fn collect(stream: RowStream) -> Result<Raw, Error> {
    use futures_core::Stream;
    let mut stream: Pin<&mut RowStream> = pin!(stream);
    let mut rows = Vec::new();
    while let Some(row) = std::future::poll_fn(|context| stream.as_mut().poll_next(context)).await {
        rows.push(row?);
    }
    Ok(Raw { rows, affected: stream.rows_affected().unwrap_or_default() })
}

pub(super) fn outcome(raw: &Raw, statement: &Statement) -> Result<Outcome, DbError> {
    let columns: Arc<[String]> = match raw.rows.as_slice() {
        [] => Arc::default(),
        _ => statement.columns().iter().map(|column| column.name().to_owned()).collect(),
    };
    let read = |row| {
        let values = (0..columns.len()).map(|at| owned(row, at)).collect::<Result<_, DbError>>()?;
        Ok(Row { columns: Arc::clone(&columns), values })
    };
    let rows = raw.rows.iter().map(read).collect::<Result<_, DbError>>()?;
    Ok(Outcome { rows, affected: raw.affected })
}

pub(crate) fn owned(row: &tokio_postgres::Row, at: usize) -> Result<Value<'static>, DbError> {
    let kind = row.columns()[at].type_();
    let value = match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(at)?.map(Value::Int),
        Type::INT4 => row.try_get::<_, Option<i32>>(at)?.map(|int| Value::Int(i64::from(int))),
        Type::BOOL => row.try_get::<_, Option<bool>>(at)?.map(Value::Bool),
        Type::TEXT | Type::VARCHAR => {
            row.try_get::<_, Option<String>>(at)?.map(|text| Value::Text(text.into()))
        }
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at)?.map(|bytes| Value::Bytes(bytes.into())),
        _ => return Err(DbError::internal(format!("a column of the type {kind}, which no table has"))),
    };
    Ok(value.unwrap_or(Value::Null))
}

//! Values and rows as PostgreSQL sends and receives them.

use std::error::Error;
use std::sync::Arc;

use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use postgres_protocol::message::backend::DataRowBody;
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

use super::socket::lost;
use crate::{DbError, Row, Value};

/// A parameter, sent as the type that the statement wants it to be.
#[derive(Debug)]
pub(crate) enum Bound<'a> {
    One(&'a Value<'a>),
    Own(Value<'a>),
    Array(&'a [Value<'a>]),
    List(Vec<Value<'a>>),
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let values: &[Value<'_>] = match self {
            Self::One(value) => return send(value, kind, out),
            Self::Own(value) => return send(value, kind, out),
            Self::Array(values) => values,
            Self::List(values) => values,
        };
        match kind.kind() {
            Kind::Array(_) => {
                let elements: Vec<Element<'_>> = values.iter().map(Element).collect();
                elements.to_sql(kind, out)
            }
            _ => Err(format!("a list where the statement wants {kind}").into()),
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
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        send(self.0, kind, out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn send(value: &Value<'_>, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
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

/// A row as the server sends it, its columns of these types.
pub(super) fn row(body: &DataRowBody, kinds: &[Type], columns: &Arc<[String]>) -> Result<Row, DbError> {
    let (bytes, mut ranges) = (body.buffer(), body.ranges());
    let mut values = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let range = ranges.next().map_err(lost)?;
        let range = range.ok_or_else(|| DbError::internal("PostgreSQL sent a row that is too short"))?;
        values.push(range.map_or(Ok(Value::Null), |range| receive(kind, &bytes[range]))?);
    }
    Ok(Row { columns: Arc::clone(columns), values })
}

fn receive(kind: &Type, raw: &[u8]) -> Result<Value<'static>, DbError> {
    let value = match *kind {
        Type::INT8 => i64::from_sql(kind, raw).map(Value::Int),
        Type::INT4 => i32::from_sql(kind, raw).map(|int| Value::Int(i64::from(int))),
        Type::BOOL => bool::from_sql(kind, raw).map(Value::Bool),
        Type::TEXT | Type::VARCHAR => String::from_sql(kind, raw).map(|text| Value::Text(text.into())),
        Type::BYTEA => Ok(Value::Bytes(raw.to_vec().into())),
        _ => return Err(DbError::internal(format!("a column of the type {kind}, which no table has"))),
    };
    value.map_err(|error| DbError::internal(format!("a value that is no {kind}: {error}")))
}

/// A value of a row that the driver read.
struct Received(Value<'static>);

impl FromSql<'_> for Received {
    fn from_sql(kind: &Type, raw: &[u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(receive(kind, raw)?))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

pub(crate) fn owned(row: &tokio_postgres::Row, at: usize) -> Result<Value<'static>, DbError> {
    Ok(row.try_get::<_, Received>(at)?.0)
}

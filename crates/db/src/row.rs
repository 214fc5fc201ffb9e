//! Rows, and how structs are read from them.

use std::sync::Arc;

use crate::{FromValue, Value};

/// One row of an answer.
#[derive(Debug, Clone)]
pub struct Row {
    pub(crate) columns: Arc<[String]>,
    pub(crate) values: Vec<Value<'static>>,
}

/// A column that does not read as what it should be.
#[derive(Debug, Clone)]
pub struct ColumnError {
    pub column: &'static str,
    pub detail: String,
}

impl Row {
    pub fn get<T: FromValue>(&self, column: &'static str) -> Result<T, ColumnError> {
        let value = self.columns.iter().position(|name| name == column).and_then(|at| self.values.get(at));
        let value = value
            .ok_or_else(|| ColumnError { column, detail: "the answer has no such column".to_owned() })?;
        T::from_value(borrowed(value)).map_err(|detail| ColumnError { column, detail })
    }

    /// The first column, for naming a row that does not read.
    pub(crate) fn key(&self) -> String {
        match self.values.first() {
            Some(Value::Bytes(bytes)) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            Some(Value::Text(text)) => text.to_string(),
            Some(Value::Int(int)) => int.to_string(),
            _ => String::new(),
        }
    }
}

fn borrowed<'a>(value: &'a Value<'static>) -> Value<'a> {
    match value {
        Value::Null => Value::Null,
        Value::Int(int) => Value::Int(*int),
        Value::Bool(bool) => Value::Bool(*bool),
        Value::Text(text) => Value::Text(text.as_ref().into()),
        Value::Bytes(bytes) => Value::Bytes(bytes.as_ref().into()),
    }
}

/// What a row can be read as.
pub trait FromRow: Sized {
    /// Named in the error when a row does not read.
    const TABLE: &'static str;
    fn from_row(row: &Row) -> Result<Self, ColumnError>;
}

/// Declares a struct that is read from rows, each field from the column of its name:
/// `rows! { /// Doc. pub struct User in "users" { pub id: UserId } }`.
#[macro_export]
macro_rules! rows {
    (
        $(#[$meta:meta])* $visibility:vis struct $name:ident in $table:literal {
            $($(#[$field_meta:meta])* $field_visibility:vis $field:ident: $type:ty),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        $visibility struct $name { $($(#[$field_meta])* $field_visibility $field: $type),* }

        impl $crate::FromRow for $name {
            const TABLE: &'static str = $table;
            fn from_row(row: &$crate::Row) -> Result<Self, $crate::ColumnError> {
                Ok(Self { $($field: row.get(stringify!($field))?),* })
            }
        }
    };
}

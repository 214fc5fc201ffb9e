//! Values that are kept as JSON in one column.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes that take as long as a row of a table.
const ROW: usize = 128;

/// A value in a text column. It reads back what it wrote, or the row does not read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JsonColumn<T>(pub T);

impl<T: Serialize + Sync> db::ToValue for JsonColumn<T> {
    fn to_value(&self) -> db::Value<'_> {
        // Our own types have string keys and no failing serialisers; NULL would be refused by the column.
        serde_json::to_string(&self.0).map_or(db::Value::Null, |text| db::Value::Text(text.into()))
    }
}

impl<T: DeserializeOwned> db::FromValue for JsonColumn<T> {
    fn from_value(value: db::Value<'_>) -> Result<Self, String> {
        let text = <String as db::FromValue>::from_value(value)?;
        db::at_length(text.len() / ROW, || {
            serde_json::from_str(&text).map(Self).map_err(|error| error.to_string())
        })
    }
}

//! JSON from strangers: it says each thing once, and fits its schema.

use std::fmt;

use serde::de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{DUPLICATE_KEY, MALFORMED_JSON};
use crate::kit::{Refused, schema};

/// Reads JSON as a `B`; if it does not fit, every misfit at once.
pub(crate) fn read_json<B: DeserializeOwned + ToSchema>(bytes: &[u8]) -> Result<B, Refused> {
    let body = unambiguous(bytes)?;
    B::deserialize(&body).map_err(|error| misfits::<B>(&body, &error))
}

/// The same at once, for a `B` that borrows its texts and takes every key once only: no structures without names
/// in it. The long way is gone by what does not fit.
pub(crate) fn read_borrowed<'b, B: Deserialize<'b> + ToSchema>(bytes: &'b [u8]) -> Result<B, Refused> {
    // Whether it is UTF-8 is asked once for all of it; bytes would be asked text by text.
    let read = str::from_utf8(bytes).map_err(Error::custom).and_then(serde_json::from_str);
    read.or_else(|error: serde_json::Error| Err(misfits::<B>(&unambiguous(bytes)?, &error)))
}

fn unambiguous(bytes: &[u8]) -> Result<Value, Refused> {
    let Unambiguous(body) = serde_json::from_slice(bytes).map_err(|error| {
        let code = if error.is_data() { DUPLICATE_KEY } else { MALFORMED_JSON };
        code.because(format!("{error}."))
    })?;
    Ok(body)
}

fn misfits<B: ToSchema>(body: &Value, error: &serde_json::Error) -> Refused {
    let mut errors = schema::violations::<B>(body);
    if errors.is_empty() {
        errors.push(types::Violation::new("field.malformed", error.to_string()).at("body"));
    }
    Refused::fields(errors)
}

/// A value in which no object has a key twice: of two readers one takes the first, another the last. That
/// is the only thing that can be wrong with its data; everything else is wrong with its syntax.
struct Unambiguous(Value);

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut read = Vec::new();
        while let Some(Unambiguous(item)) = items.next_element()? {
            read.push(item);
        }
        Ok(Value::Array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut read = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            if read.contains_key(&key) {
                return Err(A::Error::custom(format!("the key {key:?} is given twice")));
            }
            let Unambiguous(value) = fields.next_value()?;
            read.insert(key, value);
        }
        Ok(Value::Object(read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_once_is_read_as_it_is() {
        for text in [r#"{"a":[1,-2,3.5,true,null,"x",{}],"b":{"a":"é"}}"#, "null", "18446744073709551615"] {
            let Unambiguous(read) = serde_json::from_str(text).unwrap();
            assert_eq!(read, serde_json::from_str::<Value>(text).unwrap());
        }
    }

    #[test]
    fn a_key_given_twice_is_named_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"a":1,"\u0061":2}}]"#] {
            let error = serde_json::from_str::<Unambiguous>(text).err().unwrap();
            assert!(error.is_data() && error.to_string().contains("the key \"a\" is given twice"), "{error}");
        }
        for text in ["", "{", "{\"a\" 1}", "1e999", "nan", "[1] 2"] {
            assert!(!serde_json::from_str::<Unambiguous>(text).err().unwrap().is_data(), "{text}");
        }
    }
}

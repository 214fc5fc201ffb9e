//! JSON from strangers: it says each thing once, and fits its schema.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
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
    said_once(bytes)?;
    serde_json::from_slice(bytes).map_err(|error| MALFORMED_JSON.because(format!("{error}.")))
}

/// Whether this is JSON in which no object has a key twice: of two readers one takes the first, another the last.
pub(crate) fn said_once(bytes: &[u8]) -> Result<(), Refused> {
    let Once = serde_json::from_slice(bytes).map_err(|error| {
        let code = if error.is_data() { DUPLICATE_KEY } else { MALFORMED_JSON };
        code.because(format!("{error}."))
    })?;
    Ok(())
}

fn misfits<B: ToSchema>(body: &Value, error: &serde_json::Error) -> Refused {
    let mut errors = schema::violations::<B>(body);
    if errors.is_empty() {
        errors.push(types::Violation::new("field.malformed", error.to_string()).at("body"));
    }
    Refused::fields(errors)
}

/// A value in which no object has a key twice; nothing is kept of it. That is the only thing that can be wrong with its
/// data; everything else is wrong with its syntax.
struct Once;

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'b>(#[serde(borrow)] Cow<'b, str>);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Once;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Once, A::Error> {
        while let Some(Once) = items.next_element()? {}
        Ok(Once)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Once, A::Error> {
        let mut keys = BTreeSet::new();
        while let Some(key) = fields.next_key::<Key<'_>>()? {
            if let Some(Key(key)) = keys.replace(key) {
                return Err(A::Error::custom(format!("the key {key:?} is given twice")));
            }
            let Once = fields.next_value()?;
        }
        Ok(Once)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_once_is_read_as_it_is() {
        for text in [r#"{"a":[1,-2,3.5,true,null,"x",{}],"b":{"a":"é"}}"#, "null", "18446744073709551615"] {
            let read = unambiguous(text.as_bytes()).unwrap();
            assert_eq!(read, serde_json::from_str::<Value>(text).unwrap());
        }
    }

    #[test]
    fn a_key_given_twice_is_named_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"a":1,"\u0061":2}}]"#] {
            let error = serde_json::from_str::<Once>(text).err().unwrap();
            assert!(error.is_data() && error.to_string().contains("the key \"a\" is given twice"), "{error}");
        }
        for text in ["", "{", "{\"a\" 1}", "1e999", "nan", "[1] 2"] {
            assert!(!serde_json::from_str::<Once>(text).err().unwrap().is_data(), "{text}");
        }
    }
}

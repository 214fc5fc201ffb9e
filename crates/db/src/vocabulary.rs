//! The vocabulary of `types`, as values.

use std::borrow::Cow;

use types::{Country, Email, Id, IdKind, OfferSlug, PlanSlug, PublisherId, ServiceId, TenantSlug, Timestamp};

use crate::{FromValue, ToValue, Value};

impl<K: IdKind> ToValue for Id<K> {
    fn to_value(&self) -> Value<'_> {
        Value::Bytes(Cow::Borrowed(self.as_bytes()))
    }
}

impl<K: IdKind> FromValue for Id<K> {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        <[u8; 16]>::from_value(value).map(Self::from_bytes)
    }
}

impl ToValue for Timestamp {
    fn to_value(&self) -> Value<'_> {
        Value::Int(self.micros())
    }
}

impl FromValue for Timestamp {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        i64::from_value(value).map(Self::from_micros)
    }
}

macro_rules! texts {
    ($($name:ty),*) => {$(
        impl ToValue for $name {
            fn to_value(&self) -> Value<'_> {
                Value::Text(Cow::Borrowed(self.as_str()))
            }
        }

        impl FromValue for $name {
            fn from_value(value: Value<'_>) -> Result<Self, String> {
                Self::parse(&String::from_value(value)?).map_err(|violation| violation.message)
            }
        }
    )*};
}

texts!(Country, Email, OfferSlug, PlanSlug, PublisherId, ServiceId, TenantSlug);

//! Typed identifiers: a UUIDv7 in rows, a prefix and 32 hexadecimal digits everywhere else.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::{Timestamp, Violation};

/// What an [`Id`] identifies; the prefix is part of every id that leaves the program.
pub trait IdKind: Send + Sync + 'static {
    const PREFIX: &'static str;
}

/// An identifier of one kind: a user's id does not fit where a deal's is wanted.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

impl<K: IdKind> Id<K> {
    /// A new id; ids made later sort later, to the millisecond.
    pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
        let milliseconds = u64::try_from(now.micros() / 1000).unwrap_or_default();
        Self(uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid(), PhantomData)
    }

    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes), PhantomData)
    }

    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// Reads `prefix_<32 hexadecimal digits>`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let wrong = || {
            let message = format!("must be {}_ and 32 hexadecimal digits", K::PREFIX);
            Violation::new("id.malformed", message)
        };
        let digits =
            text.strip_prefix(K::PREFIX).and_then(|rest| rest.strip_prefix('_')).ok_or_else(wrong)?;
        if digits.len() != 32 {
            return Err(wrong());
        }
        Uuid::try_parse(digits).map(|uuid| Self(uuid, PhantomData)).map_err(|_| wrong())
    }
}

impl<K: IdKind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, self.0.simple())
    }
}

impl<K: IdKind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

// Derives would ask the same of `K`, which is only a name.
impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K: IdKind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: IdKind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|violation| serde::de::Error::custom(violation.message))
    }
}

impl<K: IdKind> utoipa::PartialSchema for Id<K> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some(format!("^{}_[0-9a-f]{{32}}$", K::PREFIX)))
            .into()
    }
}
impl<K: IdKind> utoipa::ToSchema for Id<K> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("{}_id", K::PREFIX).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UserId;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        let id = UserId::new(Timestamp::from_micros(1_700_000_000_000_000), [7; 10]);
        assert_eq!(UserId::parse(&id.to_string()).unwrap(), id);
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let text = "oth_018bcfe568007000b000000000000000";
        assert_eq!(UserId::parse(text).unwrap_err().code, "id.malformed");
        for broken in
            ["", "usr_", "usr_018bcfe5-6800-7000-b000-000000000000", "usr_zz8bcfe568007000b000000000000000"]
        {
            assert!(UserId::parse(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn later_ids_sort_later() {
        let early = UserId::new(Timestamp::from_micros(1_000_000), [255; 10]);
        let late = UserId::new(Timestamp::from_micros(1_002_000), [0; 10]);
        assert!(early < late);
    }
}

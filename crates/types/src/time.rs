//! Time: an instant in microseconds, a calendar day for contracts.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Violation;

/// A calendar day without a time zone, as contracts have.
pub type Date = jiff::civil::Date;

/// An instant, in microseconds since 1970-01-01T00:00:00Z; RFC 3339 in answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Later by whole seconds (earlier, if negative); stays within the range of time.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// The day in UTC: 2026-01-31.
    pub fn day(self) -> String {
        self.to_string().chars().take(10).collect()
    }

    /// Reads RFC 3339.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        text.parse::<jiff::Timestamp>().map(|instant| Self(instant.as_microsecond())).map_err(|_| {
            Violation::new("time.malformed", "must be a time as in RFC 3339: 2026-01-31T12:00:00Z")
        })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => fmt::Display::fmt(&instant, f),
            Err(_) => write!(f, "@{}us", self.0),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|violation| serde::de::Error::custom(violation.message))
    }
}

impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .into()
    }
}
impl utoipa::ToSchema for Timestamp {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_reads_back_what_it_prints() {
        for micros in [0, 1, 1_700_000_000_123_456, -5] {
            let instant = Timestamp::from_micros(micros);
            assert_eq!(Timestamp::parse(&instant.to_string()).unwrap(), instant);
        }
        assert!(Timestamp::parse("yesterday").is_err());
    }
}

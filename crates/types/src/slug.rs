//! The names of the catalogue: publisher id, offer id, plan id, and the service id they make.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Violation;

/// The longest `publisherid.offerid`, the dot counted (OFF-01).
const OFFER_ADDRESS_MAX: usize = 40;

macro_rules! slug {
    ($(#[$doc:meta])* $name:ident, $max:literal, $code:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Characters at most.
            pub const MAX: usize = $max;

            pub fn parse(text: &str) -> Result<Self, Violation> {
                check(text, $max, concat!($code, ".malformed"), concat!($code, ".too_long"))?;
                Ok(Self(text.to_owned()))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                Self::parse(&text).map_err(|violation| violation.message)
            }
        }

        impl From<$name> for String {
            fn from(slug: $name) -> Self {
                slug.0
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some("^[a-z0-9][a-z0-9_-]*$"))
                    .max_length(Some($max))
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {}
    };
}

slug!(
    /// The publisher id of a tenant that sells: the first part of every service id.
    PublisherId, 37, "publisher_id"
);
slug!(
    /// The *offer id*: unique within its publisher, part of the offer's web address (OFF-01).
    OfferSlug, 50, "offer_id"
);
slug!(
    /// The *plan id*: unique within its offer (PLN-01).
    PlanSlug, 50, "plan_id"
);
slug!(
    /// The short name of a tenant: tells apart people who use one address in several organisations.
    TenantSlug, 50, "tenant_slug"
);

fn check(text: &str, max: usize, malformed: &'static str, too_long: &'static str) -> Result<(), Violation> {
    let length = text.chars().count();
    if length > max {
        return Err(Violation::new(
            too_long,
            format!("is {length} characters long; at most {max} are allowed"),
        ));
    }
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let starts = text.chars().next().is_some_and(legal);
    match text.chars().find(|&c| !legal(c) && c != '-' && c != '_') {
        _ if text.is_empty() => Err(Violation::new(malformed, "must not be empty")),
        Some(other) => {
            let message = format!("contains {other:?}; only a-z, 0-9, - and _ are allowed");
            Err(Violation::new(malformed, message))
        }
        None if !starts => Err(Violation::new(malformed, "must start with a-z or 0-9")),
        None => Ok(()),
    }
}

impl OfferSlug {
    /// OFF-01: publisher id, dot and offer id together take at most 40 characters.
    pub fn fits(&self, publisher: &PublisherId) -> Result<(), Violation> {
        let length = publisher.as_str().len() + 1 + self.as_str().len();
        if length > OFFER_ADDRESS_MAX {
            let message = format!(
                "makes {publisher}.{self}, {length} characters long; at most {OFFER_ADDRESS_MAX} are allowed"
            );
            return Err(Violation::new("offer_id.address_too_long", message));
        }
        Ok(())
    }
}

/// So many parts, none of them empty, with dots between.
fn has_parts(text: &str, count: usize) -> bool {
    let legal = |part: &[u8]| {
        !part.is_empty() && part.iter().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
    };
    let mut parts = text.as_bytes().split(|c| *c == b'.');
    (0..count).all(|_| parts.next().is_some_and(legal)) && parts.next().is_none()
}

/// `publisherid.offerid.planid`: what packages, checks and customers call a plan (PLN-03).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServiceId(String);

impl ServiceId {
    /// Ids in packages made elsewhere may be longer than ours can get (PKG-02).
    pub const MAX: usize = 300;

    pub fn new(publisher: &PublisherId, offer: &OfferSlug, plan: &PlanSlug) -> Self {
        Self(format!("{publisher}.{offer}.{plan}"))
    }

    /// Reads an id that somebody else wrote: three non-empty parts between two dots.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        Self::accepts(text).map(|()| Self(text.to_owned()))
    }

    /// Whether [`parse`](Self::parse) would read it.
    pub fn accepts(text: &str) -> Result<(), Violation> {
        if text.len() > Self::MAX {
            let length = text.chars().count();
            if length > Self::MAX {
                let message = format!("is {length} characters long; at most {} are allowed", Self::MAX);
                return Err(Violation::new("service_id.too_long", message));
            }
        }
        if has_parts(text, 3) {
            return Ok(());
        }
        Err(Violation::new("service_id.malformed", "must be publisherid.offerid.planid"))
    }

    /// Whether a text is an offer's address: what service ids of its plans begin with.
    pub fn accepts_offer(text: &str) -> Result<(), Violation> {
        if text.len() <= Self::MAX && has_parts(text, 2) {
            return Ok(());
        }
        Err(Violation::new("offer.malformed", "must be publisherid.offerid"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `publisherid`.
    pub fn publisher(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }

    /// Whether it is this publisher's.
    pub fn is_of(&self, publisher: &str) -> bool {
        self.0.strip_prefix(publisher).is_some_and(|rest| rest.starts_with('.'))
    }

    /// `publisherid.offerid`, the offer's address.
    pub fn offer(&self) -> &str {
        self.0.rsplit_once('.').map_or("", |(offer, _)| offer)
    }

    /// `planid`.
    pub fn plan(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or_default()
    }
}

impl fmt::Display for ServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ServiceId {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|violation| violation.message)
    }
}

impl From<ServiceId> for String {
    fn from(service: ServiceId) -> Self {
        service.0
    }
}

impl utoipa::PartialSchema for ServiceId {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .max_length(Some(Self::MAX))
            .into()
    }
}
impl utoipa::ToSchema for ServiceId {}

#[cfg(test)]
mod tests {
    use super::*;

    /// OFF-01: the characters, the length, and the length together with the publisher id.
    #[test]
    fn an_offer_id_keeps_its_rules_and_the_error_says_which_broke() {
        for good in ["f365", "0", "a_b-c", &"a".repeat(50)] {
            assert!(OfferSlug::parse(good).is_ok(), "{good}");
        }
        for (bad, code) in [
            ("", "offer_id.malformed"),
            ("-a", "offer_id.malformed"),
            ("F365", "offer_id.malformed"),
            ("a b", "offer_id.malformed"),
            ("a.b", "offer_id.malformed"),
            ("é", "offer_id.malformed"),
        ] {
            assert_eq!(OfferSlug::parse(bad).unwrap_err().code, code, "{bad}");
        }
        let long = OfferSlug::parse(&"a".repeat(51)).unwrap_err();
        assert_eq!(long.code, "offer_id.too_long");
        assert!(long.message.contains("51"), "{}", long.message);
    }

    /// OFF-01: `publisher.offer` of 40 characters fits, of 41 does not, and the length found is named.
    #[test]
    fn publisher_and_offer_id_together_take_forty_characters() {
        let publisher = PublisherId::parse("testpublisherid").unwrap();
        let offer = |length: usize| OfferSlug::parse(&"o".repeat(length)).unwrap();
        assert!(offer(24).fits(&publisher).is_ok());
        let refused = offer(25).fits(&publisher).unwrap_err();
        assert_eq!(refused.code, "offer_id.address_too_long");
        assert!(refused.message.contains("41"), "{}", refused.message);
    }

    /// PLN-03: the service id is exactly the three ids with dots between them.
    #[test]
    fn a_service_id_is_publisher_offer_and_plan() {
        let service = ServiceId::new(
            &PublisherId::parse("fabrikam").unwrap(),
            &OfferSlug::parse("f365").unwrap(),
            &PlanSlug::parse("gold").unwrap(),
        );
        assert_eq!(service.as_str(), "fabrikam.f365.gold");
        assert_eq!(ServiceId::parse("fabrikam.f365.gold").unwrap(), service);
    }

    /// PKG-02: ids of up to 300 characters are read.
    #[test]
    fn a_service_id_made_elsewhere_may_be_long() {
        let long =
            format!("test_isvconnect1599092224747.d365_isvconnect_prod_licensable.{}", "p".repeat(239));
        assert_eq!(long.len(), 300);
        assert!(ServiceId::parse(&long).is_ok());
        assert_eq!(ServiceId::parse(&format!("{long}p")).unwrap_err().code, "service_id.too_long");
        for bad in ["", "a.b", "a.b.c.d", "a..c", "A.b.c"] {
            assert_eq!(ServiceId::parse(bad).unwrap_err().code, "service_id.malformed", "{bad}");
        }
    }
}

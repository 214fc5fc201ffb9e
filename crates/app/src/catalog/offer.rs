//! Offers.

use types::{OfferId, OfferSlug, PublisherId, TenantId, Timestamp, Violation};

use crate::kit::Refused;

db::rows! {
    /// One product, as its publisher drafts it.
    pub(crate) struct Offer in "offers" {
        pub id: OfferId,
        pub tenant_id: TenantId,
        pub publisher_id: PublisherId,
        /// The *offer id* of the rules.
        pub slug: OfferSlug,
        /// For the publisher's eyes only (OFF-03).
        pub alias: String,
        pub created_at: Timestamp,
        pub revision: i64,
    }
}

impl Offer {
    /// `publisherid.offerid`.
    pub(crate) fn address(&self) -> String {
        format!("{}.{}", self.publisher_id, self.slug)
    }

    /// OFF-04: where the offer is on the storefront.
    pub(crate) fn web_address(&self) -> String {
        format!("/product/{}", self.address())
    }
}

/// Which offer a request of its publisher names: `off_…`, or its offer id.
#[derive(Debug, Clone)]
pub(crate) enum OfferRef {
    Id(OfferId),
    Slug(OfferSlug),
}

impl OfferRef {
    pub(crate) fn parse(text: &str) -> Result<Self, Violation> {
        OfferId::parse(text).map(Self::Id).or_else(|_| OfferSlug::parse(text).map(Self::Slug))
    }

    /// From a path: what is neither an id nor an offer id is no offer.
    pub(crate) fn from_path(text: &str) -> Result<Self, Refused> {
        Self::parse(text).map_err(|_| Refused::not_found("offer"))
    }
}

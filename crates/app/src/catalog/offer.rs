//! Offers.

use types::{OfferId, OfferSlug, PackageId, PublisherId, TenantId, Timestamp, Violation};

use super::{Draft, Published};
use crate::kit::{JsonColumn, Refused, text_enum};

text_enum! {
    /// Where an offer stands. Its moves are `publishing`'s (PUB-01).
    OfferState {
        Draft = "draft",
        PublishInProgress = "publish_in_progress",
        AttentionNeeded = "attention_needed",
        Preview = "preview",
        /// Signed off, waiting for its time; shown as publish in progress.
        GoingLive = "going_live",
        Live = "live",
        PendingStop = "pending_stop",
        NotAvailable = "not_available",
    }
}

text_enum! {
    /// The status that people see (PUB-01).
    OfferStatus {
        Draft = "draft",
        PublishInProgress = "publish_in_progress",
        AttentionNeeded = "attention_needed",
        Preview = "preview",
        Live = "live",
        PendingStop = "pending_stop",
        NotAvailable = "not_available",
    }
}

impl OfferState {
    /// Whether a version is on its way to the storefront.
    pub(crate) fn is_submitted(self) -> bool {
        matches!(self, Self::PublishInProgress | Self::Preview | Self::GoingLive)
    }

    pub(crate) fn status(self) -> OfferStatus {
        match self {
            Self::Draft => OfferStatus::Draft,
            Self::PublishInProgress | Self::GoingLive => OfferStatus::PublishInProgress,
            Self::AttentionNeeded => OfferStatus::AttentionNeeded,
            Self::Preview => OfferStatus::Preview,
            Self::Live => OfferStatus::Live,
            Self::PendingStop => OfferStatus::PendingStop,
            Self::NotAvailable => OfferStatus::NotAvailable,
        }
    }
}

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
        pub state: OfferState,
        pub draft: JsonColumn<Draft>,
        pub package_id: Option<PackageId>,
        /// From then on license management cannot be switched (OFF-06).
        pub first_published_at: Option<Timestamp>,
        /// Which version went live last; customers see it unless distribution was stopped.
        pub live_version: Option<i64>,
        /// What that version was.
        pub published: Option<JsonColumn<Published>>,
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

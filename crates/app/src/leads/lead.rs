//! Leads, destinations, deliveries.

use serde::{Deserialize, Serialize};
use types::{
    Country, DealId, DeliveryId, Email, LeadDestinationId, LeadId, MailId, OfferId, ServiceId, TenantId,
    Timestamp, UserId,
};
use utoipa::ToSchema;

use crate::kit::{JsonColumn, Language, Refused, Search, text_enum};
use crate::webhooks::DeliveryState;

/// Destinations that a publisher may have.
pub(super) const DESTINATIONS_MAX: i64 = 20;

text_enum! {
    /// What its owner did.
    LeadAction {
        /// *Contact me.*
        Contact = "PLT",
        /// An installation.
        Install = "INS",
        /// Asked for more licenses under a deal.
        Licenses = "LIC",
    }
}

text_enum! {
    LeadStatus {
        New = "new",
        Contacted = "contacted",
        Won = "won",
        Lost = "lost",
    }
}

text_enum! {
    DestinationKind {
        Https = "https",
        Email = "email",
    }
}

/// What somebody agreed to share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct LeadContact {
    pub first_name: String,
    /// Empty for people of one name.
    pub last_name: String,
    pub email: Email,
    pub phone: Option<String>,
    pub country: Country,
    pub company: String,
    /// Of the person, in the company.
    pub title: Option<String>,
}

/// More licenses that a customer asks for, under the latest deal that grants the plan (LIC-09).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct WantedLicenses {
    pub deal: DealId,
    pub service_id: ServiceId,
    /// More than there are.
    pub seats: i64,
    pub note: Option<String>,
}

db::rows! {
    /// Somebody to be contacted about an offer.
    pub(crate) struct Lead in "leads" {
        pub id: LeadId,
        /// The publisher's.
        pub tenant_id: TenantId,
        pub offer_id: OfferId,
        /// `publisherid.offerid`.
        pub address: String,
        /// As the storefront showed it then.
        pub offer_title: String,
        pub action: LeadAction,
        pub status: LeadStatus,
        pub contact: JsonColumn<LeadContact>,
        pub customer_tenant_id: TenantId,
        pub user_id: UserId,
        pub created_at: Timestamp,
        pub revision: i64,
        /// Of a lead on a deal.
        pub request: Option<JsonColumn<WantedLicenses>>,
    }
}

/// Which leads a list has; what is not said is any.
#[derive(Debug, Clone, Default)]
pub(crate) struct LeadFilter {
    /// `publisherid.offerid`.
    pub offer: String,
    pub status: Option<LeadStatus>,
    pub action: Option<LeadAction>,
    /// Part of a name, a company, an e-mail address or an offer's title.
    pub search: Search,
    /// Of how many of the newest; of all where nothing is said.
    pub newest: Option<i64>,
}

db::rows! {
    /// Where a publisher's leads go.
    pub(crate) struct Destination in "lead_destinations" {
        pub id: LeadDestinationId,
        pub tenant_id: TenantId,
        pub kind: DestinationKind,
        /// A URL or an e-mail address, as the kind says.
        pub address: String,
        /// Of mails.
        pub language: Language,
        /// Of endpoints.
        pub secret: Option<String>,
        pub created_at: Timestamp,
    }
}

impl Destination {
    /// Of mails; only for those that are e-mail addresses.
    pub(super) fn recipient(&self) -> Result<Email, Refused> {
        Email::parse(&self.address).map_err(|violation| Refused::internal(violation.message))
    }
}

db::rows! {
    /// One lead on its way to one destination.
    pub(crate) struct LeadDelivery in "lead_deliveries" {
        pub id: DeliveryId,
        pub lead_id: LeadId,
        pub destination_id: LeadDestinationId,
        /// Set for e-mail: the mail's state is the delivery's.
        pub mail_id: Option<MailId>,
        pub state: DeliveryState,
        pub attempts: i64,
        /// What the endpoint answered last.
        pub status: Option<i64>,
        /// Why it did not arrive last time.
        pub error: Option<String>,
        pub due_at: Timestamp,
        pub created_at: Timestamp,
        pub finished_at: Option<Timestamp>,
    }
}

/// A name as one writes it, as first and last: what is after the last space is the last name.
pub(super) fn split(name: &str) -> (String, String) {
    let (first, last) = name.trim().rsplit_once(' ').unwrap_or((name.trim(), ""));
    (first.trim().to_owned(), last.to_owned())
}

#[cfg(test)]
#[test]
fn names_are_split_at_the_last_space() {
    let split = |name| split(name);
    assert_eq!(split("Ada King Lovelace"), ("Ada King".to_owned(), "Lovelace".to_owned()));
    assert_eq!(split(" 아다 "), ("아다".to_owned(), String::new()));
}

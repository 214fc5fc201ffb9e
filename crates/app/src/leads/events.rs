//! What leads announce.

use types::{DeliveryId, LeadDestinationId, LeadId, OfferId};

use super::{DestinationKind, LeadAction, LeadStatus};
use crate::events::events;

events! {
    /// Somebody asked to be contacted, or installed and agreed to it.
    LeadCreated "lead.created" { lead: LeadId, offer: OfferId, address: String, action: LeadAction }
    /// A lead has another status.
    LeadChanged "lead.changed" { lead: LeadId, status: LeadStatus, before: LeadStatus }
    /// Leads go to one more place.
    LeadDestinationCreated "lead_destination.created" { destination: LeadDestinationId, destination_kind: DestinationKind }
    /// Leads no longer go there.
    LeadDestinationDeleted "lead_destination.deleted" { destination: LeadDestinationId }
    /// A lead did not arrive at a destination for three days.
    LeadDeliveryFailed "lead.delivery_failed" { lead: LeadId, destination: LeadDestinationId, delivery: DeliveryId }
}

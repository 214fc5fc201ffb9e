//! Leads: somebody pressed *Contact me*, or installed and consented (STO-03), or a customer asked for more
//! licenses under a deal (LIC-09), and how the publisher learns of it (STO-04).
//!
//! A *lead* is contact data that its owner agreed to share with one publisher, for one offer. Pressing again
//! within a day answers the same lead: a conditional write of the latest press decides, so two presses at once
//! make one lead too; each request for licenses is one of its own. It is on the publisher's page whatever happens elsewhere.
//!
//! A *destination* is where a publisher's leads go besides: an HTTPS endpoint or an e-mail address. They are the
//! publisher's and not an offer's, because one sales team takes the leads of all, `LeadSource` says of which
//! offer one is, and a new offer cannot be forgotten. A *delivery* is one lead on its way to one destination.
//!
//! ```text
//! lead: new ⇄ contacted ⇄ won ⇄ lost              (any to any: people correct themselves)
//! delivery: pending ──2xx──► delivered            pending ──three days──► dead ──resend──► pending
//! ```
//!
//! One job per endpoint sends what is due there, so a slow one holds up nobody else. To an e-mail address a mail
//! is written, which `mails` sends, holds and tries again; its state is the delivery's.
//!
//! Whenever the publisher publishes, each destination has to take a test lead (PUB-03, [`validation`]).
//!
//! Tables: `leads`, `lead_presses`, `lead_destinations`, `lead_deliveries`. Events: [`events`]; they name the
//! lead and never its contact data.
//!
//! Odd: an endpoint's secret is kept as it is, because it signs. It is shown when made, never again.

pub(crate) mod api;
pub(crate) mod events;
pub(crate) mod jobs;
mod lead;
mod letter;
pub(crate) mod operations;
pub(crate) mod pages;
mod payload;
mod store;
mod trial;
pub(crate) mod validation;

#[cfg(test)]
mod tests;

pub(crate) use lead::{
    Destination, DestinationKind, Lead, LeadAction, LeadContact, LeadDelivery, LeadFilter, LeadStatus,
    WantedLicenses,
};
pub(crate) use store::{NewLeads, STATEMENTS};

crate::kit::codes! {
    NO_BUTTON = 409 "lead.no_button" "The offer has no Contact me for you";
    NOBODY = 409 "lead.nobody" "There is no person whose contact data could be shared";
    TOO_MANY = 409 "lead.too_many_destinations" "The publisher has as many lead destinations as it can have";
    TAKEN = 409 "lead.destination_taken" "Leads go there already";
    NOT_DEAD = 409 "lead.not_dead" "The delivery was not given up";
}

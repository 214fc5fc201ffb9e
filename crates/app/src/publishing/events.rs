//! What publishing announces.

use types::{OfferId, ServiceId, SubmissionId, Timestamp};

use crate::events::events;

events! {
    /// An offer was published: its submission was validated and waits for certification.
    OfferPublished "offer.published" { offer: OfferId, submission: SubmissionId }
    /// A phase failed; the report has the findings.
    SubmissionFailed "submission.failed" { offer: OfferId, submission: SubmissionId, phase: String }
    /// A submission was certified and can go live.
    SubmissionCertified "submission.certified" { offer: OfferId, submission: SubmissionId }
    /// A submission was taken back before sign-off.
    SubmissionCancelled "submission.cancelled" { offer: OfferId, submission: SubmissionId }
    /// The publisher signed off.
    OfferSignedOff "offer.signed_off" { offer: OfferId, submission: SubmissionId }
    /// A submission is live: customers see it, checks go by it.
    OfferWentLive "offer.went_live" { offer: OfferId, address: String, version: i64 }
    /// Distribution is to stop, at this time.
    StopAskedFor "offer.stop_asked_for" { offer: OfferId, stops_at: Timestamp }
    /// A plan was hidden from new sales; pools that hold it go on.
    PlanStopped "plan.stopped" { offer: OfferId, address: String, service_id: ServiceId }
    /// A stopped plan is on sale again.
    PlanResumed "plan.resumed" { offer: OfferId, address: String, service_id: ServiceId }
    /// The audience of a private plan took effect as it is drafted.
    AudienceSynced "plan.audience_synced" { offer: OfferId, address: String, service_id: ServiceId, size: i64 }
    /// An offer left the storefront; licenses go on.
    OfferLeftStorefront "offer.left_storefront" { offer: OfferId, address: String }
}

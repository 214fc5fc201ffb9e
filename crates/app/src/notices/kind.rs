//! What people are told of.

use crate::access::PermissionKind;
use crate::kit::text_enum;

text_enum! {
    /// What a notice tells, to whom.
    NoticeKind {
        SubmissionFailed = "submission_failed",
        SubmissionCertified = "submission_certified",
        OfferLive = "offer_live",
        OfferStopped = "offer_stopped",
        LicenseGrantedPublisher = "license_granted_publisher",
        LicenseReducedPublisher = "license_reduced_publisher",
        LicenseRemovedPublisher = "license_removed_publisher",
        LicenseEndingPublisher = "license_ending_publisher",
        LicenseEndedPublisher = "license_ended_publisher",
        LicenseGrantedCustomer = "license_granted_customer",
        LicenseReducedCustomer = "license_reduced_customer",
        /// Reduced to fewer than are in use.
        LicenseOverCustomer = "license_over_customer",
        LicenseRemovedCustomer = "license_removed_customer",
        LicenseEndingCustomer = "license_ending_customer",
        LicenseEndedCustomer = "license_ended_customer",
        /// Fewer are left than are in use.
        LicenseEndedOverCustomer = "license_ended_over_customer",
        SeatRequested = "seat_requested",
        SeatGranted = "seat_granted",
        SeatDeclined = "seat_declined",
        WebhookDisabled = "webhook_disabled",
        /// By somebody else.
        PasswordSet = "password_set",
    }
}

text_enum! {
    /// Notices that belong together.
    Topic {
        Publishing = "publishing",
        /// Of a publisher, what its customers hold.
        CustomerLicenses = "customer_licenses",
        /// What the organisation itself holds.
        Licenses = "licenses",
        SeatRequests = "seat_requests",
        Webhooks = "webhooks",
        /// Who else had a hand in one's account: always by mail, too.
        Security = "security",
    }
}

impl NoticeKind {
    pub(crate) fn topic(self) -> Topic {
        match self {
            Self::SubmissionFailed | Self::SubmissionCertified | Self::OfferLive | Self::OfferStopped => {
                Topic::Publishing
            }
            Self::LicenseGrantedPublisher
            | Self::LicenseReducedPublisher
            | Self::LicenseRemovedPublisher
            | Self::LicenseEndingPublisher
            | Self::LicenseEndedPublisher => Topic::CustomerLicenses,
            Self::LicenseGrantedCustomer
            | Self::LicenseReducedCustomer
            | Self::LicenseOverCustomer
            | Self::LicenseRemovedCustomer
            | Self::LicenseEndingCustomer
            | Self::LicenseEndedCustomer
            | Self::LicenseEndedOverCustomer => Topic::Licenses,
            Self::SeatRequested | Self::SeatGranted | Self::SeatDeclined => Topic::SeatRequests,
            Self::WebhookDisabled => Topic::Webhooks,
            Self::PasswordSet => Topic::Security,
        }
    }

    /// Who may do this is told, finds the kind among the preferences, and may see the page that it leads to.
    pub(crate) fn needs(self) -> PermissionKind {
        match self {
            // With who can free seats.
            Self::LicenseOverCustomer | Self::LicenseEndedOverCustomer => PermissionKind::LicenseView,
            Self::SeatGranted | Self::SeatDeclined => PermissionKind::SelfView,
            _ => match self.topic() {
                Topic::Publishing => PermissionKind::OfferView,
                Topic::CustomerLicenses => PermissionKind::DealView,
                Topic::Licenses => PermissionKind::LicenseRequest,
                Topic::SeatRequests => PermissionKind::SeatAssign,
                Topic::Webhooks => PermissionKind::WebhookManage,
                Topic::Security => PermissionKind::SelfView,
            },
        }
    }

    /// Whether who gets it may do without the mail.
    pub(super) fn is_optional(self) -> bool {
        self.topic() != Topic::Security
    }

    /// Of its texts.
    pub(super) fn key(self) -> String {
        self.as_str().replace('_', "-")
    }
}

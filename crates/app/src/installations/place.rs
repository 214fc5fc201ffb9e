//! Environments and what is in them.

use types::{EnvironmentId, InstallationId, OfferId, TenantId, Timestamp};

use crate::kit::text_enum;

text_enum! {
    EnvironmentKind {
        Production = "production",
        Sandbox = "sandbox",
    }
}

text_enum! {
    EnvironmentState {
        Ready = "ready",
        /// Takes no installations; those that are there go on.
        Disabled = "disabled",
    }
}

db::rows! {
    /// A place of the customer's where apps run.
    pub(crate) struct Environment in "environments" {
        pub id: EnvironmentId,
        pub tenant_id: TenantId,
        pub name: String,
        pub kind: EnvironmentKind,
        pub state: EnvironmentState,
        pub created_at: Timestamp,
    }
}

db::rows! {
    /// An offer in an environment.
    pub(crate) struct Installation in "installations" {
        pub id: InstallationId,
        pub tenant_id: TenantId,
        pub environment_id: EnvironmentId,
        pub offer_id: OfferId,
        /// `publisherid.offerid`.
        pub address: String,
        /// Of the offer, when this was installed or last updated.
        pub live_version: i64,
        /// As the publisher names it.
        pub app_version: String,
        pub package_sha256: String,
        pub terms_accepted_by: String,
        pub installed_at: Timestamp,
        pub updated_at: Timestamp,
    }
}

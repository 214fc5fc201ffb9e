//! Tenants.

use types::{Country, PublisherId, TenantId, TenantSlug, Timestamp};

use crate::access::{MARKETPLACE, Role};
use crate::kit::{Search, text_enum};

text_enum! {
    TenantKind {
        /// Sells; it may buy as well.
        Publisher = "publisher",
        /// Buys only.
        Customer = "customer",
    }
}

/// What a list of tenants is narrowed by.
#[derive(Debug, Clone, Default)]
pub(crate) struct TenantFilter {
    /// Part of a name, a short name or a publisher id.
    pub search: Search,
    pub kind: Option<TenantKind>,
}

db::rows! {
    /// An organisation.
    pub struct Tenant in "tenants" {
        pub id: TenantId,
        pub slug: TenantSlug,
        pub name: String,
        pub country: Country,
        pub publisher_id: Option<PublisherId>,
        pub created_at: Timestamp,
    }
}

impl Tenant {
    /// Whether a user of this tenant can hold this role at all.
    pub fn can_have(&self, role: Role) -> bool {
        match role {
            Role::Operator => self.id == MARKETPLACE,
            Role::AccountAdmin | Role::Developer | Role::ReferralsAdmin => self.publisher_id.is_some(),
            Role::GlobalAdmin | Role::BillingAdmin | Role::LicenseAdmin | Role::UserAdmin | Role::User => {
                true
            }
        }
    }
}

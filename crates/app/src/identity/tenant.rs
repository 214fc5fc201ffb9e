//! Tenants.

use types::{Country, PublisherId, TenantId, TenantSlug, Timestamp};

use crate::access::{MARKETPLACE, Role};

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

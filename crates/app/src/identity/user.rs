//! Users.

use types::{Email, TenantId, Timestamp, UserId};

use crate::access::Role;
use crate::kit::text_enum;

text_enum! {
    /// Whether a user can sign in and hold seats.
    UserStatus {
        Active = "active",
        /// Kept, without sign-in and without seats.
        Inactive = "inactive",
        /// Gone; the row stays for history.
        Deleted = "deleted",
    }
}

db::rows! {
    /// A person in the directory of a tenant.
    pub struct User in "users" {
        pub id: UserId,
        pub tenant_id: TenantId,
        pub email: Email,
        pub name: String,
        pub status: UserStatus,
        /// The roles, comma-separated as the store aggregates them.
        pub roles: RoleList,
        pub created_at: Timestamp,
        pub revision: i64,
    }
}

/// The roles of a user as one column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoleList(pub Vec<Role>);

impl db::FromValue for RoleList {
    fn from_value(value: db::Value<'_>) -> Result<Self, String> {
        let text = <Option<String> as db::FromValue>::from_value(value)?.unwrap_or_default();
        let roles = text.split(',').filter(|part| !part.is_empty()).map(Role::parse);
        let mut roles = roles.collect::<Result<Vec<_>, _>>().map_err(|violation| violation.message)?;
        roles.sort_unstable();
        Ok(Self(roles))
    }
}

impl User {
    pub fn holds(&self, role: Role) -> bool {
        self.roles.0.contains(&role)
    }
}

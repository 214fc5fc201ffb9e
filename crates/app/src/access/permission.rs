//! The registry of permissions.

use serde::{Deserialize, Serialize};

use super::Role::{
    self, AccountAdmin, BillingAdmin, Developer, GlobalAdmin, LicenseAdmin, Operator, ReferralsAdmin, User,
    UserAdmin,
};

/// Where a permission makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The tenant that runs the marketplace.
    Marketplace,
    /// Tenants that sell.
    Publisher,
    /// Any tenant.
    Tenant,
}

/// What the registry says of one permission.
#[derive(Debug, Clone, Copy)]
pub struct PermissionInfo {
    pub name: &'static str,
    pub side: Side,
    pub roles: &'static [Role],
    pub what: &'static str,
}

impl PermissionInfo {
    /// Machines hold what serves the tenant; a person's own affairs stay the person's.
    pub fn fits_a_machine(&self) -> bool {
        !self.roles.contains(&User)
    }
}

/// A permission as a type, so that a proof of one does not pass for another.
pub trait Permission: Send + Sync + Clone + 'static {
    const KIND: PermissionKind;
}

macro_rules! permissions {
    ($($name:ident $text:literal $side:ident [$($role:ident),*] $what:literal;)*) => {
        /// Every permission, as data.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum PermissionKind { $(#[serde(rename = $text)] $name),* }

        impl PermissionKind {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub fn info(self) -> PermissionInfo {
                match self {
                    $(Self::$name => PermissionInfo {
                        name: $text, side: Side::$side, roles: &[$($role),*], what: $what,
                    }),*
                }
            }
        }

        $(
            #[doc = $what]
            #[derive(Debug, Clone)]
            pub enum $name {}
            impl Permission for $name {
                const KIND: PermissionKind = PermissionKind::$name;
            }
        )*
    };
}

permissions! {
    TenantAdmit "tenant.admit" Marketplace [Operator] "Admit tenants and publishers, see all of them.";
    SubmissionCertify "submission.certify" Marketplace [Operator] "Certify submissions or send them back with findings.";
    MailManage "mail.manage" Marketplace [Operator] "See mails that wait, were sent or failed, and send them again.";
    JobManage "job.manage" Marketplace [Operator] "See work that is done later, and have it tried again.";
    SettingsEdit "settings.edit" Marketplace [Operator] "See and change the settings of the marketplace.";
    RightsFollow "rights.follow" Marketplace [Operator] "Follow the rights of every tenant, and tell what they used, as an edge does.";
    DealReview "deal.review" Marketplace [Operator] "Review deals.";

    OfferView "offer.view" Publisher [GlobalAdmin, AccountAdmin, Developer] "See offers, plans, packages and submissions.";
    OfferEdit "offer.edit" Publisher [GlobalAdmin, AccountAdmin, Developer] "Create and edit offers, plans and packages.";
    OfferPublish "offer.publish" Publisher [GlobalAdmin, AccountAdmin, Developer] "Publish, cancel, sign off, stop.";
    DealView "deal.view" Publisher [GlobalAdmin, AccountAdmin, ReferralsAdmin] "See deals, customers and their license counts.";
    DealEdit "deal.edit" Publisher [GlobalAdmin, AccountAdmin, ReferralsAdmin] "Register and submit deals.";
    LeadView "lead.view" Publisher [GlobalAdmin, AccountAdmin, ReferralsAdmin] "See leads, where they go, and what arrived there.";
    LeadEdit "lead.edit" Publisher [GlobalAdmin, AccountAdmin, ReferralsAdmin] "Set the status of leads; choose where they go.";
    CustomerInvite "customer.invite" Publisher [GlobalAdmin, AccountAdmin, ReferralsAdmin] "Invite customers to consent; revoke and re-issue invitations.";
    LicenseGrant "license.grant" Publisher [GlobalAdmin, AccountAdmin, ReferralsAdmin] "Grant, change and remove licenses of a deal.";
    CheckCustomers "check.customers" Publisher [GlobalAdmin, AccountAdmin] "Check rights to the publisher's own services for any customer.";
    LeaseCustomers "lease.customers" Publisher [GlobalAdmin, AccountAdmin] "Give and end leases of customers' users, for the publisher's own services.";

    RelationshipAccept "relationship.accept" Tenant [GlobalAdmin, BillingAdmin] "Accept a publisher's invitation.";
    RelationshipView "relationship.view" Tenant [GlobalAdmin, BillingAdmin, LicenseAdmin, UserAdmin] "See the publishers consented to.";
    OfferAcquire "offer.acquire" Tenant [GlobalAdmin] "Get offers of the storefront for the tenant.";
    LicenseView "license.view" Tenant [GlobalAdmin, BillingAdmin, LicenseAdmin, UserAdmin] "See licenses, seats and their history.";
    SeatAssign "seat.assign" Tenant [GlobalAdmin, LicenseAdmin, UserAdmin] "Assign and unassign seats.";
    UserView "user.view" Tenant [GlobalAdmin, AccountAdmin, BillingAdmin, LicenseAdmin, UserAdmin] "See the tenant's users.";
    UserEdit "user.edit" Tenant [GlobalAdmin, UserAdmin] "Create, edit, deactivate and delete users.";
    RoleGrant "role.grant" Tenant [GlobalAdmin] "Give and take roles; edit users who hold one.";
    ClientManage "client.manage" Tenant [GlobalAdmin] "Create and delete API clients.";
    AppInstall "app.install" Tenant [GlobalAdmin] "Make environments; install, update and uninstall apps.";
    AppView "app.view" Tenant [GlobalAdmin, BillingAdmin, LicenseAdmin, UserAdmin] "See environments and what is installed.";
    CheckAny "check.any" Tenant [GlobalAdmin, LicenseAdmin, UserAdmin] "Check the rights of any user of the tenant.";
    LeaseAny "lease.any" Tenant [GlobalAdmin, LicenseAdmin, UserAdmin] "Give and end leases of any user's seats, and of blocks of free seats.";
    EventRead "event.read" Tenant [GlobalAdmin, Operator] "Read the tenant's event log.";
    AuditRead "audit.read" Tenant [GlobalAdmin, Operator] "Read the tenant's audit trail; as the operator, every one.";
    WebhookManage "webhook.manage" Tenant [GlobalAdmin, Operator] "Have the tenant's events sent somewhere.";
    LicenseRequest "license.request" Tenant [GlobalAdmin, BillingAdmin, LicenseAdmin] "Ask a publisher for more licenses.";
    SeatRequest "seat.request" Tenant [User] "Ask one's administrators for a seat.";
    CheckSelf "check.self" Tenant [User] "Check one's own rights.";
    LeaseSelf "lease.self" Tenant [User] "Get and return leases of one's own seats.";
    SelfView "self.view" Tenant [User] "See oneself and one's own licenses; manage one's own tokens and password.";
    SelfContact "self.contact" Tenant [User] "Ask a publisher to be contacted, sharing one's own contact data.";
}

impl PermissionKind {
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.info().name == name)
    }
}

/// The matrix permission × role, as the committed document shows it.
pub fn matrix() -> String {
    let mut text = String::from(
        "# Permissions\n\nGenerated from the registry (`crates/app/src/access/permission.rs`). Every user also \
         holds the role `user`.\n\n",
    );
    let roles: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    text.push_str(&format!("| permission | side | {} | what |\n", roles.join(" | ")));
    text.push_str(&format!("|---|---|{}---|\n", ":-:|".repeat(roles.len())));
    for kind in PermissionKind::ALL {
        let info = kind.info();
        let cells: Vec<&str> =
            Role::ALL.iter().map(|role| if info.roles.contains(role) { "●" } else { "" }).collect();
        let side = format!("{:?}", info.side).to_lowercase();
        text.push_str(&format!("| `{}` | {side} | {} | {} |\n", info.name, cells.join(" | "), info.what));
    }
    text
}

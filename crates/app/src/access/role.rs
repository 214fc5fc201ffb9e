//! The roles of DOMAIN.md.

use crate::kit::text_enum;

text_enum! {
    /// A role of a user in its tenant. A user may hold several (ROL-02).
    Role {
        /// Runs the marketplace.
        Operator = "operator",
        GlobalAdmin = "global_admin",
        AccountAdmin = "account_admin",
        Developer = "developer",
        ReferralsAdmin = "referrals_admin",
        BillingAdmin = "billing_admin",
        LicenseAdmin = "license_admin",
        UserAdmin = "user_admin",
        /// Everybody who can sign in.
        User = "user",
    }
}

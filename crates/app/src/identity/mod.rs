//! Identity: tenants, their people and machines, and how these are recognised.
//!
//! Words. A *tenant* is an organisation; its *users* sign in with e-mail address and password and get a
//! *session*; they make *personal access tokens* for programs that act as them. An *API client* belongs
//! to the tenant, has scopes, and trades its secret for short-lived *access tokens* (OAuth 2.0 client
//! credentials) that any node verifies without a look-up.
//!
//! ```text
//! user: active ⇄ inactive ─► deleted        (deleted is final; the address is free again)
//! ```
//!
//! Invariants. A tenant keeps at least one active `global_admin` (ROL-02). An address is unique in its
//! tenant, not beyond: the same person may be in several, and nobody learns of it. Secrets are stored
//! hashed: passwords by argon2id, random ones by SHA-256. Whoever guesses at one has to wait ([`Throttle`]).
//!
//! Tables: `tenants`, `users`, `user_roles`, `sessions`, `personal_access_tokens`, `api_clients`,
//! `signing_keys`, `password_resets`. Events: [`events`].
//!
//! Odd: users leave and come back through the feature `groups`, because their seats follow in the same
//! transaction (ASG-06).

pub(crate) mod api;
pub(crate) mod events;
mod keys;
pub(crate) mod operations;
mod password;
mod public_keys;
pub(crate) mod pages;
pub(crate) mod people;
mod store;
mod tenant;
mod throttle;
mod token;
mod user;
mod verified;

#[cfg(test)]
mod tests;

pub(crate) use keys::Key;
pub use keys::Keys;
pub use operations::authenticate::authenticate;
pub(crate) use operations::authenticate::still_there;
pub(crate) use operations::visitor::Visitor;
pub use password::{Password, PasswordCost, PasswordHasher};
pub use public_keys::PublicKeys;
pub use tenant::Tenant;
pub(crate) use tenant::TenantFilter;
pub use throttle::Throttle;
pub use user::{User, UserStatus};
pub use verified::Verified;

pub(crate) use store::{Member, STATEMENTS};

crate::kit::codes! {
    UNAUTHENTICATED = 401 "identity.unauthenticated" "Sign in first";
    SIGN_IN_FAILED = 401 "identity.sign_in_failed" "Address or password is wrong";
    RESET_OVER = 410 "identity.reset_over" "This link is no longer good";
    TENANT_AMBIGUOUS = 409 "identity.tenant_ambiguous" "Several organisations have this address and password";
    THROTTLED = 429 "identity.too_many_attempts" "Too many failed attempts";
    SETUP_TOKEN_WRONG = 401 "setup.token_wrong" "This is not the token of the set-up";
    SET_UP_ALREADY = 409 "setup.done" "The marketplace is set up already";
    TOO_BUSY = 503 "identity.too_busy" "Too many people are signing in";
    TENANT_SLUG_TAKEN = 409 "tenant.slug_taken" "The tenant's short name is taken";
    PUBLISHER_ID_TAKEN = 409 "tenant.publisher_id_taken" "The publisher id is taken";
    EMAIL_TAKEN = 409 "user.email_taken" "The tenant has a user of this address";
    LAST_GLOBAL_ADMIN = 409 "user.last_global_admin" "A tenant keeps at least one global admin";
    LAST_OPERATOR = 409 "user.last_operator" "The marketplace keeps at least one operator";
    ROLE_NEEDS_GRANT = 403 "user.role_needs_grant" "Only who may grant roles may do this";
    OWN_PASSWORD = 409 "user.own_password" "One's own password is changed by knowing the present one";
    ROLE_WRONG_SIDE = 422 "user.role_wrong_side" "This tenant cannot have this role";
    SCOPE_UNKNOWN = 422 "api_client.scope_unknown" "There is no such scope for this tenant";
}

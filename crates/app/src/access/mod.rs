//! Access: who may do what, as values (ROL-01, ROL-03).
//!
//! [`permission`] is the registry: each permission names the side of the marketplace it belongs to and
//! the roles that carry it. A [`Principal`] is somebody whom identity recognised, with the permissions
//! that roles or scopes give. A [`Right<P>`] is the proof that a principal may do `P`; only this module
//! makes one, operations ask for one, so "forgot to check" and "checked the wrong thing" do not compile.
//!
//! A right carries the tenant it holds in. Operations start their reads from that tenant, so what belongs
//! to another one is not found rather than forbidden.
//!
//! The matrix role × permission is `docs/generated/permissions.md`, compared in a test.

mod permission;
mod right;
mod role;

pub use permission::*;
pub use right::{Principal, Right};
pub use role::Role;

pub use types::MARKETPLACE;

crate::kit::codes! {
    FORBIDDEN = 403 "access.forbidden" "This needs a permission you do not have";
    PERSONAL_TOKEN = 403 "access.personal_token" "A personal access token cannot make or replace credentials";
}

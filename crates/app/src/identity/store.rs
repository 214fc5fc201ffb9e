//! Every SQL statement of identity, by subject.

mod clients;
mod credentials;
mod resets;
mod tenants;
mod users;

use db::Sql;

pub(super) use clients::*;
pub(super) use credentials::*;
pub(crate) use resets::Resettable;
pub(super) use resets::*;
pub(super) use tenants::*;
pub(crate) use users::Member;
pub(super) use users::*;

pub(crate) const STATEMENTS: &[Sql] = db::join_statements![
    tenants::STATEMENTS,
    users::STATEMENTS,
    credentials::STATEMENTS,
    resets::STATEMENTS,
    clients::STATEMENTS,
];

//! The use cases of leases.

pub(crate) mod end;
pub(crate) mod find;
pub(crate) mod issue;
mod live;
pub(crate) mod scope;

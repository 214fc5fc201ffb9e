//! The use cases of relationships.

pub(crate) mod accept;
pub(crate) mod end;
pub(crate) mod find;
pub(crate) mod invite;

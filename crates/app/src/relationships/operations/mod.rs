//! The use cases of relationships.

pub(crate) mod accept;
pub(crate) mod find;
pub(crate) mod invite;

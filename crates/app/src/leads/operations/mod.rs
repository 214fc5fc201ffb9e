//! The use cases of leads.

pub(crate) mod create;
pub(crate) mod deliver;
pub(crate) mod destinations;
pub(crate) mod edit;
pub(crate) mod find;

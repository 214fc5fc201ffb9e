//! What can be done with settings.

pub(crate) mod edit;
pub(crate) mod find;

//! The use cases of installations.

pub(crate) mod environments;
pub(crate) mod find;
pub(crate) mod install;

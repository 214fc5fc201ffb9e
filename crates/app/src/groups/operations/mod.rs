//! The use cases of groups.

pub(crate) mod edit_group;
pub(crate) mod find;
pub(crate) mod follow;
pub(crate) mod license_group;
pub(crate) mod members;
pub(crate) mod presence;
pub(crate) mod ways;

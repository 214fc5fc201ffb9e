//! The use cases of licenses.

pub(crate) mod customers;
pub(crate) mod edit_deal;
pub(crate) mod end_relationship;
pub(crate) mod find;
pub(crate) mod pools;
pub(crate) mod preview;
pub(crate) mod update_licenses;

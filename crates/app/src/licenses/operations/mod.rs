//! The use cases of licenses.

pub(crate) mod customers;
pub(crate) mod find;
pub(crate) mod seats;
pub(crate) mod update_licenses;

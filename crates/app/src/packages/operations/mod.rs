//! The use cases of packages.

pub(crate) mod check;
pub(crate) mod fetch_package;
pub(crate) mod find;
pub(crate) mod list_files;
pub(crate) mod upload_package;

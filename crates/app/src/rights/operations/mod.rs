//! The use cases of rights.

pub(crate) mod explain;
pub(crate) mod list_rights;
mod offers;
mod subject;

pub(crate) use subject::{Sight, Subject};

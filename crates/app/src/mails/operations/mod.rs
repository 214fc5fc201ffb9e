//! The use cases of mails.

pub(crate) mod find;
pub(crate) mod send;
pub(crate) mod write;

//! What can be done with notices.

pub(crate) mod choose_mails;
pub(crate) mod find;
pub(crate) mod forget;
pub(crate) mod mark_read;

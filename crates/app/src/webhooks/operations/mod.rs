//! The use cases of webhooks.

pub(crate) mod edit;
pub(crate) mod find;
pub(crate) mod fan_out;
pub(crate) mod forget;
pub(crate) mod record_attempt;
pub(crate) mod send_again;

//! The use cases of idle seats.

pub(crate) mod leave;
pub(crate) mod report;

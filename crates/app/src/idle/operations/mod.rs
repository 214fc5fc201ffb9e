//! The use cases of idle seats.

pub(super) mod leave;
pub(crate) mod report;

//! The use cases of idle seats.

pub(super) mod leave;
pub(super) mod report;

//! The use cases of reports.

pub(super) mod enforcement;
pub(super) mod held;
pub(crate) mod pools;
pub(super) mod refresh;
pub(super) mod sold;

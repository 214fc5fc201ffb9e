//! The use cases of batches.

pub(crate) mod apply;
mod change;
pub(crate) mod find;
pub(crate) mod preview;
pub(crate) mod resolve;
pub(crate) mod start;
pub(crate) mod undo;

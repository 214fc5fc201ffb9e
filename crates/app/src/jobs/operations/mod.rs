//! The use cases of jobs.

pub(crate) mod end;
pub(crate) mod enqueue;
pub(crate) mod find;
pub(crate) mod forget;
pub(crate) mod retry;

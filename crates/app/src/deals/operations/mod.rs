//! The use cases of deals.

pub(crate) mod examine;
pub(crate) mod find;
pub(crate) mod register;
pub(crate) mod review;

pub(crate) use super::store::DealFilter;

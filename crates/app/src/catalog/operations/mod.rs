//! The use cases of the catalogue.

pub(crate) mod create_offer;
pub(crate) mod create_plan;
pub(crate) mod find;

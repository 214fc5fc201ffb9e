//! The use cases of the catalogue.

pub(crate) mod advance;
pub(crate) mod audience;
pub(crate) mod create_offer;
pub(crate) mod create_plan;
pub(crate) mod edit_draft;
pub(crate) mod edit_plan;
pub(crate) mod files;
pub(crate) mod find;
pub(crate) mod history;
pub(crate) mod place_file;

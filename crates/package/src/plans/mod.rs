//! What a publisher says about plans: which there are, and which apps each opens.
//!
//! Two CSV files say it: [`read_definitions`] and [`read_mappings`] read one each and report everything wrong with
//! it, [`read_license`] reads both and sees that they fit together. A [`License`] is the same without the places.

mod csv_files;
mod license;
mod rows;

use serde::{Deserialize, Serialize};

pub use csv_files::{read_definitions, read_mappings, write_definitions, write_mappings};
pub use license::{LocatedLicense, read_license};

/// A file by its name (or path, as findings shall call it) and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A plan as the packaged app knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDefinition {
    /// `publisherid.offerid.planid`; up to 300 characters are read.
    pub service_id: String,
    /// What a user without a seat is shown; up to 300 characters.
    pub display_name: String,
    /// Where a user without a seat is sent; http or https, up to 2,048 characters.
    pub more_info_url: Option<String>,
}

/// A plan opens an app.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PlanMapping {
    pub service_id: String,
    /// The unique name of a model-driven app of the solution.
    pub component: String,
}

/// The plans of a solution and the apps that each opens, many to many.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct License {
    pub plans: Vec<PlanDefinition>,
    pub mappings: Vec<PlanMapping>,
}

/// Where a row or an element was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    /// Counted from 1.
    pub line: u64,
}

/// Something read from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    pub value: T,
    pub place: Place,
}

/// Longest display name, in characters.
pub(crate) const DISPLAY_NAME_MAX: usize = 300;
/// Longest link, in characters.
pub(crate) const LINK_MAX: usize = 2_048;
/// Longest unique name of a component, in characters.
pub(crate) const COMPONENT_MAX: usize = 300;

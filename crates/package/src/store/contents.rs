//! What a package has in it, as the server stores it.

use serde::{Deserialize, Serialize};

use crate::plans::{PlanDefinition, PlanMapping};
use crate::solution::{Publisher, SolutionInfo};

/// Everything in a package that the marketplace needs to know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageContents {
    /// In the order they are installed.
    pub solutions: Vec<SolutionSummary>,
    /// The apps of all solutions: what can be mapped and checked.
    pub components: Vec<Component>,
    pub service_plans: Vec<PlanDefinition>,
    pub mappings: Vec<PlanMapping>,
}

/// A solution of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SolutionSummary {
    /// The file in the package folder.
    pub file: String,
    pub unique_name: String,
    pub display_name: Option<String>,
    pub version: String,
    pub publisher: Option<Publisher>,
    /// The anchor solution's name is the one that is shown.
    pub is_anchor: bool,
}

/// An app of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    pub unique_name: String,
    pub id: Option<String>,
    pub display_name: Option<String>,
    pub publisher: Option<Publisher>,
    /// The unique name of its solution.
    pub solution: String,
}

impl SolutionSummary {
    pub(super) fn new(file: &str, info: &SolutionInfo, is_anchor: bool) -> Self {
        Self {
            file: file.to_owned(),
            unique_name: info.unique_name.clone(),
            display_name: info.display_name.clone(),
            version: info.version.clone(),
            publisher: info.publisher.clone(),
            is_anchor,
        }
    }
}

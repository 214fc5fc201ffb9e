//! `solution.xml`: which solution this is.

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Findings};
use crate::limits::Limits;
use crate::rules::Rule;
use crate::xml::{Document, Element};

/// Whether a solution can be changed where it is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackageType {
    Unmanaged,
    Managed,
    /// Unpacked source from which either can be made.
    Both,
}

/// Who made a solution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publisher {
    pub unique_name: String,
    pub display_name: Option<String>,
}

/// What a solution says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SolutionInfo {
    pub unique_name: String,
    pub display_name: Option<String>,
    pub version: String,
    pub package_type: PackageType,
    pub publisher: Option<Publisher>,
    /// The base language, as the number that Windows gives it (1033: English, United States).
    pub language: Option<String>,
    /// The line of `Managed`, for findings about it.
    #[serde(skip)]
    pub(crate) managed_line: u64,
}

/// Reads a manifest; what is missing goes to the findings.
pub(super) fn read(
    label: &str,
    bytes: &[u8],
    limits: &Limits,
    findings: &mut Findings,
) -> Option<SolutionInfo> {
    let document =
        Document::read(label, bytes, limits, is_wanted).map_err(|refused| findings.push(refused)).ok()?;
    let root = &document.root;
    let Some(manifest) = root.child("SolutionManifest").filter(|_| root.name == "ImportExportXml") else {
        findings.push(refuse(label, root.line, "There is no /ImportExportXml/SolutionManifest"));
        return None;
    };
    let mut required = |name: &str| {
        let value = manifest.value(name);
        if value.is_none() {
            findings.push(refuse(label, manifest.line, &format!("{name} is missing or empty")));
        }
        value
    };
    let (unique_name, version, managed) = (required("UniqueName"), required("Version"), required("Managed"));
    let package_type = match managed {
        Some("0") => Some(PackageType::Unmanaged),
        Some("1") => Some(PackageType::Managed),
        Some("2") => Some(PackageType::Both),
        Some(other) => {
            let message = format!("Managed is {other:?}; it is 0, 1 or 2");
            findings.push(refuse(label, manifest.line, &message));
            None
        }
        None => None,
    };
    let publisher = manifest.child("Publisher").and_then(|publisher| {
        let unique_name = publisher.value("UniqueName")?.to_owned();
        Some(Publisher { unique_name, display_name: localized_name(publisher) })
    });
    Some(SolutionInfo {
        unique_name: unique_name?.to_owned(),
        display_name: localized_name(manifest),
        version: version?.to_owned(),
        package_type: package_type?,
        publisher,
        language: root.attribute("languagecode").map(str::to_owned),
        managed_line: manifest.child("Managed").map_or(manifest.line, |managed| managed.line),
    })
}

fn is_wanted(path: &[&str]) -> bool {
    let [_, "SolutionManifest", below @ ..] = path else { return false };
    match below {
        [] | ["Version" | "Managed" | "Publisher"] => true,
        ["Publisher", name @ ..] | name => {
            matches!(name, ["UniqueName" | "LocalizedNames"] | ["LocalizedNames", "LocalizedName"])
        }
    }
}

/// The first of an element's `LocalizedNames`.
pub(super) fn localized_name(element: &Element) -> Option<String> {
    let name = element.child("LocalizedNames")?.child("LocalizedName")?;
    name.attribute("description").filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

fn refuse(label: &str, line: u64, message: &str) -> Finding {
    let mend = "Export the solution again; its manifest is not complete.";
    Finding::new(Rule::SolutionManifest, label, Some(line), message, mend)
}

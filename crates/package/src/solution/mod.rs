//! A solution: what it says about itself, its apps, and the license written into it.
//!
//! Two layouts, told apart by where `solution.xml` lies. **Packed**, as in the zip: `solution.xml` and
//! `customizations.xml` at the root, apps inside the latter. **Unpacked**, as developers keep it:
//! `Other/Solution.xml`, `Other/Customizations.xml`, `AppModules/<name>/AppModule.xml`. A folder may have either.
//!
//! [`Solution`] works on [`SolutionFiles`], a handful of files by path, and answers with [`FileChange`]s; where the
//! files come from and go to is somebody else's matter: [`zipped`] for zips in memory, `disk` for paths.
//!
//! The license is two elements under `/ImportExportXml` of the customizations, spliced in right behind
//! `EntityDataProviders`; in the unpacked layout also two files under `ServicePlans/`. Everything else stays byte for
//! byte (PKG-05). The elements are written in our formatting, so an equal license written by another tool is
//! rewritten once and stays from then on.

mod apps;
mod files;
mod licensing;
mod manifest;
mod service_plans;
pub mod zipped;

use std::collections::HashSet;

use thiserror::Error;

pub use apps::AppModule;
pub use files::{FileChange, Layout, SolutionFiles};
pub use manifest::{PackageType, Publisher, SolutionInfo};

use crate::archive::EditError;
use crate::finding::{Finding, Findings, MOST_FINDINGS, list};
use crate::limits::Limits;
use crate::plans::{License, LocatedLicense};
use crate::rules::Rule;
use crate::xml::Document;

/// Why a solution was not read or changed.
#[derive(Debug, Error)]
pub enum SolutionError {
    /// What is wrong with the solution or the license; at least one error.
    #[error("{}", list(.0))]
    Refused(Vec<Finding>),
    #[error("{name}: {source}; make the zip again with another tool")]
    Edit { name: String, source: EditError },
}

/// A solution that has been read.
#[derive(Debug)]
pub struct Solution {
    info: SolutionInfo,
    apps: Vec<AppModule>,
    license: Option<LocatedLicense>,
    customizations: Document,
    files: SolutionFiles,
}

impl Solution {
    /// Reads a solution. `name` is what stands before paths in findings: the zip with a `!`, or nothing.
    pub fn read(name: &str, files: SolutionFiles, limits: &Limits) -> Result<Self, SolutionError> {
        let mut findings = Findings::default();
        let solution = Self::read_into(name, files, limits, &mut findings);
        solution.filter(|_| !findings.has_errors()).ok_or_else(|| SolutionError::Refused(findings.into_vec()))
    }

    /// Reads as much as can be; without errors among the findings there is a solution.
    pub(crate) fn read_into(
        name: &str,
        files: SolutionFiles,
        limits: &Limits,
        findings: &mut Findings,
    ) -> Option<Self> {
        let label = |path: &str| format!("{name}{path}");
        let info = read_file(&files, files.layout().manifest(), name, findings)
            .and_then(|(path, bytes)| manifest::read(&label(path), bytes, limits, findings));
        let customizations = read_file(&files, files.layout().customizations(), name, findings)
            .and_then(|(path, bytes)| licensing::read(&label(path), bytes, limits, findings));
        let (info, customizations) = (info?, customizations?);
        let mut apps = apps::in_customizations(&customizations.root);
        for (path, bytes) in files.app_modules() {
            apps.extend(apps::in_file(&label(path), bytes, limits, findings));
        }
        apps::keep_first(&mut apps);
        let path = label(files.path(files.layout().customizations()).unwrap_or_default());
        let license = match service_plans::read(&path, &customizations.root, findings) {
            None if files.layout() == Layout::Unpacked => {
                service_plans::read_files(&label, &files, limits, findings)
            }
            license => license,
        };
        Some(Self { info, apps, license, customizations, files })
    }

    pub fn info(&self) -> &SolutionInfo {
        &self.info
    }

    /// The model-driven apps, which are the components that plans can open.
    pub fn apps(&self) -> &[AppModule] {
        &self.apps
    }

    /// The license in the solution; `None` if it has none, and every app is open.
    pub fn license(&self) -> Option<License> {
        self.license.as_ref().map(LocatedLicense::license)
    }

    pub(crate) fn located_license(&self) -> Option<&LocatedLicense> {
        self.license.as_ref()
    }

    /// PKG-04: every mapped component is an app of the solution.
    pub(crate) fn unknown_components(&self, license: &LocatedLicense) -> Vec<Finding> {
        let known: HashSet<&str> = self.apps.iter().map(|app| app.unique_name.as_str()).collect();
        let unknown = license.mappings.iter().filter(|row| !known.contains(row.value.component.as_str()));
        unknown.take(MOST_FINDINGS + 1).map(|row| apps::not_found(row, &self.apps)).collect()
    }

    /// What to change so that the solution has this license and no other; nothing if it has it already.
    pub fn add_license(&self, license: &LocatedLicense) -> Result<Vec<FileChange>, SolutionError> {
        let mut findings = Findings::default();
        findings.extend(license.conflicts());
        findings.extend(license.undefined(&HashSet::new()));
        findings.extend(self.unknown_components(license));
        if license.plans.is_empty() && !findings.has_errors() {
            findings.push(Finding::new(
                Rule::CsvEmpty,
                "plan definitions",
                None,
                "The license has no plan",
                "Define at least one, or use remove-license.",
            ));
        }
        if findings.has_errors() {
            return Err(SolutionError::Refused(findings.into_vec()));
        }
        Ok(licensing::changes(&self.files, &self.customizations, Some(&license.license())))
    }

    /// What to change so that the solution has no license; nothing if it has none.
    pub fn remove_license(&self) -> Vec<FileChange> {
        licensing::changes(&self.files, &self.customizations, None)
    }
}

fn read_file<'a>(
    files: &'a SolutionFiles,
    path: &str,
    name: &str,
    findings: &mut Findings,
) -> Option<(&'a str, &'a [u8])> {
    let found = files.get(path);
    if found.is_none() {
        findings.push(missing(&format!("{name}{path}")));
    }
    found
}

pub(crate) fn missing(label: &str) -> Finding {
    Finding::new(
        Rule::SolutionFileMissing,
        label,
        None,
        "The solution has no such file",
        "Export the solution again; zip the files themselves, not the folder they are in.",
    )
}

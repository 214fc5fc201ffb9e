//! The rules of a store package, as the server runs them at upload (PKG-06).

use std::collections::HashSet;
use std::io::{Read, Seek};

use serde::{Deserialize, Serialize};

use super::contents::PackageContents;
use super::inner::{self, Inner};
use super::input_xml::{self, Input};
use super::{CONTENT_TYPES, INPUT, WHOLE_PACKAGE, content_types, icon};
use crate::archive::{Archive, Inflation};
use crate::finding::{Finding, Findings};
use crate::limits::Limits;
use crate::plans::{Located, LocatedLicense, Place};
use crate::rules::Rule;
use crate::text::{Encoding, extension};

/// What the offer that the package belongs to demands of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectations {
    /// The service ids of the offer's plans.
    pub plans: Vec<String>,
    pub license_management: bool,
    pub allow_install_without_license: bool,
}

/// What came of checking a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub findings: Vec<Finding>,
    /// What the package has in it, if all its solutions could be read.
    pub contents: Option<PackageContents>,
}

impl Report {
    /// Whether the package may be published: warnings do not stand in the way.
    pub fn passes(&self) -> bool {
        !self.findings.iter().any(Finding::is_error)
    }
}

/// Checks a package; with `expectations` also whether it fits the offer. Reads to the end of every file in it, within
/// the limits, and never fails: what cannot be read is a finding.
pub fn check(package: impl Read + Seek, expectations: Option<&Expectations>, limits: &Limits) -> Report {
    let mut checking = Checking { limits, inflation: Inflation::new(limits), findings: Findings::default() };
    let inner = Archive::open(WHOLE_PACKAGE, package, limits, &mut checking.findings)
        .and_then(|mut archive| check_outer(&mut archive, &mut checking));
    if let Some(inner) = &inner {
        check_license(inner, expectations, &mut checking.findings);
    }
    let contents = inner.filter(|inner| inner.is_complete).map(|inner| inner.contents);
    Report { findings: checking.findings.into_vec(), contents }
}

/// A check under way.
pub(super) struct Checking<'a> {
    pub(super) limits: &'a Limits,
    pub(super) inflation: Inflation,
    pub(super) findings: Findings,
}

impl Checking<'_> {
    pub(super) fn refuse(&mut self, rule: Rule, place: &Place, message: impl Into<String>, mend: &str) {
        self.findings.push(Finding::new(rule, &place.file, Some(place.line), message, mend));
    }

    /// Whether a file is there; otherwise a finding says so.
    pub(super) fn require(&mut self, archive: &Archive<'_>, path: &str, rule: Rule) -> bool {
        if archive.contains(path) {
            return true;
        }
        let mend = match archive.differently_cased(path) {
            Some(other) => format!("Rename {other} to {path}; names are case-sensitive."),
            None => "Put the file there.".to_owned(),
        };
        self.findings.push(Finding::new(rule, archive.label(path), None, "The file is missing", mend));
        false
    }

    /// A file's bytes, if it is there and can be read.
    pub(super) fn read(&mut self, archive: &mut Archive<'_>, path: &str, most: u64) -> Option<Vec<u8>> {
        let bytes = archive.read(path, most, &mut self.inflation)?;
        bytes.map_err(|finding| self.findings.push(finding)).ok()
    }
}

fn check_outer(archive: &mut Archive<'_>, checking: &mut Checking<'_>) -> Option<Inner> {
    for entry in archive.files().filter(|entry| entry.folder().is_some()) {
        let label = archive.label(&entry.path);
        let mend = "Zip the files themselves, not a folder with them.";
        checking.findings.push(Finding::new(Rule::OuterNested, label, None, "The file is in a folder", mend));
    }
    checking.require(archive, CONTENT_TYPES, Rule::OuterMissing);
    content_types::check(archive, &mut checking.inflation, &mut checking.findings);
    checking.require(archive, INPUT, Rule::OuterMissing);
    let input = checking.read(archive, INPUT, checking.limits.xml).and_then(|bytes| {
        input_xml::read(&archive.label(INPUT), &bytes, checking.limits, &mut checking.findings)
    });
    if let Some(input) = &input {
        check_attachments(archive, input, checking);
    }
    let package_file = input.as_ref().map_or(super::INNER_PACKAGE, |input| &input.package_file);
    let inner = if checking.require(archive, package_file, Rule::OuterMissing) {
        let nested = archive.open_nested(package_file, &mut checking.inflation, &mut checking.findings);
        nested.map(|(mut nested, held)| {
            let inner = inner::check(&mut nested, input.as_ref(), checking);
            drop(nested);
            checking.inflation.release(held);
            inner
        })
    } else {
        None
    };
    archive.verify_others(&mut checking.inflation, &mut checking.findings);
    inner
}

/// Icons and terms, each file once.
fn check_attachments(archive: &mut Archive<'_>, input: &Input, checking: &mut Checking<'_>) {
    let mut seen = HashSet::new();
    for Located { value: path, place } in &input.logos {
        if seen.insert(path) && checking.require(archive, path, Rule::OuterMissing) {
            let Some(bytes) = checking.read(archive, path, checking.limits.attachment) else { continue };
            match icon::dimensions(&bytes) {
                Some((32, 32)) => {}
                Some((width, height)) => {
                    let message = format!("The icon {path} has {width} x {height} pixels");
                    checking.refuse(Rule::OuterIcon, place, message, "Make it 32 x 32 pixels.");
                }
                None => {
                    let message = format!("The icon {path} is no PNG or JPEG");
                    checking.refuse(Rule::OuterIcon, place, message, "Save it as PNG.");
                }
            }
        }
    }
    for Located { value: path, place } in &input.terms {
        if seen.insert(path) && checking.require(archive, path, Rule::OuterMissing) {
            let Some(bytes) = checking.read(archive, path, checking.limits.attachment) else { continue };
            let is_text = Encoding::decode(&bytes).is_ok_and(|(_, text)| !text.trim().is_empty());
            if !is_text || !matches!(&*extension(path), "html" | "htm") {
                let message = format!("The terms {path} are no HTML file with text in it");
                checking.refuse(Rule::OuterTerms, place, message, "Save them as HTML in UTF-8.");
            }
        }
    }
}

/// PKG-02 and PKG-08: the service ids of all solutions together, and against the offer's plans.
fn check_license(inner: &Inner, expectations: Option<&Expectations>, findings: &mut Findings) {
    let license = &inner.license;
    findings.extend(license.conflicts());
    if inner.is_complete {
        findings.extend(license.undefined(&HashSet::new()));
        findings.extend(license.unmapped());
    }
    let Some(expectations) = expectations else { return };
    findings.extend(license.unknown_to(&expectations.plans));
    if !inner.is_complete || !expectations.license_management {
        return;
    }
    if license.mappings.is_empty() && !expectations.allow_install_without_license {
        findings.push(Finding::new(
            Rule::NothingMapped,
            WHOLE_PACKAGE,
            None,
            "No component is mapped to a plan, so that nobody would need a license",
            "Write the license into the solution with add-license, or allow install without a license.",
        ));
    }
    findings.extend(absent(license, &expectations.plans));
}

/// PKG-08: plans of the offer that the package does not know of map to nothing, too.
fn absent(license: &LocatedLicense, plans: &[String]) -> Vec<Finding> {
    let defined = license.plans.iter().map(|plan| &plan.value.service_id);
    let mapped = license.mappings.iter().map(|mapping| &mapping.value.service_id);
    let present: HashSet<&String> = defined.chain(mapped).collect();
    let absent = plans.iter().filter(|plan| !present.contains(plan));
    absent
        .map(|plan| {
            Finding::new(
                Rule::PlanUnmapped,
                WHOLE_PACKAGE,
                None,
                format!("The offer's plan {plan} is not in the package, and maps to no component"),
                "Define and map it, unless it opens nothing.",
            )
        })
        .collect()
}

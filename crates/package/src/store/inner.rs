//! The inner package: the folder, its solutions, and what they have in them.

use std::collections::HashSet;

use super::check::Checking;
use super::contents::{Component, PackageContents, SolutionSummary};
use super::import_config::{self, ImportConfig};
use super::input_xml::Input;
use super::{CONTENT_TYPES, IMPORT_CONFIG, content_types};
use crate::archive::Archive;
use crate::finding::Finding;
use crate::plans::{License, Located, LocatedLicense};
use crate::rules::Rule;
use crate::solution::{PackageType, Solution, missing, zipped};
use crate::text::extension;

/// What was found in the inner package.
#[derive(Default)]
pub(super) struct Inner {
    pub(super) contents: PackageContents,
    /// Of all solutions together.
    pub(super) license: LocatedLicense,
    /// Every listed solution could be read, so that what is not in `contents` is not in the package.
    pub(super) is_complete: bool,
}

pub(super) fn check(archive: &mut Archive<'_>, input: Option<&Input>, checking: &mut Checking<'_>) -> Inner {
    let mut inner = Inner::default();
    checking.require(archive, CONTENT_TYPES, Rule::InnerMissing);
    content_types::check(archive, &mut checking.inflation, &mut checking.findings);
    if let Some((folder, config)) = read_config(archive, checking) {
        check_listing(archive, &folder, &config, input, checking);
        inner.is_complete = true;
        for listed in &config.solutions {
            let path = format!("{folder}/{}", listed.value);
            if archive.contains(&path) {
                let solution = read_solution(archive, &path, checking);
                inner.is_complete &= solution.is_some();
                if let Some(solution) = solution {
                    let anchor = input.and_then(|input| input.anchor.as_ref());
                    let is_anchor = anchor.is_some_and(|anchor| anchor.value == listed.value);
                    if is_anchor {
                        check_language(&solution, input, checking);
                    }
                    collect(&mut inner, &listed.value, &solution, is_anchor);
                }
            } else {
                inner.is_complete = false;
            }
        }
    }
    collapse(&mut inner);
    archive.verify_others(&mut checking.inflation, &mut checking.findings);
    inner
}

/// The one folder with an import configuration, and what that says.
fn read_config(archive: &mut Archive<'_>, checking: &mut Checking<'_>) -> Option<(String, ImportConfig)> {
    let folders: Vec<String> = archive
        .files()
        .filter(|entry| entry.file_name() == IMPORT_CONFIG)
        .filter_map(|entry| entry.folder().filter(|folder| !folder.contains('/')).map(str::to_owned))
        .collect();
    let [folder] = folders.as_slice() else {
        let message = format!("{} folders have an {IMPORT_CONFIG}", folders.len());
        let mend = "Put ImportConfig.xml, written so, and the solutions into one folder at the root.";
        checking.findings.push(Finding::new(Rule::InnerFolder, archive.name(), None, message, mend));
        return None;
    };
    let path = format!("{folder}/{IMPORT_CONFIG}");
    let bytes = checking.read(archive, &path, checking.limits.xml)?;
    let config = import_config::read(&archive.label(&path), &bytes, checking.limits, &mut checking.findings)?;
    Some((folder.clone(), config))
}

/// PKG-07: what is listed is there, what is there is listed, and the anchor is both.
fn check_listing(
    archive: &Archive<'_>,
    folder: &str,
    config: &ImportConfig,
    input: Option<&Input>,
    checking: &mut Checking<'_>,
) {
    for Located { value, place } in &config.solutions {
        if !archive.contains(&format!("{folder}/{value}")) {
            let message = format!("The solution {value} is listed, but not in {folder}");
            let mend = "Put the file there, or correct the name; names are case-sensitive.";
            checking.refuse(Rule::ImportConfigFile, place, message, mend);
        }
    }
    let unlisted = archive.files().filter(|entry| {
        let is_zip = extension(entry.file_name()) == "zip";
        is_zip && entry.folder() == Some(folder) && !config.mentioned.contains(entry.file_name())
    });
    for entry in unlisted {
        checking.findings.push(Finding::new(
            Rule::ImportConfigUnlisted,
            archive.label(&entry.path),
            None,
            format!("{IMPORT_CONFIG} does not list this file, so it is never installed"),
            "List it, or leave it out.",
        ));
    }
    let anchor = input.and_then(|input| input.anchor.as_ref());
    if let Some(Located { value, place }) = anchor
        && !config.solutions.iter().any(|listed| listed.value == *value)
    {
        let names: Vec<&str> = config.solutions.iter().take(20).map(|listed| listed.value.as_str()).collect();
        let message = format!("The anchor solution {value} is not one of the package's solutions");
        let mend = format!("Name one of these: {}.", names.join(", "));
        checking.refuse(Rule::InputAnchor, place, message, &mend);
    }
}

fn read_solution(archive: &mut Archive<'_>, path: &str, checking: &mut Checking<'_>) -> Option<Solution> {
    let Checking { inflation, findings, limits, .. } = checking;
    let (mut nested, held) = archive.open_nested(path, inflation, findings)?;
    let solution = zipped::files(&mut nested, inflation, findings)
        .and_then(|files| Solution::read_into(&nested.label(""), files, limits, findings));
    if !nested.contains(CONTENT_TYPES) {
        findings.push(missing(&nested.label(CONTENT_TYPES)));
    }
    if let Some(solution) = &solution {
        let info = solution.info();
        if info.package_type != PackageType::Managed {
            findings.push(Finding::new(
                Rule::SolutionUnmanaged,
                nested.label("solution.xml"),
                Some(info.managed_line),
                format!("The solution {} is not managed", info.unique_name),
                "Export it as managed.",
            ));
        }
        if let Some(license) = solution.located_license() {
            findings.extend(solution.unknown_components(license));
        }
    }
    nested.verify_others(inflation, findings);
    drop(nested);
    inflation.release(held);
    solution
}

fn check_language(solution: &Solution, input: Option<&Input>, checking: &mut Checking<'_>) {
    let language = input.and_then(|input| input.language.as_ref());
    let Some((default, base)) = language.zip(solution.info().language.as_deref()) else { return };
    if default.value != base {
        let message =
            format!("The default locale is {}, the anchor solution's language {base}", default.value);
        checking.refuse(Rule::InputLanguage, &default.place, message, "Write Code as in solution.xml.");
    }
}

fn collect(inner: &mut Inner, file: &str, solution: &Solution, is_anchor: bool) {
    let info = solution.info();
    let contents = &mut inner.contents;
    contents.solutions.push(SolutionSummary::new(file, info, is_anchor));
    contents.components.extend(solution.apps().iter().map(|app| Component {
        unique_name: app.unique_name.clone(),
        id: app.id.clone(),
        display_name: app.display_name.clone(),
        publisher: info.publisher.clone(),
        solution: info.unique_name.clone(),
    }));
    if let Some(license) = solution.located_license() {
        inner.license.plans.extend_from_slice(&license.plans);
        inner.license.mappings.extend_from_slice(&license.mappings);
    }
}

/// PKG-03: what several solutions say alike is said once.
fn collapse(inner: &mut Inner) {
    let License { plans, mappings } = inner.license.license();
    let mut seen = HashSet::new();
    inner.contents.service_plans =
        plans.into_iter().filter(|plan| seen.insert(plan.service_id.clone())).collect();
    let mut seen = HashSet::new();
    inner.contents.mappings = mappings.into_iter().filter(|mapping| seen.insert(mapping.clone())).collect();
}

//! Solutions as zips in memory.

use std::io::Cursor;

use super::{FileChange, Layout, Solution, SolutionError, SolutionFiles};
use crate::archive::{Archive, EditError, Inflation, deflate_entry, replace_entry};
use crate::finding::{Finding, Findings};
use crate::limits::Limits;
use crate::plans::LocatedLicense;
use crate::rules::Rule;

/// Reads a solution zip; `name` is what findings call it.
pub fn read(name: &str, zip: &[u8], limits: &Limits) -> Result<Solution, SolutionError> {
    let mut findings = Findings::default();
    let mut inflation = Inflation::new(limits);
    let solution = Archive::open(name, Cursor::new(zip), limits, &mut findings).and_then(|mut archive| {
        let files = files(&mut archive, &mut inflation, &mut findings)?;
        Solution::read_into(&format!("{name}!"), files, limits, &mut findings)
    });
    solution.filter(|_| !findings.has_errors()).ok_or_else(|| SolutionError::Refused(findings.into_vec()))
}

/// The zip with this license in it, and every other entry as it was; the same bytes if it has the license already.
pub fn add_license(
    name: &str,
    zip: &[u8],
    license: &LocatedLicense,
    limits: &Limits,
) -> Result<Vec<u8>, SolutionError> {
    let changes = read(name, zip, limits)?.add_license(license)?;
    apply(name, zip, &changes)
}

/// The zip without a license, every entry's content as before one was added.
pub fn remove_license(name: &str, zip: &[u8], limits: &Limits) -> Result<Vec<u8>, SolutionError> {
    let changes = read(name, zip, limits)?.remove_license();
    apply(name, zip, &changes)
}

/// The zip after the changes; a zip's changes are only ever new contents.
pub fn apply(name: &str, zip: &[u8], changes: &[FileChange]) -> Result<Vec<u8>, SolutionError> {
    let mut edited = zip.to_vec();
    for FileChange { path, content } in changes {
        let replaced: Result<Vec<u8>, EditError> = content
            .as_deref()
            .ok_or_else(|| EditError::NotFound(path.clone()))
            .and_then(deflate_entry)
            .and_then(|content| replace_entry(&edited, path, &content));
        edited = replaced.map_err(|source| SolutionError::Edit { name: name.to_owned(), source })?;
    }
    Ok(edited)
}

/// The files that matter, of an archive in the packed layout.
pub(crate) fn files(
    archive: &mut Archive<'_>,
    inflation: &mut Inflation,
    findings: &mut Findings,
) -> Option<SolutionFiles> {
    let unpacked = archive.differently_cased(Layout::Unpacked.manifest()).is_some();
    if unpacked && archive.differently_cased(Layout::Packed.manifest()).is_none() {
        findings.push(Finding::new(
            Rule::SolutionForm,
            archive.name(),
            None,
            "The zip holds an unpacked solution",
            "Pack the solution, or give the folder instead of the zip.",
        ));
        return None;
    }
    let wanted: Vec<String> =
        archive.files().map(|entry| entry.path.clone()).filter(|path| Layout::Packed.wants(path)).collect();
    let mut files = SolutionFiles::new(Layout::Packed);
    for path in wanted {
        match archive.read(&path, inflation.limits().xml, inflation)? {
            Ok(content) => files.insert(&path, content),
            Err(finding) => {
                findings.push(finding);
                return None;
            }
        }
    }
    Some(files)
}

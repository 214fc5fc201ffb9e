//! `[Content_Types].xml`: which kind of file each extension is.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::CONTENT_TYPES;
use crate::archive::{Archive, Inflation};
use crate::finding::{Finding, Findings};
use crate::rules::Rule;
use crate::text::extension;
use crate::xml::{Document, Element};

const NAMESPACE: &str = "http://schemas.openxmlformats.org/package/2006/content-types";

/// Checks an archive's content types, if it has any; that it has is another rule's matter.
pub(super) fn check(archive: &mut Archive<'_>, inflation: &mut Inflation, findings: &mut Findings) {
    let label = archive.label(CONTENT_TYPES);
    let document = match archive.read(CONTENT_TYPES, inflation.limits().xml, inflation) {
        None => return,
        Some(bytes) => bytes.and_then(|bytes| Document::read(&label, &bytes, inflation.limits(), |_| true)),
    };
    let root = match document {
        Ok(document) => document.root,
        Err(finding) => return findings.push(finding),
    };
    if root.name != "Types" || root.attribute("xmlns") != Some(NAMESPACE) {
        let message = format!("The root is not <Types xmlns=\"{NAMESPACE}\">");
        let mend = "Take the file from a package that was built by a tool.";
        findings.push(Finding::new(Rule::ContentTypes, &label, Some(root.line), message, mend));
        return;
    }
    let missing = missing_extensions(archive, &root);
    if !missing.is_empty() {
        let missing: Vec<&str> = missing.iter().map(String::as_str).take(20).collect();
        let message = format!("Extensions in use are not named: {}", missing.join(", "));
        let mend = "Add <Default Extension=\"…\" ContentType=\"application/octet-stream\"/> for each.";
        findings.push(Finding::new(Rule::ContentTypeMissing, &label, Some(root.line), message, mend));
    }
}

fn missing_extensions(archive: &Archive<'_>, root: &Element) -> BTreeSet<String> {
    let lower = |value: Option<&str>| value.unwrap_or_default().to_ascii_lowercase();
    let extensions: BTreeSet<String> =
        root.named("Default").map(|e| lower(e.attribute("Extension"))).collect();
    let parts: BTreeSet<String> = root.named("Override").map(|e| lower(e.attribute("PartName"))).collect();
    let mut missing = BTreeSet::new();
    for entry in archive.files().filter(|entry| entry.path != CONTENT_TYPES) {
        let extension = extension(entry.file_name());
        let part = format!("/{}", entry.path.to_ascii_lowercase());
        if !extensions.contains(&extension) && !parts.contains(&part) {
            missing.insert(if extension.is_empty() { entry.path.clone() } else { extension });
        }
    }
    missing
}

/// The document that names the extensions of these files.
pub(super) fn write<'a>(file_names: impl IntoIterator<Item = &'a str>) -> String {
    let extensions: BTreeSet<String> = file_names.into_iter().map(extension).collect();
    let mut document = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Types xmlns=\"{NAMESPACE}\">\n");
    for extension in extensions {
        let extension = escape(extension);
        let kind = "application/octet-stream";
        // Writing to a string cannot fail.
        let _ = writeln!(document, "  <Default Extension=\"{extension}\" ContentType=\"{kind}\" />");
    }
    document + "</Types>\n"
}

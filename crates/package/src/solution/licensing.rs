//! Writing a license into the customizations, and taking it out.

use super::files::{FileChange, Layout, SERVICE_PLAN_APP_MODULES, SERVICE_PLANS, SolutionFiles};
use super::service_plans::{MAPPINGS, PLANS, Style, mappings, plans};
use super::{Finding, Findings, Limits, Rule, apps};
use crate::plans::License;
use crate::xml::{Document, Element, Splice};

const ROOT: &str = "ImportExportXml";
/// What the license stands right behind.
const BEFORE: &str = "EntityDataProviders";
/// What it stands before, where that is missing.
const AFTER: &str = "Languages";

/// Reads customizations, keeping what apps and license are in.
pub(super) fn read(label: &str, bytes: &[u8], limits: &Limits, findings: &mut Findings) -> Option<Document> {
    let document =
        Document::read(label, bytes, limits, is_wanted).map_err(|refused| findings.push(refused)).ok()?;
    if document.root.name == ROOT && !document.root.children.iter().all(is_license) {
        return Some(document);
    }
    let message = format!("The root is <{}>, or there is nothing in it", document.root.name);
    let mend = format!("Export the solution again; the root is {ROOT}, with the components in it.");
    findings.push(Finding::new(Rule::SolutionCustomizations, label, Some(document.root.line), message, mend));
    None
}

fn is_wanted(path: &[&str]) -> bool {
    match path {
        [_, _] | [_, PLANS | MAPPINGS, ..] | [_, "AppModules", "AppModule"] => true,
        [_, "AppModules", "AppModule", rest @ ..] => apps::is_wanted(rest),
        _ => false,
    }
}

/// The files that differ once the solution has exactly this license, or none.
pub(super) fn changes(
    files: &SolutionFiles,
    document: &Document,
    license: Option<&License>,
) -> Vec<FileChange> {
    let (splices, newline) = splices(document, license);
    let mut changes = Vec::new();
    if files.layout() == Layout::Unpacked {
        let style = Style { newline, indent: "  " };
        let file = |element: String| {
            let declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
            format!("\u{FEFF}{declaration}{newline}{element}").into_bytes()
        };
        let content = license.map(|license| file(plans(license, &style, 0)));
        changes.extend(files.change(SERVICE_PLANS, content));
        let content = license.map(|license| file(mappings(license, &style, 0)));
        changes.extend(files.change(SERVICE_PLAN_APP_MODULES, content));
    }
    changes.extend(files.change(files.layout().customizations(), Some(document.spliced(splices))));
    changes
}

/// What to splice, and how the document ends its lines.
fn splices<'a>(document: &'a Document, license: Option<&License>) -> (Vec<Splice>, &'a str) {
    let (text, root) = (&document.text, &document.root);
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let (licenses, others): (Vec<&Element>, Vec<&Element>) =
        root.children.iter().partition(|child| is_license(child));
    let mut splices: Vec<Splice> = licenses
        .iter()
        .map(|element| {
            let start = element.span.start - blank_before(text, element.span.start).len();
            Splice { range: start..element.span.end, replacement: String::new() }
        })
        .collect();
    let before_languages =
        others.iter().position(|child| child.name == AFTER).and_then(|index| index.checked_sub(1));
    let anchor = others
        .iter()
        .find(|child| child.name == BEFORE)
        .or_else(|| others.get(before_languages?))
        .or_else(|| others.last());
    if let (Some(license), Some(anchor)) = (license, anchor) {
        let blank = last_line(blank_before(text, anchor.span.start));
        let style = match blank.rsplit_once('\n') {
            Some((_, indent)) => Style { newline, indent },
            None => Style { newline: "", indent: "" },
        };
        let (mappings, plans) = (mappings(license, &style, 1), plans(license, &style, 1));
        let replacement = format!("{blank}{mappings}{blank}{plans}");
        splices.push(Splice { range: anchor.span.end..anchor.span.end, replacement });
    }
    (splices, newline)
}

fn is_license(element: &Element) -> bool {
    element.name == PLANS || element.name == MAPPINGS
}

/// The blanks that end at that place; what XML calls blanks, no others.
fn blank_before(text: &str, place: usize) -> &str {
    &text[text[..place].trim_end_matches([' ', '\t', '\r', '\n']).len()..place]
}

/// The last line end and what follows it, so that empty lines are not repeated; nothing if there is no line end.
fn last_line(blank: &str) -> &str {
    match blank.rfind('\n') {
        Some(newline) if blank[..newline].ends_with('\r') => &blank[newline - 1..],
        Some(newline) => &blank[newline..],
        None => "",
    }
}

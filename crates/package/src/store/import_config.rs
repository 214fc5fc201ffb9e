//! `ImportConfig.xml`: which solutions are installed, in which order.

use std::collections::HashSet;

use quick_xml::escape::escape;

use crate::finding::{Finding, Findings};
use crate::limits::Limits;
use crate::plans::{Located, Place};
use crate::rules::Rule;
use crate::xml::{Document, Element};

const ROOT: &str = "configdatastorage";
const FILE: &str = "solutionpackagefilename";
/// More solutions than any package has.
const MOST_SOLUTIONS: usize = 1_000;

/// What an import configuration says.
#[derive(Debug)]
pub(super) struct ImportConfig {
    /// File names, in order, none twice.
    pub(super) solutions: Vec<Located<String>>,
    /// Every file name that any attribute mentions: data, too, comes in zips.
    pub(super) mentioned: HashSet<String>,
}

pub(super) fn read(
    label: &str,
    bytes: &[u8],
    limits: &Limits,
    findings: &mut Findings,
) -> Option<ImportConfig> {
    let document =
        Document::read(label, bytes, limits, |_| true).map_err(|refused| findings.push(refused)).ok()?;
    let root = &document.root;
    if root.name != ROOT {
        let message = format!("The root is <{}>, not <{ROOT}>", root.name);
        findings.push(Finding::new(
            Rule::ImportConfigRoot,
            label,
            Some(root.line),
            message,
            "Write the root so; names are case-sensitive.",
        ));
        return None;
    }
    let mut refuse = |line: u64, message: String, mend: &str| {
        findings.push(Finding::new(Rule::ImportConfigSolutions, label, Some(line), message, mend));
    };
    let elements: Vec<&Element> =
        root.named("solutions").flat_map(|solutions| solutions.named("configsolutionfile")).collect();
    if elements.is_empty() {
        let message = "No solution is listed".to_owned();
        refuse(
            root.line,
            message,
            "Add <solutions><configsolutionfile solutionpackagefilename=\"…\" /></solutions>.",
        );
    }
    if elements.len() > MOST_SOLUTIONS {
        refuse(
            root.line,
            format!("More than {MOST_SOLUTIONS} solutions are listed"),
            "List those that are there.",
        );
        return None;
    }
    let mut solutions = Vec::new();
    let mut seen = HashSet::new();
    for element in elements {
        let line = element.line;
        match element.attribute(FILE).filter(|file| !file.is_empty()) {
            None => refuse(line, format!("A solution has no {FILE}"), "Name the solution's file."),
            Some(file) if !seen.insert(file) => {
                refuse(line, format!("The solution {file} is listed twice"), "Remove one of them.");
            }
            Some(file) => {
                let place = Place { file: label.to_owned(), line };
                solutions.push(Located { value: file.to_owned(), place });
            }
        }
    }
    let mut mentioned = HashSet::new();
    mention(root, &mut mentioned);
    Some(ImportConfig { solutions, mentioned })
}

/// The tree is no deeper than the limits let it be.
fn mention(element: &Element, mentioned: &mut HashSet<String>) {
    mentioned.extend(element.attributes.iter().map(|(_, value)| value.clone()));
    element.children.iter().for_each(|child| mention(child, mentioned));
}

/// The document that installs these solutions, in this order.
pub(super) fn write<'a>(file_names: impl Iterator<Item = &'a str>) -> String {
    let solutions: String =
        file_names.map(|file| format!("    <configsolutionfile {FILE}=\"{}\" />\n", escape(file))).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <{ROOT} installsampledata=\"false\" waitforsampledatatoinstall=\"false\">\n  \
         <solutions>\n{solutions}  </solutions>\n</{ROOT}>\n"
    )
}

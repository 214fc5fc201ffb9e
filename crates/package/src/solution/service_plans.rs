//! The XML of a license: two elements, each a collection.

use std::collections::HashSet;

use quick_xml::escape::{escape, partial_escape};

use super::files::{SERVICE_PLAN_APP_MODULES, SERVICE_PLANS, SolutionFiles};
use crate::finding::{Finding, Findings};
use crate::limits::Limits;
use crate::plans::{License, Located, LocatedLicense, Place, PlanDefinition, PlanMapping};
use crate::rules::Rule;
use crate::xml::{Document, Element};

pub(super) const PLANS: &str = "serviceplans";
pub(super) const MAPPINGS: &str = "serviceplanappmodulesset";
const PLAN: &str = "serviceplan";
const MAPPING: &str = "serviceplanappmodules";
const MAPPED_APP: &str = "appmoduleid.uniquename";
const MAPPED_PLAN: &str = "serviceplanid.name";

/// `accessmode` 4: restricted to applications of other publishers, whatever the other modes allow.
const ACCESS_MODE: &str = "4";

/// The license under a root; `None` if there is neither element.
pub(super) fn read(label: &str, root: &Element, findings: &mut Findings) -> Option<LocatedLicense> {
    let collections = root.children.iter().filter(|child| child.name == PLANS || child.name == MAPPINGS);
    let mut license = None;
    for collection in collections {
        let license = license.get_or_insert_with(LocatedLicense::default);
        collect(label, collection, license, findings);
    }
    license.map(collapsed)
}

/// PKG-03: a repeated mapping is one.
fn collapsed(mut license: LocatedLicense) -> LocatedLicense {
    let mut seen = HashSet::new();
    license.mappings.retain(|mapping| seen.insert(mapping.value.clone()));
    license
}

/// The license in the files of the unpacked layout, where another tool wrote only these.
pub(super) fn read_files(
    label: &impl Fn(&str) -> String,
    files: &SolutionFiles,
    limits: &Limits,
    findings: &mut Findings,
) -> Option<LocatedLicense> {
    let mut license = None;
    for path in [SERVICE_PLANS, SERVICE_PLAN_APP_MODULES] {
        let Some((path, bytes)) = files.get(path) else { continue };
        match Document::read(&label(path), bytes, limits, |_| true) {
            Ok(document) => {
                let license = license.get_or_insert_with(LocatedLicense::default);
                collect(&label(path), &document.root, license, findings);
            }
            Err(finding) => findings.push(finding),
        }
    }
    license.map(collapsed)
}

fn collect(label: &str, collection: &Element, license: &mut LocatedLicense, findings: &mut Findings) {
    for element in &collection.children {
        let place = Place { file: label.to_owned(), line: element.line };
        let attribute = |name: &str| {
            element.attribute(name).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
        };
        let known = match (collection.name.as_str(), element.name.as_str()) {
            (PLANS, PLAN) => attribute("name").map(|service_id| {
                let display_name = element.value("displayname").unwrap_or(&service_id).to_owned();
                let more_info_url = element.value("moreinfourl").map(str::to_owned);
                let value = PlanDefinition { service_id, display_name, more_info_url };
                license.plans.push(Located { value, place });
            }),
            (MAPPINGS, MAPPING) => attribute(MAPPED_PLAN).zip(attribute(MAPPED_APP)).map(|(plan, app)| {
                let value = PlanMapping { service_id: plan, component: app };
                license.mappings.push(Located { value, place });
            }),
            _ => None,
        };
        if known.is_none() {
            findings.push(Finding::new(
                Rule::SolutionServicePlan,
                label,
                Some(element.line),
                format!("<{}> in <{}> does not name what it is about", element.name, collection.name),
                "Write the license again with add-license.",
            ));
        }
    }
}

/// How lines begin and end; both empty to write everything in one line.
pub(super) struct Style<'a> {
    pub(super) newline: &'a str,
    pub(super) indent: &'a str,
}

impl Style<'_> {
    fn line(&self, depth: usize, content: &str) -> String {
        format!("{}{}{content}", self.newline, self.indent.repeat(depth))
    }

    /// A collection at that depth, beginning at its `<`.
    fn collection(&self, name: &str, depth: usize, items: impl Iterator<Item = String>) -> String {
        let items: String = items.collect();
        if items.is_empty() {
            return format!("<{name} />");
        }
        format!("<{name}>{items}{}", self.line(depth, &format!("</{name}>")))
    }
}

/// The element `serviceplans`.
pub(super) fn plans(license: &License, style: &Style<'_>, depth: usize) -> String {
    let items = license.plans.iter().map(|plan| {
        let field = |name: &str, value: &str| {
            style.line(depth + 2, &format!("<{name}>{}</{name}>", partial_escape(value)))
        };
        let mut item = style.line(depth + 1, &format!("<{PLAN} name=\"{}\">", escape(&*plan.service_id)));
        item += &field("accessmode", ACCESS_MODE);
        item += &field("displayname", &plan.display_name);
        item += &field("iscustomizable", "0");
        if let Some(link) = &plan.more_info_url {
            item += &field("moreinfourl", link);
        }
        item + &style.line(depth + 1, &format!("</{PLAN}>"))
    });
    style.collection(PLANS, depth, items)
}

/// The element `serviceplanappmodulesset`.
pub(super) fn mappings(license: &License, style: &Style<'_>, depth: usize) -> String {
    let items = license.mappings.iter().map(|mapping| {
        let (app, plan) = (escape(&*mapping.component), escape(&*mapping.service_id));
        let start = format!("<{MAPPING} {MAPPED_APP}=\"{app}\" {MAPPED_PLAN}=\"{plan}\">");
        style.line(depth + 1, &start)
            + &style.line(depth + 2, "<iscustomizable>0</iscustomizable>")
            + &style.line(depth + 1, &format!("</{MAPPING}>"))
    });
    style.collection(MAPPINGS, depth, items)
}

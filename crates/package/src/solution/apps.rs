//! Model-driven apps (app modules): what plans open.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::manifest::localized_name;
use crate::finding::{Finding, Findings};
use crate::limits::Limits;
use crate::plans::{Located, PlanMapping};
use crate::rules::Rule;
use crate::xml::{Document, Element};

/// An app of a solution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppModule {
    pub unique_name: String,
    /// Only where the file has an `AppModuleId`. `WebResourceId` is no substitute: it is the icon's, and apps share
    /// icons.
    pub id: Option<String>,
    pub display_name: Option<String>,
}

/// Which parts of an app are read, by the path below the element `AppModule`.
pub(super) fn is_wanted(path: &[&str]) -> bool {
    matches!(
        path,
        ["UniqueName" | "AppModuleId" | "AppModuleUniqueId" | "LocalizedNames"]
            | ["LocalizedNames", "LocalizedName"]
    )
}

/// The apps of the packed layout.
pub(super) fn in_customizations(root: &Element) -> Vec<AppModule> {
    let apps = root.named("AppModules").flat_map(|apps| apps.named("AppModule"));
    apps.filter_map(app).collect()
}

/// The app of an `AppModule.xml`.
pub(super) fn in_file(
    label: &str,
    bytes: &[u8],
    limits: &Limits,
    findings: &mut Findings,
) -> Option<AppModule> {
    let keep = |path: &[&str]| is_wanted(path.get(1..).unwrap_or_default());
    match Document::read(label, bytes, limits, keep) {
        Ok(document) if document.root.name == "AppModule" => app(&document.root),
        Ok(_) => None,
        Err(finding) => {
            findings.push(finding);
            None
        }
    }
}

fn app(element: &Element) -> Option<AppModule> {
    let id = element.value("AppModuleId").or_else(|| element.value("AppModuleUniqueId"));
    Some(AppModule {
        unique_name: element.value("UniqueName")?.to_owned(),
        id: id.map(|id| id.trim_matches(['{', '}']).to_owned()),
        display_name: localized_name(element),
    })
}

/// One app under each name.
pub(super) fn keep_first(apps: &mut Vec<AppModule>) {
    let mut seen = HashSet::new();
    apps.retain(|app| seen.insert(app.unique_name.clone()));
}

/// PKG-04: the text is the one that publishers know.
pub(super) fn not_found(row: &Located<PlanMapping>, apps: &[AppModule]) -> Finding {
    let name = &row.value.component;
    let similar = apps.iter().find(|app| {
        let display_name = app.display_name.as_deref().unwrap_or_default();
        app.unique_name.eq_ignore_ascii_case(name) || display_name.eq_ignore_ascii_case(name)
    });
    let mend = match (similar, apps) {
        (Some(app), _) => format!("Write the unique name, {}.", app.unique_name),
        (None, []) => "The solution has no model-driven app; only these can be mapped.".to_owned(),
        (None, apps) => {
            let names: Vec<&str> = apps.iter().take(20).map(|app| app.unique_name.as_str()).collect();
            format!("Write the unique name of a model-driven app of the solution: {}.", names.join(", "))
        }
    };
    let message = format!("The AppModule with the given UniqueName {name} was not found");
    Finding::new(Rule::ComponentUnknown, &row.place.file, Some(row.place.line), message, mend)
}

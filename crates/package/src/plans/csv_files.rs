//! The two CSV files, one row after another.

use std::collections::{HashMap, HashSet};

use types::ServiceId;

use super::{COMPONENT_MAX, DISPLAY_NAME_MAX, LINK_MAX, Located, Place, PlanDefinition, PlanMapping, rows};
use crate::finding::{Finding, Findings};
use crate::rules::Rule;
use crate::text::{is_plain, is_web_address};

const DEFINITION_COLUMNS: [&str; 3] = ["Service ID", "Display name", "More info URL"];
const MAPPING_COLUMNS: [&str; 2] = ["Service ID", "Component name"];

/// Reads a plan-definition CSV. Rows that say the same are one; the findings are all there are, and the rows
/// those that are sound. `file` is what findings call it.
pub fn read_definitions(file: &str, bytes: &[u8]) -> (Vec<Located<PlanDefinition>>, Vec<Finding>) {
    let Definitions { plans, findings, .. } = definitions(file, bytes);
    (plans, findings)
}

/// What a plan-definition CSV says, sound or not.
pub(super) struct Definitions {
    pub(super) plans: Vec<Located<PlanDefinition>>,
    /// Service ids of all rows, also of those that something is wrong with.
    pub(super) claimed: HashSet<String>,
    pub(super) findings: Vec<Finding>,
}

pub(super) fn definitions(file: &str, bytes: &[u8]) -> Definitions {
    let mut findings = Findings::default();
    let mut plans: Vec<Located<PlanDefinition>> = Vec::new();
    let mut by_service_id: HashMap<String, usize> = HashMap::new();
    let mut claimed = HashSet::new();
    for Located { value: [service_id, display_name, link], place } in
        rows::read(file, bytes, DEFINITION_COLUMNS, &mut findings)
    {
        claimed.insert(service_id.clone());
        let mut row = Row { place: &place, findings: &mut findings, sound: true };
        row.service_id(&service_id);
        row.text("Display name", &display_name, DISPLAY_NAME_MAX);
        row.link(&link);
        if !row.sound {
            continue;
        }
        let more_info_url = Some(link).filter(|link| !link.is_empty());
        let plan = PlanDefinition { service_id, display_name, more_info_url };
        match by_service_id.get(&plan.service_id).map(|index| &plans[*index]) {
            None => {
                by_service_id.insert(plan.service_id.clone(), plans.len());
                plans.push(Located { value: plan, place });
            }
            Some(first) if first.value == plan => {}
            Some(first) => findings.push(conflict(&plan.service_id, &place, &first.place)),
        }
    }
    if plans.is_empty() && !findings.has_errors() {
        findings.push(rows::empty(file, "Add a row for every plan below the header."));
    }
    Definitions { plans, claimed, findings: findings.into_vec() }
}

/// Reads a plan-mapping CSV. Repeated rows are one (PKG-03); no row at all is no mapping.
pub fn read_mappings(file: &str, bytes: &[u8]) -> (Vec<Located<PlanMapping>>, Vec<Finding>) {
    let mut findings = Findings::default();
    let mut mappings = Vec::new();
    let mut seen = HashSet::new();
    for Located { value: [service_id, component], place } in
        rows::read(file, bytes, MAPPING_COLUMNS, &mut findings)
    {
        let mut row = Row { place: &place, findings: &mut findings, sound: true };
        row.service_id(&service_id);
        row.text("Component name", &component, COMPONENT_MAX);
        if row.sound {
            let mapping = PlanMapping { service_id, component };
            if seen.insert(mapping.clone()) {
                mappings.push(Located { value: mapping, place });
            }
        }
    }
    (mappings, findings.into_vec())
}

/// A plan-definition CSV that [`read_definitions`] reads back: UTF-8, LF.
pub fn write_definitions(plans: &[PlanDefinition]) -> String {
    let rows = plans.iter().map(|plan| {
        [&*plan.service_id, &*plan.display_name, plan.more_info_url.as_deref().unwrap_or_default()]
    });
    write(DEFINITION_COLUMNS, rows)
}

/// A plan-mapping CSV that [`read_mappings`] reads back: UTF-8, LF.
pub fn write_mappings(mappings: &[PlanMapping]) -> String {
    write(MAPPING_COLUMNS, mappings.iter().map(|mapping| [&*mapping.service_id, &*mapping.component]))
}

fn write<'a, const N: usize>(header: [&'a str; N], rows: impl Iterator<Item = [&'a str; N]>) -> String {
    let field = |text: &str| {
        if text.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    std::iter::once(header).chain(rows).map(|row| row.map(field).join(",") + "\n").collect()
}

/// A service id that two places define differently.
pub(crate) fn conflict(service_id: &str, place: &Place, first: &Place) -> Finding {
    Finding::new(
        Rule::ServiceIdConflict,
        &place.file,
        Some(place.line),
        format!("The service id {service_id} is defined differently in {}, line {}", first.file, first.line),
        "Give both the same display name and link, or remove one.",
    )
}

/// One row being checked; all its fields, not only the first that is wrong.
struct Row<'a> {
    place: &'a Place,
    findings: &'a mut Findings,
    sound: bool,
}

impl Row<'_> {
    fn refuse(&mut self, rule: Rule, message: String, mend: &str) {
        self.findings.push(Finding::new(rule, &self.place.file, Some(self.place.line), message, mend));
        self.sound = false;
    }

    fn service_id(&mut self, text: &str) {
        if let Err(violation) = ServiceId::parse(text) {
            let shown: String = text.chars().take(ServiceId::MAX).filter(|c| is_plain(*c)).collect();
            let message = format!("The service id {shown:?} {}", violation.message);
            self.refuse(Rule::ServiceIdMalformed, message, "Copy the service id from the plan overview.");
        }
    }

    fn text(&mut self, column: &str, text: &str, most: usize) {
        let length = text.chars().count();
        if length == 0 {
            self.refuse(Rule::CsvValue, format!("{column} is empty"), "Fill the field.");
        } else if length > most {
            let message = format!("{column} is {length} characters long; at most {most} are allowed");
            self.refuse(Rule::CsvValue, message, "Shorten it.");
        } else if !text.chars().all(is_plain) {
            let message = format!("{column} has a line break or another control character");
            self.refuse(
                Rule::CsvValue,
                message,
                "Remove it; if it is a line break, look for a quote that is not closed.",
            );
        }
    }

    fn link(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let length = text.chars().count();
        if length > LINK_MAX {
            let message =
                format!("More info URL is {length} characters long; at most {LINK_MAX} are allowed");
            self.refuse(Rule::CsvValue, message, "Shorten it.");
        } else if !is_web_address(text) {
            let message = "More info URL is no http or https address".to_owned();
            self.refuse(Rule::CsvValue, message, "Write it like https://fabrikam.example/plans.");
        }
    }
}

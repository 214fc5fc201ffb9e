//! Definitions and mappings together.

use std::collections::{HashMap, HashSet};

use super::csv_files::{self, Definitions, conflict, read_mappings};
use super::{License, Located, NamedFile, Place, PlanDefinition, PlanMapping};
use crate::finding::{Finding, Findings, MOST_FINDINGS};
use crate::rules::Rule;

/// A license with the place that each row or element was read from, so that findings can name it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocatedLicense {
    pub plans: Vec<Located<PlanDefinition>>,
    pub mappings: Vec<Located<PlanMapping>>,
}

impl LocatedLicense {
    /// The same without the places.
    pub fn license(&self) -> License {
        License {
            plans: self.plans.iter().map(|plan| plan.value.clone()).collect(),
            mappings: self.mappings.iter().map(|mapping| mapping.value.clone()).collect(),
        }
    }

    /// PKG-02: every mapped service id is defined, here or by one of those `claimed` elsewhere.
    pub(crate) fn undefined<'a>(
        &'a self,
        claimed: &'a HashSet<String>,
    ) -> impl Iterator<Item = Finding> + 'a {
        let mut defined: HashSet<&str> = claimed.iter().map(String::as_str).collect();
        defined.extend(self.plans.iter().map(|plan| plan.value.service_id.as_str()));
        self.mappings.iter().filter(move |row| !defined.contains(row.value.service_id.as_str())).map(|row| {
            Finding::new(
                Rule::ServiceIdUndefined,
                &row.place.file,
                Some(row.place.line),
                format!("The service id {} is mapped, but not defined", row.value.service_id),
                "Add it to the plan definitions, or correct or remove the mapping.",
            )
        })
    }

    /// PKG-02: the service ids, defined or mapped, that belong to none of an offer's plans.
    pub fn unknown_to(&self, plans: &[String]) -> Vec<Finding> {
        let known: HashSet<&str> = plans.iter().map(String::as_str).collect();
        let defined = self.plans.iter().map(|row| (row.value.service_id.as_str(), &row.place));
        let mapped = self.mappings.iter().map(|row| (row.value.service_id.as_str(), &row.place));
        let unknown = defined.chain(mapped).filter(|(service_id, _)| !known.contains(service_id));
        let finding = |(service_id, place): (&str, &Place)| {
            Finding::new(
                Rule::ServiceIdUnknown,
                &place.file,
                Some(place.line),
                format!("The service id {service_id} belongs to no plan of the offer"),
                "Copy the service id from the plan overview, or create the plan.",
            )
        };
        unknown.take(MOST_FINDINGS + 1).map(finding).collect()
    }

    /// PKG-02: no service id has two definitions.
    pub(crate) fn conflicts(&self) -> Vec<Finding> {
        let mut first: HashMap<&str, &Located<PlanDefinition>> = HashMap::new();
        let mut conflicts = Vec::new();
        for plan in &self.plans {
            let known = *first.entry(&plan.value.service_id).or_insert(plan);
            if known.value != plan.value {
                conflicts.push(conflict(&plan.value.service_id, &plan.place, &known.place));
            }
        }
        conflicts
    }

    /// PKG-08: the plans that map to nothing.
    pub(crate) fn unmapped(&self) -> impl Iterator<Item = Finding> {
        let mapped: HashSet<&str> = self.mappings.iter().map(|row| row.value.service_id.as_str()).collect();
        self.plans.iter().filter(move |row| !mapped.contains(row.value.service_id.as_str())).map(|row| {
            Finding::new(
                Rule::PlanUnmapped,
                &row.place.file,
                Some(row.place.line),
                format!("The plan {} maps to no component", row.value.service_id),
                "Map it to the apps it opens, unless it opens none.",
            )
        })
    }
}

/// Reads both files and sees that they fit together. The findings are all there are, of both; the license is there
/// unless one of them is an error.
pub fn read_license(definitions: &NamedFile, mappings: &NamedFile) -> (Option<LocatedLicense>, Vec<Finding>) {
    let mut findings = Findings::default();
    let Definitions { plans, claimed, findings: found } =
        csv_files::definitions(&definitions.name, &definitions.bytes);
    // With a row of the definitions unread, mappings to it would be reported for nothing.
    let all_rows_read = found.iter().all(|finding| {
        !finding.is_error() || finding.is(Rule::CsvValue) || finding.is(Rule::ServiceIdConflict)
    });
    findings.extend(found);
    let (mappings, found) = read_mappings(&mappings.name, &mappings.bytes);
    findings.extend(found);
    let license = LocatedLicense { plans, mappings };
    if all_rows_read {
        findings.extend(license.undefined(&claimed));
    }
    if !findings.has_errors() {
        findings.extend(license.unmapped());
    }
    (Some(license).filter(|_| !findings.has_errors()), findings.into_vec())
}

//! `seatline solution …`: a solution's license, on this machine.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use package::Limits;
use package::disk::{SolutionOnDisk, open_license, open_solution};
use serde_json::json;

use super::output::print;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum SolutionCommand {
    /// Write plans and what each opens into a solution; nothing else in it changes
    #[command(
        name = "add-license",
        after_help = "Examples:\n  \
        seatline solution add-license --solution Campus_managed.zip -pd plan_definition.csv -pm plan_mapping.csv\n  \
        seatline solution add-license --solution src/Campus -pd plans.csv -pm mapping.csv --output licensed/Campus\n\n\
        -pd and -pm are short for --plan-definition-file and --plan-mapping-file."
    )]
    Add {
        #[command(flatten)]
        place: Place,
        /// CSV: service id, display name, more-info URL; also -pd
        #[arg(long, value_name = "FILE")]
        plan_definition_file: PathBuf,
        /// CSV: service id, component name; also -pm
        #[arg(long, value_name = "FILE")]
        plan_mapping_file: PathBuf,
    },
    /// Take the license out of a solution
    #[command(
        name = "remove-license",
        after_help = "Example:\n  seatline solution remove-license --solution Campus_managed.zip"
    )]
    Remove {
        #[command(flatten)]
        place: Place,
    },
    /// Show the apps of a solution, its plans and what each opens
    #[command(
        name = "show-license",
        after_help = "Example:\n  seatline solution show-license --solution Campus_managed.zip"
    )]
    Show {
        /// The solution's zip, or the folder it was unpacked to
        #[arg(long, value_name = "PATH")]
        solution: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Place {
    /// The solution's zip, or the folder it was unpacked to
    #[arg(long, value_name = "PATH")]
    solution: PathBuf,
    /// Write to here instead of in place
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
}

impl SolutionCommand {
    pub(super) fn run(self, json: bool) -> Result<(), Failure> {
        match self {
            Self::Add { place, plan_definition_file, plan_mapping_file } => {
                let (license, warnings) =
                    open_license(&plan_definition_file, &plan_mapping_file).map_err(Failure::other)?;
                let mut solution = open(&place.solution)?;
                let changed = solution.add_license(&license).map_err(Failure::other)?;
                solution.save(place.output.as_deref()).map_err(Failure::other)?;
                if json {
                    return print(&json!({ "changed": changed, "warnings": warnings }).to_string());
                }
                let warnings: String = warnings.iter().map(|warning| format!("{warning}\n")).collect();
                print(&(warnings + outcome(changed, "The license was written.")))
            }
            Self::Remove { place } => {
                let mut solution = open(&place.solution)?;
                let changed = solution.remove_license();
                solution.save(place.output.as_deref()).map_err(Failure::other)?;
                if json {
                    return print(&json!({ "changed": changed }).to_string());
                }
                print(outcome(changed, "The license was taken out."))
            }
            Self::Show { solution } => show(&open(&solution)?, json),
        }
    }
}

fn open(path: &Path) -> Result<SolutionOnDisk, Failure> {
    open_solution(path, &Limits::default()).map_err(Failure::other)
}

fn outcome(changed: bool, text: &'static str) -> &'static str {
    if changed { text } else { "Nothing had to be changed." }
}

fn show(solution: &SolutionOnDisk, json: bool) -> Result<(), Failure> {
    let license = solution.license();
    let info = solution.info();
    let apps = solution.apps();
    if json {
        let value = json!({
            "unique_name": info.unique_name, "version": info.version, "apps": apps, "license": license,
        });
        return print(&value.to_string());
    }
    let mut text = format!("{} {}\n", info.unique_name, info.version);
    for app in apps {
        text += &format!("app {}\n", app.unique_name);
    }
    let Some(license) = license else { return print(&(text + "There is no license: every app is open.\n")) };
    for plan in &license.plans {
        text += &format!("plan {}: {}\n", plan.service_id, plan.display_name);
    }
    for mapping in &license.mappings {
        text += &format!("{} opens {}\n", mapping.service_id, mapping.component);
    }
    print(&text)
}

//! Building and checking store packages where the publisher is, without a server.

use std::path::{Path, PathBuf};

use package::disk::{check_package, read_part, write_file};
use package::store::{BuildError, BuildOptions, Expectations, Report, build};
use package::{Finding, Limits};
use serde_json::json;
use types::{Country, Date};

use super::output::print;
use crate::failure::Failure;

#[derive(Debug, clap::Args)]
pub(crate) struct Build {
    /// Managed solution zip; may be repeated, in the order of installation
    #[arg(long = "solution", value_name = "FILE", required = true)]
    solutions: Vec<PathBuf>,
    /// File name of the solution whose name is shown [default: the last]
    #[arg(long, value_name = "NAME")]
    anchor: Option<String>,
    #[arg(long)]
    provider_name: String,
    /// PNG or JPEG, 32 x 32 pixels
    #[arg(long, value_name = "FILE")]
    icon: PathBuf,
    /// HTML
    #[arg(long, value_name = "FILE")]
    terms: PathBuf,
    /// Two letters each, with commas between
    #[arg(long, value_delimiter = ',', value_parser = country, required = true)]
    countries: Vec<Country>,
    /// YYYY-MM-DD
    #[arg(long)]
    start_date: Date,
    /// YYYY-MM-DD
    #[arg(long)]
    end_date: Date,
    #[arg(long, value_name = "URL")]
    learn_more: String,
    /// Number of the language of icon and terms
    #[arg(long, default_value_t = 1033)]
    language: u32,
    /// Folder in the inner package
    #[arg(long, default_value = "PkgFolder")]
    folder: String,
    /// Deployment code, if there is any
    #[arg(long, value_name = "FILE")]
    assembly: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    file: PathBuf,
    /// Service id of a plan of the offer; may be repeated. Without any, service ids are not compared
    #[arg(long = "plan", value_name = "SERVICE_ID")]
    plans: Vec<String>,
    /// The offer allows its installation without a license
    #[arg(long, requires = "plans")]
    allow_install_without_license: bool,
}

fn country(text: &str) -> Result<Country, String> {
    Country::parse(text).map_err(|violation| violation.message)
}

fn part(path: &Path, limit: u64) -> Result<package::plans::NamedFile, Failure> {
    read_part(path, limit).map_err(Failure::other)
}

impl Build {
    pub(super) fn run(self) -> Result<(), Failure> {
        let limits = Limits::default();
        let solutions = self.solutions.iter().map(|path| part(path, limits.archive));
        let solutions = solutions.collect::<Result<Vec<_>, _>>()?;
        let anchor = self.anchor.or_else(|| solutions.last().map(|solution| solution.name.clone()));
        let options = BuildOptions {
            anchor: anchor.unwrap_or_default(),
            solutions,
            provider_name: self.provider_name,
            icon: part(&self.icon, limits.attachment)?,
            terms: part(&self.terms, limits.attachment)?,
            countries: self.countries,
            start_date: self.start_date,
            end_date: self.end_date,
            learn_more_link: self.learn_more,
            language: self.language,
            folder: self.folder,
            assembly: self.assembly.map(|path| part(&path, limits.archive)).transpose()?,
        };
        match build(&options, &limits) {
            Ok(built) => {
                write_file(&self.output, &built.bytes).map_err(Failure::other)?;
                print(&lines(&built.warnings))
            }
            Err(BuildError::Refused(findings)) => {
                Err(Failure::Other(format!("the parts make no package that passes\n{}", lines(&findings))))
            }
            Err(error) => Err(Failure::other(error)),
        }
    }
}

impl Check {
    pub(super) fn run(self, json: bool) -> Result<(), Failure> {
        let expectations = Expectations {
            license_management: !self.plans.is_empty(),
            plans: self.plans,
            allow_install_without_license: self.allow_install_without_license,
        };
        let expectations = expectations.license_management.then_some(&expectations);
        let report = check_package(&self.file, expectations, &Limits::default()).map_err(Failure::other)?;
        print(&if json { as_json(&report) } else { lines(&report.findings) })?;
        let errors = report.findings.iter().filter(|finding| finding.is_error()).count();
        match errors {
            0 if json => Ok(()),
            0 => print("The package passes."),
            errors => Err(Failure::Other(format!("the package does not pass: errors: {errors}"))),
        }
    }
}

fn lines(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("{finding}\n")).collect()
}

/// The same members as the server's report of an upload.
fn as_json(report: &Report) -> String {
    let errors = report.findings.iter().filter(|finding| finding.is_error()).count();
    let warnings = report.findings.len() - errors;
    let findings = json!({ "errors": errors, "warnings": warnings, "findings": report.findings });
    json!({ "report": findings, "contents": report.contents }).to_string()
}

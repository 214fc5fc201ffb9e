//! Making a store package of its parts.

use std::io::{Cursor, Write};

use thiserror::Error;
use types::{Country, Date};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, System, ZipWriter};

use super::check::check;
use super::input_xml::{self, Values};
use super::{CONTENT_TYPES, IMPORT_CONFIG, INNER_PACKAGE, INPUT, content_types, import_config};
use crate::finding::{Finding, list};
use crate::limits::Limits;
use crate::plans::NamedFile;
use crate::text::extension;

/// The parts of a package. Names are file names without folders.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// Managed solution zips, in the order they are installed.
    pub solutions: Vec<NamedFile>,
    /// The file name of the solution whose name is shown.
    pub anchor: String,
    pub provider_name: String,
    /// PNG or JPEG, 32 x 32 pixels.
    pub icon: NamedFile,
    /// HTML.
    pub terms: NamedFile,
    pub countries: Vec<Country>,
    pub start_date: Date,
    pub end_date: Date,
    pub learn_more_link: String,
    /// The number of the language that icon and terms are for, such as 1033; also the anchor solution's.
    pub language: u32,
    /// The folder in the inner package; usually `PkgFolder`.
    pub folder: String,
    /// Deployment code, if there is any.
    pub assembly: Option<NamedFile>,
}

/// Why a package was not built.
#[derive(Debug, Error)]
pub enum BuildError {
    /// The parts make a package that does not pass; at least one error.
    #[error("{}", list(.0))]
    Refused(Vec<Finding>),
    #[error("the package cannot be zipped: {0}; give each file another name, and names without folders")]
    Zip(#[from] zip::result::ZipError),
    #[error("the package cannot be zipped: {0}")]
    Io(#[from] std::io::Error),
}

/// A package that passes the check.
#[derive(Debug, Clone)]
pub struct BuiltPackage {
    pub bytes: Vec<u8>,
    pub warnings: Vec<Finding>,
}

/// Makes the package and checks it. The same parts give the same bytes.
pub fn build(options: &BuildOptions, limits: &Limits) -> Result<BuiltPackage, BuildError> {
    let inner = inner(options)?;
    let input = input_xml::write(&Values {
        provider_name: &options.provider_name,
        anchor: &options.anchor,
        start: options.start_date,
        end: options.end_date,
        countries: &options.countries,
        learn_more_link: &options.learn_more_link,
        language: options.language,
        logo: &options.icon.name,
        terms: &options.terms.name,
    });
    let names = [INPUT, INNER_PACKAGE, &options.icon.name, &options.terms.name];
    let mut outer = Writer::new();
    outer.add(CONTENT_TYPES, content_types::write(names).as_bytes())?;
    outer.add(INPUT, input.as_bytes())?;
    outer.add(&options.icon.name, &options.icon.bytes)?;
    outer.add(&options.terms.name, &options.terms.bytes)?;
    outer.add(INNER_PACKAGE, &inner)?;
    let bytes = outer.finish()?;
    let report = check(Cursor::new(&bytes), None, limits);
    if report.passes() {
        Ok(BuiltPackage { bytes, warnings: report.findings })
    } else {
        Err(BuildError::Refused(report.findings))
    }
}

fn inner(options: &BuildOptions) -> Result<Vec<u8>, BuildError> {
    let files = || options.solutions.iter().map(|file| file.name.as_str());
    let names =
        files().chain(options.assembly.as_ref().map(|file| file.name.as_str())).chain([IMPORT_CONFIG]);
    let mut inner = Writer::new();
    inner.add(CONTENT_TYPES, content_types::write(names).as_bytes())?;
    inner.add(&format!("{}/{IMPORT_CONFIG}", options.folder), import_config::write(files()).as_bytes())?;
    for solution in &options.solutions {
        inner.add(&format!("{}/{}", options.folder, solution.name), &solution.bytes)?;
    }
    if let Some(assembly) = &options.assembly {
        inner.add(&assembly.name, &assembly.bytes)?;
    }
    inner.finish()
}

/// Writes archives that depend on nothing but what is put in.
struct Writer(ZipWriter<Cursor<Vec<u8>>>);

impl Writer {
    fn new() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }

    fn add(&mut self, name: &str, content: &[u8]) -> Result<(), BuildError> {
        let is_archive = extension(name) == "zip";
        let method = if is_archive { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(zip::DateTime::default())
            .system(System::Dos)
            .external_attributes(0);
        self.0.start_file(name, options)?;
        self.0.write_all(content)?;
        Ok(())
    }

    fn finish(self) -> Result<Vec<u8>, BuildError> {
        Ok(self.0.finish()?.into_inner())
    }
}

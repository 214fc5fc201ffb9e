//! The only module that touches files: solutions and inputs by path, for the command line.
//!
//! Everything is read and judged before anything is written. A file is written beside its place and renamed into
//! it, so that it is there whole or not at all; a folder's files change one after another, each in this way.

mod folder;
mod write;

use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::finding::{Finding, list};
use crate::limits::Limits;
use crate::plans::{License, LocatedLicense, NamedFile, read_license};
use crate::solution::{AppModule, FileChange, Solution, SolutionError, SolutionInfo, zipped};
use crate::store::{Expectations, Report, check};

pub use write::write_file;

/// Why a path was not read or written.
#[derive(Debug, Error)]
pub enum DiskError {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("{path} is larger than {limit} bytes; make it smaller")]
    TooLarge { path: PathBuf, limit: u64 },
    #[error(
        "{path} is no solution: it has neither solution.xml nor Other/Solution.xml; \
         give the solution's zip or the folder it was unpacked to"
    )]
    NoSolution { path: PathBuf },
    #[error("{path} is a symbolic link; copy the solution without links")]
    Link { path: PathBuf },
    #[error("{path} exists already; give a path that does not, or remove it")]
    Exists { path: PathBuf },
    #[error("{output} lies inside {path}; give a path outside of the solution")]
    Inside { output: PathBuf, path: PathBuf },
    #[error("{}", list(.0))]
    License(Vec<Finding>),
    #[error(transparent)]
    Solution(#[from] SolutionError),
}

impl DiskError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }

    /// The findings behind the error, if that is what it is.
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::License(findings) | Self::Solution(SolutionError::Refused(findings)) => findings,
            _ => &[],
        }
    }
}

/// A solution at a path, a zip or a folder, with the changes that are not saved yet.
#[derive(Debug)]
pub struct SolutionOnDisk {
    path: PathBuf,
    form: Form,
    solution: Solution,
    changes: Vec<FileChange>,
}

#[derive(Debug)]
enum Form {
    Zip(Vec<u8>),
    /// Below the path: where the solution's files are.
    Folder(PathBuf),
}

/// Opens the solution at a path: a zip, a folder in either layout, or a project with one of these under `src/`.
pub fn open_solution(path: &Path, limits: &Limits) -> Result<SolutionOnDisk, DiskError> {
    let metadata = path.metadata().map_err(DiskError::io(path))?;
    let (form, solution) = if metadata.is_dir() {
        let (base, files) = folder::read(path, limits)?;
        let name = base.join("").display().to_string();
        (Form::Folder(base), Solution::read(&name, files, limits)?)
    } else {
        let zip = read_file(path, limits.archive)?;
        let solution = zipped::read(&path.display().to_string(), &zip, limits)?;
        (Form::Zip(zip), solution)
    };
    Ok(SolutionOnDisk { path: path.to_owned(), form, solution, changes: Vec::new() })
}

impl SolutionOnDisk {
    pub fn info(&self) -> &SolutionInfo {
        self.solution.info()
    }

    pub fn apps(&self) -> &[AppModule] {
        self.solution.apps()
    }

    /// The license as it is on disk; `None` if there is none.
    pub fn license(&self) -> Option<License> {
        self.solution.license()
    }

    /// Makes this the license, once saved. True if that changes anything.
    pub fn add_license(&mut self, license: &LocatedLicense) -> Result<bool, DiskError> {
        self.changes = self.solution.add_license(license)?;
        Ok(!self.changes.is_empty())
    }

    /// Takes the license out, once saved. True if that changes anything.
    pub fn remove_license(&mut self) -> bool {
        self.changes = self.solution.remove_license();
        !self.changes.is_empty()
    }

    /// Writes the solution: to `output`, leaving what was opened alone, or else in its place. A zip replaces a zip
    /// that is there; a folder is written whole to a path that is not there yet. Without changes and without
    /// output nothing is written.
    pub fn save(&self, output: Option<&Path>) -> Result<(), DiskError> {
        match &self.form {
            Form::Zip(_) if output.is_none() && self.changes.is_empty() => Ok(()),
            Form::Zip(zip) => {
                let edited = zipped::apply(&self.path.display().to_string(), zip, &self.changes)?;
                write_file(output.unwrap_or(&self.path), &edited)
            }
            Form::Folder(base) => match output {
                None => folder::apply(base, &self.changes),
                Some(output) => folder::write_copy(&self.path, base, &self.changes, output),
            },
        }
    }
}

/// Reads both CSV files; warnings come with the license.
pub fn open_license(
    definitions: &Path,
    mappings: &Path,
) -> Result<(LocatedLicense, Vec<Finding>), DiskError> {
    let definitions = read_named(definitions, CSV_LIMIT)?;
    let mappings = read_named(mappings, CSV_LIMIT)?;
    match read_license(&definitions, &mappings) {
        (Some(license), warnings) => Ok((license, warnings)),
        (None, findings) => Err(DiskError::License(findings)),
    }
}

/// Checks the store package at a path, reading it from there piece by piece.
pub fn check_package(
    path: &Path,
    expectations: Option<&Expectations>,
    limits: &Limits,
) -> Result<Report, DiskError> {
    let file = File::open(path).map_err(DiskError::io(path))?;
    Ok(check(BufReader::new(file), expectations, limits))
}

const CSV_LIMIT: u64 = 64 * 1024 * 1024;

/// Reads a file under the path it was asked for by, as findings shall call it.
pub fn read_named(path: &Path, limit: u64) -> Result<NamedFile, DiskError> {
    Ok(NamedFile { name: path.display().to_string(), bytes: read_file(path, limit)? })
}

/// Reads a part of a store package, under its file name without folders.
pub fn read_part(path: &Path, limit: u64) -> Result<NamedFile, DiskError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(NamedFile { name, bytes: read_file(path, limit)? })
}

/// Reads a file of at most that many bytes.
pub fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, DiskError> {
    let file = File::open(path).map_err(DiskError::io(path))?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(DiskError::io(path))?;
    if bytes.len() as u64 > limit {
        return Err(DiskError::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}

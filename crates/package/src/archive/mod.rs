//! Zip files from strangers: opened only when nothing in their directory is a trick, read within limits.
//!
//! [`Archive::open`] looks at every entry's name and headers first and refuses the archive as a whole, with all
//! reasons at once. After that an entry is its path, with `/` between the parts, and reading it charges one
//! [`Inflation`] account that all levels of a package share. Declared sizes are never believed.

mod edit;
mod entry;
mod inflation;
mod reading;

pub use edit::EditError;
pub(crate) use edit::{deflate_entry, replace_entry};
pub(crate) use entry::Entry;
pub(crate) use inflation::Inflation;

use std::collections::HashMap;
use std::io::{Cursor, Read, Seek, SeekFrom};

use zip::ZipArchive;

use crate::finding::{Finding, Findings};
use crate::limits::Limits;
use crate::rules::Rule;
use reading::Metered;

/// What an archive is read from.
pub(crate) trait ReadSeek: Read + Seek {}
impl<R: Read + Seek> ReadSeek for R {}

/// An archive whose directory has been looked at and found fair.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Box<dyn ReadSeek + 'a>>,
    entries: Vec<Entry>,
    /// Where each file is among the entries.
    by_path: HashMap<String, usize>,
    /// What findings call the archive.
    name: String,
    /// What stands before an entry's path in findings: empty for the outermost archive.
    prefix: String,
}

impl<'a> Archive<'a> {
    /// Opens a file as it came; findings name it `name`, and its entries by their path alone.
    pub(crate) fn open(
        name: &str,
        reader: impl ReadSeek + 'a,
        limits: &Limits,
        findings: &mut Findings,
    ) -> Option<Self> {
        let mut reader: Box<dyn ReadSeek + 'a> = Box::new(reader);
        match reader.seek(SeekFrom::End(0)) {
            Ok(length) if length > limits.archive => {
                let message = format!("The file has {length} bytes; at most {} are allowed", limits.archive);
                findings.push(Finding::new(Rule::ArchiveSize, name, None, message, "Make the file smaller."));
                None
            }
            Ok(_) => Self::open_within(name.to_owned(), String::new(), reader, limits, findings),
            Err(error) => {
                findings.push(unreadable(name, &error));
                None
            }
        }
    }

    fn open_within(
        name: String,
        prefix: String,
        mut reader: Box<dyn ReadSeek + 'a>,
        limits: &Limits,
        findings: &mut Findings,
    ) -> Option<Self> {
        // The directory is read twice: first on a budget, since a directory can claim any length.
        let opened = ZipArchive::with_config(reading::CONFIG, Metered::new(&mut reader, limits.directory))
            .map(drop)
            .and_then(|()| ZipArchive::with_config(reading::CONFIG, reader));
        let mut zip = match opened {
            Ok(zip) => zip,
            Err(error) => {
                findings.push(unreadable(&name, &error));
                return None;
            }
        };
        let mut refused = Findings::default();
        let entries = entry::examine(&mut zip, &name, &prefix, limits, &mut refused);
        let fair = !refused.has_errors();
        findings.extend(refused.into_vec());
        let files = entries.iter().enumerate().filter(|(_, entry)| !entry.is_directory);
        let by_path = files.map(|(index, entry)| (entry.path.clone(), index)).collect();
        fair.then_some(Self { zip, entries, by_path, name, prefix })
    }

    /// What findings call this archive.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What findings call an entry of this archive.
    pub(crate) fn label(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// The files, in the order of the directory.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.is_directory)
    }

    pub(crate) fn contains(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }

    /// The path as it is written in the archive, for somebody who got only the case wrong.
    pub(crate) fn differently_cased(&self, path: &str) -> Option<&str> {
        self.files().map(|entry| entry.path.as_str()).find(|other| other.eq_ignore_ascii_case(path))
    }

    /// Inflates one file, of at most `most` bytes; `None` if there is none of that path.
    pub(crate) fn read(
        &mut self,
        path: &str,
        most: u64,
        inflation: &mut Inflation,
    ) -> Option<Result<Vec<u8>, Finding>> {
        let entry = self.entries.get_mut(*self.by_path.get(path)?)?;
        let label = format!("{}{path}", self.prefix);
        let mut bytes = Vec::new();
        let result = reading::inflate(&mut self.zip, entry, &label, most, inflation, |part| {
            bytes.extend_from_slice(part);
        });
        Some(result.map(|()| bytes))
    }

    /// Inflates every file that has not been read yet, to see that it can be.
    pub(crate) fn verify_others(&mut self, inflation: &mut Inflation, findings: &mut Findings) {
        for entry in &mut self.entries {
            if entry.is_directory || entry.is_verified {
                continue;
            }
            let label = format!("{}{}", self.prefix, entry.path);
            let result = reading::inflate(&mut self.zip, entry, &label, u64::MAX, inflation, |_| {});
            if let Err(finding) = result {
                findings.push(finding);
                if inflation.is_spent() {
                    return;
                }
            }
        }
    }

    /// Opens an archive inside this one. A stored one is read where it lies, a compressed one is held in memory
    /// until [`Inflation::release`] gives its room back.
    pub(crate) fn open_nested<'b>(
        &'b mut self,
        path: &str,
        inflation: &mut Inflation,
        findings: &mut Findings,
    ) -> Option<(Archive<'b>, u64)> {
        let label = self.label(path);
        let entry = self.entries.get_mut(*self.by_path.get(path)?)?;
        let (reader, held): (Box<dyn ReadSeek + 'b>, u64) = if entry.is_stored {
            let checked = reading::inflate(&mut self.zip, entry, &label, u64::MAX, inflation, |_| {});
            let index = entry.index;
            let window = checked
                .and_then(|()| self.zip.by_index_seek(index).map_err(|error| unreadable(&label, &error)));
            match window {
                Ok(window) => (Box::new(window), 0),
                Err(finding) => {
                    findings.push(finding);
                    return None;
                }
            }
        } else {
            let room = inflation.room();
            let mut bytes = Vec::new();
            let held = reading::inflate(&mut self.zip, entry, &label, room, inflation, |part| {
                bytes.extend_from_slice(part);
            });
            if let Err(finding) = held {
                findings.push(finding);
                return None;
            }
            let length = bytes.len() as u64;
            inflation.hold(length);
            (Box::new(Cursor::new(bytes)), length)
        };
        let prefix = format!("{label}!");
        let limits = inflation.limits().clone();
        let archive = Archive::open_within(label, prefix, reader, &limits, findings);
        if archive.is_none() {
            inflation.release(held);
        }
        Some((archive?, held))
    }
}

fn unreadable(name: &str, error: &dyn std::fmt::Display) -> Finding {
    Finding::new(
        Rule::ArchiveUnreadable,
        name,
        None,
        format!("This is not a readable zip file: {error}"),
        "Make the zip again; if it was downloaded, download it again.",
    )
}

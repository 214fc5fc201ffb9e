//! What the directory of an archive says about its entries, and whether that is fair.

use std::collections::HashSet;

use zip::{CompressionMethod, ZipArchive};

use super::ReadSeek;
use crate::finding::{Finding, Findings};
use crate::limits::Limits;
use crate::rules::Rule;
use crate::text::is_plain;

/// The longest path that every system can hold.
const LONGEST_PATH: usize = 1_000;

/// A file or directory of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Relative, inside the archive, with `/` between the parts, whatever separator the archive has.
    pub(crate) path: String,
    pub(crate) is_directory: bool,
    pub(super) index: usize,
    pub(super) is_stored: bool,
    pub(super) compressed: u64,
    /// As declared; checked when the entry is read.
    pub(crate) size: u64,
    /// It has been read to its end, and was what it declared.
    pub(super) is_verified: bool,
}

impl Entry {
    /// The part after the last `/`.
    pub(crate) fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// The part before the last `/`; `None` at the root.
    pub(crate) fn folder(&self) -> Option<&str> {
        self.path.rsplit_once('/').map(|(folder, _)| folder)
    }
}

/// Looks at all entries; what is wrong with them goes to `findings`.
pub(super) fn examine<'a>(
    zip: &mut ZipArchive<Box<dyn ReadSeek + 'a>>,
    name: &str,
    prefix: &str,
    limits: &Limits,
    findings: &mut Findings,
) -> Vec<Entry> {
    let refuse = |rule, label: &str, message: String, mend| Finding::new(rule, label, None, message, mend);
    if zip.len() > limits.entries {
        let message = format!("There are {} entries; at most {} are allowed", zip.len(), limits.entries);
        findings.push(refuse(Rule::ArchiveEntries, name, message, "Take out what does not belong there."));
        return Vec::new();
    }
    if zip.has_duplicate_names() {
        let message = "Two entries have the same name".to_owned();
        findings.push(refuse(Rule::ArchiveDuplicate, name, message, "Make the zip again with one of them."));
        return Vec::new();
    }
    let mut entries = Vec::with_capacity(zip.len());
    let mut seen = HashSet::new();
    let metadata = zip.metadata();
    for index in 0..metadata.len() {
        let Ok(raw) = metadata.entry(index) else { continue };
        match entry(&raw, index) {
            Ok(entry) => {
                if !seen.insert(entry.path.to_lowercase()) {
                    let message = "Another entry has this name, but for case or separators".to_owned();
                    let label = format!("{prefix}{}", entry.path);
                    findings.push(refuse(Rule::ArchiveDuplicate, &label, message, "Rename one of them."));
                }
                entries.push(entry);
            }
            Err((rule, message, mend)) => {
                let label = format!("{prefix}{}", printable(raw.name_raw()));
                findings.push(refuse(rule, &label, message, mend));
            }
        }
    }
    if !findings.has_errors()
        && let Err(error) = zip.validate_header_consistency()
    {
        // Such an archive shows different files to different readers: checked would be one, installed another.
        let message = format!("The archive contradicts itself: {error}");
        findings.push(refuse(Rule::ArchiveUnreadable, name, message, "Make the zip again."));
    }
    entries
}

type Refusal = (Rule, String, &'static str);

fn entry(raw: &zip::read::ZipFileEntry<'_>, index: usize) -> Result<Entry, Refusal> {
    let is_stored = raw.compression() == CompressionMethod::Stored;
    if raw.encrypted() {
        return Err((
            Rule::ArchiveEncrypted,
            "The entry is encrypted".to_owned(),
            "Make the zip again without a password.",
        ));
    }
    if !is_stored && raw.compression() != CompressionMethod::Deflated {
        let message =
            format!("The entry is compressed by a method that is not supported ({})", raw.compression());
        return Err((Rule::ArchiveCompression, message, "Make the zip again with the method Deflate."));
    }
    if raw.is_symlink() {
        return Err((
            Rule::ArchiveSymlink,
            "The entry is a symbolic link".to_owned(),
            "Make the zip again with the file itself.",
        ));
    }
    let name = std::str::from_utf8(raw.name_raw()).map_err(|_| {
        let message = "The entry's name is not UTF-8".to_owned();
        (Rule::ArchiveName, message, "Rename the file with plain letters and make the zip again.")
    })?;
    let path = normalise(name).map_err(|message| {
        (Rule::ArchivePath, message, "Make the zip again from inside the folder, with relative paths.")
    })?;
    Ok(Entry {
        is_directory: name.ends_with(['/', '\\']),
        path,
        index,
        is_stored,
        compressed: raw.compressed_size(),
        size: raw.size(),
        is_verified: false,
    })
}

/// A name as it may be shown, whatever bytes it is.
fn printable(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    name.chars().take(LONGEST_PATH).map(|c| if is_plain(c) { c } else { '\u{FFFD}' }).collect()
}

/// The path with `/` between the parts, if it stays inside. Real packages have backslashes.
fn normalise(name: &str) -> Result<String, String> {
    let path = name.replace('\\', "/");
    let path = path.strip_suffix('/').unwrap_or(&path);
    let refuse = |why: &str| Err(format!("The entry's name {why}"));
    if path.is_empty() {
        return refuse("is empty");
    }
    if path.len() > LONGEST_PATH {
        return refuse("is too long");
    }
    if path.starts_with('/') {
        return refuse("is an absolute path");
    }
    if path.as_bytes().get(1) == Some(&b':') {
        return refuse("begins with a drive");
    }
    if path.split('/').any(|part| part == "..") {
        return refuse("leads out of the archive");
    }
    if path.split('/').any(|part| part.is_empty() || part == ".") {
        return refuse("has an empty part");
    }
    if !path.chars().all(|c| is_plain(c) && c != ':') {
        return refuse("has characters that file names cannot have");
    }
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PKG-07: backslashes are separators, as real packages have them.
    #[test]
    fn backslashes_separate_the_parts_of_a_path() {
        assert_eq!(normalise(r"PkgFolder_K12\ImportConfig.xml").unwrap(), "PkgFolder_K12/ImportConfig.xml");
        assert_eq!(normalise("folder/").unwrap(), "folder");
    }

    /// PKG-09: a path that leads out of the archive is refused in every spelling.
    #[test]
    fn a_path_that_leads_out_is_refused() {
        for path in [
            "",
            "/",
            "//",
            "/etc/passwd",
            r"\windows",
            r"\\server\share",
            "C:/x",
            r"c:\x",
            "c:x",
            "../x",
            "a/../x",
            r"a\..\..\x",
            "a/..",
            "a//b",
            "./a",
            "a\0b",
            "a\nb",
            "a:stream",
        ] {
            assert!(normalise(path).is_err(), "{path:?}");
        }
        assert!(normalise("a..b/...c").is_ok());
    }
}

//! Inflating an entry, piece by piece, until it ends or a limit does.

use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::read::{ArchiveOffset, Config};

use super::entry::Entry;
use super::{Inflation, ReadSeek};
use crate::finding::Finding;
use crate::rules::Rule;

/// Nothing may stand before the archive: what one reader takes for the beginning, another may not.
pub(super) const CONFIG: Config = Config { archive_offset: ArchiveOffset::Known(0) };

/// A reader that fails once more has been read than was granted.
pub(super) struct Metered<R> {
    inner: R,
    left: u64,
}

impl<R> Metered<R> {
    pub(super) fn new(inner: R, granted: u64) -> Self {
        Self { inner, left: granted }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::other("the directory is larger than any of this kind"))?;
        Ok(count)
    }
}

impl<R: Seek> Seek for Metered<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// Hands out an entry's bytes in pieces and checks size and checksum at its end.
pub(super) fn inflate<'a>(
    zip: &mut ZipArchive<Box<dyn ReadSeek + 'a>>,
    entry: &mut Entry,
    label: &str,
    most: u64,
    inflation: &mut Inflation,
    mut take: impl FnMut(&[u8]),
) -> Result<(), Finding> {
    let limits = inflation.limits();
    let by_ratio = entry.compressed.saturating_mul(limits.ratio).max(limits.ratio_free);
    let most = most.min(by_ratio);
    let mut file = zip.by_index(entry.index).map_err(|error| damaged(label, &error))?;
    let mut buffer = vec![0; 64 * 1024];
    let mut total = 0;
    loop {
        let count = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(damaged(label, &error)),
        };
        total += count as u64;
        if !inflation.charge(count as u64) {
            return Err(too_much(label, "All files of the package together inflate to more than is allowed"));
        }
        if total > most {
            return Err(too_much(label, &format!("The file inflates to more than {most} bytes")));
        }
        take(&buffer[..count]);
    }
    if total != entry.size {
        let message = format!("it declares {} bytes and has {total}", entry.size);
        return Err(damaged(label, &message));
    }
    entry.is_verified = true;
    Ok(())
}

fn too_much(label: &str, message: &str) -> Finding {
    Finding::new(
        Rule::ArchiveInflated,
        label,
        None,
        message,
        "Take out what does not belong into the package, or ask the operator for a larger limit.",
    )
}

fn damaged(label: &str, error: &dyn std::fmt::Display) -> Finding {
    Finding::new(
        Rule::ArchiveEntryDamaged,
        label,
        None,
        format!("The file cannot be read out of the archive: {error}"),
        "Make the zip again; if it was downloaded, download it again.",
    )
}

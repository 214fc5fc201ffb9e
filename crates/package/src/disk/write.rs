//! Writing a file so that it is there whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::DiskError;

/// Writes a file beside its place, syncs it and renames it into place. What was there keeps its permissions; a
/// link is followed.
pub fn write_file(path: &Path, content: &[u8]) -> Result<(), DiskError> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (mut file, temporary) = create_beside(&target).map_err(DiskError::io(path))?;
    let written = fs::metadata(&target)
        .map_or(Ok(()), |old| file.set_permissions(old.permissions()))
        .and_then(|()| file.write_all(content))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&temporary, &target));
    if written.is_err() {
        // The first error is the one to tell; a left-over file is not worth another.
        let _ = fs::remove_file(&temporary);
    }
    written.map_err(DiskError::io(path))
}

fn create_beside(target: &Path) -> io::Result<(File, PathBuf)> {
    for attempt in 0..100 {
        let path = beside(target, attempt);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map(|file| (file, path)),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

/// A hidden name beside a path, of this process.
pub(super) fn beside(target: &Path, attempt: u32) -> PathBuf {
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    target.with_file_name(format!(".{name}.{}-{attempt}.partial", std::process::id()))
}

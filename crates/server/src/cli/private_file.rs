//! Files that only their owner can read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A file that is about to be written: beside where it goes, and renamed when it is whole.
pub(super) struct Pending {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
}

impl Pending {
    /// Begins before what it is for is done, which may not be possible to take back. Of a link, where it leads; what is
    /// there must be a file.
    pub(super) fn begin(path: &Path) -> io::Result<Self> {
        let there = path.symlink_metadata().is_ok();
        let path = if there { fs::canonicalize(path)? } else { path.to_owned() };
        if there && !path.metadata()?.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        let temporary = path.with_extension(format!("{}.partial", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Self { file: options.open(&temporary)?, temporary, path })
    }

    /// It is never half there, and nobody else may read it at any moment.
    pub(super) fn finish(mut self, text: &str) -> io::Result<()> {
        self.file.write_all(text.as_bytes())?;
        fs::rename(&self.temporary, &self.path)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // Nothing is there where it was finished.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// Writes what is there already.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    Pending::begin(path)?.finish(text)
}

#[cfg(all(test, unix))]
#[test]
fn a_link_is_followed_and_what_is_no_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (file, link, dangling) = (folder.path().join("a"), folder.path().join("b"), folder.path().join("c"));
    write(&file, "one").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    std::os::unix::fs::symlink(folder.path().join("nothing"), &dangling).unwrap();
    write(&link, "two").unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "two");
    assert!(link.symlink_metadata().unwrap().is_symlink());
    for wrong in [dangling.as_path(), folder.path()] {
        write(wrong, "three").unwrap_err();
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "nothing half done remains");
}

//! Files that only their owner can read.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file that is about to be written: beside where it goes, gone unless it is finished.
pub(super) struct Pending {
    file: NamedTempFile,
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
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        Ok(Self { file, path })
    }

    /// It is never half there, and nobody else may read it at any moment.
    pub(super) fn finish(mut self, text: &str) -> io::Result<()> {
        self.file.write_all(text.as_bytes())?;
        self.file.persist(&self.path)?;
        Ok(())
    }
}

/// The same at once.
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
    let (one, other) = (Pending::begin(&file).unwrap(), Pending::begin(&file).unwrap());
    drop(one);
    assert_eq!(fs::read_to_string(&file).unwrap(), "two", "what was not finished changes nothing");
    other.finish("four").unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "four");
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "nothing half done remains");
}

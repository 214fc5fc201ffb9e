//! Where a client keeps what it knows between runs.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, remove_file, rename};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Keeps a text.
pub trait Store: Send + Sync {
    /// What was saved last, none if nothing was.
    fn load(&self) -> Option<String>;
    fn save(&self, text: &str) -> io::Result<()>;
}

/// A file that only its owner can read. Who can change it can make up answers, though no leases: those are signed.
#[derive(Debug)]
pub struct FileStore {
    path: PathBuf,
    saved: AtomicU64,
}

impl FileStore {
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), saved: AtomicU64::new(0) }
    }

    fn beside(&self) -> PathBuf {
        let mut name = self.path.file_name().map_or_else(OsString::new, OsString::from);
        name.push(format!(".{}.{}", std::process::id(), self.saved.fetch_add(1, Ordering::Relaxed)));
        self.path.with_file_name(name)
    }
}

impl Store for FileStore {
    fn load(&self) -> Option<String> {
        std::fs::read_to_string(&self.path).ok()
    }

    /// Put in place whole, so that a crash leaves the old one.
    fn save(&self, text: &str) -> io::Result<()> {
        let beside = self.beside();
        let written = owners_file(&beside).and_then(|mut file| file.write_all(text.as_bytes()));
        written.and_then(|()| rename(&beside, &self.path)).inspect_err(|_| _ = remove_file(&beside))
    }
}

fn owners_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

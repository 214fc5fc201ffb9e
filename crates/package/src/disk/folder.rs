//! Solutions in folders.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use super::write::{beside, write_file};
use super::{DiskError, read_file};
use crate::limits::Limits;
use crate::solution::{FileChange, Layout, SolutionFiles};

/// Reads the files that matter, and says where they lie: in the folder or in its `src`.
pub(super) fn read(path: &Path, limits: &Limits) -> Result<(PathBuf, SolutionFiles), DiskError> {
    for base in [path.to_owned(), path.join("src")] {
        for layout in [Layout::Packed, Layout::Unpacked] {
            if find(&base, layout.manifest())?.is_some() {
                let files = read_layout(&base, layout, limits)?;
                return Ok((base, files));
            }
        }
    }
    Err(DiskError::NoSolution { path: path.to_owned() })
}

fn read_layout(base: &Path, layout: Layout, limits: &Limits) -> Result<SolutionFiles, DiskError> {
    let mut files = SolutionFiles::new(layout);
    let mut take = |relative: &str, path: &Path| -> Result<(), DiskError> {
        if layout.wants(relative) && path.is_file() {
            files.insert(relative, read_file(path, limits.xml)?);
        }
        Ok(())
    };
    // Three levels are as deep as any file that matters lies.
    for (first, path) in entries(base)? {
        take(&first, &path)?;
        let matters =
            ["Other", "ServicePlans", "AppModules"].iter().any(|name| first.eq_ignore_ascii_case(name));
        if layout == Layout::Packed || !matters || !path.is_dir() {
            continue;
        }
        for (second, path) in entries(&path)? {
            let relative = format!("{first}/{second}");
            take(&relative, &path)?;
            if first.eq_ignore_ascii_case("AppModules") && path.is_dir() {
                for (third, path) in entries(&path)? {
                    take(&format!("{relative}/{third}"), &path)?;
                }
            }
        }
    }
    Ok(files)
}

/// Finds a file by its path without regard to case.
fn find(base: &Path, relative: &str) -> Result<Option<PathBuf>, DiskError> {
    let mut found = base.to_owned();
    for part in relative.split('/') {
        if !found.is_dir() {
            return Ok(None);
        }
        match entries(&found)?.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(part)) {
            Some((_, path)) => found = path,
            None => return Ok(None),
        }
    }
    Ok(Some(found))
}

/// The names and paths in a folder, in order. Names that are not Unicode are none that matter.
fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, DiskError> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(DiskError::io(folder))? {
        let entry = entry.map_err(DiskError::io(folder))?;
        if let Ok(name) = entry.file_name().into_string() {
            entries.push((name, entry.path()));
        }
    }
    entries.sort();
    Ok(entries)
}

/// Carries out the changes in place, one file after another.
pub(super) fn apply(base: &Path, changes: &[FileChange]) -> Result<(), DiskError> {
    for FileChange { path, content } in changes {
        let path = base.join(path);
        let folder = path.parent().unwrap_or(base);
        if let Some(content) = content {
            fs::create_dir_all(folder).map_err(DiskError::io(folder))?;
            write_file(&path, content)?;
        } else {
            fs::remove_file(&path).map_err(DiskError::io(&path))?;
            match fs::remove_dir(folder) {
                Err(error) if error.kind() != io::ErrorKind::DirectoryNotEmpty => {
                    return Err(DiskError::io(folder)(error));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Writes the whole folder with the changes to a path that is not there yet: beside it first, then by one rename.
pub(super) fn write_copy(
    path: &Path,
    base: &Path,
    changes: &[FileChange],
    output: &Path,
) -> Result<(), DiskError> {
    if output.symlink_metadata().is_ok() {
        return Err(DiskError::Exists { path: output.to_owned() });
    }
    let parent = match output.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let real_parent = fs::canonicalize(parent).map_err(DiskError::io(parent))?;
    if real_parent.starts_with(fs::canonicalize(path).map_err(DiskError::io(path))?) {
        return Err(DiskError::Inside { output: output.to_owned(), path: path.to_owned() });
    }
    let temporary = beside(output, 0);
    let written = copy_folder(path, &temporary)
        .and_then(|()| apply(&temporary.join(base.strip_prefix(path).unwrap_or(Path::new(""))), changes))
        .and_then(|()| fs::rename(&temporary, output).map_err(DiskError::io(output)));
    if written.is_err() {
        // The first error is the one to tell; left-over files are not worth another.
        let _ = fs::remove_dir_all(&temporary);
    }
    written
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), DiskError> {
    fs::create_dir(to).map_err(DiskError::io(to))?;
    let mut folders = vec![(from.to_owned(), to.to_owned())];
    while let Some((from, to)) = folders.pop() {
        for entry in fs::read_dir(&from).map_err(DiskError::io(&from))? {
            let entry = entry.map_err(DiskError::io(&from))?;
            if let Some(folder) = copy_entry(&entry, &to.join(entry.file_name()))? {
                folders.push(folder);
            }
        }
    }
    Ok(())
}

/// Copies a file; a folder is made and returned, to be copied in turn.
fn copy_entry(entry: &DirEntry, to: &Path) -> Result<Option<(PathBuf, PathBuf)>, DiskError> {
    let from = entry.path();
    let kind = entry.file_type().map_err(DiskError::io(&from))?;
    if kind.is_symlink() {
        return Err(DiskError::Link { path: from });
    }
    if kind.is_dir() {
        fs::create_dir(to).map_err(DiskError::io(to))?;
        return Ok(Some((from, to.to_owned())));
    }
    fs::copy(&from, to).map_err(DiskError::io(&from))?;
    Ok(None)
}

//! Every file of a package, at every level, for somebody who wants to see what is in it.

use std::io::{Read, Seek};

use super::WHOLE_PACKAGE;
use crate::archive::{Archive, Inflation};
use crate::finding::Findings;
use crate::limits::Limits;
use crate::text::extension;

/// Archives inside archives that are looked into: a package, its inner one, a solution.
const LEVELS: usize = 3;

/// A file of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// With `!` between archive and entry, as findings have it.
    pub path: String,
    /// Bytes, as the archive declares them.
    pub size: u64,
}

/// The files in the order of their archives, each archive before what is in it. What cannot be read is left out:
/// [`check`](super::check) says why.
pub fn list(package: impl Read + Seek, limits: &Limits) -> Vec<Listed> {
    let (mut inflation, mut unread, mut files) = (Inflation::new(limits), Findings::default(), Vec::new());
    if let Some(mut archive) = Archive::open(WHOLE_PACKAGE, package, limits, &mut unread) {
        list_into(&mut archive, 1, &mut inflation, &mut unread, &mut files);
    }
    files
}

fn list_into(
    archive: &mut Archive<'_>,
    level: usize,
    inflation: &mut Inflation,
    unread: &mut Findings,
    files: &mut Vec<Listed>,
) {
    let entries: Vec<(String, u64)> = archive.files().map(|entry| (entry.path.clone(), entry.size)).collect();
    for (path, size) in entries {
        files.push(Listed { path: archive.label(&path), size });
        if level >= LEVELS || extension(&path) != "zip" {
            continue;
        }
        if let Some((mut nested, held)) = archive.open_nested(&path, inflation, unread) {
            list_into(&mut nested, level + 1, inflation, unread, files);
            drop(nested);
            inflation.release(held);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::samples::{App, store_package};

    #[test]
    fn every_level_is_listed() {
        let app = App { unique_name: "gold_app", title: "Gold", opened_by: &["a.b.gold"] };
        let package =
            store_package("Fabrikam", &[app], &[("a.b.gold", "Gold")], "https://a.example").unwrap();
        let files = list(Cursor::new(package), &Limits::default());
        let has = |end: &str| files.iter().any(|file| file.path.ends_with(end) && file.size > 0);
        assert!(has("Input.xml") && has("ImportConfig.xml") && has("!solution.xml"), "{files:#?}");
        assert_eq!(list(Cursor::new(b"no zip".to_vec()), &Limits::default()), []);
    }
}

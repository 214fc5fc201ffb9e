//! Solutions and CSV files at paths.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::package::disk::{
    DiskError, check_package, open_license, open_solution, read_file, read_part, write_file,
};
use crate::package::store::{BuildOptions, build};
use crate::package::{Limits, Rule};
use crate::samples::{
    DEFINITIONS, MAPPINGS, customizations, entries, license, licensed_solution, manifest, options, solution,
};

/// Every file below a folder, by path.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            files
                .extend(tree(&path).into_iter().map(|(below, content)| (format!("{name}/{below}"), content)));
        } else {
            files.insert(name, fs::read(&path).unwrap());
        }
    }
    files
}

fn unpack(folder: &Path) {
    let write = |path: &str, content: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    write("Other/Solution.xml", &manifest("2"));
    write(
        "Other/Customizations.xml",
        "\u{FEFF}<ImportExportXml>\r\n  <EntityDataProviders />\r\n</ImportExportXml>",
    );
    write(
        "AppModules/fab_Campus/AppModule.xml",
        "<AppModule><UniqueName>fab_Campus</UniqueName></AppModule>",
    );
    write(
        "AppModules/fab_Library/AppModule.xml",
        "<AppModule><UniqueName>fab_Library</UniqueName></AppModule>",
    );
    write("Entities/account/Entity.xml", "<Entity />");
}

/// PKG-05: a zip is replaced in its place; with an output it is left alone.
#[test]
fn a_zip_is_licensed_in_place_or_to_an_output() {
    let folder = tempfile::tempdir().unwrap();
    let (path, output) = (folder.path().join("s.zip"), folder.path().join("licensed.zip"));
    fs::write(&path, solution()).unwrap();
    let mut opened = open_solution(&path, &Limits::default()).unwrap();
    assert!(opened.add_license(&license()).unwrap());
    opened.save(Some(&output)).unwrap();
    assert!(fs::read(&path).unwrap() == solution());
    assert!(fs::read(&output).unwrap() == licensed_solution());
    opened.save(None).unwrap();
    assert!(fs::read(&path).unwrap() == licensed_solution());

    let mut again = open_solution(&path, &Limits::default()).unwrap();
    assert_eq!(again.license(), Some(license().license()));
    assert!(!again.add_license(&license()).unwrap());
    again.save(None).unwrap();
    again.save(Some(&output)).unwrap();
    assert!(fs::read(&output).unwrap() == licensed_solution());
    assert!(again.remove_license());
    again.save(None).unwrap();
    assert_eq!(entries(&fs::read(&path).unwrap()), entries(&solution()));
    assert_eq!(tree(folder.path()).len(), 2, "nothing is left over");
}

/// PKG-05: a folder changes in three files and comes back to what it was; also from below `src`.
#[test]
fn a_folder_is_licensed_and_comes_back() {
    for below in ["", "src"] {
        let folder = tempfile::tempdir().unwrap();
        unpack(&folder.path().join(below));
        let before = tree(folder.path());
        let mut opened = open_solution(folder.path(), &Limits::default()).unwrap();
        assert!(opened.add_license(&license()).unwrap());
        opened.save(None).unwrap();
        let licensed = tree(folder.path());
        assert_eq!(licensed.len(), before.len() + 2);
        let changed = before.iter().filter(|(path, content)| licensed[*path] != **content).count();
        assert_eq!(changed, 1);

        let mut again = open_solution(folder.path(), &Limits::default()).unwrap();
        assert!(!again.add_license(&license()).unwrap());
        assert!(again.remove_license());
        again.save(None).unwrap();
        assert_eq!(tree(folder.path()), before);
        assert!(!folder.path().join(below).join("ServicePlans").exists());
    }
}

/// PKG-05: an output gets the whole folder, and the input is left alone.
#[test]
fn a_folder_is_written_whole_to_an_output() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    unpack(from.path());
    let before = tree(from.path());
    let mut opened = open_solution(from.path(), &Limits::default()).unwrap();
    opened.add_license(&license()).unwrap();
    let output = to.path().join("licensed");
    opened.save(Some(&output)).unwrap();
    assert_eq!(tree(from.path()), before);
    assert_eq!(tree(&output).len(), before.len() + 2);
    assert_eq!(open_solution(&output, &Limits::default()).unwrap().license(), Some(license().license()));

    assert!(matches!(opened.save(Some(&output)), Err(DiskError::Exists { .. })));
    let inside = from.path().join("Other").join("copy");
    assert!(matches!(opened.save(Some(&inside)), Err(DiskError::Inside { .. })));
    assert_eq!(tree(from.path()), before);
    assert_eq!(fs::read_dir(to.path()).unwrap().count(), 1, "nothing is left over");
}

#[test]
fn a_folder_as_zipped_has_no_files_more() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("solution.xml"), manifest("1")).unwrap();
    fs::write(folder.path().join("customizations.xml"), customizations()).unwrap();
    let mut opened = open_solution(folder.path(), &Limits::default()).unwrap();
    opened.add_license(&license()).unwrap();
    opened.save(None).unwrap();
    assert_eq!(tree(folder.path()).len(), 2);
}

/// PKG-04: nothing is written when anything is refused.
#[test]
fn a_refused_license_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    unpack(folder.path());
    fs::remove_dir_all(folder.path().join("AppModules/fab_Library")).unwrap();
    let before = tree(folder.path());
    let mut opened = open_solution(folder.path(), &Limits::default()).unwrap();
    let error = opened.add_license(&license()).unwrap_err();
    assert!(error.findings()[0].is(Rule::ComponentUnknown));
    assert!(error.to_string().contains("The AppModule with the given UniqueName fab_Library was not found"));
    opened.save(None).unwrap();
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn a_path_that_is_nothing_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let open = |path: &Path| open_solution(path, &Limits::default()).unwrap_err();
    assert!(matches!(open(folder.path()), DiskError::NoSolution { .. }));
    assert!(matches!(open(&folder.path().join("none")), DiskError::Io { .. }));
    let file = folder.path().join("f");
    fs::write(&file, "no zip").unwrap();
    assert!(open(&file).findings()[0].is(Rule::ArchiveUnreadable));
    assert!(matches!(read_file(&file, 5), Err(DiskError::TooLarge { .. })));
    assert_eq!(read_file(&file, 6).unwrap(), b"no zip");
}

#[test]
fn csv_files_are_read_under_their_paths() {
    let folder = tempfile::tempdir().unwrap();
    let (definitions, mappings) = (folder.path().join("p.csv"), folder.path().join("m.csv"));
    fs::write(&definitions, DEFINITIONS).unwrap();
    fs::write(&mappings, MAPPINGS).unwrap();
    let (read, warnings) = open_license(&definitions, &mappings).unwrap();
    assert_eq!((read.license(), warnings), (license().license(), Vec::new()));
    fs::write(&mappings, "").unwrap();
    let error = open_license(&definitions, &mappings).unwrap_err();
    assert_eq!(error.findings()[0].file, mappings.display().to_string());
}

/// PKG-06: parts are named by their file alone, and a package is checked where it lies.
#[test]
fn a_package_is_built_and_checked_at_paths() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Campus_managed.zip");
    fs::write(&path, licensed_solution()).unwrap();
    let part = read_part(&path, Limits::default().archive).unwrap();
    assert_eq!(part.name, "Campus_managed.zip");
    let built = build(&BuildOptions { solutions: vec![part], ..options() }, &Limits::default()).unwrap();
    let output = folder.path().join("package.zip");
    write_file(&output, &built.bytes).unwrap();
    let report = check_package(&output, None, &Limits::default()).unwrap();
    assert_eq!((report.findings.len(), report.contents.is_some()), (0, true));
    assert!(check_package(&folder.path().join("none"), None, &Limits::default()).is_err());
}

#[cfg(unix)]
#[test]
fn a_written_file_keeps_permissions_and_follows_links() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("file"), folder.path().join("link"));
    fs::write(&file, "old").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&file, &link).unwrap();
    write_file(&link, b"new").unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"new");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
}

//! Real files, where they are present: beside the repository, in `shared/fixtures`.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use crate::disk::tree;
use crate::package::Limits;
use crate::package::disk::{open_license, open_solution};
use crate::package::plans::{LocatedLicense, read_license};
use crate::package::store::{Expectations, build, check};
use crate::samples::raw_zip::{self, RawEntry};
use crate::samples::{edit_inner, entries, file, options, store_package};

const HIGHER_EDUCATION: &str = "solutions/Dynamics365HigherEducationAcceleratorCanvasModel_managed.zip";

/// A path in the fixtures; `None`, said aloud, where they are absent.
#[expect(clippy::print_stderr, reason = "a skipped test has nowhere else to say so")]
fn fixture(path: &str) -> Option<PathBuf> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures");
    if fixtures.is_dir() {
        return Some(fixtures.join(path));
    }
    eprintln!("SKIPPED: there are no fixtures beside the repository");
    None
}

fn fixture_license() -> Option<LocatedLicense> {
    let (definitions, mappings) =
        (fixture("licensing/plan_definition.csv")?, fixture("licensing/plan_mapping.csv")?);
    let (license, warnings) = open_license(&definitions, &mappings).unwrap();
    assert_eq!(warnings, []);
    Some(license)
}

/// The bytes of an entry's record up to its data, and the compressed data.
fn records(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    names
        .into_iter()
        .map(|name| {
            let entry = archive.by_name(&name).unwrap();
            let start = usize::try_from(entry.header_start()).unwrap();
            let end = usize::try_from(entry.data_start().unwrap() + entry.compressed_size()).unwrap();
            (name, zip[start..end].to_vec())
        })
        .collect()
}

/// PKG-05: the real managed solution, licensed, again, and back.
#[test]
fn a_real_managed_solution_is_licensed_and_comes_back() {
    let (Some(path), Some(license)) = (fixture(HIGHER_EDUCATION), fixture_license()) else { return };
    let original = fs::read(&path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("licensed.zip");
    let mut opened = open_solution(&path, &Limits::default()).unwrap();
    assert_eq!(opened.apps()[0].unique_name, "mshied_HigherEd");
    assert_eq!(opened.apps()[0].display_name.as_deref(), Some("Higher Education"));
    assert!(opened.add_license(&license).unwrap());
    opened.save(Some(&output)).unwrap();

    let licensed = fs::read(&output).unwrap();
    let (before, after) = (records(&original), records(&licensed));
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.0, after.0);
        assert_eq!(before.1 == after.1, before.0 != "customizations.xml", "{}", before.0);
    }
    let text = String::from_utf8(entries(&licensed)[0].1.clone()).unwrap();
    let start = text.find("\r\n  <serviceplanappmodulesset>").unwrap();
    let end = text.find("</serviceplans>").unwrap() + "</serviceplans>".len();
    assert_eq!([&text[..start], &text[end..]].concat().into_bytes(), entries(&original)[0].1);

    let mut again = open_solution(&output, &Limits::default()).unwrap();
    assert_eq!(again.license(), Some(license.license()));
    assert!(!again.add_license(&license).unwrap());
    assert!(again.remove_license());
    again.save(None).unwrap();
    assert_eq!(entries(&fs::read(&output).unwrap()), entries(&original));
}

/// PKG-05: the real unpacked solution, in a copy.
#[test]
fn a_real_unpacked_solution_is_licensed_and_comes_back() {
    let Some(path) = fixture("solutions/RetailBanking") else { return };
    let (license, _) = read_license(
        &file("p.csv", "ServiceID,Display name,More info URL\nfabrikam.bank.gold,Gold,\n"),
        &file("m.csv", "Service ID,Component name\nfabrikam.bank.gold,msfsi_retailbanking\n"),
    );
    let license = license.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("bank");
    let mut opened = open_solution(&path, &Limits::default()).unwrap();
    assert!(opened.add_license(&license).unwrap());
    opened.save(Some(&output)).unwrap();

    let (original, licensed) = (tree(&path), tree(&output));
    let changed: Vec<&String> =
        licensed.keys().filter(|path| licensed.get(*path) != original.get(*path)).collect();
    assert_eq!(
        changed,
        [
            "Other/Customizations.xml",
            "ServicePlans/ServicePlanAppModules.xml",
            "ServicePlans/ServicePlans.xml"
        ]
    );
    let customizations = String::from_utf8(licensed["Other/Customizations.xml"].clone()).unwrap();
    assert!(
        customizations
            .contains("  <EntityDataProviders />\n  <serviceplanappmodulesset>\n    <serviceplanapp")
    );

    let mut again = open_solution(&output, &Limits::default()).unwrap();
    assert!(!again.add_license(&license).unwrap());
    assert!(again.remove_license());
    again.save(None).unwrap();
    assert_eq!(tree(&output), original);
}

/// PKG-06, PKG-08: the real solution, licensed, is built into a package that passes for its offer.
#[test]
fn a_real_solution_makes_a_package_that_passes() {
    let (Some(path), Some(license)) = (fixture(HIGHER_EDUCATION), fixture_license()) else { return };
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("licensed.zip");
    let mut opened = open_solution(&path, &Limits::default()).unwrap();
    opened.add_license(&license).unwrap();
    opened.save(Some(&output)).unwrap();
    let mut parts = options();
    parts.solutions = vec![file("Campus_managed.zip", fs::read(&output).unwrap())];
    let package = build(&parts, &Limits::default()).unwrap();
    let expectations = Expectations {
        plans: license.license().plans.into_iter().map(|plan| plan.service_id).collect(),
        license_management: true,
        allow_install_without_license: false,
    };
    let report = check(Cursor::new(&package.bytes), Some(&expectations), &Limits::default());
    assert_eq!(report.findings, []);
    assert_eq!(report.contents.unwrap().mappings.len(), 2);
}

/// PKG-07: an inner package as it was really shipped, with backslashes and UTF-16, is read.
#[test]
fn a_real_inner_package_is_read() {
    let Some(path) = fixture("solutions/PackageDeployer_K12.zip") else { return };
    let real = fs::read(path).unwrap();
    let package = edit_inner(&store_package(), |_| real.clone());
    let report = check(Cursor::new(&package), None, &Limits::default());
    let rules: Vec<&str> = report.findings.iter().map(|finding| &*finding.rule).collect();
    assert_eq!(rules, ["PKG-07.input.anchor"], "{:#?}", report.findings);
    let contents = report.contents.unwrap();
    assert_eq!(contents.solutions.len(), 2);
    assert_eq!(contents.components[0].unique_name, "mshied_K12Education");
    // As an outer package it is none, and says so.
    let stored = raw_zip::write(&[RawEntry::stored("package.zip", &real)]);
    assert!(!check(Cursor::new(&stored), None, &Limits::default()).passes());
}

//! Files made to do harm: each is a finding, none is a panic, and reading stops at the limits.

use std::io::Cursor;

use crate::package::solution::{SolutionError, zipped};
use crate::package::store::{Report, check};
use crate::package::{Limits, Rule};
use crate::samples::raw_zip::{self, RawEntry};
use crate::samples::{edit_inner, edit_outer, edit_solution, entries, store_package, with_entry, zip_of};

fn report(package: &[u8], limits: &Limits) -> Report {
    check(Cursor::new(package), None, limits)
}

fn rules(zip: &[u8]) -> Vec<String> {
    let report = report(zip, &Limits::default());
    assert!(!report.passes());
    report.findings.into_iter().map(|finding| finding.rule.into_owned()).collect()
}

fn assert_refused(entry: RawEntry, rule: Rule) {
    let zip = raw_zip::write(&[RawEntry::stored("fair.txt", "fair"), entry]);
    assert_eq!(rules(&zip), [rule.id()]);
    let Err(SolutionError::Refused(findings)) = zipped::read("s.zip", &zip, &Limits::default()) else {
        panic!("was read")
    };
    assert!(findings[0].is(rule), "{findings:?}");
}

/// PKG-09: names that lead out, whatever the separator.
#[test]
fn paths_that_lead_out_are_refused() {
    for name in
        ["../x", "a/../../x", r"..\x", "/x", r"\x", "C:/x", r"C:\x", r"\\server\x", "a//x", "a\0b", ""]
    {
        assert_refused(RawEntry::stored(name, "x"), Rule::ArchivePath);
    }
}

/// PKG-09: two entries of one name, also when case or separators differ.
#[test]
fn duplicate_names_are_refused() {
    for name in ["fair.txt", "Fair.TXT"] {
        assert_refused(RawEntry::stored(name, "x"), Rule::ArchiveDuplicate);
    }
    let zip = raw_zip::write(&[RawEntry::stored("a/b", "x"), RawEntry::stored(r"a\b", "x")]);
    assert_eq!(rules(&zip), [Rule::ArchiveDuplicate.id()]);
}

/// PKG-09: symbolic links, encryption, other compressions, names that are no UTF-8.
#[test]
fn what_cannot_be_installed_safely_is_refused() {
    let entry = || RawEntry::stored("x", "target");
    assert_refused(RawEntry { attributes: 0o120_777 << 16, ..entry() }, Rule::ArchiveSymlink);
    assert_refused(RawEntry { flags: 1, ..entry() }, Rule::ArchiveEncrypted);
    assert_refused(RawEntry { method: 12, ..entry() }, Rule::ArchiveCompression);
    assert_refused(RawEntry { method: 14, ..entry() }, Rule::ArchiveCompression);
    assert_refused(RawEntry::stored(b"caf\xE9.xml", "x"), Rule::ArchiveName);
}

/// PKG-09: checksum and size are checked, not believed.
#[test]
fn an_entry_that_is_not_what_it_declares_is_refused() {
    let entry = || RawEntry::stored("x", "content");
    for wrong in
        [RawEntry { crc32: 1, ..entry() }, RawEntry { size: 3, ..entry() }, RawEntry { size: 9, ..entry() }]
    {
        assert!(rules(&raw_zip::write(&[wrong])).contains(&Rule::ArchiveEntryDamaged.id().to_owned()));
    }
}

/// PKG-09: an archive that shows other files to other readers is refused.
#[test]
fn an_archive_that_contradicts_itself_is_refused() {
    let zip = raw_zip::write(&[RawEntry::stored("visible.xml", "x")]);
    let place = zip.windows(7).position(|window| window == b"visible").unwrap();
    let mut other = zip.clone();
    other[place..place + 7].copy_from_slice(b"another");
    assert_eq!(rules(&other), [Rule::ArchiveUnreadable.id()]);
    let prefixed = [b"#!/bin/sh\n".as_slice(), &zip].concat();
    assert_eq!(rules(&prefixed), [Rule::ArchiveUnreadable.id()]);
}

/// PKG-09: a package cut off anywhere is a finding.
#[test]
fn truncated_packages_are_refused() {
    let package = store_package();
    for length in (0..package.len()).step_by(37) {
        assert!(!report(&package[..length], &Limits::default()).passes(), "{length}");
    }
    let inner = edit_inner(&package, |inner| inner[..inner.len() / 2].to_vec());
    assert_eq!(rules(&inner), [Rule::ArchiveUnreadable.id()]);
}

/// PKG-09: inflating stops at the limit, whatever size is declared.
#[test]
fn zip_bombs_stop_at_the_limits() {
    let megabyte = 1024 * 1024;
    let zeros = vec![0; 2 * megabyte];
    let bomb = with_entry(&store_package(), "zeros.bin", Some(&zeros));
    let small = |limits: Limits| {
        let report = report(&bomb, &limits);
        assert!(!report.passes());
        report
            .findings
            .into_iter()
            .map(|finding| (finding.rule.into_owned(), finding.file))
            .collect::<Vec<_>>()
    };
    let hit = vec![(Rule::ArchiveInflated.id().to_owned(), "zeros.bin".to_owned())];
    assert!(small(Limits { ratio_free: 1024 * 1024, ..Limits::default() }).ends_with(&hit));
    assert!(small(Limits { inflated: 1024 * 1024, ..Limits::default() }).ends_with(&hit));
    assert!(report(&bomb, &Limits::default()).findings.iter().all(|finding| !finding.is_error()));

    // The same zeros, declared to be seven bytes: the reader stops before it has them.
    let deflated = {
        let zip = zip_of([("z", zeros.as_slice())]);
        let mut archive = zip::ZipArchive::new(Cursor::new(&zip)).unwrap();
        let entry = archive.by_index(0).unwrap();
        let start = usize::try_from(entry.data_start().unwrap()).unwrap();
        zip[start..start + usize::try_from(entry.compressed_size()).unwrap()].to_vec()
    };
    let liar = RawEntry { method: 8, size: 7, ..RawEntry::stored("zeros.bin", &deflated) };
    assert!(rules(&raw_zip::write(&[liar])).contains(&Rule::ArchiveEntryDamaged.id().to_owned()));
}

/// PKG-09: a bomb in the innermost archive counts against the same account, and so does what is held in memory.
#[test]
fn nested_bombs_stop_at_the_same_limits() {
    let zeros = vec![0; 2 * 1024 * 1024];
    let package = edit_solution(&store_package(), |zip| with_entry(&zip, "zeros.bin", Some(&zeros)));
    let limits = Limits { inflated: 1024 * 1024, ..Limits::default() };
    let report_of = |limits: &Limits| report(&package, limits).findings;
    let label = "package.zip!PkgFolder/Campus_managed.zip!zeros.bin";
    assert!(
        report_of(&limits).iter().any(|finding| finding.is(Rule::ArchiveInflated) && finding.file == label)
    );
    let limits = Limits { held: 1000, ..Limits::default() };
    assert!(report_of(&limits).iter().any(|finding| finding.is(Rule::ArchiveInflated)));
}

/// PKG-09: file size, number of entries and the length of the directory are bounded.
#[test]
fn size_and_number_are_bounded() {
    let package = store_package();
    let first = |limits: Limits| report(&package, &limits).findings[0].rule.clone().into_owned();
    assert_eq!(first(Limits { archive: 1000, ..Limits::default() }), Rule::ArchiveSize.id());
    assert_eq!(first(Limits { entries: 4, ..Limits::default() }), Rule::ArchiveEntries.id());
    assert_eq!(first(Limits { directory: 100, ..Limits::default() }), Rule::ArchiveUnreadable.id());
    let mut claims = zip_of([("a", b"".as_slice())]);
    let end = claims.len() - 22;
    claims[end + 8..end + 12].copy_from_slice(&[0xFE, 0xFF, 0xFE, 0xFF]);
    assert!(!report(&claims, &Limits::default()).passes());
}

/// PKG-09: entity expansion is refused in every document of a package.
#[test]
fn document_types_are_refused_everywhere() {
    let package = store_package();
    let doctype = "<!DOCTYPE a [<!ENTITY b \"ha\">]>\n<";
    let evil = |zip: &[u8], name: &str, root: &str| {
        edit_outer(zip, name, &format!("<{root}"), &format!("{doctype}{root}"))
    };
    let packages = [
        evil(&package, "Input.xml", "PvsPackageData"),
        evil(&package, "[Content_Types].xml", "Types"),
        edit_inner(&package, |zip| evil(&zip, "PkgFolder/ImportConfig.xml", "configdatastorage")),
        edit_solution(&package, |zip| evil(&zip, "solution.xml", "ImportExportXml")),
        edit_solution(&package, |zip| evil(&zip, "customizations.xml", "ImportExportXml")),
    ];
    for package in packages {
        assert!(rules(&package).contains(&Rule::XmlDoctype.id().to_owned()));
    }
    let entity = edit_outer(&package, "Input.xml", "&amp;", "&evil;");
    assert!(rules(&entity).contains(&Rule::XmlEntity.id().to_owned()));
}

/// PKG-09: a package inside a package inside … is not followed further than packages go.
#[test]
fn deeper_archives_are_not_opened() {
    let mut matryoshka = zip_of([("core.txt", b"core".as_slice())]);
    for _ in 0..50 {
        matryoshka = zip_of([("next.zip", matryoshka.as_slice())]);
    }
    let package = edit_solution(&store_package(), |zip| with_entry(&zip, "next.zip", Some(&matryoshka)));
    assert_eq!(report(&package, &Limits::default()).findings, []);
}

/// PKG-07: backslashes are separators and UTF-16 is read, as in packages that were really shipped.
#[test]
fn backslashes_and_utf_16_are_read() {
    let package = edit_inner(&store_package(), |inner| {
        let entries: Vec<(String, Vec<u8>)> = entries(&inner)
            .into_iter()
            .map(|(name, content)| {
                let content = if name.ends_with("ImportConfig.xml") {
                    let text = String::from_utf8(content).unwrap().replace("utf-8", "utf-16");
                    [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
                } else {
                    content
                };
                (name.replace('/', "\\"), content)
            })
            .collect();
        zip_of(entries.iter().map(|(name, content)| (name.as_str(), content.as_slice())))
    });
    assert_eq!(report(&package, &Limits::default()).findings, []);
}

/// A report does not grow without end.
#[test]
fn findings_stop_at_some_number() {
    let entries: Vec<RawEntry> =
        (0..2000).map(|number| RawEntry::stored(format!("../{number}"), "")).collect();
    let rules = rules(&raw_zip::write(&entries));
    assert_eq!(rules.len(), 501);
    assert_eq!(rules.last().unwrap(), Rule::TooManyFindings.id());
}

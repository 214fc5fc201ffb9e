//! Writing a license into solutions, and taking it out.

use std::io::Cursor;

use crate::package::solution::{
    AppModule, FileChange, Layout, PackageType, Solution, SolutionError, SolutionFiles, zipped,
};
use crate::package::{Finding, Limits, Rule};
use crate::samples::raw_zip::{self, RawEntry};
use crate::samples::{
    customizations, entries, license, license_of, manifest, solution, solution_with, text_of,
};
use crate::{package, samples};

const PLANS: &str = "Service ID,Display name,More info URL\n";
const MAPPING: &str = "Service ID,Component name\n";

fn limits() -> Limits {
    Limits::default()
}

fn add(zip: &[u8]) -> Vec<u8> {
    zipped::add_license("s.zip", zip, &license(), &limits()).unwrap()
}

fn remove(zip: &[u8]) -> Vec<u8> {
    zipped::remove_license("s.zip", zip, &limits()).unwrap()
}

fn refused<T: std::fmt::Debug>(result: Result<T, SolutionError>) -> Vec<Finding> {
    match result {
        Err(SolutionError::Refused(findings)) => findings,
        other => panic!("not refused: {other:?}"),
    }
}

/// The customizations after the license was added to these.
fn licensed(customizations: &[u8]) -> Vec<u8> {
    let zip = add(&solution_with(customizations, &manifest("1")));
    entries(&zip).into_iter().find(|(name, _)| name == "customizations.xml").unwrap().1
}

fn unlicensed(customizations: &[u8]) -> Vec<u8> {
    let zip = remove(&solution_with(customizations, &manifest("1")));
    entries(&zip).into_iter().find(|(name, _)| name == "customizations.xml").unwrap().1
}

#[test]
fn a_solution_says_what_it_is() {
    let solution = zipped::read("s.zip", &solution(), &limits()).unwrap();
    let info = solution.info();
    assert_eq!((info.unique_name.as_str(), info.version.as_str()), ("FabrikamCampus", "1.2.0.4"));
    assert_eq!(info.package_type, PackageType::Managed);
    assert_eq!(info.display_name.as_deref(), Some("Fabrikam Campus"));
    assert_eq!(info.publisher.as_ref().unwrap().unique_name, "fabrikam");
    let app = |unique_name: &str, id: Option<&str>, display_name: Option<&str>| AppModule {
        unique_name: unique_name.to_owned(),
        id: id.map(str::to_owned),
        display_name: display_name.map(str::to_owned),
    };
    assert_eq!(
        solution.apps(),
        [app("fab_Campus", None, Some("Campus")), app("fab_Library", Some("0f1e"), None)]
    );
    assert_eq!(solution.license(), None);
}

/// PKG-05: the two elements come right behind `EntityDataProviders`, in the document's own style.
#[test]
fn the_license_is_two_elements_in_the_style_of_the_document() {
    let text = text_of(&add(&solution()), "customizations.xml");
    let expected = "  <EntityDataProviders />\r\n  <serviceplanappmodulesset>\r\n    \
        <serviceplanappmodules appmoduleid.uniquename=\"fab_Campus\" serviceplanid.name=\"fabrikam.campus.basic\">\r\n      \
        <iscustomizable>0</iscustomizable>\r\n    \
        </serviceplanappmodules>\r\n";
    assert!(text.contains(expected), "{text}");
    let expected = "  </serviceplanappmodulesset>\r\n  <serviceplans>\r\n    \
        <serviceplan name=\"fabrikam.campus.basic\">\r\n      \
        <accessmode>4</accessmode>\r\n      <displayname>Campus Basic</displayname>\r\n      \
        <iscustomizable>0</iscustomizable>\r\n      \
        <moreinfourl>https://fabrikam.example/plans</moreinfourl>\r\n    \
        </serviceplan>\r\n    \
        <serviceplan name=\"fabrikam.campus.premium\">\r\n      \
        <accessmode>4</accessmode>\r\n      <displayname>Campus &lt;Premium&gt; &amp; more</displayname>\r\n      \
        <iscustomizable>0</iscustomizable>\r\n    \
        </serviceplan>\r\n  \
        </serviceplans>\r\n  <Languages>\r\n";
    assert!(text.contains(expected), "{text}");
    assert!(!text.replace("\r\n", "").contains('\n'));
}

/// PKG-03, PKG-05: what was written is what is shown.
#[test]
fn the_license_is_read_back() {
    let licensed = zipped::read("s.zip", &add(&solution()), &limits()).unwrap();
    assert_eq!(licensed.license(), Some(license().license()));
}

/// PKG-05: adding changes nothing else, adding again nothing at all, and removing undoes it.
#[test]
fn everything_else_stays_byte_for_byte() {
    let original = solution();
    let licensed = add(&original);
    assert_ne!(licensed, original);
    for (before, after) in entries(&original).iter().zip(&entries(&licensed)) {
        assert_eq!(before.0, after.0);
        assert_eq!(before.1 == after.1, before.0 != "customizations.xml", "{}", before.0);
    }
    assert_eq!(add(&licensed), licensed);
    assert_eq!(entries(&remove(&licensed)), entries(&original));
    assert_eq!(remove(&original), original);
    assert_eq!(add(&remove(&licensed)), licensed);
}

/// PKG-05: only the record of the edited entry differs, in a zip with everything that a library would tidy up.
#[test]
fn no_byte_of_another_entry_changes() {
    let with = |name: &str, data: &[u8]| RawEntry {
        local_extra: b"\x99\x99\x04\0abcd".to_vec(),
        central_extra: b"\x99\x99\x02\0xy".to_vec(),
        comment: b"a comment".to_vec(),
        attributes: 0x81A4_0001,
        ..RawEntry::stored(name, data)
    };
    for descriptor in [false, true] {
        let raw = |customizations: RawEntry| {
            raw_zip::write(&[
                with("folder/", b""),
                with("first.bin", b"\0\x01PK\x03\x04"),
                customizations,
                RawEntry { descriptor: true, ..with("solution.xml", manifest("1").as_bytes()) },
                with("last.bin", &[7; 1000]),
            ])
        };
        let original =
            raw(RawEntry { descriptor, ..with("customizations.xml", customizations().as_bytes()) });
        let licensed = add(&original);
        // The licensed zip is what the original would have been with the new record in it.
        let mut archive = zip::ZipArchive::new(Cursor::new(&licensed)).unwrap();
        archive.validate_header_consistency().unwrap();
        let (crc32, size, data) = {
            let entry = archive.by_name("customizations.xml").unwrap();
            let start = usize::try_from(entry.data_start().unwrap()).unwrap();
            let length = usize::try_from(entry.compressed_size()).unwrap();
            (entry.crc32(), u32::try_from(entry.size()).unwrap(), licensed[start..start + length].to_vec())
        };
        let record = RawEntry { method: 8, crc32, size, data, ..with("customizations.xml", b"") };
        assert!(licensed == raw(record), "descriptor: {descriptor}");
        assert_eq!(entries(&remove(&licensed)), entries(&original));
    }
}

/// PKG-05: whatever the style, add and remove come back to the same bytes.
#[test]
fn every_style_of_document_comes_back() {
    let apps = "<AppModules><AppModule><UniqueName>fab_Campus</UniqueName></AppModule>\
                <AppModule><UniqueName>fab_Library</UniqueName></AppModule></AppModules>";
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    let tabs = format!(
        "<ImportExportXml>\n\t{apps}\n\n\t<EntityDataProviders>\n\t</EntityDataProviders>\n\n</ImportExportXml>\n"
    );
    let documents = [
        customizations().into_bytes(),
        tabs.clone().into_bytes(),
        utf16(&tabs, u16::to_le_bytes),
        utf16(&tabs, u16::to_be_bytes),
        format!("<ImportExportXml>{apps}<EntityDataProviders/><Languages/></ImportExportXml>").into_bytes(),
        format!("<ImportExportXml>\n{apps}\n<Languages/>\n</ImportExportXml>").into_bytes(),
        format!("<ImportExportXml><Languages/>{apps}</ImportExportXml>").into_bytes(),
        format!("<ImportExportXml>{apps} <EntityDataProviders/><!-- c --> text &amp; more</ImportExportXml>")
            .into_bytes(),
    ];
    for document in documents {
        let after = licensed(&document);
        assert!(after.len() > document.len());
        assert_eq!(licensed(&after), after);
        assert_eq!(unlicensed(&after), document, "{}", String::from_utf8_lossy(&document));
    }
}

/// PKG-05: another license takes the place of the one that is there, wherever another tool put it.
#[test]
fn a_license_replaces_the_one_before() {
    let other = license_of(
        &format!("{PLANS}fabrikam.campus.gold,Gold,\n"),
        &format!("{MAPPING}fabrikam.campus.gold,fab_Library\n"),
    );
    let replaced = zipped::add_license("s.zip", &add(&solution()), &other, &limits()).unwrap();
    assert_eq!(zipped::read("s.zip", &replaced, &limits()).unwrap().license(), Some(other.license()));
    assert_eq!(entries(&remove(&replaced)), entries(&solution()));

    let foreign = customizations().replace(
        "  <Entities />\r\n",
        "  <Entities />\r\n  <serviceplans><serviceplan name=\"a.b.c\"><displayname>X</displayname></serviceplan>\
         </serviceplans>\r\n",
    );
    assert_eq!(licensed(foreign.as_bytes()), licensed(customizations().as_bytes()));
    assert_eq!(unlicensed(foreign.as_bytes()), customizations().into_bytes());
}

/// PKG-04: the text that publishers know, with file and row.
#[test]
fn a_component_that_is_no_app_is_refused() {
    let license = license_of(
        &format!("{PLANS}fabrikam.campus.basic,Basic,\n"),
        &format!(
            "{MAPPING}fabrikam.campus.basic,fab_Campus\nfabrikam.campus.basic,FabrikamCampus\n\
             fabrikam.campus.basic,FAB_campus\n"
        ),
    );
    let findings = refused(zipped::add_license("s.zip", &solution(), &license, &limits()));
    assert_eq!(
        findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>(),
        [
            "The AppModule with the given UniqueName FabrikamCampus was not found",
            "The AppModule with the given UniqueName FAB_campus was not found",
        ]
    );
    assert!(findings.iter().all(|finding| finding.is(Rule::ComponentUnknown)));
    assert_eq!((findings[0].file.as_str(), findings[0].line), ("mapping.csv", Some(3)));
    assert_eq!(findings[1].mend, "Write the unique name, fab_Campus.");
}

fn unpacked() -> SolutionFiles {
    let mut files = SolutionFiles::new(Layout::Unpacked);
    let customizations =
        "<ImportExportXml>\n  <AppModules />\n  <EntityDataProviders />\n</ImportExportXml>".to_owned();
    let app =
        |name: &str| format!("<AppModule>\n  <UniqueName>{name}</UniqueName>\n</AppModule>").into_bytes();
    files.insert("other/Solution.xml", manifest("2").into_bytes());
    files.insert("Other/Customizations.xml", customizations.into_bytes());
    files.insert("AppModules/fab_Campus/AppModule.xml", app("fab_Campus"));
    files.insert("AppModules/fab_Library/AppModule.xml", app("fab_Library"));
    files.insert("Entities/x/Entity.xml", b"<not looked at".to_vec());
    files
}

fn with_changes(mut files: SolutionFiles, changes: &[FileChange]) -> SolutionFiles {
    for FileChange { path, content } in changes {
        files.insert(path, content.clone().expect("nothing is deleted"));
    }
    files
}

/// PKG-05: an unpacked solution gets both files, too, and loses them again.
#[test]
fn an_unpacked_solution_gets_two_files_more() {
    let solution = Solution::read("", unpacked(), &limits()).unwrap();
    assert_eq!(solution.info().package_type, PackageType::Both);
    assert_eq!(solution.apps().len(), 2);
    assert!(solution.remove_license().is_empty());
    let changes = solution.add_license(&license()).unwrap();
    let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "ServicePlans/ServicePlans.xml",
            "ServicePlans/ServicePlanAppModules.xml",
            "Other/Customizations.xml"
        ]
    );
    let file = String::from_utf8(changes[1].content.clone().unwrap()).unwrap();
    let start = "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<serviceplanappmodulesset>\n  \
                 <serviceplanappmodules appmoduleid.uniquename=\"fab_Campus\"";
    assert!(file.starts_with(start), "{file}");

    let licensed = Solution::read("", with_changes(unpacked(), &changes), &limits()).unwrap();
    assert_eq!(licensed.license(), Some(license().license()));
    assert!(licensed.add_license(&license()).unwrap().is_empty());
    let undone = licensed.remove_license();
    assert_eq!(undone.iter().filter(|change| change.content.is_none()).count(), 2);
    let customizations = undone.last().unwrap().content.clone().unwrap();
    assert_eq!(
        String::from_utf8(customizations).unwrap(),
        "<ImportExportXml>\n  <AppModules />\n  <EntityDataProviders />\n</ImportExportXml>"
    );
}

/// PKG-05: a license that stands only in the two files, as another tool leaves it, is one.
#[test]
fn a_license_in_the_files_alone_is_read() {
    let changes = Solution::read("", unpacked(), &limits()).unwrap().add_license(&license()).unwrap();
    let files_alone = with_changes(unpacked(), &changes[..2]);
    assert_eq!(Solution::read("", files_alone, &limits()).unwrap().license(), Some(license().license()));
}

#[test]
fn what_is_no_solution_is_refused_with_all_reasons() {
    let rule = |zip: &[u8]| refused(zipped::read("s.zip", zip, &limits()))[0].rule.clone().into_owned();
    assert_eq!(rule(b"PK"), "PKG-09.archive.unreadable");
    assert_eq!(rule(&samples::zip_of([("other/Solution.xml", b"".as_slice())])), "PKG-07.solution.form");
    assert_eq!(
        rule(&solution_with(b"<Other><a/></Other>", &manifest("1"))),
        "PKG-07.solution.customizations"
    );
    assert_eq!(rule(&solution_with(b"<ImportExportXml/>", &manifest("1"))), "PKG-07.solution.customizations");
    assert_eq!(rule(&solution_with(customizations().as_bytes(), &manifest("7"))), "PKG-07.solution.manifest");
    let empty = refused(zipped::read("s.zip", &samples::zip_of([("a", b"".as_slice())]), &limits()));
    assert_eq!(
        empty.iter().map(|finding| finding.file.as_str()).collect::<Vec<_>>(),
        ["s.zip!solution.xml", "s.zip!customizations.xml"]
    );
    let nothing = package::plans::LocatedLicense::default();
    assert!(refused(zipped::add_license("s.zip", &solution(), &nothing, &limits()))[0].is(Rule::CsvEmpty));
}

//! Files of the shapes that publishers have, made for the tests.

pub(crate) mod raw_zip;

use std::io::{Cursor, Read, Write};

use crate::package;
use crate::package::Limits;
use crate::package::plans::{LocatedLicense, NamedFile, read_license};
use crate::package::store::{BuildOptions, build};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

pub(crate) const DEFINITIONS: &str = "ServiceID,Display name,More info URL\n\
    fabrikam.campus.basic,Campus Basic,https://fabrikam.example/plans\n\
    fabrikam.campus.premium,Campus <Premium> & more,\n";
pub(crate) const MAPPINGS: &str = "Service ID,Component name\n\
    fabrikam.campus.basic,fab_Campus\n\
    fabrikam.campus.premium,fab_Campus\n\
    fabrikam.campus.premium,fab_Library\n";

const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"xml\" ContentType=\"text/xml\" /></Types>";

pub(crate) fn file(name: &str, bytes: impl AsRef<[u8]>) -> NamedFile {
    NamedFile { name: name.to_owned(), bytes: bytes.as_ref().to_vec() }
}

pub(crate) fn license_of(definitions: &str, mappings: &str) -> LocatedLicense {
    let (license, findings) = read_license(&file("plans.csv", definitions), &file("mapping.csv", mappings));
    license.unwrap_or_else(|| panic!("{findings:#?}"))
}

pub(crate) fn license() -> LocatedLicense {
    license_of(DEFINITIONS, MAPPINGS)
}

/// As exported: byte order mark, CRLF, two blanks.
pub(crate) fn customizations() -> String {
    "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
     <ImportExportXml xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n  \
     <Entities />\n  \
     <!-- kept -->\n  \
     <AppModules>\n    \
     <AppModule>\n      <UniqueName>fab_Campus</UniqueName>\n      <WebResourceId>953b9fac</WebResourceId>\n      \
     <LocalizedNames>\n        <LocalizedName description=\"Campus\" languagecode=\"1033\" />\n      \
     </LocalizedNames>\n    </AppModule>\n    \
     <AppModule>\n      <UniqueName>fab_Library</UniqueName>\n      <AppModuleId>{0f1e}</AppModuleId>\n    \
     </AppModule>\n  \
     </AppModules>\n  \
     <EntityDataProviders />\n  \
     <Languages>\n    <Language>1033</Language>\n  </Languages>\n\
     </ImportExportXml>"
        .replace('\n', "\r\n")
}

pub(crate) fn manifest(managed: &str) -> String {
    format!(
        "<ImportExportXml version=\"9.2\" languagecode=\"1033\"><SolutionManifest>\n\
         <UniqueName>FabrikamCampus</UniqueName>\n\
         <LocalizedNames><LocalizedName description=\"Fabrikam Campus\" languagecode=\"1033\" /></LocalizedNames>\n\
         <Version>1.2.0.4</Version>\n<Managed>{managed}</Managed>\n\
         <Publisher><UniqueName>fabrikam</UniqueName></Publisher>\n\
         </SolutionManifest></ImportExportXml>"
    )
}

/// A zip of these entries, deflated.
pub(crate) fn zip_of<'a>(entries: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) fn solution_with(customizations: &[u8], manifest: &str) -> Vec<u8> {
    zip_of([
        ("solution.xml", manifest.as_bytes()),
        ("customizations.xml", customizations),
        ("WebResources/fab_icon508B58FE", b"not text \xFF\xFE\0".as_slice()),
        ("[Content_Types].xml", TYPES.as_bytes()),
    ])
}

/// A managed solution with the apps `fab_Campus` and `fab_Library`.
pub(crate) fn solution() -> Vec<u8> {
    solution_with(customizations().as_bytes(), &manifest("1"))
}

/// The solution with the license.
pub(crate) fn licensed_solution() -> Vec<u8> {
    package::solution::zipped::add_license("s.zip", &solution(), &license(), &Limits::default()).unwrap()
}

/// The first bytes of a PNG of that size, which are all that is looked at.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    [
        b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR".as_slice(),
        &width.to_be_bytes(),
        &height.to_be_bytes(),
        b"\x08\x06\0\0\0",
    ]
    .concat()
}

pub(crate) fn options() -> BuildOptions {
    BuildOptions {
        solutions: vec![file("Campus_managed.zip", licensed_solution())],
        anchor: "Campus_managed.zip".to_owned(),
        provider_name: "Fabrikam & Sons".to_owned(),
        icon: file("logo32x32.png", png(32, 32)),
        terms: file("TermsOfUse.html", "<html><body>Be kind.</body></html>"),
        countries: ["US", "KR"].map(|code| types::Country::parse(code).unwrap()).to_vec(),
        start_date: types::Date::constant(2026, 1, 31),
        end_date: types::Date::constant(2027, 12, 31),
        learn_more_link: "https://fabrikam.example/campus?a=1&b=2".to_owned(),
        language: 1033,
        folder: "PkgFolder".to_owned(),
        assembly: None,
    }
}

/// A package that passes with no warning.
pub(crate) fn store_package() -> Vec<u8> {
    build(&options(), &Limits::default()).unwrap().bytes
}

/// Names and contents, in order.
pub(crate) fn entries(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        entries.push((entry.name().unwrap().into_owned(), content));
    }
    entries
}

/// The zip with the entry's content changed, or taken out for `None`; a new name is added.
pub(crate) fn with_entry(zip: &[u8], name: &str, content: Option<&[u8]>) -> Vec<u8> {
    let mut entries = entries(zip);
    let place = entries.iter().position(|(other, _)| other == name);
    match (place, content) {
        (Some(place), Some(content)) => entries[place].1 = content.to_vec(),
        (Some(place), None) => drop(entries.remove(place)),
        (None, Some(content)) => entries.push((name.to_owned(), content.to_vec())),
        (None, None) => panic!("no entry {name}"),
    }
    zip_of(entries.iter().map(|(name, content)| (name.as_str(), content.as_slice())))
}

/// The text of an entry.
pub(crate) fn text_of(zip: &[u8], name: &str) -> String {
    let (_, content) = entries(zip).into_iter().find(|(other, _)| other == name).expect(name);
    String::from_utf8(content).unwrap()
}

/// The package with a text in an entry of the outer zip replaced.
pub(crate) fn edit_outer(package: &[u8], name: &str, from: &str, to: &str) -> Vec<u8> {
    let text = text_of(package, name);
    assert!(text.contains(from), "{from:?} is not in {text}");
    with_entry(package, name, Some(text.replace(from, to).as_bytes()))
}

/// The package with its inner zip changed.
pub(crate) fn edit_inner(package: &[u8], edit: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let (_, inner) = entries(package).into_iter().find(|(name, _)| name == "package.zip").unwrap();
    with_entry(package, "package.zip", Some(&edit(inner)))
}

/// The package with its solution changed.
pub(crate) fn edit_solution(package: &[u8], edit: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let name = "PkgFolder/Campus_managed.zip";
    edit_inner(package, |inner| {
        let (_, solution) = entries(&inner).into_iter().find(|(other, _)| other == name).unwrap();
        with_entry(&inner, name, Some(&edit(solution)))
    })
}

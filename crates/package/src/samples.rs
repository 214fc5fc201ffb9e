//! A small app, packaged: what a publisher would bring. For the demo and for tests.

use std::io::{Cursor, Write};

use types::{Country, Date};
use zip::write::SimpleFileOptions;

use crate::Limits;
use crate::plans::{self, LocatedLicense, NamedFile};
use crate::store::{BuildOptions, build};

const START: Date = Date::constant(2026, 1, 1);
const END: Date = Date::constant(2036, 1, 1);
const ICON: &[u8] = include_bytes!("sample_icon.png");

/// What a listing shows: a square logo, a screenshot of 1280×720, and a document (PDF).
pub const LOGO: &[u8] = include_bytes!("sample_logo.png");
pub const SCREENSHOT: &[u8] = include_bytes!("sample_screenshot.png");
pub const GUIDE: &[u8] = include_bytes!("sample_guide.pdf");

/// One app of a solution, and the plans that open it.
pub struct App<'a> {
    pub unique_name: &'a str,
    pub title: &'a str,
    pub opened_by: &'a [&'a str],
}

/// A store package with one managed solution. `plans` are service ids with their display names.
pub fn store_package(
    name: &str,
    apps: &[App<'_>],
    plans: &[(&str, &str)],
    more_info_url: &str,
) -> Result<Vec<u8>, String> {
    let limits = Limits::default();
    let solution = solution(name, apps).map_err(|error| error.to_string())?;
    let license = license(apps, plans, more_info_url)?;
    let file = format!("{name}_managed.zip");
    let licensed = crate::solution::zipped::add_license(&file, &solution, &license, &limits)
        .map_err(|error| error.to_string())?;
    let options = BuildOptions {
        solutions: vec![named(&file, licensed)],
        anchor: file,
        provider_name: name.to_owned(),
        icon: named("logo32x32.png", ICON.to_vec()),
        terms: named("TermsOfUse.html", b"<!doctype html><title>Terms</title><p>Terms of use.".to_vec()),
        countries: ["US", "DE", "KR"].into_iter().filter_map(|code| Country::parse(code).ok()).collect(),
        start_date: START,
        end_date: END,
        learn_more_link: more_info_url.to_owned(),
        language: 1033,
        folder: "PkgFolder".to_owned(),
        assembly: None,
    };
    build(&options, &limits).map(|built| built.bytes).map_err(|error| error.to_string())
}

/// An archive with one file that is not compressed: no package, but something to keep.
pub fn archive(name: &str, content: &[u8]) -> Result<Vec<u8>, String> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let written = zip.start_file(name, stored).map_err(|error| error.to_string());
    written.and_then(|()| zip.write_all(content).map_err(|error| error.to_string()))?;
    zip.finish().map(Cursor::into_inner).map_err(|error| error.to_string())
}

fn named(name: &str, bytes: Vec<u8>) -> NamedFile {
    NamedFile { name: name.to_owned(), bytes }
}

fn license(apps: &[App<'_>], plans: &[(&str, &str)], more_info_url: &str) -> Result<LocatedLicense, String> {
    let mut definitions = "ServiceID,Display name,More info URL\n".to_owned();
    for (service_id, display_name) in plans {
        definitions.push_str(&format!("{service_id},{display_name},{more_info_url}\n"));
    }
    let mut mappings = "Service ID,Component name\n".to_owned();
    for app in apps {
        for service_id in app.opened_by {
            mappings.push_str(&format!("{service_id},{}\n", app.unique_name));
        }
    }
    let (license, findings) = plans::read_license(
        &named("plan_definition.csv", definitions.into_bytes()),
        &named("plan_mapping.csv", mappings.into_bytes()),
    );
    license.ok_or_else(|| format!("{findings:?}"))
}

fn solution(name: &str, apps: &[App<'_>]) -> zip::result::ZipResult<Vec<u8>> {
    let modules: String = apps
        .iter()
        .map(|app| {
            format!(
                "    <AppModule>\n      <UniqueName>{}</UniqueName>\n      <LocalizedNames>\n        \
                 <LocalizedName description=\"{}\" languagecode=\"1033\" />\n      </LocalizedNames>\n    \
                 </AppModule>\n",
                app.unique_name, app.title
            )
        })
        .collect();
    let customizations = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ImportExportXml>\n  <AppModules>\n{modules}  </AppModules>\n  \
         <EntityDataProviders />\n  <Languages>\n    <Language>1033</Language>\n  </Languages>\n</ImportExportXml>\n"
    );
    let manifest = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ImportExportXml version=\"9.2\" languagecode=\"1033\">\n  \
         <SolutionManifest>\n    <UniqueName>{name}</UniqueName>\n    <LocalizedNames>\n      \
         <LocalizedName description=\"{name}\" languagecode=\"1033\" />\n    </LocalizedNames>\n    \
         <Version>1.0.0.0</Version>\n    <Managed>1</Managed>\n    <Publisher>\n      \
         <UniqueName>{name}publisher</UniqueName>\n    </Publisher>\n  </SolutionManifest>\n</ImportExportXml>\n"
    );
    let content_types = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Types \
        xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" \
        ContentType=\"text/xml\" /></Types>";
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (file, text) in [
        ("customizations.xml", customizations.as_str()),
        ("solution.xml", manifest.as_str()),
        ("[Content_Types].xml", content_types),
    ] {
        zip.start_file(file, SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

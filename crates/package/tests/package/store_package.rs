//! Building store packages and checking them.

use std::io::Cursor;

use crate::package::solution::zipped;
use crate::package::store::{BuildError, Expectations, Report, build, check};
use crate::package::{Limits, Rule};
use crate::samples::{
    customizations, edit_inner, edit_outer, edit_solution, entries, file, license_of, manifest, options, png,
    solution, solution_with, store_package, text_of, with_entry,
};

fn report(package: &[u8]) -> Report {
    check(Cursor::new(package), None, &Limits::default())
}

fn expecting(package: &[u8], expectations: &Expectations) -> Report {
    check(Cursor::new(package), Some(expectations), &Limits::default())
}

fn expectations() -> Expectations {
    Expectations {
        plans: vec!["fabrikam.campus.basic".to_owned(), "fabrikam.campus.premium".to_owned()],
        license_management: true,
        allow_install_without_license: false,
    }
}

/// Rule and file of each finding.
fn found(report: &Report) -> Vec<(&str, &str)> {
    report.findings.iter().map(|finding| (&*finding.rule, finding.file.as_str())).collect()
}

/// PKG-06: what is built passes, lies where it must, and is the same every time.
#[test]
fn a_built_package_passes_the_check() {
    let package = store_package();
    assert_eq!(package, store_package());
    let names = |zip: &[u8]| entries(zip).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(
        names(&package),
        ["[Content_Types].xml", "Input.xml", "logo32x32.png", "TermsOfUse.html", "package.zip"]
    );
    let inner = &entries(&package)[4].1;
    assert_eq!(
        names(inner),
        ["[Content_Types].xml", "PkgFolder/ImportConfig.xml", "PkgFolder/Campus_managed.zip"]
    );
    let report = expecting(&package, &expectations());
    assert_eq!(report.findings, []);
    assert!(report.passes());
    let contents = report.contents.unwrap();
    assert_eq!(contents.solutions.len(), 1);
    let solution = &contents.solutions[0];
    assert_eq!((solution.unique_name.as_str(), solution.version.as_str()), ("FabrikamCampus", "1.2.0.4"));
    assert!(solution.is_anchor);
    let component = &contents.components[0];
    assert_eq!((component.unique_name.as_str(), component.id.as_deref()), ("fab_Campus", None));
    assert_eq!(component.display_name.as_deref(), Some("Campus"));
    assert_eq!(component.publisher.as_ref().unwrap().unique_name, "fabrikam");
    assert_eq!(contents.components[1].id.as_deref(), Some("0f1e"));
    assert_eq!(contents.service_plans[1].display_name, "Campus <Premium> & more");
    assert_eq!(contents.mappings.len(), 3);
    let json = serde_json::to_string(&contents).unwrap();
    assert!(json.contains("\"service_plans\":[{\"service_id\":\"fabrikam.campus.basic\""), "{json}");
}

/// PKG-06: an assembly goes in when there is one.
#[test]
fn an_assembly_goes_to_the_root_of_the_inner_package() {
    let mut options = options();
    options.assembly = Some(file("Campus.Package.dll", "MZ"));
    let package = build(&options, &Limits::default()).unwrap();
    assert_eq!(package.warnings, []);
    let inner = &entries(&package.bytes)[4].1;
    assert_eq!(entries(inner).last().unwrap(), &("Campus.Package.dll".to_owned(), b"MZ".to_vec()));
}

/// PKG-06: parts that make no good package are refused with everything that is wrong.
#[test]
fn parts_that_do_not_pass_are_not_built() {
    let mut options = options();
    options.anchor = "Other.zip".to_owned();
    options.icon.bytes = png(64, 64);
    options.countries.clear();
    (options.start_date, options.end_date) = (options.end_date, options.start_date);
    options.solutions[0].bytes = solution_with(customizations().as_bytes(), &manifest("0"));
    let Err(BuildError::Refused(findings)) = build(&options, &Limits::default()) else { panic!("was built") };
    let mut rules: Vec<&str> = findings.iter().map(|finding| &*finding.rule).collect();
    rules.sort_unstable();
    assert_eq!(
        rules,
        [
            "PKG-07.input.anchor",
            "PKG-07.input.dates",
            "PKG-07.input.element",
            "PKG-07.outer.icon",
            "PKG-07.solution.unmanaged"
        ]
    );
    let mut options = self::options();
    options.solutions.push(options.solutions[0].clone());
    assert!(matches!(build(&options, &Limits::default()), Err(BuildError::Zip(_))));
    options.solutions[1].name = "../Other.zip".to_owned();
    assert!(matches!(build(&options, &Limits::default()), Err(BuildError::Refused(_) | BuildError::Zip(_))));
}

/// PKG-07: each fault of `Input.xml` is found, at its line, and told how to mend.
#[test]
fn input_xml_is_checked() {
    let package = store_package();
    let cases = [
        ("US,KR", "US, KR", "PKG-07.input.countries", 8),
        ("US,KR", "US,UK", "PKG-07.input.countries", 8),
        ("US,KR", "us,KR", "PKG-07.input.countries", 8),
        ("US,KR", "US,,KR", "PKG-07.input.countries", 8),
        ("US,KR", "US,KR\n", "PKG-07.input.countries", 8),
        ("01/31/2026", "31/01/2026", "PKG-07.input.dates", 6),
        ("01/31/2026", "2026-01-31", "PKG-07.input.dates", 6),
        ("12/31/2027", "11/31/2027", "PKG-07.input.dates", 7),
        ("12/31/2027", "01/30/2026", "PKG-07.input.dates", 7),
        ("IsDefault=\"true\"", "IsDefault=\"false\"", "PKG-07.input.locales", 10),
        ("IsDefault=\"true\"", "IsDefault=\"True\"", "PKG-07.input.locales", 11),
        ("Code=\"1033\"", "Code=\"en-US\"", "PKG-07.input.locales", 11),
        ("Code=\"1033\"", "Code=\"1042\"", "PKG-07.input.language", 11),
        (">Campus_managed.zip<", ">Other.zip<", "PKG-07.input.anchor", 5),
        (">https://fabrikam.example/campus", ">fabrikam", "PKG-07.input.link", 9),
        ("ProviderName>", "providerName>", "PKG-07.input.element_case", 3),
        ("Fabrikam &amp; Sons", " ", "PKG-07.input.element", 3),
        ("<PackageFile>package.zip</PackageFile>", "", "PKG-07.input.element", 2),
        ("PvsPackageData", "pvsPackageData", "PKG-07.input.root", 2),
        ("<PackageTerm File=\"TermsOfUse.html\" />", "<PackageTerm />", "PKG-07.input.element", 14),
        ("<PvsPackageData>", "<PvsPackageData", "PKG-07.xml.malformed", 17),
    ];
    for (from, to, rule, line) in cases {
        let report = report(&edit_outer(&package, "Input.xml", from, to));
        let hit = report.findings.iter().find(|finding| finding.rule == rule);
        let hit = hit.unwrap_or_else(|| panic!("{to}: {:#?}", report.findings));
        assert_eq!(hit.file, "Input.xml");
        if rule != "PKG-07.xml.malformed" {
            assert_eq!(hit.line, Some(line), "{to}: {hit}");
        }
        assert!(!hit.mend.is_empty());
        assert_eq!(report.passes(), rule == "PKG-07.input.language", "{to}");
    }
}

/// PKG-07: two default locales are as wrong as none.
#[test]
fn there_is_one_default_locale() {
    let locale = "<PackageLocale Code=\"1042\" IsDefault=\"true\"><Logo>logo32x32.png</Logo>\
                  <Terms><PackageTerm File=\"TermsOfUse.html\" /></Terms></PackageLocale></Locales>";
    let two = edit_outer(&store_package(), "Input.xml", "</Locales>", locale);
    assert_eq!(found(&report(&two)), [("PKG-07.input.locales", "Input.xml")]);
    let one = edit_outer(
        &two,
        "Input.xml",
        "Code=\"1042\" IsDefault=\"true\"",
        "Code=\"1042\" IsDefault=\"false\"",
    );
    assert_eq!(report(&one).findings, []);
}

/// PKG-07: everything is at the root of the outer package, under its exact name.
#[test]
fn the_outer_layout_is_checked() {
    let package = store_package();
    for name in ["[Content_Types].xml", "Input.xml", "logo32x32.png", "TermsOfUse.html", "package.zip"] {
        let report = report(&with_entry(&package, name, None));
        assert_eq!(found(&report)[0], ("PKG-07.outer.missing", name));
        assert!(!report.passes());
    }
    let nested = with_entry(&package, "docs/manual.pdf", Some(b"%PDF"));
    assert!(found(&report(&nested)).contains(&("PKG-07.outer.nested", "docs/manual.pdf")));
    let input = text_of(&package, "Input.xml");
    let cased = with_entry(&with_entry(&package, "Input.xml", None), "input.xml", Some(input.as_bytes()));
    assert!(report(&cased).findings[0].mend.contains("Rename input.xml to Input.xml"));
    for icon in [png(32, 31), b"GIF89a".to_vec()] {
        let report = report(&with_entry(&package, "logo32x32.png", Some(&icon)));
        assert_eq!(found(&report), [("PKG-07.outer.icon", "Input.xml")]);
    }
    let report_of_terms = report(&with_entry(&package, "TermsOfUse.html", Some(b" \n")));
    assert_eq!(found(&report_of_terms), [("PKG-07.outer.terms", "Input.xml")]);
    let types = with_entry(&package, "[Content_Types].xml", Some(b"<Types/>"));
    assert_eq!(found(&report(&types)), [("PKG-07.content_types", "[Content_Types].xml")]);
    let fewer = edit_outer(&package, "[Content_Types].xml", "Extension=\"png\"", "Extension=\"gif\"");
    assert_eq!(found(&report(&fewer)), [("PKG-07.content_types.extension", "[Content_Types].xml")]);
}

/// PKG-07: the inner package has one folder with an import configuration that lists what is there.
#[test]
fn the_inner_layout_is_checked() {
    let package = store_package();
    let config = "PkgFolder/ImportConfig.xml";
    let label = "package.zip!PkgFolder/ImportConfig.xml";
    let edited =
        |from: &str, to: &str| report(&edit_inner(&package, |inner| edit_outer(&inner, config, from, to)));
    assert_eq!(
        found(&edited("configdatastorage", "ConfigDataStorage")),
        [("PKG-07.import_config.root", label)]
    );
    let missing = edited("Campus_managed.zip", "campus_managed.zip");
    assert_eq!(
        found(&missing),
        [
            ("PKG-07.import_config.file", label),
            ("PKG-07.import_config.unlisted", "package.zip!PkgFolder/Campus_managed.zip"),
            ("PKG-07.input.anchor", "Input.xml"),
        ]
    );
    assert_eq!(missing.findings[0].line, Some(4));
    assert_eq!(missing.contents, None);
    let nameless = edited("solutionpackagefilename", "file");
    assert!(found(&nameless).contains(&("PKG-07.import_config.solutions", label)));
    let twice = edited(
        "  </solutions>",
        "<configsolutionfile solutionpackagefilename=\"Campus_managed.zip\"/></solutions>",
    );
    assert_eq!(found(&twice), [("PKG-07.import_config.solutions", label)]);
    let without = |name: &str| report(&edit_inner(&package, |inner| with_entry(&inner, name, None)));
    assert_eq!(found(&without(config)), [("PKG-07.inner.folder", "package.zip")]);
    assert_eq!(
        found(&without("[Content_Types].xml")),
        [("PKG-07.inner.missing", "package.zip![Content_Types].xml")]
    );
    let two = edit_inner(&package, |inner| with_entry(&inner, "Other/ImportConfig.xml", Some(b"<a/>")));
    assert_eq!(found(&report(&two)), [("PKG-07.inner.folder", "package.zip")]);
}

/// PKG-07: data comes in zips, too; only solutions that nothing mentions are warned of.
#[test]
fn a_data_file_is_no_forgotten_solution() {
    let package = edit_inner(&store_package(), |inner| {
        let data = "<cmtdatafiles><cmtdatafile filename=\"data.zip\" /></cmtdatafiles></configdatastorage>";
        let inner = edit_outer(&inner, "PkgFolder/ImportConfig.xml", "</configdatastorage>", data);
        with_entry(&inner, "PkgFolder/data.zip", Some(b"not looked at"))
    });
    assert_eq!(report(&package).findings, []);
}

/// PKG-07: solutions in a package are managed and complete.
#[test]
fn solutions_are_checked() {
    let package = store_package();
    let label = |path: &str| format!("package.zip!PkgFolder/Campus_managed.zip!{path}");
    let unmanaged = report(&edit_solution(&package, |zip| edit_outer(&zip, "solution.xml", ">1<", ">0<")));
    assert_eq!(found(&unmanaged), [("PKG-07.solution.unmanaged", label("solution.xml").as_str())]);
    assert_eq!(unmanaged.findings[0].line, Some(5));
    for name in ["solution.xml", "customizations.xml", "[Content_Types].xml"] {
        let report = report(&edit_solution(&package, |zip| with_entry(&zip, name, None)));
        assert_eq!(found(&report), [("PKG-07.solution.file_missing", label(name).as_str())]);
    }
    let report = report(&edit_inner(&package, |inner| {
        with_entry(&inner, "PkgFolder/Campus_managed.zip", Some(b"PK"))
    }));
    assert_eq!(found(&report)[0], ("PKG-09.archive.unreadable", label("").trim_end_matches('!')));
}

/// PKG-02, PKG-04: plans and mappings inside the package fit together, each fault with its line.
#[test]
fn the_license_inside_is_checked() {
    let package = store_package();
    let edited = |from: &str, to: &str| {
        report(&edit_solution(&package, |zip| edit_outer(&zip, "customizations.xml", from, to)))
    };
    let component = edited("uniquename=\"fab_Library\"", "uniquename=\"fab_Stable\"");
    assert_eq!(component.findings.len(), 1);
    assert!(component.findings[0].is(Rule::ComponentUnknown));
    assert_eq!(
        component.findings[0].message,
        "The AppModule with the given UniqueName fab_Stable was not found"
    );
    assert!(component.findings[0].line.is_some());
    let undefined =
        edited("<serviceplan name=\"fabrikam.campus.basic\"", "<serviceplan name=\"fabrikam.campus.gold\"");
    assert_eq!(
        undefined.findings.iter().map(|finding| &*finding.rule).collect::<Vec<_>>(),
        ["PKG-02.service_id.undefined", "PKG-08.plan_unmapped"]
    );
    let twice = edited(
        "<serviceplan name=\"fabrikam.campus.premium\"",
        "<serviceplan name=\"fabrikam.campus.basic\"",
    );
    assert!(twice.findings.iter().any(|finding| finding.is(Rule::ServiceIdConflict)));
    let nameless = edited("serviceplanid.name", "serviceplanid");
    assert!(nameless.findings[0].is(Rule::SolutionServicePlan));
}

/// PKG-02: every service id of the package belongs to a plan of the offer.
#[test]
fn a_service_id_of_no_plan_of_the_offer_is_refused() {
    let mut expectations = expectations();
    expectations.plans[1] = "fabrikam.campus.gold".to_owned();
    let report = expecting(&store_package(), &expectations);
    let unknown: Vec<_> =
        report.findings.iter().filter(|finding| finding.is(Rule::ServiceIdUnknown)).collect();
    assert_eq!(unknown.len(), 3, "one definition and two mappings");
    assert!(unknown.iter().all(|finding| finding.message.contains("fabrikam.campus.premium")));
    assert!(unknown.iter().all(|finding| finding.line.is_some()));
    let unmapped: Vec<_> = report.findings.iter().filter(|finding| finding.is(Rule::PlanUnmapped)).collect();
    assert!(unmapped[0].message.contains("fabrikam.campus.gold"));
}

/// PKG-08: with license management on and allow install off, something is mapped; a plan that maps to nothing is a
/// warning.
#[test]
fn a_licensed_offer_has_something_mapped() {
    let package = |solution: Vec<u8>| {
        let mut options = options();
        options.solutions[0].bytes = solution;
        build(&options, &Limits::default()).unwrap().bytes
    };
    let unlicensed = package(solution());
    let plans_alone = license_of(crate::samples::DEFINITIONS, "Service ID,Component name\n");
    let unmapped = zipped::add_license("s.zip", &solution(), &plans_alone, &Limits::default()).unwrap();
    let unmapped = package(unmapped);
    for package in [&unlicensed, &unmapped] {
        let report = expecting(package, &expectations());
        assert!(!report.passes());
        assert_eq!(report.findings.iter().filter(|finding| finding.is(Rule::NothingMapped)).count(), 1);
        assert_eq!(report.findings.iter().filter(|finding| finding.is(Rule::PlanUnmapped)).count(), 2);
        let allowed = Expectations { allow_install_without_license: true, ..expectations() };
        assert!(expecting(package, &allowed).passes());
    }
    let free =
        Expectations { plans: Vec::new(), license_management: false, allow_install_without_license: false };
    assert_eq!(expecting(&unlicensed, &free).findings, []);
}

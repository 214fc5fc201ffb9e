//! The CSV files that say which plans there are and what they open.

use crate::package::plans::{
    License, PlanDefinition, read_definitions, read_license, read_mappings, write_definitions, write_mappings,
};
use crate::package::{Finding, Rule};
use crate::samples::{DEFINITIONS, MAPPINGS, file, license};

fn plan(service_id: &str, display_name: &str, link: Option<&str>) -> PlanDefinition {
    let more_info_url = link.map(str::to_owned);
    PlanDefinition { service_id: service_id.to_owned(), display_name: display_name.to_owned(), more_info_url }
}

fn definitions_of(text: impl AsRef<[u8]>) -> (Vec<PlanDefinition>, Vec<Finding>) {
    let (plans, findings) = read_definitions("plans.csv", text.as_ref());
    (plans.into_iter().map(|plan| plan.value).collect(), findings)
}

fn rules(findings: &[Finding]) -> Vec<(&str, Option<u64>)> {
    findings.iter().map(|finding| (&*finding.rule, finding.line)).collect()
}

/// PKG-01: both spellings of the header, any case and blanks, with or without byte order mark, CRLF or LF, quotes,
/// blank lines, columns in any order.
#[test]
fn a_file_is_read_however_it_was_saved() {
    let expected = [
        plan("fabrikam.campus.basic", "Campus, \"Basic\"", Some("https://fabrikam.example/a")),
        plan("fabrikam.campus.gold", "Gold", None),
    ];
    let rows = "fabrikam.campus.basic,\"Campus, \"\"Basic\"\"\",https://fabrikam.example/a\n\n ,, \n\
                fabrikam.campus.gold , Gold,\n";
    for header in [
        "ServiceID,Display name,More info URL",
        "service id,DISPLAYNAME,moreInfoURL",
        " Service  ID ,Display Name ,More Info Url",
    ] {
        for mark in ["", "\u{FEFF}"] {
            for newline in ["\n", "\r\n"] {
                let text = format!("{mark}\n{header}\n{rows}").replace('\n', newline);
                assert_eq!(definitions_of(&text), (expected.to_vec(), Vec::new()), "{text:?}");
            }
        }
    }
    let turned = "More info URL,Service ID,Display name\n,fabrikam.campus.gold,Gold";
    assert_eq!(definitions_of(turned), (expected[1..].to_vec(), Vec::new()));
}

/// PKG-01: every finding names file and line, and all come at once.
#[test]
fn everything_wrong_with_a_file_is_found_at_once() {
    let long = "x".repeat(301);
    let text = format!(
        "ServiceID,Display name,More info URL,Color\n\
         fabrikam.campus.a,A\n\
         fabrikam.campus.b,,,red\n\
         Fabrikam.Campus.C,C,ftp://x.example,red\n\
         fabrikam.campus.d,{long},javascript:alert(1),red\n\
         fabrikam.campus.e,\"E\n2\",,red\n\
         fabrikam.campus.f,F,,red\n"
    );
    let (plans, findings) = definitions_of(&text);
    assert_eq!(
        rules(&findings),
        [
            ("PKG-01.csv.column_unknown", Some(1)),
            ("PKG-01.csv.field_count", Some(2)),
            ("PKG-01.csv.value", Some(3)),
            ("PKG-02.service_id.malformed", Some(4)),
            ("PKG-01.csv.value", Some(4)),
            ("PKG-01.csv.value", Some(5)),
            ("PKG-01.csv.value", Some(5)),
            ("PKG-01.csv.value", Some(6)),
        ]
        .map(|(rule, line)| (rule, line))
    );
    assert!(findings.iter().all(|finding| finding.file == "plans.csv" && !finding.mend.is_empty()));
    assert_eq!(plans, [plan("fabrikam.campus.f", "F", None)]);
}

/// PKG-01: columns that are missing or there twice, with the semicolons of some spreadsheets.
#[test]
fn a_wrong_header_is_refused() {
    let (_, findings) = definitions_of("Service ID,service id,Display name\na.b.c,a.b.c,x\n");
    assert_eq!(
        rules(&findings),
        [("PKG-01.csv.column_duplicate", Some(1)), ("PKG-01.csv.column_missing", Some(1))]
    );
    let (_, findings) = definitions_of("Service ID;Display name;More info URL\na.b.c;x;\n");
    assert_eq!(findings.iter().filter(|finding| finding.is(Rule::CsvColumnMissing)).count(), 3);
    assert!(findings.iter().any(|finding| finding.mend.contains("commas")), "{findings:?}");
}

/// PKG-01: what is not UTF-8 is said so, not misread.
#[test]
fn a_wrong_encoding_is_refused() {
    let utf16: Vec<u8> =
        [0xFEFF].into_iter().chain(DEFINITIONS.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [&utf16, &utf16[2..], &b"a\0b"[..]] {
        let (_, findings) = definitions_of(bytes);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].is(Rule::CsvEncoding), "{findings:?}");
    }
    let (_, findings) = definitions_of(b"Service ID,Display name,More info URL\na.b.c,Caf\xE9,\n");
    assert_eq!(rules(&findings), [("PKG-01.csv.encoding", Some(2))]);
}

/// PKG-01: a file without anything in it says nothing.
#[test]
fn an_empty_file_is_refused() {
    for text in ["", "\u{FEFF}", "\n \r\n,,\n", "Service ID,Display name,More info URL\n"] {
        assert_eq!(rules(&definitions_of(text).1), [("PKG-01.csv.empty", None)], "{text:?}");
    }
    assert_eq!(rules(&read_mappings("m.csv", b"").1), [("PKG-01.csv.empty", None)]);
    assert_eq!(read_mappings("m.csv", b"Service ID,Component name\n"), (Vec::new(), Vec::new()));
}

/// PKG-02: ids of up to 300 characters are read.
#[test]
fn a_long_service_id_is_read() {
    let id = format!("test_isvconnect1599092224747.d365_isvconnect_prod_licensable.{}", "p".repeat(239));
    let file = |id: &str| format!("Service ID,Display name,More info URL\n{id},x,\n");
    assert_eq!(definitions_of(file(&id)).0, [plan(&id, "x", None)]);
    assert_eq!(rules(&definitions_of(file(&format!("{id}p"))).1), [("PKG-02.service_id.malformed", Some(2))]);
}

/// PKG-03: mapping is many-to-many, repeated rows are one.
#[test]
fn repeated_rows_collapse() {
    let (mappings, findings) =
        read_mappings("m.csv", format!("{MAPPINGS}{}", "a.b.c,x\na.b.c,x\n").as_bytes());
    assert_eq!((mappings.len(), findings), (4, Vec::new()));
    let (plans, findings) = definitions_of(format!("{DEFINITIONS}{}", "a.b.c,x,\na.b.c,x,\n"));
    assert_eq!((plans.len(), findings), (3, Vec::new()));
}

/// PKG-02: one service id with two names is an error that names both rows.
#[test]
fn a_service_id_defined_twice_differently_is_refused() {
    let (_, findings) = definitions_of("Service ID,Display name,More info URL\na.b.c,x,\n\na.b.c,y,\n");
    assert_eq!(rules(&findings), [("PKG-02.service_id.conflict", Some(4))]);
    assert!(findings[0].message.contains("line 2"), "{}", findings[0].message);
}

/// PKG-02: a mapped service id that is not defined is named with file and row.
#[test]
fn an_undefined_service_id_is_named() {
    let mappings = format!("{MAPPINGS}fabrikam.campus.gold,fab_Campus\n");
    let (license, findings) = read_license(&file("p.csv", DEFINITIONS), &file("m.csv", mappings));
    assert_eq!(license, None);
    assert_eq!(rules(&findings), [("PKG-02.service_id.undefined", Some(5))]);
    assert_eq!(findings[0].file, "m.csv");
    assert!(findings[0].message.contains("fabrikam.campus.gold"));
}

/// PKG-02: a definition with another fault is still a definition, so that its mappings are not reported for nothing.
#[test]
fn one_fault_is_not_reported_twice() {
    let definitions = DEFINITIONS.replace("https://", "ftp://");
    let (_, findings) = read_license(&file("p.csv", definitions), &file("m.csv", MAPPINGS));
    assert_eq!(rules(&findings), [("PKG-01.csv.value", Some(2))]);
}

/// PKG-08: a plan that maps to nothing is a warning.
#[test]
fn a_plan_that_maps_to_nothing_is_warned_of() {
    let definitions = format!("{DEFINITIONS}fabrikam.campus.spare,Spare,\n");
    let (license, findings) = read_license(&file("p.csv", definitions), &file("m.csv", MAPPINGS));
    assert!(license.is_some());
    assert_eq!(rules(&findings), [("PKG-08.plan_unmapped", Some(4))]);
    assert!(!findings[0].is_error());
}

#[test]
fn what_is_written_is_read_back() {
    let License { plans, mappings } = license().license();
    assert_eq!(definitions_of(write_definitions(&plans)).0, plans);
    let (read, _) = read_mappings("m.csv", write_mappings(&mappings).as_bytes());
    assert_eq!(read.into_iter().map(|row| row.value).collect::<Vec<_>>(), mappings);
}

#[test]
fn a_finding_reads_back_from_json_and_prints_in_a_line() {
    let (_, findings) = definitions_of("");
    let json = serde_json::to_string(&findings).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Finding>>(&json).unwrap(), findings);
    assert!(findings[0].to_string().starts_with("error PKG-01.csv.empty plans.csv: The file is empty. "));
}

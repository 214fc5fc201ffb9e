//! What holds for any input.

use std::io::Cursor;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::package::Limits;
use crate::package::plans::{
    License, Located, LocatedLicense, Place, PlanDefinition, PlanMapping, read_definitions, read_mappings,
    write_definitions, write_mappings,
};
use crate::package::solution::zipped;
use crate::package::store::check;
use crate::samples::{customizations, entries, license, manifest, solution, solution_with, store_package};

fn service_id() -> impl Strategy<Value = String> {
    "[a-z0-9_-]{1,30}\\.[a-z0-9_-]{1,30}\\.[a-z0-9_-]{1,30}"
}

/// Any text in a field, without control characters and blanks around it.
fn field() -> impl Strategy<Value = String> {
    "[^\\p{C}\\p{Z}]([^\\p{C}\u{2028}\u{2029}]{0,40}[^\\p{C}\\p{Z}])?"
}

fn plans() -> impl Strategy<Value = Vec<PlanDefinition>> {
    let link = proptest::option::of("https://[a-z]{1,10}\\.example/[a-z,\"=&;]{0,20}");
    vec((service_id(), field(), link), 1..8).prop_map(|plans| {
        let mut seen = std::collections::HashSet::new();
        let plans = plans.into_iter().filter(|plan| seen.insert(plan.0.clone()));
        plans
            .map(|(service_id, display_name, more_info_url)| PlanDefinition {
                service_id,
                display_name,
                more_info_url,
            })
            .collect()
    })
}

/// A license whose mappings go to the sample solution's apps.
fn licenses() -> impl Strategy<Value = LocatedLicense> {
    (plans(), vec((any::<prop::sample::Index>(), any::<bool>()), 0..8)).prop_map(|(plans, pairs)| {
        let place = |line| Place { file: "any.csv".to_owned(), line };
        let mut mappings: Vec<Located<PlanMapping>> = Vec::new();
        for (plan, first) in pairs {
            let component = if first { "fab_Campus" } else { "fab_Library" }.to_owned();
            let value = PlanMapping { service_id: plan.get(&plans).service_id.clone(), component };
            if !mappings.iter().any(|mapping| mapping.value == value) {
                mappings.push(Located { value, place: place(1) });
            }
        }
        let plans = plans.into_iter().map(|value| Located { value, place: place(1) }).collect();
        LocatedLicense { plans, mappings }
    })
}

fn all_readers(bytes: &[u8]) {
    let limits = Limits { inflated: 1024 * 1024, held: 1024 * 1024, ..Limits::default() };
    let _ = read_definitions("a.csv", bytes);
    let _ = read_mappings("a.csv", bytes);
    let _ = zipped::read("a.zip", bytes, &limits);
    let _ = zipped::add_license("a.zip", bytes, &license(), &limits);
    let _ = zipped::add_license("a.zip", &solution_with(bytes, &manifest("1")), &license(), &limits);
    let _ = check(Cursor::new(bytes), None, &limits);
}

proptest! {
    /// PKG-01: what is written is read back, whatever is in the fields.
    #[test]
    fn csv_files_come_back(license in licenses()) {
        let License { plans, mappings } = license.license();
        let (read, findings) = read_definitions("p.csv", write_definitions(&plans).as_bytes());
        prop_assert_eq!(&findings, &[]);
        prop_assert_eq!(read.into_iter().map(|row| row.value).collect::<Vec<_>>(), plans);
        let (read, findings) = read_mappings("m.csv", write_mappings(&mappings).as_bytes());
        prop_assert_eq!(&findings, &[]);
        prop_assert_eq!(read.into_iter().map(|row| row.value).collect::<Vec<_>>(), mappings);
    }

    /// PKG-05: any license goes in, is read back, goes in again without a change, and comes out without a trace.
    #[test]
    fn any_license_goes_in_and_out(license in licenses(), newline in prop::sample::select(vec!["\n", "\r\n", ""])) {
        let text = customizations().replace("\r\n", newline);
        let original = solution_with(text.as_bytes(), &manifest("1"));
        let limits = Limits::default();
        let licensed = zipped::add_license("s.zip", &original, &license, &limits).unwrap();
        let read = zipped::read("s.zip", &licensed, &limits).unwrap();
        prop_assert_eq!(read.license(), Some(license.license()));
        prop_assert!(zipped::add_license("s.zip", &licensed, &license, &limits).unwrap() == licensed);
        let removed = zipped::remove_license("s.zip", &licensed, &limits).unwrap();
        prop_assert_eq!(entries(&removed), entries(&original));
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..2000)) {
        all_readers(&bytes);
    }

    /// Bytes that begin like the real thing get further in.
    #[test]
    fn no_damage_makes_a_reader_panic(
        package: bool,
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = if package { store_package() } else { solution() };
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        all_readers(&bytes);
    }

    #[test]
    fn no_damaged_document_makes_a_reader_panic(
        damage in vec((any::<prop::sample::Index>(), "[<>/&;!\\-\\[\\]\"'= a\n\\PC]"), 1..6),
    ) {
        let mut text: Vec<char> = customizations().chars().collect();
        for (place, character) in damage {
            let place = place.index(text.len());
            text.splice(place..=place, character.chars());
        }
        let text: String = text.into_iter().collect();
        let zip = solution_with(text.as_bytes(), &manifest("1"));
        let limits = Limits::default();
        if let Ok(licensed) = zipped::add_license("s.zip", &zip, &license(), &limits) {
            // Whatever was accepted is a solution with that license.
            let read = zipped::read("s.zip", &licensed, &limits).unwrap();
            prop_assert_eq!(read.license(), Some(license().license()));
        }
    }
}

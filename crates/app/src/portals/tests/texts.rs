//! Texts are there for whatever asks for one, and nothing else is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::kit::Language;
use crate::registry;

/// Folders of pages: each has its texts, and asks for them in its own files.
fn page_folders(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            page_folders(&path, found);
            let of_a_feature = path.ancestors().take(2).any(|folder| folder.ends_with("pages"));
            let is_of_pages = of_a_feature || path.iter().any(|part| part == "portals");
            if is_of_pages && path.join("en.ftl").exists() {
                found.push(path);
            }
        }
    }
}

fn keys(file: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with(['#', ' ']));
    lines.filter_map(|line| line.split_once(" =")).map(|(key, _)| key.to_owned()).collect()
}

/// Whatever is written beside the texts, templates and handlers, and the components that it is made of: some ask for
/// texts of the page that they are on.
fn written(folder: &Path) -> String {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let beside = [folder.with_extension("rs")];
    let written: String = files
        .chain(beside)
        .filter(|path| path.extension().is_some_and(|extension| extension == "html" || extension == "rs"))
        .filter_map(|path| fs::read_to_string(path).ok())
        .collect();
    let components = include_str!("../../kit/page/components.html").split("{%- macro ").skip(1);
    let used = components.filter(|component| {
        component.split_once('(').is_some_and(|(name, _)| written.contains(&format!("ui::{name}(")))
    });
    let parts = include_str!("../../kit/page/parts.html");
    used.fold(written.clone() + parts, |written, component| written + component)
}

/// A key is asked for by name, as a field, one of several or a part of one, or as one of a family: `format!("state-{}", …)`.
fn is_asked_for(key: &str, written: &str) -> bool {
    let field = key.strip_prefix("field-").map(|name| name.trim_end_matches("-help").replace('-', "_"));
    let families = key.match_indices('-').map(|(at, _)| format!("\"{}-{{", &key[..at]));
    // A portal's name is asked for where portals are listed.
    key == "name"
        || written.contains(&format!("\"{key}\""))
        || field.is_some_and(|field| {
            let written = written.replace('.', "_");
            written.contains(&format!("\"{field}\"")) || written.contains(&format!("\"{field}[{{"))
        })
        || families.into_iter().any(|family| written.contains(&family))
}

#[test]
fn every_text_of_a_page_is_asked_for_and_there() {
    let mut folders = Vec::new();
    page_folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut folders);
    assert!(folders.len() > 5, "{folders:?}");
    let mut wrong = Vec::new();
    for folder in folders {
        let (english, korean) = (keys(&folder.join("en.ftl")), keys(&folder.join("ko.ftl")));
        let (written, shown) = (written(&folder), folder.display());
        wrong.extend(
            english.symmetric_difference(&korean).map(|key| format!("{shown}: {key} is in one language")),
        );
        wrong.extend(
            english
                .iter()
                .filter(|key| !is_asked_for(key, &written))
                .map(|key| format!("{shown}: {key} is asked for nowhere")),
        );
        let asked = ["t.of(\"", "t.named(\"", "t.count(\"", "t.with(\""].iter().flat_map(|call| {
            written.split(call).skip(1).filter_map(|rest| rest.split('"').next()).collect::<Vec<_>>()
        });
        wrong.extend(
            asked.filter(|key| !english.contains(*key)).map(|key| format!("{shown}: there is no text {key}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The codes that sources refuse fields with, where they are written out.
fn codes_of_fields(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_of_fields(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(path).unwrap();
            let (text, _) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
            for rest in text.split("Violation::new(").skip(1) {
                let code = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
                found.extend(code.map(|(code, _)| code.to_owned()));
            }
        }
    }
}

/// Whatever is wrong with a field is said in Korean too.
#[test]
fn every_violation_is_said_in_korean() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut codes = BTreeSet::new();
    codes_of_fields(&source.join("src"), &mut codes);
    codes_of_fields(&source.join("../types/src"), &mut codes);
    assert!(codes.len() > 30, "{codes:?}");
    codes
        .retain(|code| super::super::REFUSALS.find(Language::Korean, &code.replace('.', "-"), &[]).is_none());
    assert!(codes.is_empty(), "{codes:?}");
}

/// Whatever an operation refuses is said in Korean too.
#[test]
fn every_refusal_is_said_in_korean() {
    let codes = registry::FEATURES.iter().flat_map(|feature| feature.codes).map(|code| code.code);
    let lacking: Vec<&str> = codes
        .filter(|code| super::super::REFUSALS.find(Language::Korean, &code.replace('.', "-"), &[]).is_none())
        .collect();
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}

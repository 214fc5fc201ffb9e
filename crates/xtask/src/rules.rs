//! The rules of DOMAIN.md and the tests that cite them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Prints, rule by rule, which files cite it in a doc comment, and which rules are open. Fails if a rule
/// that `docs/rules.txt` lists as kept is cited by no test.
pub(crate) fn run(root: &Path, domain: Option<PathBuf>) -> Result<(), String> {
    let kept = listed(&root.join("docs/rules.txt"))?;
    let domain = domain.unwrap_or_else(|| root.join("../shared/DOMAIN.md"));
    let all = if domain.is_file() { ids(&read(&domain)?) } else { kept.keys().cloned().collect() };
    let mut cited: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in crate::arch::sources(root)? {
        let text = read(&file)?;
        for line in text.lines().filter(|line| line.trim_start().starts_with("///")) {
            if is_test(&text) {
                for id in ids(line) {
                    cited
                        .entry(id)
                        .or_default()
                        .insert(file.strip_prefix(root).unwrap_or(&file).display().to_string());
                }
            }
        }
    }
    let mut broken = Vec::new();
    for rule in &all {
        let files = cited.get(rule).map(|files| files.iter().cloned().collect::<Vec<_>>().join(" "));
        println!("{rule} {}", files.as_deref().unwrap_or("open"));
        if files.is_none() && kept.get(rule).is_some_and(|kept| *kept) {
            broken.push(rule.clone());
        }
    }
    let open: Vec<&str> = all.iter().filter(|rule| !cited.contains_key(*rule)).map(String::as_str).collect();
    println!(
        "\n{} of {} rules are cited by a test. Open: {}",
        all.len() - open.len(),
        all.len(),
        open.join(" ")
    );
    if broken.is_empty() {
        Ok(())
    } else {
        Err(format!("listed as kept, cited by no test: {}", broken.join(" ")))
    }
}

/// `docs/rules.txt`: a rule a line, `kept` or `open` behind it.
fn listed(path: &Path) -> Result<BTreeMap<String, bool>, String> {
    let lines = read(path)?;
    let rules = lines.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    rules
        .map(|line| match line.split_whitespace().collect::<Vec<_>>().as_slice() {
            [rule, "kept"] => Ok(((*rule).to_owned(), true)),
            [rule, "open"] => Ok(((*rule).to_owned(), false)),
            _ => Err(format!("{}: {line:?} is not a rule and kept or open", path.display())),
        })
        .collect()
}

/// Files with tests in them: a rule named elsewhere is not proved there.
fn is_test(text: &str) -> bool {
    text.contains("#[test]")
        || text.contains("flow!(")
        || text.contains("#[tokio::test")
        || text.contains("on_both!(")
}

fn ids(text: &str) -> BTreeSet<String> {
    let is_id = |word: &&str| {
        let Some((letters, digits)) = word.split_once('-') else { return false };
        letters.len() == 3
            && letters.bytes().all(|b| b.is_ascii_uppercase())
            && digits.len() == 2
            && digits.bytes().all(|b| b.is_ascii_digit())
    };
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(is_id).map(str::to_owned).collect()
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

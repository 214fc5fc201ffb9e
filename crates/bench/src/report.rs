//! Figures against their limits: printed as they come, and kept as Markdown. Each part of a run puts its section in the
//! place of the one before in `docs/generated/benchmarks.md`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use crate::Outcome;
use crate::market::clock;

/// Parts in the order of the document, with their headings.
const PARTS: &[(&str, &str)] = &[
    ("check", "Checks"),
    ("visible", "What others wrote"),
    ("restart", "Restarts"),
    ("lease", "Leases"),
    ("edge", "Edge"),
    ("peers", "Beside what others made"),
    ("sqlite", "Assigning seats on SQLite"),
    ("postgres", "Assigning seats on PostgreSQL"),
    ("bulk", "Seats by the list"),
    ("feed", "Following the log"),
    ("search", "Search"),
    ("build", "Building it"),
];

/// What the part that is being measured has said so far.
static SAID: Mutex<Vec<Said>> = Mutex::new(Vec::new());

enum Said {
    Figure([String; 6]),
    Text(String),
}

/// Measures one part and writes its section; whether everything was as it must be.
pub(crate) async fn part(name: &str, measure: impl Future<Output = Outcome<bool>>) -> Outcome<bool> {
    let title = PARTS.iter().find(|(part, _)| *part == name).ok_or("a part without a heading")?.1;
    let load = fs::read_to_string("/proc/loadavg")?;
    let load = load.split_whitespace().next().unwrap_or_default();
    let met = measure.await?;
    let now = clock().now().to_string();
    let verdict = if met { "All that is required is met." } else { "Not all that is required is met." };
    let section = format!(
        "`cargo xtask bench {name}`, {} UTC, commit {}, {}, load before {load}. {verdict}\n\n{}",
        now.get(..16).unwrap_or(&now).replace('T', " "),
        commit()?,
        machine()?,
        section(&std::mem::take(&mut *said()))
    );
    let document = root().join("docs/generated/benchmarks.md");
    fs::write(&document, replaced(&fs::read_to_string(&document)?, title, &section))?;
    Ok(met)
}

/// The document with this section in the place of the one before; the others stay, wherever they were measured.
fn replaced(document: &str, title: &str, section: &str) -> String {
    let mut sections: BTreeMap<&str, &str> =
        document.split("\n## ").skip(1).filter_map(|section| section.split_once("\n\n")).collect();
    sections.insert(title, section);
    let mut text =
        "# Benchmarks\n\nWritten by `cargo xtask bench`, from the last run of each part. Ratios are of two \
        figures of one run and travel between machines; figures do not.\n"
            .to_owned();
    for (title, section) in PARTS.iter().filter_map(|(_, title)| sections.get_key_value(title)) {
        text += &format!("\n## {title}\n\n{}\n", section.trim_end());
    }
    text
}

/// Prints a figure against its limit; whether the ratio is what it must be.
pub(crate) fn compare(what: &str, figure: f64, limit_name: &str, limit: f64, required: Option<f64>) -> bool {
    let ratio = figure / limit;
    let met = required.is_none_or(|required| ratio >= required);
    let verdict = verdict(required.map(|required| format!("at least {required}")), met);
    keep([
        what,
        &format!("{figure:.0}/s"),
        limit_name,
        &format!("{limit:.0}/s"),
        &format!("{ratio:.2}"),
        &verdict,
    ]);
    met
}

/// Prints a figure of which less is better; whether it is no more than so many times the limit.
pub(crate) fn at_most(what: &str, figure: f64, limit_name: &str, limit: f64, required: Option<f64>) -> bool {
    let ratio = figure / limit;
    let met = required.is_none_or(|required| ratio <= required);
    let verdict = verdict(required.map(|required| format!("at most {required}")), met);
    keep([
        what,
        &format!("{figure:.1}"),
        limit_name,
        &format!("{limit:.1}"),
        &format!("{ratio:.2}"),
        &verdict,
    ]);
    met
}

/// Prints a time against the most that it may take; whether it is no more.
pub(crate) fn within(what: &str, time: Duration, most: Duration) -> bool {
    let (time, most) = (time.as_secs_f64() * 1000.0, most.as_secs_f64() * 1000.0);
    let (met, ratio) = (time <= most, time / most);
    let verdict = verdict(Some("at most 1".to_owned()), met);
    keep([
        what,
        &format!("{time:.1} ms"),
        "required",
        &format!("{most:.0} ms"),
        &format!("{ratio:.2}"),
        &verdict,
    ]);
    met
}

/// Prints a paragraph.
pub(crate) fn say(text: &str) {
    println!("{text}");
    said().push(Said::Text(text.to_owned()));
}

/// Prints a table; the first column is of words, the others of numbers.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) {
    let line = |cells: Vec<&str>| format!("| {} |", cells.join(" | "));
    let mut lines = vec![line(head.to_vec()), format!("|---|{}", "--:|".repeat(head.len() - 1))];
    lines.extend(rows.iter().map(|row| line(row.iter().map(String::as_str).collect())));
    say(&lines.join("\n"));
}

fn verdict(required: Option<String>, met: bool) -> String {
    match required {
        Some(required) if met => format!("{required}: met"),
        Some(required) => format!("{required}: **not met**"),
        None => "for comparison".to_owned(),
    }
}

fn keep(cells: [&str; 6]) {
    let [what, figure, limit_name, limit, ratio, verdict] = cells;
    println!("{what:<58} {figure:>12}   {limit_name:<44} {limit:>12}   ratio {ratio:>6}   {verdict}");
    said().push(Said::Figure(cells.map(str::to_owned)));
}

fn said() -> std::sync::MutexGuard<'static, Vec<Said>> {
    SAID.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// As Markdown; figures that follow each other are one table.
fn section(said: &[Said]) -> String {
    let mut text = String::new();
    let mut in_table = false;
    for said in said {
        match said {
            Said::Figure(cells) => {
                if !in_table {
                    text +=
                        "| what | figure | beside | figure | ratio | required |\n|---|--:|---|--:|--:|---|\n";
                }
                text += &format!("| {} |\n", cells.join(" | "));
            }
            Said::Text(paragraph) => {
                text += if in_table { "\n" } else { "" };
                text += &format!("{paragraph}\n\n");
            }
        }
        in_table = matches!(said, Said::Figure(_));
    }
    text.trim_end().to_owned() + "\n"
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn commit() -> Outcome<String> {
    let about = Command::new("git").args(["describe", "--always", "--dirty"]).current_dir(root()).output()?;
    Ok(String::from_utf8(about.stdout)?.trim().to_owned())
}

/// What it is measured on, in a line.
fn machine() -> Outcome<String> {
    let after = |text: &str, name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.trim_start_matches([' ', '\t', ':']).trim_end_matches(" kB").to_owned()
    };
    let processor = after(&fs::read_to_string("/proc/cpuinfo")?, "model name");
    let memory: u64 = after(&fs::read_to_string("/proc/meminfo")?, "MemTotal").parse()?;
    let cores = std::thread::available_parallelism()?;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    Ok(format!("{processor}, {cores} cores, {} GiB, Linux {}", memory >> 20, kernel.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_takes_the_place_of_the_one_before() {
        let old = "# Benchmarks\n\n## Checks\n\nan old one\n\n## Leases\n\n| a |\n\nkept\n";
        let new = replaced(&replaced(old, "Checks", "a new one\n"), "Restarts", "another\n");
        let sections = new.split_once("\n## ").unwrap().1;
        assert_eq!(sections, "Checks\n\na new one\n\n## Restarts\n\nanother\n\n## Leases\n\n| a |\n\nkept\n");
        assert_eq!(replaced(&new, "Checks", "a new one"), new);
    }
}

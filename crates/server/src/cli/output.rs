//! Printing for people: tables and `name: value`.

use std::io::{self, Write as _, stdout};

use serde_json::Value;

use crate::failure::Failure;

/// Prints a text, ending its last line. A reader that has seen enough is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = stdout().lock();
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    match write!(out, "{text}{end}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::other(error)),
        _ => Ok(()),
    }
}

/// One thing, a line for each of its members.
pub(super) fn record(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(_) | Value::Array(_) => members(value, 0, &mut text),
        scalar => text = cell(scalar),
    }
    text
}

fn members(value: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(object) => {
            for (name, member) in object.iter().filter(|(_, member)| !is_empty(member)) {
                if is_flat(member) {
                    text.push_str(&format!("{indent}{name}: {}\n", cell(member)));
                } else {
                    text.push_str(&format!("{indent}{name}:\n"));
                    members(member, depth + 1, text);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                let mut lines = String::new();
                members(item, depth + 1, &mut lines);
                // The first line of an item carries its mark.
                text.push_str(&format!("{indent}- {}", lines.get(indent.len() + 2..).unwrap_or_default()));
            }
        }
        scalar => text.push_str(&format!("{indent}{}\n", cell(scalar))),
    }
}

/// The rows of `items`, or of the list itself, in columns.
pub(super) fn list(value: &Value, columns: &[&str]) -> String {
    let items = value.get("items").unwrap_or(value).as_array().map(Vec::as_slice).unwrap_or_default();
    let heading = columns.iter().map(|column| (*column).to_owned()).collect();
    let row = |item: &Value| columns.iter().map(|column| cell(member(item, column))).collect();
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(items.iter().map(row)).collect();
    let widths: Vec<usize> = (0..columns.len())
        .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default())
        .collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    if let Some(cursor) = value.get("next_cursor").and_then(Value::as_str) {
        text.push_str(&format!("There is more: --cursor {cursor}\n"));
    }
    text
}

fn member<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').try_fold(value, |value, name| value.get(name)).unwrap_or(&Value::Null)
}

fn is_flat(value: &Value) -> bool {
    match value {
        Value::Object(_) => false,
        Value::Array(items) => items.iter().all(|item| !item.is_object() && !item.is_array()),
        _ => true,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    }
}

/// Control characters would do things to a terminal that the server has no business doing.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    };
    text.replace(|character: char| character.is_control(), " ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_is_a_table() {
        let page = json!({"items": [{"id": "off_1", "of": {"name": "Gold"}}, {"id": "off_22"}], "next_cursor": "ff"});
        assert_eq!(
            list(&page, &["id", "of.name"]),
            "id      of.name\noff_1   Gold\noff_22\nThere is more: --cursor ff\n"
        );
    }

    #[test]
    fn a_thing_is_its_members() {
        let thing =
            json!({"name": "a\u{1b}b", "none": null, "roles": ["x", "y"], "rows": [{"n": 1, "m": 2}]});
        assert_eq!(record(&thing), "name: a b\nroles: x, y\nrows:\n  - m: 2\n    n: 1\n");
    }
}

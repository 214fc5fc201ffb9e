//! A field's value, as somebody reads it.

use serde_json::Value;
use types::Country;

use crate::catalog::pages::category_name;
use crate::kit::page::Wording;

/// A piece of a value.
pub(in crate::publishing::pages) enum Piece {
    Text(String),
    Link { href: String, label: String },
    Picture { src: String, alt: String },
}

/// Where the files of a version are; `None` where they cannot be seen.
pub(in crate::publishing::pages) type Files<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Values that are words of ours and have a text, by field.
const WORDS: [&str; 4] = ["listing_option", "visibility", "enforcement", "base_license_model"];

/// Nothing where there is nothing.
pub(super) fn pieces(t: Wording, field: &str, value: &Value, files: Files<'_>) -> Vec<Piece> {
    let last = field.rsplit('.').next().unwrap_or(field);
    match value {
        Value::Null => Vec::new(),
        Value::Bool(yes) => vec![Piece::Text(t.of(if *yes { "yes" } else { "no" }))],
        Value::Number(number) => {
            vec![Piece::Text(number.as_i64().map_or_else(|| number.to_string(), |number| t.number(number)))]
        }
        Value::String(text) => vec![text_piece(t, last, text, files)],
        Value::Array(values) if values.iter().all(Value::is_string) => {
            let words = values.iter().filter_map(Value::as_str);
            let words: Vec<&str> = match last {
                "markets" => {
                    words.map(|code| Country::parse(code).map_or(code, |it| t.country(&it))).collect()
                }
                _ => words.collect(),
            };
            if words.is_empty() { Vec::new() } else { vec![Piece::Text(words.join(", "))] }
        }
        Value::Array(values) => values.iter().map(|value| member(t, last, value, files)).collect(),
        Value::Object(_) => vec![Piece::Text(value.to_string())],
    }
}

fn text_piece(t: Wording, field: &str, text: &str, files: Files<'_>) -> Piece {
    match field {
        "logo" => picture(text, t.of("field-logo"), files),
        "key_usage_scenarios" => document(text, t.of("document"), files),
        _ if WORDS.contains(&field) => Piece::Text(t.of(&format!("value-{}", text.replace('_', "-")))),
        "primary_category" | "secondary_category" => Piece::Text(category_name(t.language, text)),
        _ if field.ends_with("_url") => Piece::Link { href: text.to_owned(), label: text.to_owned() },
        _ => Piece::Text(text.to_owned()),
    }
}

/// One of a list: a file with its caption, a video, a feature.
fn member(t: Wording, field: &str, value: &Value, files: Files<'_>) -> Piece {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    match field {
        "screenshots" => picture(&text("file"), text("caption"), files),
        "documents" => document(&text("file"), text("caption"), files),
        "videos" => Piece::Link { href: text("url"), label: text("name") },
        "features" => {
            let shown = value.get("value").map(|value| match value {
                Value::String(text) => text.clone(),
                Value::Bool(yes) => t.of(if *yes { "yes" } else { "no" }),
                other => other.to_string(),
            });
            Piece::Text(format!("{}: {}", text("name"), shown.unwrap_or_default()))
        }
        _ => Piece::Text(value.to_string()),
    }
}

fn picture(hash: &str, alt: String, files: Files<'_>) -> Piece {
    match files(hash) {
        Some(src) => Piece::Picture { src, alt },
        None => Piece::Text(alt),
    }
}

fn document(hash: &str, label: String, files: Files<'_>) -> Piece {
    match files(hash) {
        Some(href) => Piece::Link { href, label },
        None => Piece::Text(label),
    }
}

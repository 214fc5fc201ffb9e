//! From bytes to the rows of a CSV file: encoding, header, number of fields.

use csv::ReaderBuilder;

use super::{Located, Place};
use crate::finding::{Finding, Findings};
use crate::rules::Rule;
use crate::text::{DecodeError, Encoding, newlines};

const SAVE_AS: &str = "Save the file as CSV in UTF-8 (in Excel: \"CSV UTF-8 (Comma delimited)\").";

/// Reads the fields of the named columns, in their order here, of every row that has all. Blank lines are nothing.
pub(super) fn read<const N: usize>(
    file: &str,
    bytes: &[u8],
    columns: [&str; N],
    findings: &mut Findings,
) -> Vec<Located<[String; N]>> {
    let Some(text) = decode(file, bytes, findings) else { return Vec::new() };
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut counted, mut line) = (0, 1);
    let mut rows = reader.records().filter_map(|record| {
        let record = record.ok()?;
        let start = record.position().and_then(|position| usize::try_from(position.byte()).ok())?;
        // The position is where the row before ended: blank lines and half a CRLF may come first.
        let skipped = text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len();
        line += newlines(&text.as_bytes()[counted..start + skipped]);
        counted = start + skipped;
        let fields: Vec<String> = record.iter().map(|field| field.trim().to_owned()).collect();
        fields.iter().any(|field| !field.is_empty()).then_some((line, fields))
    });
    let Some((line, header)) = rows.next() else {
        findings.push(empty(file, &format!("Begin it with the header {}.", columns.join(","))));
        return Vec::new();
    };
    let Some(places) = places(file, line, &header, columns, findings) else { return Vec::new() };
    let mut read = Vec::new();
    for (line, fields) in rows {
        if fields.len() == header.len() {
            let value = places.map(|place| fields[place].clone());
            read.push(Located { value, place: Place { file: file.to_owned(), line } });
        } else {
            findings.push(Finding::new(
                Rule::CsvFieldCount,
                file,
                Some(line),
                format!("The row has {} fields, the header {}", fields.len(), header.len()),
                "Put a field that holds a comma in double quotes, close every quote, and leave no field out.",
            ));
        }
    }
    read
}

pub(super) fn empty(file: &str, mend: &str) -> Finding {
    Finding::new(Rule::CsvEmpty, file, None, "The file is empty", mend)
}

fn decode(file: &str, bytes: &[u8], findings: &mut Findings) -> Option<String> {
    let (line, message) = match Encoding::decode(bytes) {
        Ok((Encoding::Utf8 { .. }, text)) if !text.contains('\0') => return Some(text.into_owned()),
        Ok((Encoding::Utf8 { .. }, _)) => (None, "The file is not text: it has NUL characters"),
        Err(DecodeError::InvalidUtf8 { line }) => (Some(line), "The file is not UTF-8"),
        Ok(_) | Err(DecodeError::InvalidUtf16 | DecodeError::UnmarkedUtf16) => {
            (None, "The file is UTF-16, not UTF-8")
        }
    };
    findings.push(Finding::new(Rule::CsvEncoding, file, line, message, SAVE_AS));
    None
}

/// Which field of a row each column is; `None` after a finding that makes the rows unreadable.
fn places<const N: usize>(
    file: &str,
    line: u64,
    header: &[String],
    columns: [&str; N],
    findings: &mut Findings,
) -> Option<[usize; N]> {
    let mut places = [None; N];
    let mut readable = true;
    for (index, name) in header.iter().enumerate() {
        let Some(column) = columns.iter().position(|column| key(column) == key(name)) else {
            let message = format!("The column {name:?} is not known and is ignored");
            let mend = format!("The columns are {}.", columns.join(", "));
            findings.push(Finding::new(Rule::CsvColumnUnknown, file, Some(line), message, mend));
            continue;
        };
        if places[column].replace(index).is_some() {
            let message = format!("The column {:?} is there twice", columns[column]);
            let mend = "Remove one of the two columns.";
            findings.push(Finding::new(Rule::CsvColumnDuplicate, file, Some(line), message, mend));
            readable = false;
        }
    }
    for (column, place) in columns.iter().zip(places) {
        if place.is_none() {
            let other = header.iter().any(|name| name.contains([';', '\t']));
            let mend = if other {
                "Separate the columns with commas.".to_owned()
            } else {
                format!("Add the column; the header is {}.", columns.join(","))
            };
            let message = format!("The column {column:?} is missing");
            findings.push(Finding::new(Rule::CsvColumnMissing, file, Some(line), message, mend));
            readable = false;
        }
    }
    readable.then(|| places.map(Option::unwrap_or_default))
}

/// PKG-01: a header name without case and blanks.
fn key(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

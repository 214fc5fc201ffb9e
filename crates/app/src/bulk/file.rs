//! Reads a list.

use csv::{ReaderBuilder, StringRecord, Trim};
use serde::{Deserialize, Serialize};

use super::{ROWS_MAX, RowAction, TOO_MANY_ROWS};
use crate::kit::{Fields, Refused};

/// Wrong rows that are named; whoever mends these sees the next.
const NAMED: usize = 100;
/// Characters of a cell at most.
const CELL_MAX: usize = 320;
const COLUMNS: [&str; 3] = ["user", "serviceid", "action"];

/// One row of a list, as it was written. It is kept as an array, for there may be many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(i64, String, String, RowAction)", into = "(i64, String, String, RowAction)")]
pub(crate) struct ListedRow {
    /// Of a file, the line on which it begins.
    pub number: i64,
    pub user: String,
    pub service: String,
    pub action: RowAction,
}

impl From<(i64, String, String, RowAction)> for ListedRow {
    fn from((number, user, service, action): (i64, String, String, RowAction)) -> Self {
        Self { number, user, service, action }
    }
}

impl From<ListedRow> for (i64, String, String, RowAction) {
    fn from(row: ListedRow) -> Self {
        (row.number, row.user, row.service, row.action)
    }
}

/// Reads `user,service_id,action` in any order, the last one may be left out; UTF-8 with or without BOM.
/// Every wrong row is named at once.
pub(crate) fn read_csv(bytes: &[u8]) -> Result<Vec<ListedRow>, Refused> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + ends(bytes, 0, error.valid_up_to());
        let mut fields = Fields::default();
        fields.wrong(&format!("row {line}"), "batch.row", "must be UTF-8");
        fields.refuse()
    })?;
    let mut reader = ReaderBuilder::new().trim(Trim::All).flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(Refused::internal)?;
    let (places, width) = (columns(headers)?, headers.len());
    let (mut list, mut record, mut lines) =
        (List::default(), StringRecord::new(), Lines { text, at: 0, line: 1 });
    while reader.read_record(&mut record).map_err(Refused::internal)? {
        let begins = record.position().map_or(0, csv::Position::byte);
        let line = lines.of(usize::try_from(begins).map_err(Refused::internal)?);
        let number = i64::try_from(line).map_err(Refused::internal)?;
        let cells = places.map(|place| place.and_then(|place| record.get(place)).unwrap_or_default());
        let blank = record.iter().all(str::is_empty);
        let more = record.iter().skip(width).any(|cell| !cell.is_empty());
        if more || (!blank && record.len() < width) {
            // What it says beyond the columns may be what was meant, and what was cut off that a seat is to be taken.
            let than = if more { "more" } else { "fewer" };
            if !list.wrong_row(&format!("row {line}"), format!("has {than} cells than the {width} columns")) {
                break;
            }
        } else if !blank && !list.add(&format!("row {line}"), number, cells) {
            break;
        }
    }
    list.finish()
}

/// Lines that end between two places. The reader takes CR, LF and CRLF for the end of a row, also side by side,
/// so that no two rows begin on one line.
fn ends(bytes: &[u8], from: usize, to: usize) -> usize {
    let ends = |at: &usize| bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
    (from..to).filter(ends).count()
}

/// Counts lines: the reader's own count is behind after CRLF and blank lines.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line of the first byte from here that ends none.
    fn of(&mut self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let blank = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        let to = from + bytes[from..].iter().take_while(blank).count();
        self.line += ends(bytes, self.at, to);
        self.at = to;
        self.line
    }
}

/// Where the columns are; the header may be written with blanks and capitals.
fn columns(headers: &StringRecord) -> Result<[Option<usize>; 3], Refused> {
    let (mut fields, mut places) = (Fields::default(), [None; 3]);
    for (at, header) in headers.iter().enumerate() {
        let name: String = header.to_lowercase().chars().filter(|c| !matches!(c, ' ' | '_' | '-')).collect();
        match COLUMNS.iter().position(|column| *column == name) {
            Some(column) if places[column].is_none() => places[column] = Some(at),
            Some(_) => fields.wrong("row 1", "batch.header", format!("has the column {header} twice")),
            None => {
                let message = format!("has an unknown column {header:?}; known are user, service_id, action");
                fields.wrong("row 1", "batch.header", message);
            }
        }
    }
    for (name, place) in ["user", "service_id"].into_iter().zip(places) {
        if place.is_none() {
            fields.wrong("row 1", "batch.header", format!("has no column {name}"));
        }
    }
    fields.finish()?;
    Ok(places)
}

/// A list that is being read.
#[derive(Debug, Default)]
pub(super) struct List {
    rows: Vec<ListedRow>,
    fields: Fields,
    wrong: usize,
}

impl List {
    /// Adds a row: user, service id, action. False if there is no use in adding more.
    pub(super) fn add(&mut self, place: &str, number: i64, [user, service, action]: [&str; 3]) -> bool {
        let user = self.text(place, "user", user);
        let service = self.text(place, "service_id", service);
        let action = match action {
            "" => Some(RowAction::Assign),
            text => self.fields.parse(place, &text.to_lowercase(), RowAction::parse),
        };
        match (user, service, action) {
            (Some(user), Some(service), Some(action)) => {
                self.rows.push(ListedRow { number, user, service, action });
            }
            _ => self.wrong += 1,
        }
        self.wrong < NAMED && self.rows.len() + self.wrong <= ROWS_MAX
    }

    /// Names a row that cannot be read. False if there is no use in adding more.
    fn wrong_row(&mut self, place: &str, message: String) -> bool {
        self.fields.wrong(place, "batch.row", message);
        self.wrong += 1;
        self.wrong < NAMED
    }

    fn text(&mut self, place: &str, name: &str, text: &str) -> Option<String> {
        if (1..=CELL_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
            return Some(text.to_owned());
        }
        let message = format!("must have a {name} of 1 to {CELL_MAX} visible characters");
        self.fields.wrong(place, "batch.cell", message);
        None
    }

    pub(super) fn finish(mut self) -> Result<Vec<ListedRow>, Refused> {
        if self.rows.len() + self.wrong > ROWS_MAX {
            return Err(TOO_MANY_ROWS.because(format!("At most {ROWS_MAX} rows are read: split the list.")));
        }
        if self.rows.is_empty() && self.wrong == 0 {
            self.fields.wrong("rows", "batch.empty", "must have at least one row");
        }
        self.fields.finish()?;
        Ok(self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(bytes: &[u8]) -> Vec<(String, String)> {
        let problem = read_csv(bytes).unwrap_err().into_problem();
        problem.errors.into_iter().map(|error| (error.field, error.message)).collect()
    }

    #[test]
    fn a_list_may_be_written_in_many_ways() {
        let text = "\u{feff}Service ID, USER ,Action\r\n\"a.b.c\",\"u@x.example\",Unassign\r\n\r\n , ,\r\n\
            a.b.d,v@x.example,\r\n";
        let row = |number, user: &str, service: &str, action| ListedRow {
            number,
            user: user.to_owned(),
            service: service.to_owned(),
            action,
        };
        let expected = [
            row(2, "u@x.example", "a.b.c", RowAction::Unassign),
            row(5, "v@x.example", "a.b.d", RowAction::Assign),
        ];
        assert_eq!(read_csv(text.as_bytes()).unwrap(), expected);
        assert_eq!(read_csv(b"user,service_id\nu,s").unwrap().len(), 1);
        let numbers = |text: &str| -> Vec<i64> {
            read_csv(text.as_bytes()).unwrap().into_iter().map(|row| row.number).collect()
        };
        assert_eq!(numbers("user,service_id\ru,s\rv,s\n\rw,s\r\nx,s"), [2, 3, 5, 6], "however lines end");
        assert_eq!(numbers("user,service_id\nu,s,,\n"), [2], "empty cells beyond the columns say nothing");
    }

    #[test]
    fn what_is_wrong_is_named_by_row() {
        let said = |text: &str| -> Vec<String> {
            wrong(text.as_bytes()).into_iter().map(|(_, message)| message).collect()
        };
        assert_eq!(said("user\nu"), ["has no column service_id"]);
        assert_eq!(said("user,User,service_id\nu,u,s"), ["has the column User twice"]);
        assert_eq!(said("user,service_id,seat\nu,s,1").len(), 1);
        assert_eq!(said(""), ["has no column user", "has no column service_id"]);
        assert_eq!(wrong(b"user,service_id\n")[0].0, "rows");
        let rows = wrong(b"user,service_id,action\n,s,\nu,s,give\nu\n");
        let places: Vec<&str> = rows.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["row 2", "row 3", "row 4"]);
        let cut = wrong(b"user,service_id,action\nu,s\n");
        assert_eq!(cut, [("row 2".to_owned(), "has fewer cells than the 3 columns".to_owned())]);
        assert_eq!(wrong(b"user,service_id\nu,s\nu,\xff\n")[0].0, "row 3");
        assert_eq!(wrong(b"user,service_id\nu\0,s\n")[0].0, "row 2");
        let unassign = wrong(b"user,service_id\nu,s,unassign\n");
        assert_eq!(unassign, [("row 2".to_owned(), "has more cells than the 2 columns".to_owned())]);
    }

    #[test]
    fn more_rows_than_a_list_may_have_are_refused() {
        let list = |rows: usize| format!("user,service_id\n{}", "u,s\n".repeat(rows));
        assert_eq!(read_csv(list(ROWS_MAX).as_bytes()).unwrap().len(), ROWS_MAX);
        assert!(read_csv(list(ROWS_MAX + 1).as_bytes()).unwrap_err().is(TOO_MANY_ROWS));
    }
}

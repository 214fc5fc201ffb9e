//! CSV as RFC 4180 has it, and safe to open in a spreadsheet; pure.

use csv::{Terminator, Writer, WriterBuilder};
use types::is_visible;

use super::Refused;

/// Fields beginning with one of these are formulas to spreadsheets; the wide ones are so where such are typed.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// By it spreadsheets read what follows as UTF-8. Programs are not sent it.
pub const MARK: &str = "\u{feff}";

/// A table that is being written.
#[derive(Debug)]
pub struct Csv(Writer<Vec<u8>>);

impl Csv {
    pub fn new(columns: &[&str]) -> Result<Self, Refused> {
        let mut csv = Self::default();
        csv.row(columns.iter().map(|column| (*column).to_owned()))?;
        Ok(csv)
    }

    /// A name that somebody chose must not do anything on the machine of whoever opens it: an apostrophe makes
    /// a text of it. Some spreadsheets look behind what cannot be seen.
    pub fn row(&mut self, fields: impl IntoIterator<Item = String>) -> Result<(), Refused> {
        let is_formula = |field: &str| {
            field.starts_with(FORMULA)
                || field.trim_start_matches(|first| !is_visible(first)).starts_with(FORMULA)
        };
        let safe = |field: String| if is_formula(&field) { format!("'{field}") } else { field };
        self.0.write_record(fields.into_iter().map(safe)).map_err(Refused::internal)
    }

    pub fn finish(self) -> Result<String, Refused> {
        let bytes = self.0.into_inner().map_err(Refused::internal)?;
        String::from_utf8(bytes).map_err(Refused::internal)
    }
}

impl Default for Csv {
    /// Of rows alone.
    fn default() -> Self {
        Self(WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> String {
        let mut csv = Csv::new(&["Name"]).unwrap();
        csv.row([text.to_owned()]).unwrap();
        let table = csv.finish().unwrap();
        table.strip_prefix("Name\r\n").unwrap().trim_end_matches("\r\n").to_owned()
    }

    /// RPT-01: RFC 4180, and no formula.
    #[test]
    fn fields_are_quoted_and_formulas_are_texts() {
        assert_eq!(Csv::new(&["A", "B"]).unwrap().finish().unwrap(), "A,B\r\n");
        assert_eq!(field("Contoso, \"the\" Ltd."), "\"Contoso, \"\"the\"\" Ltd.\"");
        assert_eq!(field("two\nlines"), "\"two\nlines\"");
        assert_eq!(field("콘토소"), "콘토소");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1", "\u{feff}=1", " \u{200b}+1"] {
            assert_eq!(field(formula), format!("'{formula}"));
        }
        assert_eq!(field("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
    }
}

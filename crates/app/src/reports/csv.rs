//! CSV as RFC 4180 has it, and safe to open in a spreadsheet; pure.

/// Fields beginning with one of these are formulas to spreadsheets; the wide ones are so where such are typed.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A table that is being written.
pub(super) struct Csv(String);

impl Csv {
    pub(super) fn new(columns: &[&str]) -> Self {
        let mut csv = Self(String::new());
        csv.row(columns.iter().map(|column| (*column).to_owned()));
        csv
    }

    pub(super) fn row(&mut self, fields: impl IntoIterator<Item = String>) {
        for (at, field) in fields.into_iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            self.field(&field);
        }
        self.0.push_str("\r\n");
    }

    /// A name that somebody chose must not do anything on the machine of whoever opens it: an apostrophe makes
    /// a text of it.
    fn field(&mut self, field: &str) {
        let guard = if field.starts_with(FORMULA) { "'" } else { "" };
        if field.contains(['"', ',', '\r', '\n']) {
            self.0.push('"');
            self.0.push_str(guard);
            self.0.push_str(&field.replace('"', "\"\""));
            self.0.push('"');
        } else {
            self.0.push_str(guard);
            self.0.push_str(field);
        }
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> String {
        let mut csv = Csv(String::new());
        csv.row([text.to_owned()]);
        csv.finish().trim_end_matches("\r\n").to_owned()
    }

    /// RPT-01: RFC 4180, and no formula.
    #[test]
    fn fields_are_quoted_and_formulas_are_texts() {
        assert_eq!(Csv::new(&["A", "B"]).finish(), "A,B\r\n");
        assert_eq!(field("Contoso, \"the\" Ltd."), "\"Contoso, \"\"the\"\" Ltd.\"");
        assert_eq!(field("two\nlines"), "\"two\nlines\"");
        assert_eq!(field("콘토소"), "콘토소");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1"] {
            assert_eq!(field(formula), format!("'{formula}"));
        }
        assert_eq!(field("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
    }
}

//! Collects what is wrong with every field, so that a request is refused once and not field by field.

use types::{FieldError, Violation};

use super::Refused;

/// ```ignore
/// let mut fields = Fields::default();
/// let id = fields.parse("offer_id", &body.offer_id, OfferSlug::parse);
/// let alias = fields.parse("alias", &body.alias, Text::parse);
/// let (Some(id), Some(alias)) = (id, alias) else { return Err(fields.refuse()) };
/// ```
#[derive(Debug, Clone, Default)]
pub struct Fields {
    errors: Vec<FieldError>,
}

impl Fields {
    /// Reads a required value; `None` when it is wrong, which is noted.
    pub fn parse<T>(
        &mut self,
        field: &str,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<T> {
        self.check(field, parse(text))
    }

    /// Reads a value that may be absent; the outer `None` when it is wrong.
    pub fn optional<T>(
        &mut self,
        field: &str,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Option<Option<T>> {
        match text {
            None => Some(None),
            Some(text) => self.parse(field, text, parse).map(Some),
        }
    }

    /// Notes what is wrong with a value that was read elsewhere.
    pub fn check<T>(&mut self, field: &str, value: Result<T, Violation>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(violation) => {
                self.errors.push(violation.at(field));
                None
            }
        }
    }

    pub fn wrong(&mut self, field: &str, code: &'static str, message: impl Into<String>) {
        self.errors.push(Violation::new(code, message).at(field));
    }

    /// Refuses if anything was wrong.
    pub fn finish(self) -> Result<(), Refused> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.refuse()) }
    }

    pub fn into_errors(self) -> Vec<FieldError> {
        self.errors
    }

    pub fn refuse(self) -> Refused {
        Refused::fields(self.errors)
    }
}

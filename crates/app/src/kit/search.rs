//! What lists are searched for.

use db::{ToValue, Value};
use types::{Text, Violation};

/// Part of a text, without regard to case: a pattern for `LIKE … ESCAPE '!'` on lower-cased text. Empty
/// where nothing is searched for.
#[derive(Debug, Clone, Default)]
pub struct Search(String);

impl Search {
    /// Characters at most.
    const MAX: usize = 200;

    pub fn parse(text: Option<&str>) -> Result<Self, Violation> {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(Self::default()) };
        let text = Text::<{ Self::MAX }>::parse(text)?.into_string().to_lowercase();
        Ok(Self(format!("%{}%", text.replace('!', "!!").replace('%', "!%").replace('_', "!_"))))
    }

    /// Whether nothing is searched for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What begins with a text, without regard to case, in a column of lower-cased texts in the order of their bytes:
/// an index finds it wherever it is among very many.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// The first that begins so.
    pub from: String,
    /// All that begin so are below this.
    pub below: String,
}

impl Beginning {
    /// `None` for what nothing begins with: no text, or one that a search does not take.
    pub fn parse(text: &str) -> Option<Self> {
        let from = Text::<{ Search::MAX }>::parse(text).ok()?.into_string().to_lowercase();
        Some(Self { below: format!("{from}{}", char::MAX), from })
    }
}

impl ToValue for Search {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self.0.as_str().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_what_was_typed() {
        let pattern = |text| Search::parse(Some(text)).map(|search| search.0);
        assert_eq!(pattern(" 50%_Off! ").unwrap(), "%50!%!_off!!%");
        assert_eq!(pattern("  ").unwrap(), "");
        assert_eq!(pattern("a\0b").unwrap_err().code, "text.control_character");
        assert_eq!(pattern(&"a".repeat(201)).unwrap_err().code, "text.too_long");
    }

    #[test]
    fn a_beginning_has_everything_that_begins_so_between_its_ends() {
        let beginning = Beginning::parse(" Kim_").unwrap();
        let within = |key: &str| *beginning.from <= *key && *key < *beginning.below;
        assert!(within("kim_") && within("kim_ minji") && within("kim_힣"));
        assert!(!within("kim") && !within("kim`") && !within("kin") && !within("kim-"));
        assert!(Beginning::parse("  ").is_none() && Beginning::parse(&"a".repeat(201)).is_none());
    }
}

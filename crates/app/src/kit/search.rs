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
}

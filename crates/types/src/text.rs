//! Free text with a limit.

use crate::Violation;

/// Text of 1 to `MAX` characters, trimmed, without control characters except line breaks and tabs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
        let length = text.chars().count();
        if length == 0 {
            return Err(Violation::new("text.empty", "must not be empty"));
        }
        if length > MAX {
            let message = format!("is {length} characters long; at most {MAX} are allowed");
            return Err(Violation::new("text.too_long", message));
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t') {
            return Err(Violation::new("text.control_character", "must not contain control characters"));
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize> AsRef<str> for Text<MAX> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_counts_characters_not_bytes() {
        assert!(Text::<3>::parse("가나다").is_ok());
        assert_eq!(Text::<3>::parse("가나다라").unwrap_err().code, "text.too_long");
    }

    #[test]
    fn blank_and_control_characters_are_refused() {
        assert_eq!(Text::<9>::parse(" \n ").unwrap_err().code, "text.empty");
        assert_eq!(Text::<9>::parse("a\0b").unwrap_err().code, "text.control_character");
    }
}

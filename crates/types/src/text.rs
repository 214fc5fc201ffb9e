//! Free text with a limit.

use crate::Violation;

/// Text of 1 to `MAX` characters, trimmed, with something to see in it and without control characters
/// except line breaks and tabs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(String);

/// Text of one line that something is called by: it also has nothing in it that turns the direction of
/// what is written around it, so that it looks like what it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name<const MAX: usize>(Text<MAX>);

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
        if !text.chars().any(is_visible) {
            return Err(Violation::new("text.invisible", "must have a character that can be seen"));
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

impl<const MAX: usize> Name<MAX> {
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = Text::parse(text)?;
        if text.as_str().chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
            return Err(Violation::new("text.control_character", "must be one line without tabs"));
        }
        if text.as_str().chars().any(turns_direction) {
            let message = "must not contain characters that override the direction of writing";
            return Err(Violation::new("text.direction_override", message));
        }
        Ok(Self(text))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn into_string(self) -> String {
        self.0.into_string()
    }
}

impl<const MAX: usize> AsRef<str> for Name<MAX> {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// Embeddings, overrides and isolates of the bidirectional algorithm (UAX #9).
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character leaves a mark on the page: no blank, and none that Unicode lets readers ignore
/// (`Default_Ignorable_Code_Point`).
pub fn is_visible(c: char) -> bool {
    let is_ignorable = matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}');
    // The braille pattern of no dots is no blank to Unicode, and a blank to the eye.
    !c.is_whitespace() && !c.is_control() && !is_ignorable && c != '\u{2800}'
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
        assert!(Text::<9>::parse("a\nb").is_ok());
        assert_eq!(Name::<9>::parse("a\nb").unwrap_err().code, "text.control_character");
        assert_eq!(Name::<9>::parse("a\u{2028}b").unwrap_err().code, "text.control_character");
    }

    #[test]
    fn what_cannot_be_seen_is_no_text() {
        for text in
            ["\u{200B}", "\u{200D}\u{FEFF}", "\u{3164}", "\u{2800}", "\u{E0041}", "\u{202E}", "\u{AD}"]
        {
            assert_eq!(Text::<9>::parse(text).unwrap_err().code, "text.invisible", "{text:?}");
        }
    }

    #[test]
    fn a_name_looks_like_what_it_is() {
        for text in ["gro\u{202E}soft", "a\u{2066}b"] {
            assert_eq!(Name::<9>::parse(text).unwrap_err().code, "text.direction_override", "{text:?}");
        }
        // Joiners and marks belong to how these are written.
        for text in ["👩\u{200D}🚀", "می\u{200C}خواهم", "שלום", "e\u{301}", "골드"] {
            assert!(Name::<9>::parse(text).is_ok(), "{text:?}");
        }
    }
}

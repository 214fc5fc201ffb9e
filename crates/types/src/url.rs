//! Addresses of pages.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Violation;

/// An `http` or `https` address of at most 2048 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebUrl(String);

impl WebUrl {
    pub const MAX: usize = 2048;

    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = text.trim();
        let malformed =
            || Violation::new("url.malformed", "must be a web address such as https://example.com/help");
        if text.len() > Self::MAX {
            return Err(Violation::new("url.too_long", format!("is longer than {} characters", Self::MAX)));
        }
        let rest =
            text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or_else(malformed)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let odd = |c: char| c.is_whitespace() || c.is_control() || "<>\"\\^`{|}".contains(c);
        if host.is_empty() || host.starts_with(':') || host.contains('@') || text.chars().any(odd) {
            return Err(malformed());
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for WebUrl {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|violation| violation.message)
    }
}

impl From<WebUrl> for String {
    fn from(url: WebUrl) -> Self {
        url.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_accepted() {
        for good in ["https://example.com", "http://a/b?c#d", "https://예시.example/도움말"] {
            assert!(WebUrl::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "example.com",
            "ftp://a",
            "javascript:alert(1)",
            "https://",
            "https://a b",
            "https://u@h/",
            "https://a/\"x",
        ] {
            assert!(WebUrl::parse(bad).is_err(), "{bad}");
        }
    }
}

//! Texts in every language: Fluent files beside the feature whose texts they are.

use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

use super::Language;

/// A feature's texts: `static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));`
pub struct Texts {
    english: &'static str,
    korean: &'static str,
    bundles: OnceLock<[FluentBundle<FluentResource>; 2]>,
}

/// What a text speaks of, by name.
pub type Arguments<'a> = [(&'a str, Argument<'a>)];

/// As JSON it is the text or the number itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Argument<'a> {
    Text(Cow<'a, str>),
    Number(i64),
}

impl<'a> From<&'a str> for Argument<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<i64> for Argument<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl Texts {
    pub const fn new(english: &'static str, korean: &'static str) -> Self {
        Self { english, korean, bundles: OnceLock::new() }
    }

    /// The text of this key. A test holds the files against each other, so every key is there.
    pub fn text(&self, language: Language, key: &str, arguments: &Arguments<'_>) -> String {
        self.find(language, key, arguments).unwrap_or_else(|| {
            tracing::error!(key, language = language.as_str(), "a text is missing");
            key.to_owned()
        })
    }

    /// The text of a key that may not be there.
    pub fn find(&self, language: Language, key: &str, arguments: &Arguments<'_>) -> Option<String> {
        let bundles = self.bundles.get_or_init(|| [bundle("en", self.english), bundle("ko", self.korean)]);
        let bundle = match language {
            Language::English => &bundles[0],
            Language::Korean => &bundles[1],
        };
        let pattern = bundle.get_message(key).and_then(|message| message.value())?;
        let mut values = FluentArgs::new();
        for (name, argument) in arguments {
            let value = match argument {
                Argument::Text(text) => FluentValue::from(text.as_ref()),
                Argument::Number(number) => FluentValue::from(*number),
            };
            values.set(*name, value);
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, language = language.as_str(), error.cause = ?errors, "a text is incomplete");
        }
        Some(text)
    }
}

/// Numbers as both languages write them: 12,500.
fn format<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    Some(grouped(number.as_string().parse().ok()?))
}

/// A whole number with its thousands apart.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A whole number as it is typed, or as it is shown: 12500 or 12,500, and not 12,5.
pub fn ungrouped(text: &str) -> Option<i64> {
    let text = text.trim();
    let number = text.replace(',', "").parse().ok()?;
    (!text.starts_with('+') && (!text.contains(',') || grouped(number) == text)).then_some(number)
}

fn bundle(language: &str, source: &'static str) -> FluentBundle<FluentResource> {
    let (resource, errors) = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, errors)) => (resource, errors),
    };
    if !errors.is_empty() {
        tracing::error!(language, error.cause = ?errors, "texts do not read");
    }
    let mut bundle = FluentBundle::new_concurrent(vec![language.parse().unwrap_or_default()]);
    // Marks around arguments are for mixed directions of writing, and would be seen in mails.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(format));
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
impl Texts {
    /// Fails unless both languages have the same keys with the same arguments, and every text reads.
    pub(crate) fn check(&self) {
        let keys = |source: &str| -> std::collections::BTreeMap<String, std::collections::BTreeSet<String>> {
            FluentResource::try_new(source.to_owned()).expect("the file reads");
            let mut found = std::collections::BTreeMap::new();
            let mut key = String::new();
            for line in source.lines().filter(|line| !line.starts_with('#')) {
                if let Some((name, _)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
                    name.clone_into(&mut key);
                    found.insert(key.clone(), std::collections::BTreeSet::new());
                }
                for part in line.split("{ $").skip(1) {
                    let name = part.split(' ').next().unwrap_or_default().to_owned();
                    found.get_mut(&key).expect("a text has a key").insert(name);
                }
            }
            found
        };
        assert_eq!(keys(self.english), keys(self.korean));
        assert!(!keys(self.english).is_empty());
    }
}

#[cfg(test)]
#[test]
fn whole_numbers_are_read_as_they_are_shown() {
    for (text, number) in
        [("12", 12), (" 12,500 ", 12_500), ("1,234,567", 1_234_567), ("12500", 12_500), ("-1", -1)]
    {
        assert_eq!(ungrouped(text), Some(number), "{text}");
    }
    for text in ["", "+4", "12,5", "1,2,3", "12.5", ",12", "1 000", "a"] {
        assert_eq!(ungrouped(text), None, "{text}");
    }
}

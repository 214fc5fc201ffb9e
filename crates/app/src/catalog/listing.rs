//! The page that customers read (OFF-10): texts in several languages, files, contacts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use types::{Email, Violation, WebUrl};

use super::file::{FileHash, Wanted};

pub(super) const KEYWORDS_MAX: usize = 3;
pub(super) const PRODUCTS_MAX: usize = 3;
pub(super) const SCREENSHOTS_MAX: usize = 5;
pub(super) const VIDEOS_MAX: usize = 4;
pub(super) const DOCUMENTS_MAX: usize = 3;
/// Languages beside the default one.
pub(super) const TRANSLATIONS_MAX: usize = 50;

/// A language as in `en` or `pt-BR`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct LanguageTag(String);

impl Default for LanguageTag {
    fn default() -> Self {
        Self("en".to_owned())
    }
}

impl LanguageTag {
    pub(crate) fn parse(text: &str) -> Result<Self, Violation> {
        let (language, region) = text.split_once('-').map_or((text, None), |(a, b)| (a, Some(b)));
        let known =
            (2..=3).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_lowercase());
        let region_known = region
            .is_none_or(|region| region.len() == 2 && region.bytes().all(|byte| byte.is_ascii_uppercase()));
        if known && region_known {
            Ok(Self(text.to_owned()))
        } else {
            Err(Violation::new("language.malformed", "must be a language as in en or pt-BR"))
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Without the region.
    fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }
}

/// What is said in each language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Texts {
    pub name: Option<String>,
    pub summary: Option<String>,
    /// CommonMark as it was written; whoever shows it as HTML sanitises it.
    pub description: Option<String>,
    pub keywords: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Listing {
    /// The default language.
    pub language: LanguageTag,
    #[serde(flatten)]
    pub texts: Texts,
    pub translations: BTreeMap<LanguageTag, Texts>,
    pub products: Vec<String>,
    pub help_url: Option<WebUrl>,
    pub support_url: Option<WebUrl>,
    pub privacy_url: Option<WebUrl>,
    /// Never shown to customers.
    pub support_contact: Option<Contact>,
    /// Never shown to customers.
    pub engineering_contact: Option<Contact>,
    pub logo: Option<FileHash>,
    pub screenshots: Vec<Captioned>,
    pub videos: Vec<Video>,
    pub documents: Vec<Captioned>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub name: String,
    pub email: Email,
    pub phone: String,
}

/// A file and what is said beneath it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Captioned {
    pub file: FileHash,
    pub caption: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Video {
    pub name: String,
    pub url: WebUrl,
    pub thumbnail: Option<FileHash>,
}

impl Listing {
    /// The texts for a reader who asks for these languages, best first; the default where none is there.
    pub(crate) fn texts_for(&self, asked: &[LanguageTag]) -> (&LanguageTag, &Texts) {
        let all = || std::iter::once((&self.language, &self.texts)).chain(&self.translations);
        let exact = |asked: &LanguageTag| all().find(|(tag, _)| *tag == asked);
        let close = |asked: &LanguageTag| all().find(|(tag, _)| tag.language() == asked.language());
        asked
            .iter()
            .find_map(|tag| exact(tag).or_else(|| close(tag)))
            .unwrap_or((&self.language, &self.texts))
    }

    /// Every file, where the page names it, and what it must be.
    pub(super) fn files(&self) -> impl Iterator<Item = (String, &FileHash, Wanted)> {
        let logo = self.logo.iter().map(|file| ("logo".to_owned(), file, Wanted::Logo));
        let screenshots = self.screenshots.iter().enumerate();
        let screenshots =
            screenshots.map(|(at, shot)| (format!("screenshots[{at}].file"), &shot.file, Wanted::Wide));
        let videos = self.videos.iter().enumerate().filter_map(|(at, video)| {
            Some((format!("videos[{at}].thumbnail"), video.thumbnail.as_ref()?, Wanted::Wide))
        });
        let documents = self.documents.iter().enumerate();
        let documents = documents
            .map(|(at, document)| (format!("documents[{at}].file"), &document.file, Wanted::Document));
        logo.chain(screenshots).chain(videos).chain(documents)
    }

    /// What has to be there before the offer can be published (OFF-09).
    pub(super) fn missing(&self) -> Vec<String> {
        let mut missing = self.texts.missing("");
        let fields = [
            ("help_url", self.help_url.is_none()),
            ("support_url", self.support_url.is_none()),
            ("privacy_url", self.privacy_url.is_none()),
            ("support_contact", self.support_contact.is_none()),
            ("engineering_contact", self.engineering_contact.is_none()),
            ("logo", self.logo.is_none()),
            ("screenshots", self.screenshots.is_empty()),
            ("documents", self.documents.is_empty()),
        ];
        missing.extend(fields.iter().filter(|(_, lacks)| *lacks).map(|(field, _)| (*field).to_owned()));
        for (language, texts) in &self.translations {
            missing.extend(texts.missing(&format!("translations.{}.", language.as_str())));
        }
        missing
    }
}

impl Texts {
    fn missing(&self, at: &str) -> Vec<String> {
        let fields = [("name", &self.name), ("summary", &self.summary), ("description", &self.description)];
        fields.iter().filter(|(_, text)| text.is_none()).map(|(field, _)| format!("{at}{field}")).collect()
    }
}

/// OFF-10: a name carries no emoji; signs such as ™ and ® are none.
pub(super) fn without_emoji(text: &str) -> Result<(), Violation> {
    let emoji = |c: char| matches!(u32::from(c), 0x1F000..=0x1FAFF | 0x231A..=0x231B | 0x23E9..=0x23FA | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0xFE0F | 0x200D);
    match text.chars().find(|c| emoji(*c)) {
        Some(found) => {
            Err(Violation::new("listing.emoji", format!("must not contain emoji such as {found}")))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OFF-10: the best language that is there, by region first; else the default.
    #[test]
    fn a_reader_gets_the_closest_language() {
        let tag = |text: &str| LanguageTag::parse(text).unwrap();
        let named = |name: &str| Texts { name: Some(name.to_owned()), ..Texts::default() };
        let translations = [(tag("ko"), named("ko")), (tag("pt-BR"), named("pt-BR"))].into();
        let listing = Listing { texts: named("en"), translations, ..Listing::default() };
        let name = |asked: &[&str]| {
            let asked: Vec<LanguageTag> = asked.iter().map(|text| tag(text)).collect();
            listing.texts_for(&asked).1.name.clone().unwrap()
        };
        assert_eq!(name(&["ko-KR", "en"]), "ko");
        assert_eq!(name(&["fr", "pt-PT"]), "pt-BR");
        assert_eq!(name(&["fr"]), "en");
        assert!(["EN", "e", "pt-br", "english"].iter().all(|text| LanguageTag::parse(text).is_err()));
    }
}

//! The listing on the wire (OFF-10).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use types::{Email, Name, Text, WebUrl};
use utoipa::ToSchema;

use super::{at_most, optional, texts};
use crate::catalog::FileHash;
use crate::catalog::draft::Page;
use crate::catalog::listing::{
    Captioned, Contact, DOCUMENTS_MAX, KEYWORDS_MAX, LanguageTag, Listing, PRODUCTS_MAX, SCREENSHOTS_MAX,
    TRANSLATIONS_MAX, Texts, VIDEOS_MAX, Video, without_emoji,
};
use crate::kit::{Fields, Refused};

/// Whatever is left out is still missing. Files are uploaded first, and named by their hash.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListingBody {
    /// The language of the texts here, as in `en` or `pt-BR`; what readers of other languages get.
    #[serde(default)]
    #[schema(max_length = 6)]
    pub(in crate::catalog) language: Option<String>,
    /// Without emoji.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub(in crate::catalog) name: Option<String>,
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(in crate::catalog) summary: Option<String>,
    /// CommonMark.
    #[serde(default)]
    #[schema(max_length = 5000)]
    pub(in crate::catalog) description: Option<String>,
    #[serde(default)]
    #[schema(max_items = 3)]
    pub(in crate::catalog) keywords: Vec<String>,
    /// The texts in further languages, by language.
    #[serde(default)]
    pub(in crate::catalog) translations: BTreeMap<String, TranslationBody>,
    /// What it works with.
    #[serde(default)]
    #[schema(max_items = 3)]
    pub(in crate::catalog) products: Vec<String>,
    /// Must not be the support URL.
    #[serde(default)]
    #[schema(max_length = 2048)]
    pub(in crate::catalog) help_url: Option<String>,
    #[serde(default)]
    #[schema(max_length = 2048)]
    pub(in crate::catalog) support_url: Option<String>,
    #[serde(default)]
    #[schema(max_length = 2048)]
    pub(in crate::catalog) privacy_url: Option<String>,
    /// Never shown to customers.
    #[serde(default)]
    pub(in crate::catalog) support_contact: Option<ListingContact>,
    /// Never shown to customers.
    #[serde(default)]
    pub(in crate::catalog) engineering_contact: Option<ListingContact>,
    /// A square PNG image, 216 to 350 pixels a side.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub(in crate::catalog) logo: Option<String>,
    /// PNG images of 1280×720.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub(in crate::catalog) screenshots: Vec<CaptionedFile>,
    #[serde(default)]
    #[schema(max_items = 4)]
    pub(in crate::catalog) videos: Vec<VideoBody>,
    /// PDF documents.
    #[serde(default)]
    #[schema(max_items = 3)]
    pub(in crate::catalog) documents: Vec<CaptionedFile>,
}

/// The texts in one language.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TranslationBody {
    #[serde(default)]
    #[schema(max_length = 200)]
    pub(in crate::catalog) name: Option<String>,
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(in crate::catalog) summary: Option<String>,
    #[serde(default)]
    #[schema(max_length = 5000)]
    pub(in crate::catalog) description: Option<String>,
    #[serde(default)]
    #[schema(max_items = 3)]
    pub(in crate::catalog) keywords: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListingContact {
    #[schema(max_length = 200)]
    pub(in crate::catalog) name: String,
    #[schema(max_length = 254)]
    pub(in crate::catalog) email: String,
    #[schema(max_length = 50)]
    pub(in crate::catalog) phone: String,
}

/// A file with what is said beneath it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaptionedFile {
    /// Its hash.
    #[schema(max_length = 64)]
    pub(in crate::catalog) file: String,
    #[schema(max_length = 200)]
    pub(in crate::catalog) caption: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VideoBody {
    #[schema(max_length = 200)]
    pub(in crate::catalog) name: String,
    #[schema(max_length = 2048)]
    pub(in crate::catalog) url: String,
    /// The hash of a PNG image of 1280×720.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub(in crate::catalog) thumbnail: Option<String>,
}

impl ListingContact {
    fn parse(&self, fields: &mut Fields, at: &str) -> Option<Contact> {
        let name = fields.parse(&format!("{at}.name"), &self.name, Name::<200>::parse);
        let email = fields.parse(&format!("{at}.email"), &self.email, Email::parse);
        let phone = fields.parse(&format!("{at}.phone"), &self.phone, Name::<50>::parse);
        Some(Contact { name: name?.into_string(), email: email?, phone: phone?.into_string() })
    }
}

impl TranslationBody {
    /// `at` is where the texts are, with its dot.
    pub(in crate::catalog) fn parse(&self, fields: &mut Fields, at: &str) -> Texts {
        let name = fields.optional(&format!("{at}name"), self.name.as_deref(), |text| {
            without_emoji(text)?;
            Name::<200>::parse(text)
        });
        let given = self.description.as_deref();
        let description = fields.optional(&format!("{at}description"), given, Text::<5000>::parse);
        Texts {
            name: name.flatten().map(Name::into_string),
            summary: optional::<100>(fields, &format!("{at}summary"), self.summary.as_deref()),
            description: description.flatten().map(Text::into_string),
            keywords: texts::<50>(fields, &format!("{at}keywords"), &self.keywords, KEYWORDS_MAX),
        }
    }
}

impl ListingBody {
    pub(in crate::catalog) fn parse(&self) -> Result<Page, Refused> {
        let mut fields = Fields::default();
        let language = fields.optional("language", self.language.as_deref(), LanguageTag::parse).flatten();
        let language = language.unwrap_or_default();
        let own = TranslationBody {
            name: self.name.clone(),
            summary: self.summary.clone(),
            description: self.description.clone(),
            keywords: self.keywords.clone(),
        };
        let texts_in_default = own.parse(&mut fields, "");
        let translations = self.translations(&mut fields, &language);
        let products = texts::<100>(&mut fields, "products", &self.products, PRODUCTS_MAX);
        let url = |fields: &mut Fields, field: &str, text: &Option<String>| {
            fields.optional(field, text.as_deref(), WebUrl::parse).flatten()
        };
        let help_url = url(&mut fields, "help_url", &self.help_url);
        let support_url = url(&mut fields, "support_url", &self.support_url);
        let privacy_url = url(&mut fields, "privacy_url", &self.privacy_url);
        if help_url.is_some() && help_url == support_url {
            fields.wrong("help_url", "listing.same_urls", "must not be the support URL");
        }
        let contact = |fields: &mut Fields, at: &str, body: &Option<ListingContact>| {
            body.as_ref().and_then(|body| body.parse(fields, at))
        };
        let listing = Listing {
            language,
            texts: texts_in_default,
            translations,
            products,
            help_url,
            support_url,
            privacy_url,
            support_contact: contact(&mut fields, "support_contact", &self.support_contact),
            engineering_contact: contact(&mut fields, "engineering_contact", &self.engineering_contact),
            logo: fields.optional("logo", self.logo.as_deref(), FileHash::parse).flatten(),
            screenshots: captioned(&mut fields, "screenshots", &self.screenshots, SCREENSHOTS_MAX),
            videos: self.videos(&mut fields),
            documents: captioned(&mut fields, "documents", &self.documents, DOCUMENTS_MAX),
        };
        fields.finish()?;
        Ok(Page::Listing(Box::new(listing)))
    }

    fn translations(&self, fields: &mut Fields, default: &LanguageTag) -> BTreeMap<LanguageTag, Texts> {
        at_most(fields, "translations", self.translations.len(), TRANSLATIONS_MAX);
        let mut found = BTreeMap::new();
        for (language, body) in &self.translations {
            let at = format!("translations.{language}");
            let texts = body.parse(fields, &format!("{at}."));
            match fields.parse(&at, language, LanguageTag::parse) {
                Some(language) if language == *default => {
                    fields.wrong(&at, "listing.default_language", "is the language of the texts themselves");
                }
                Some(language) => drop(found.insert(language, texts)),
                None => {}
            }
        }
        found
    }

    fn videos(&self, fields: &mut Fields) -> Vec<Video> {
        at_most(fields, "videos", self.videos.len(), VIDEOS_MAX);
        let parsed = self.videos.iter().enumerate().filter_map(|(at, video)| {
            let at = format!("videos[{at}]");
            let name = fields.parse(&format!("{at}.name"), &video.name, Name::<200>::parse);
            let url = fields.parse(&format!("{at}.url"), &video.url, WebUrl::parse);
            let thumbnail =
                fields.optional(&format!("{at}.thumbnail"), video.thumbnail.as_deref(), FileHash::parse);
            Some(Video { name: name?.into_string(), url: url?, thumbnail: thumbnail? })
        });
        parsed.collect()
    }
}

fn captioned(fields: &mut Fields, field: &str, rows: &[CaptionedFile], most: usize) -> Vec<Captioned> {
    at_most(fields, field, rows.len(), most);
    let parsed = rows.iter().enumerate().filter_map(|(at, row)| {
        let file = fields.parse(&format!("{field}[{at}].file"), &row.file, FileHash::parse);
        let caption = fields.parse(&format!("{field}[{at}].caption"), &row.caption, Name::<200>::parse);
        Some(Captioned { file: file?, caption: caption?.into_string() })
    });
    parsed.collect()
}

impl From<Listing> for ListingBody {
    fn from(page: Listing) -> Self {
        let contact = |contact: Contact| ListingContact {
            name: contact.name,
            email: contact.email.into(),
            phone: contact.phone,
        };
        let captioned = |rows: Vec<Captioned>| {
            rows.into_iter()
                .map(|row| CaptionedFile { file: row.file.into(), caption: row.caption })
                .collect()
        };
        let translation = |(language, texts): (LanguageTag, Texts)| {
            let Texts { name, summary, description, keywords } = texts;
            (language.as_str().to_owned(), TranslationBody { name, summary, description, keywords })
        };
        let video = |video: Video| VideoBody {
            name: video.name,
            url: video.url.into(),
            thumbnail: video.thumbnail.map(String::from),
        };
        Self {
            language: Some(page.language.as_str().to_owned()),
            name: page.texts.name,
            summary: page.texts.summary,
            description: page.texts.description,
            keywords: page.texts.keywords,
            translations: page.translations.into_iter().map(translation).collect(),
            products: page.products,
            help_url: page.help_url.map(String::from),
            support_url: page.support_url.map(String::from),
            privacy_url: page.privacy_url.map(String::from),
            support_contact: page.support_contact.map(contact),
            engineering_contact: page.engineering_contact.map(contact),
            logo: page.logo.map(String::from),
            screenshots: captioned(page.screenshots),
            videos: page.videos.into_iter().map(video).collect(),
            documents: captioned(page.documents),
        }
    }
}

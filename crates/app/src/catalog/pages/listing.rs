//! The listing of a draft: its texts in each language.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;

use super::TEXTS;
use super::draft::{DraftPage, Shown};
use super::frame::{self, listed};
use crate::access::{OfferEdit, OfferView, Permission};
use crate::catalog::api::page_bodies::{ListingBody, ListingContact, TranslationBody, VideoBody};
use crate::catalog::draft::Page;
use crate::catalog::listing::{LanguageTag, Listing};
use crate::catalog::operations::{edit_draft, find};
use crate::catalog::{Draft, Offer, OfferRef};
use crate::edge::Path;
use crate::edge::browser::{Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Subpages, Wording};
use crate::kit::{Expected, Fields, Refused};

#[derive(Template)]
#[template(path = "catalog/pages/listing.html")]
pub(super) struct ListingPage {
    t: Wording,
    form: Entered,
    pages: Subpages,
    offer: Offer,
    action: String,
    /// Further languages: code and name.
    languages: Vec<(String, String)>,
    /// Those that there can be.
    known: Vec<(String, String)>,
    /// Those that can be added.
    new_languages: Vec<(String, String)>,
}

impl DraftPage for ListingPage {
    const PAGE: &'static str = "listing";

    fn stored(draft: &Draft) -> Vec<(&'static str, String)> {
        let page = ListingBody::from(draft.listing.clone().unwrap_or_default());
        let videos = page.videos.iter().map(|video| format!("{} {}", video.name, video.url));
        let mut stored = vec![
            ("language", page.language.unwrap_or_default()),
            ("name", page.name.unwrap_or_default()),
            ("summary", page.summary.unwrap_or_default()),
            ("description", page.description.unwrap_or_default()),
            ("keywords", page.keywords.join(", ")),
            ("products", page.products.join(", ")),
            ("help_url", page.help_url.unwrap_or_default()),
            ("support_url", page.support_url.unwrap_or_default()),
            ("privacy_url", page.privacy_url.unwrap_or_default()),
            ("videos", videos.collect::<Vec<_>>().join("\n")),
        ];
        if let Some(ListingContact { name, email, phone }) = page.support_contact {
            let parts = ["support_contact.name", "support_contact.email", "support_contact.phone"];
            stored.extend(parts.into_iter().zip([name, email, phone]));
        }
        if let Some(ListingContact { name, email, phone }) = page.engineering_contact {
            let parts =
                ["engineering_contact.name", "engineering_contact.email", "engineering_contact.phone"];
            stored.extend(parts.into_iter().zip([name, email, phone]));
        }
        stored
    }

    fn read(input: &Input) -> Result<Page, Refused> {
        let filled = |name: &str| input.filled(name).map(str::to_owned);
        let texts = texts(input);
        ListingBody {
            language: filled("language"),
            name: texts.name,
            summary: texts.summary,
            description: texts.description,
            keywords: texts.keywords,
            translations: BTreeMap::new(),
            products: listed(input, "products"),
            help_url: filled("help_url"),
            support_url: filled("support_url"),
            privacy_url: filled("privacy_url"),
            support_contact: contact(input, "support_contact"),
            engineering_contact: contact(input, "engineering_contact"),
            logo: None,
            screenshots: Vec::new(),
            videos: input.text("videos").lines().filter_map(video).collect(),
            documents: Vec::new(),
        }
        .parse()
    }

    /// Files and further languages have pages of their own.
    fn keep(page: &mut Page, draft: &Draft) {
        let (Page::Listing(page), Some(before)) = (page, &draft.listing) else { return };
        page.translations.clone_from(&before.translations);
        page.translations.remove(&page.language);
        page.logo.clone_from(&before.logo);
        page.screenshots.clone_from(&before.screenshots);
        page.documents.clone_from(&before.documents);
        for video in &mut page.videos {
            let known = before.videos.iter().find(|known| known.url == video.url);
            video.thumbnail = known.and_then(|known| known.thumbnail.clone());
        }
    }

    fn of(Shown { t, form, pages, offer, action }: Shown) -> Self {
        let listing = offer.draft.0.listing.iter();
        let languages = listing.flat_map(|listing| listing.translations.keys());
        let languages: Vec<(String, String)> = languages.map(|it| named(t, it.as_str())).collect();
        let known = known(t, form.value("language", ""));
        let is_new =
            |code: &str| code != form.value("language", "") && languages.iter().all(|(it, _)| it != code);
        let new_languages = known.iter().filter(|(code, _)| is_new(code)).cloned().collect();
        Self { t, form, pages, offer, action, languages, known, new_languages }
    }
}

/// Languages that are offered for choosing; a form sent by hand may name others, as the API does.
const LANGUAGES: [&str; 34] = [
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "id", "it",
    "ja", "ko", "lt", "lv", "nb", "nl", "pl", "pt", "pt-BR", "ro", "sv", "th", "tr", "uk", "vi", "zh-CN",
    "zh-TW",
];

/// A language's code, and its name in the reader's language with the code behind it.
fn named(t: Wording, code: &str) -> (String, String) {
    let name = t.find(&format!("language-{}", code.to_ascii_lowercase()));
    (code.to_owned(), name.map_or_else(|| code.to_owned(), |name| format!("{name} ({code})")))
}

/// By name; the one that is chosen is among them.
fn known(t: Wording, chosen: &str) -> Vec<(String, String)> {
    let other = Some(chosen).filter(|code| !code.is_empty() && !LANGUAGES.contains(code));
    let mut known: Vec<_> = LANGUAGES.into_iter().chain(other).map(|code| named(t, code)).collect();
    known.sort_by(|(_, one), (_, other)| one.cmp(other));
    known
}

fn texts(input: &Input) -> TranslationBody {
    let filled = |name: &str| input.filled(name).map(str::to_owned);
    TranslationBody {
        name: filled("name"),
        summary: filled("summary"),
        description: filled("description"),
        keywords: listed(input, "keywords"),
    }
}

/// Nothing where nothing was filled in.
fn contact(input: &Input, at: &str) -> Option<ListingContact> {
    let part = |part: &str| input.text(&format!("{at}.{part}")).to_owned();
    let contact = ListingContact { name: part("name"), email: part("email"), phone: part("phone") };
    let is_blank = [&contact.name, &contact.email, &contact.phone].into_iter().all(String::is_empty);
    (!is_blank).then_some(contact)
}

/// A name, and the address after the last blank.
fn video(line: &str) -> Option<VideoBody> {
    let line = line.trim();
    let (name, url) = line.rsplit_once(' ').unwrap_or(("", line));
    let (name, url) = (name.trim().to_owned(), url.to_owned());
    (!line.is_empty()).then_some(VideoBody { name, url, thumbnail: None })
}

#[derive(Template)]
#[template(path = "catalog/pages/translation.html")]
struct TranslationPage {
    t: Wording,
    form: Entered,
    pages: Subpages,
    offer: Offer,
    action: String,
}

pub(super) async fn look_translation(
    Path((offer, language)): Path<(String, String)>,
    visit: Visit<OfferView>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show_translation(&visit, &offer, &language, form).await
}

async fn show_translation<P: Permission>(
    visit: &Visit<P>,
    offer: &str,
    language: &str,
    form: Entered,
) -> Result<Response, Refused> {
    let (offer, plans) = frame::find(visit, offer).await?;
    let t = visit.wording(&TEXTS);
    let mut body = ListingBody::from(offer.draft.0.listing.clone().unwrap_or_default());
    let stored = body.translations.remove(language).ok_or_else(|| Refused::not_found("language"))?;
    let form = form.holding(Input::of([
        ("name", stored.name.unwrap_or_default()),
        ("summary", stored.summary.unwrap_or_default()),
        ("description", stored.description.unwrap_or_default()),
        ("keywords", stored.keywords.join(", ")),
    ]));
    let body = TranslationPage {
        t,
        form: form.clone(),
        pages: frame::beside(&visit.reader, &offer, &plans, "listing"),
        action: frame::address(&offer, &format!("listing/{language}")),
        offer: offer.clone(),
    };
    let sheet = Sheet::new(t.named("translation-title", named(t, language).1), &body)?.answering(&form);
    visit.show(frame::below(&visit.reader, &offer, sheet))
}

pub(super) async fn save_translation(
    Path((offer, language)): Path<(String, String)>,
    submit: Submit<OfferEdit>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let read = form.and_then(|input| {
        let mut fields = Fields::default();
        let texts = texts(&input).parse(&mut fields, "");
        fields.finish().map(|()| (texts, input.revision()))
    });
    let change = read.and_then(|(texts, expected)| {
        let tag = tag(&language)?;
        let put = move |listing: &mut Listing| drop(listing.translations.insert(tag.clone(), texts.clone()));
        Ok((put, expected))
    });
    match edit(&visit, &offer, change).await {
        Ok(saved) => {
            let to = frame::address(&saved, &format!("listing/{language}"));
            Ok(visit.leave(&to, visit.wording(&TEXTS).of("saved")))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show_translation(&visit, &offer, &language, entered).await
        }
    }
}

/// Adds a language, with nothing said in it yet; or says on the page of the listing why not.
pub(super) async fn add_language(
    Path(offer): Path<String>,
    submit: Submit<OfferEdit>,
) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let mut fields = Fields::default();
    let language = fields.parse("new_language", form?.text("new_language"), LanguageTag::parse);
    let Some(language) = language else { return Err(fields.refuse()) };
    let tag = language.clone();
    let put = move |listing: &mut Listing| {
        if listing.language != tag {
            listing.translations.entry(tag.clone()).or_default();
        }
    };
    let saved = edit(&visit, &offer, Ok((put, Expected::ANY))).await?;
    let is_default = saved.draft.0.listing.as_ref().is_some_and(|listing| listing.language == language);
    let page = if is_default { "listing".to_owned() } else { format!("listing/{}", language.as_str()) };
    Ok(visit.leave(&frame::address(&saved, &page), visit.wording(&TEXTS).of("language-added")))
}

pub(super) async fn remove_translation(
    Path((offer, language)): Path<(String, String)>,
    submit: Submit<OfferEdit>,
) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    form?;
    let tag = tag(&language)?;
    let take = move |listing: &mut Listing| drop(listing.translations.remove(&tag));
    let saved = edit(&visit, &offer, Ok((take, Expected::ANY))).await?;
    Ok(visit.leave(&frame::address(&saved, "listing"), visit.wording(&TEXTS).of("language-removed")))
}

fn tag(language: &str) -> Result<LanguageTag, Refused> {
    LanguageTag::parse(language).map_err(|_| Refused::not_found("language"))
}

/// Changes a part of the listing.
pub(super) async fn edit<F>(
    visit: &Visit<OfferEdit>,
    offer: &str,
    change: Result<(F, Expected), Refused>,
) -> Result<Offer, Refused>
where
    F: Fn(&mut Listing) + Clone + Send + Sync + 'static,
{
    let named = OfferRef::from_path(offer)?;
    visit
        .write(change, move |tx, right, (change, expected): (F, Expected)| {
            Box::pin(async move {
                let before = find::offer(tx, right, &named).await?;
                let mut listing = before.draft.0.listing.unwrap_or_default();
                change(&mut listing);
                let page = Page::Listing(Box::new(listing));
                edit_draft::edit_draft(tx, right, &named, page, &expected).await
            })
        })
        .await
}

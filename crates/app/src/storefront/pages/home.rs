//! What is on sale: found by words, narrowed by filters, each of which is a link.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use types::Country;

use super::{TEXTS, file};
use crate::catalog::pages::category_name;
use crate::edge::browser::Guest;
use crate::kit::Refused;
use crate::kit::page::{Pages, Sheet, Wording};
use crate::storefront::asked::{Search, cut};
use crate::storefront::search::{Entry, FacetCounts, Filters};
use crate::storefront::viewer::Viewer;

#[derive(Template)]
#[template(path = "storefront/pages/home.html")]
struct Home<'a> {
    t: Wording,
    words: &'a str,
    /// Filters that stay while other words are searched for.
    kept: Vec<(&'static str, String)>,
    facets: Vec<Facet>,
    total: i64,
    cards: Vec<Card>,
    pages: Pages,
}

/// The values of one filter.
struct Facet {
    label: String,
    values: Vec<FacetValue>,
}

struct FacetValue {
    label: String,
    count: usize,
    chosen: bool,
    /// With this value, or without it where it is chosen.
    href: String,
}

struct Card {
    name: String,
    summary: String,
    publisher: String,
    href: String,
    logo: Option<String>,
    badge: String,
}

pub(super) async fn look(guest: Guest, search: Search) -> Result<Response, Refused> {
    let viewer = Viewer::of_reader(&guest.reader);
    let Search { words, filters, page } = search;
    let (t, chosen) = (guest.wording(&TEXTS), chosen(&filters));
    let found = viewer.search(&guest.app, &words, filters).await?;
    let (facets, total) = (facets(t, &found.facets, &words, &chosen), found.hits.len());
    let (hits, next) = cut(found, &page);
    let body = Home {
        t,
        words: &words,
        facets,
        total: i64::try_from(total).unwrap_or(i64::MAX),
        cards: hits.iter().map(|hit| card(t, &hit.entry, &viewer)).collect(),
        pages: Pages::new("/", &query(&words, &chosen), page.after.is_none(), next.as_ref()),
        kept: chosen,
    };
    let canonical = format!("{}/", guest.app.settings.base_url);
    guest.show(Sheet::new(t.of("home-title"), &body)?.own_heading().described(t.of("home-lead"), canonical))
}

fn card(t: Wording, entry: &Entry, viewer: &Viewer) -> Card {
    let (_, texts) = entry.listing.texts_for(&viewer.languages);
    Card {
        name: texts.name.clone().unwrap_or_default(),
        summary: texts.summary.clone().unwrap_or_default(),
        publisher: entry.publisher_name.clone(),
        href: format!("/product/{}", entry.address),
        logo: entry.listing.logo.clone().map(|hash| file(&String::from(hash))),
        badge: t.of(&format!("option-{}", entry.licensing_option.as_str().replace('_', "-"))),
    }
}

/// The filters that are on, as the address says them.
fn chosen(filters: &Filters) -> Vec<(&'static str, String)> {
    let named = |name: &'static str, values: &[String]| {
        values.iter().map(move |value| (name, value.clone())).collect::<Vec<_>>()
    };
    let markets: Vec<String> = filters.markets.iter().map(|market| market.as_str().to_owned()).collect();
    let options: Vec<String> =
        filters.licensing_options.iter().map(|option| option.as_str().to_owned()).collect();
    [
        named("category", &filters.categories),
        named("industry", &filters.industries),
        named("product", &filters.products),
        named("market", &markets),
        named("licensing_option", &options),
    ]
    .concat()
}

fn query(words: &str, chosen: &[(&'static str, String)]) -> String {
    let words = (!words.is_empty()).then(|| ("q", words.to_owned()));
    let pairs: Vec<(&str, String)> = words.into_iter().chain(chosen.iter().cloned()).collect();
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

fn facets(t: Wording, counts: &FacetCounts, words: &str, chosen: &[(&'static str, String)]) -> Vec<Facet> {
    let markets: BTreeMap<String, usize> =
        counts.markets.iter().map(|(market, count)| (market.as_str().to_owned(), *count)).collect();
    let options: BTreeMap<String, usize> =
        counts.licensing_options.iter().map(|(option, count)| (option.as_str().to_owned(), *count)).collect();
    let all: [(&'static str, &str, &BTreeMap<String, usize>); 5] = [
        ("category", "facet-category", &counts.categories),
        ("industry", "facet-industry", &counts.industries),
        ("licensing_option", "facet-licensing-option", &options),
        ("product", "facet-product", &counts.products),
        ("market", "facet-market", &markets),
    ];
    let facet = |(name, key, values): (&'static str, &str, &BTreeMap<String, usize>)| Facet {
        label: t.of(key),
        values: values
            .iter()
            .map(|(value, count)| facet_value(t, name, (value, *count), words, chosen))
            .collect(),
    };
    all.into_iter().map(facet).filter(|facet| !facet.values.is_empty()).collect()
}

fn facet_value(
    t: Wording,
    name: &'static str,
    (value, count): (&str, usize),
    words: &str,
    chosen: &[(&'static str, String)],
) -> FacetValue {
    let this = (name, value.to_owned());
    let is_chosen = chosen.contains(&this);
    let mut after: Vec<(&'static str, String)> = chosen.to_vec();
    if is_chosen {
        after.retain(|pair| *pair != this);
    } else {
        after.push(this);
    }
    after.sort();
    let query = query(words, &after);
    let label = match name {
        "licensing_option" => t.of(&format!("option-{}", value.replace('_', "-"))),
        "market" => Country::parse(value).map_or_else(|_| value.to_owned(), |it| t.country(&it).to_owned()),
        "category" => category_name(t.language, value),
        _ => value.to_owned(),
    };
    let href = if query.is_empty() { "/".to_owned() } else { format!("/?{query}") };
    FacetValue { label, count, chosen: is_chosen, href }
}

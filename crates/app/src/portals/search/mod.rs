//! Search over everything that its reader may see, in every portal that is theirs.
//!
//! Each kind of thing has a [`Finder`](finder::Finder): the right that its list needs, what an id of it means, and
//! what words find, by the operations that the list itself reads. So nothing is found that the list would not show,
//! and what belongs to another tenant is not there. An id or a service id that names one thing leads to it at once.
//! Each kind costs a few rows, found by an index or in lists that are short: it is asked at every key that is pressed.

mod admin;
mod events;
mod finder;
mod operator;
mod publisher;
#[cfg(test)]
mod tests;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use db::Tx;
use types::ServiceId;

use crate::App;
use crate::access::{Right, SelfView};
use crate::edge::Params;
use crate::edge::browser::{Suggestion, Typed, Visit};
use crate::kit::page::{Link, Sheet, Wording, query};
use crate::kit::{Refused, Texts};
use crate::storefront::pages::{Product, product_at, products};
use finder::{By, Hit, Sought};

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Hits of a kind on the page, and among what is suggested.
const SHOWN: usize = 5;
const SUGGESTED: usize = 3;
/// What is suggested at most, of every kind together.
const SUGGESTIONS: usize = 10;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/search", get(look)).route("/search/suggest", get(suggest))
}

/// What was found of one kind.
struct Group {
    /// Of its heading: the text `kind-<key>`.
    key: &'static str,
    icon: &'static str,
    /// Where all of them are.
    all: Option<String>,
    hits: Vec<Hit>,
}

struct Found {
    groups: Vec<Group>,
    /// Something is meant by what was typed: it is an id.
    named: bool,
}

#[derive(Template)]
#[template(path = "portals/search/page.html")]
struct Page {
    t: Wording,
    words: String,
    groups: Vec<Group>,
}

async fn look(Params(Typed { q }): Params<Typed>, visit: Visit<SelfView>) -> Result<Response, Refused> {
    let t = visit.wording(&TEXTS);
    let groups = match Sought::parse(&q, t, SHOWN) {
        Some(sought) => {
            let Found { groups, named } = find(&visit, sought).await?;
            if let ([Group { hits, .. }], true) = (groups.as_slice(), named)
                && let [hit] = hits.as_slice()
            {
                return Ok(visit.reader.go(&hit.href));
            }
            groups
        }
        None => Vec::new(),
    };
    let body = Page { t, words: q.trim().to_owned(), groups };
    visit.show(Sheet::new(t.of("title"), &body)?)
}

async fn suggest(Params(Typed { q }): Params<Typed>, visit: Visit<SelfView>) -> Result<Response, Refused> {
    let t = visit.wording(&TEXTS);
    let Some(sought) = Sought::parse(&q, t, SUGGESTED) else { return visit.reader.suggest(Vec::new()) };
    let found = find(&visit, sought).await?;
    let suggestions = found.groups.into_iter().flat_map(|group| {
        let kind = t.of(&format!("kind-{}", group.key));
        group.hits.into_iter().map(move |Hit { name, line, href }| Suggestion {
            name,
            line,
            kind: kind.clone(),
            href: Some(href),
            ..Suggestion::default()
        })
    });
    visit.reader.suggest(suggestions.take(SUGGESTIONS).collect())
}

/// What is meant by an id; else what the words are about.
async fn find(visit: &Visit<SelfView>, sought: Sought) -> Result<Found, Refused> {
    let address = ServiceId::parse(&sought.words).map(|id| id.offer().to_owned());
    let address = address.unwrap_or_else(|_| sought.words.clone());
    let product = product_at(&visit.app, &visit.reader, &address).await?;
    let asked = sought.clone();
    let mut groups =
        visit.read(move |tx, right| Box::pin(async move { ask(tx, right, &asked, By::Name).await })).await?;
    groups.extend(on_sale(product.into_iter().collect(), &sought));
    if !groups.is_empty() || sought.is_id() {
        return Ok(Found { groups, named: true });
    }
    let places = places(visit, &sought);
    let products = products(&visit.app, &visit.reader, &sought.words, sought.limit).await?;
    let products = on_sale(products, &sought);
    let found = visit
        .read(move |tx, right| Box::pin(async move { ask(tx, right, &sought, By::Words).await }))
        .await?;
    Ok(Found { groups: places.into_iter().chain(found).chain(products).collect(), named: false })
}

async fn ask(tx: &mut Tx, right: &Right<SelfView>, sought: &Sought, by: By) -> Result<Vec<Group>, Refused> {
    let mut groups = Vec::new();
    for kind in [publisher::KINDS, admin::KINDS, events::KINDS, operator::KINDS].into_iter().flatten() {
        let hits = (kind.look)(tx, right, sought, by).await?;
        if !hits.is_empty() {
            let all = kind.list.map(|list| format!("{list}{}", query_value(&sought.words)));
            groups.push(Group { key: kind.key, icon: kind.icon, all, hits });
        }
    }
    Ok(groups)
}

/// As it stands behind the `=` of an address.
fn query_value(words: &str) -> String {
    query(&[("", words)]).trim_start_matches('=').to_owned()
}

/// The pages that the navigation leads to.
fn places(visit: &Visit<SelfView>, sought: &Sought) -> Option<Group> {
    let fits = |(_, link): &(String, Link)| sought.is_in(&[&link.label]);
    let hit = |(line, Link { label, href, .. })| Hit { name: label, line, href };
    let hits = visit.reader.places().into_iter().filter(fits).map(hit);
    group("places", "menu", None, hits.take(sought.limit).collect())
}

fn on_sale(products: Vec<Product>, sought: &Sought) -> Option<Group> {
    let hit = |product: Product| Hit { name: product.name, line: product.publisher, href: product.href };
    let all = format!("/?q={}", query_value(&sought.words));
    group("products", "store", Some(all), products.into_iter().map(hit).collect())
}

fn group(key: &'static str, icon: &'static str, all: Option<String>, hits: Vec<Hit>) -> Option<Group> {
    (!hits.is_empty()).then_some(Group { key, icon, all, hits })
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

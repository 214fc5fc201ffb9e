//! What is on sale, while somebody types: for the field that searches here, and for whoever searches everything.

use axum::response::Response;

use super::file;
use crate::App;
use crate::edge::Params;
use crate::edge::browser::{Guest, Reader, Suggestion, Typed};
use crate::kit::Refused;
use crate::storefront::search::{Entry, Filters, has_words};
use crate::storefront::viewer::Viewer;

/// Products that are suggested at most.
const SUGGESTED: usize = 8;

/// A listing, as much of it as a line shows.
pub(crate) struct Product {
    pub name: String,
    pub publisher: String,
    pub href: String,
    pub logo: Option<String>,
}

impl Product {
    fn of(entry: &Entry, viewer: &Viewer) -> Self {
        let (_, texts) = entry.listing.texts_for(&viewer.languages);
        Self {
            name: texts.name.clone().unwrap_or_default(),
            publisher: entry.publisher_name.clone(),
            href: format!("/product/{}", entry.address),
            logo: entry.listing.logo.clone().map(|hash| file(&String::from(hash))),
        }
    }
}

/// The best that have all of these words, of what this reader may see.
pub(crate) async fn products(
    app: &App,
    reader: &Reader,
    words: &str,
    limit: usize,
) -> Result<Vec<Product>, Refused> {
    if !has_words(words) {
        return Ok(Vec::new());
    }
    let viewer = Viewer::of_reader(reader);
    let found = viewer.search(app, words, Filters::default()).await?;
    if !found.whole {
        return Ok(Vec::new());
    }
    Ok(found.hits.iter().take(limit).map(|hit| Product::of(&hit.entry, &viewer)).collect())
}

/// What is live at `publisherid.offerid`, if this reader may see it.
pub(crate) async fn product_at(
    app: &App,
    reader: &Reader,
    address: &str,
) -> Result<Option<Product>, Refused> {
    if !address.contains('.') {
        return Ok(None);
    }
    let viewer = Viewer::of_reader(reader);
    Ok(viewer.at(app, address).await?.map(|entry| Product::of(&entry, &viewer)))
}

pub(super) async fn look(Params(Typed { q }): Params<Typed>, guest: Guest) -> Result<Response, Refused> {
    let found = products(&guest.app, &guest.reader, &q, SUGGESTED).await?;
    let suggestion = |product: Product| Suggestion {
        name: product.name,
        line: product.publisher,
        picture: product.logo,
        href: Some(product.href),
        ..Suggestion::default()
    };
    guest.reader.suggest(found.into_iter().map(suggestion).collect())
}

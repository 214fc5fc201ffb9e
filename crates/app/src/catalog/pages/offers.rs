//! Every offer with its status, and a new one.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use types::{Name, OfferSlug};

use super::{TEXTS, frame};
use crate::access::{OfferEdit, OfferView, Permission};
use crate::catalog::operations::create_offer::{self, CreateOffer};
use crate::catalog::operations::find;
use crate::catalog::{Offer, pages};
use crate::edge::browser::{Form, Submit, Visit};
use crate::edge::{Params, SearchParams};
use crate::kit::page::{Entered, Input, Pages, Sheet, Wording};
use crate::kit::{Fields, Refused};

#[derive(Template)]
#[template(path = "catalog/pages/offers.html")]
struct Offers {
    t: Wording,
    search: String,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    offer: Offer,
    href: String,
    badge: (&'static str, String),
    plans: usize,
    changed: bool,
}

pub(super) async fn look(
    Params(asked): Params<SearchParams>,
    visit: Visit<OfferView>,
) -> Result<Response, Refused> {
    let (page, words) = (asked.page()?, asked.words());
    let found = visit.read(move |tx, right| {
        Box::pin(async move {
            let found = find::list_offers(tx, right, &page, &words).await?;
            let mut rows = Vec::with_capacity(found.items.len());
            for offer in found.items {
                let plans = find::plans(tx, &offer.id).await?;
                rows.push((offer, plans));
            }
            Ok((rows, found.next_cursor))
        })
    });
    let (found, next) = found.await?;
    let t = visit.wording(&TEXTS);
    let rows = found.into_iter().map(|(offer, plans)| Row {
        href: frame::address(&offer, "overview"),
        badge: frame::status_badge(&visit.reader, offer.state.status()),
        changed: pages(&offer, &plans).iter().any(|page| page.unpublished_changes),
        plans: plans.len(),
        offer,
    });
    let pages = asked.pages("/publisher/offers", next.as_ref());
    let body = Offers { t, search: asked.search, rows: rows.collect(), pages };
    let sheet = Sheet::new(t.of("offers"), &body)?;
    visit.show(sheet.lead(t.of("offers-lead")))
}

#[derive(Template)]
#[template(path = "catalog/pages/new_offer.html")]
struct NewOffer {
    t: Wording,
    form: Entered,
    publisher: String,
    /// Of `https://…/product/publisherid.`, in front of the offer id.
    address: String,
    /// Characters an offer id may have.
    room: usize,
}

pub(super) async fn look_new(visit: Visit<OfferEdit>) -> Result<Response, Refused> {
    let form = visit.form();
    show_new(&visit, form)
}

fn show_new<P: Permission>(visit: &Visit<P>, form: Entered) -> Result<Response, Refused> {
    let publisher = visit.right.publisher()?.as_str().to_owned();
    let t = visit.wording(&TEXTS);
    let body = NewOffer {
        t,
        form: form.clone(),
        address: format!("{}/product/{publisher}.", visit.app.settings.base_url),
        room: 39_usize.saturating_sub(publisher.len()),
        publisher,
    };
    let sheet = Sheet::new(t.of("new-offer"), &body)?.lead(t.of("new-offer-lead"));
    visit.show(sheet.below(t.of("offers"), "/publisher/offers").answering(&form))
}

impl Form for CreateOffer {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let slug = fields.parse("offer_id", input.text("offer_id"), OfferSlug::parse);
        let alias = fields.parse("alias", input.text("alias"), Name::parse);
        Some(Self { slug: slug?, alias: alias? })
    }
}

pub(super) async fn create(submit: Submit<OfferEdit, CreateOffer>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let created = visit.write(form, |tx, right, command| {
        Box::pin(async move { create_offer::create_offer(tx, right, command).await })
    });
    match created.await {
        Ok(offer) => {
            let said = visit.wording(&TEXTS).named("offer-created", &offer.alias);
            Ok(visit.leave(&frame::address(&offer, "setup"), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show_new(&visit, entered)
        }
    }
}

/// All that the search has, as a file.
pub(super) async fn export(
    Params(asked): Params<SearchParams>,
    visit: Visit<OfferView>,
) -> Result<Response, Refused> {
    let (t, reader, words) = (visit.wording(&TEXTS), Arc::clone(&visit.reader), asked.words());
    let columns = [t.of("field-alias"), t.of("field-offer-id"), t.kit("status"), t.of("created")];
    let row = move |offer: Offer| {
        let status = frame::status_badge(&reader, offer.state.status()).1;
        vec![offer.alias, offer.slug.to_string(), status, offer.created_at.day()]
    };
    let list = visit.export("offers", &columns, move |tx, right, page| {
        Box::pin(async move { Ok(find::list_offers(tx, right, &page, &words).await?.map(row)) })
    });
    list.await
}

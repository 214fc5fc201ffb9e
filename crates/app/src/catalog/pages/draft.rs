//! A page of the draft: shown as it is stored, saved as a whole.

use askama::Template;
use axum::response::Response;

use super::{TEXTS, frame};
use crate::access::{OfferEdit, OfferView, Permission};
use crate::catalog::draft::Page;
use crate::catalog::operations::{edit_draft, find};
use crate::catalog::{Draft, Offer, OfferRef};
use crate::edge::Path;
use crate::edge::browser::{Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Subpages, Wording};
use crate::kit::{Expected, Refused};

/// What a page of the draft is made of.
pub(super) struct Shown {
    pub t: Wording,
    pub form: Entered,
    pub pages: Subpages,
    pub offer: Offer,
    pub action: String,
}

pub(super) trait DraftPage: Template + Sized {
    /// As in its address.
    const PAGE: &'static str;

    /// What its form holds of what was saved.
    fn stored(draft: &Draft) -> Vec<(&'static str, String)>;

    fn read(input: &Input) -> Result<Page, Refused>;

    /// What its form does not say stays as it is.
    fn keep(_page: &mut Page, _draft: &Draft) {}

    fn of(shown: Shown) -> Self;
}

pub(super) async fn look<T: DraftPage>(
    Path(offer): Path<String>,
    visit: Visit<OfferView>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show::<T, _>(&visit, &offer, form).await
}

async fn show<T: DraftPage, P: Permission>(
    visit: &Visit<P>,
    offer: &str,
    form: Entered,
) -> Result<Response, Refused> {
    let (offer, plans) = frame::find(visit, offer).await?;
    let t = visit.wording(&TEXTS);
    let form = form.holding(Input::of(T::stored(&offer.draft.0)));
    let shown = Shown {
        t,
        form: form.clone(),
        pages: frame::beside(&visit.reader, &offer, &plans, T::PAGE),
        action: frame::address(&offer, T::PAGE),
        offer: offer.clone(),
    };
    let sheet = Sheet::new(t.of(&format!("page-{}", T::PAGE)), &T::of(shown))?;
    let sheet = sheet.lead(t.of(&format!("lead-{}", T::PAGE))).answering(&form);
    visit.show(frame::below(&visit.reader, &offer, sheet))
}

pub(super) async fn save<T: DraftPage>(
    Path(offer): Path<String>,
    submit: Submit<OfferEdit>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let named = OfferRef::from_path(&offer)?;
    let read = form.and_then(|input| Ok((T::read(&input)?, input.revision())));
    let saved = visit.write(read, move |tx, right, (mut page, expected): (Page, Expected)| {
        Box::pin(async move {
            let before = find::offer(tx, right, &named).await?;
            T::keep(&mut page, &before.draft.0);
            edit_draft::edit_draft(tx, right, &named, page, &expected).await
        })
    });
    match saved.await {
        Ok(offer) => Ok(visit.leave(&frame::address(&offer, T::PAGE), visit.wording(&TEXTS).of("saved"))),
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show::<T, _>(&visit, &offer, entered).await
        }
    }
}

//! Review and publish: how far each page is, what is missing and where, and notes for those who certify.

use askama::Template;
use axum::response::Response;

use super::TEXTS;
use crate::access::{OfferPublish, OfferView, Permission};
use crate::catalog::pages::frame;
use crate::catalog::{OfferRef, OfferState, PageName, PageStatus, pages};
use crate::edge::Path;
use crate::edge::browser::{Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Subpages, Wording};
use crate::kit::{Expected, Fields, Refused};
use crate::publishing::api::publisher::check_before;
use crate::publishing::operations::Notes;
use crate::publishing::operations::publish::{self, Publish};

#[derive(Template)]
#[template(path = "publishing/pages/review.html")]
struct Review {
    t: Wording,
    form: Entered,
    pages: Subpages,
    action: String,
    revision: i64,
    rows: Vec<Row>,
    complete: bool,
    /// A version is on its way, so that none can be published.
    under_way: bool,
}

struct Row {
    label: String,
    href: String,
    badge: (&'static str, String),
    /// What is missing: label and address of the field.
    missing: Vec<(String, String)>,
}

pub(super) async fn look(Path(offer): Path<String>, visit: Visit<OfferView>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &offer, form).await
}

async fn show<P: Permission>(visit: &Visit<P>, offer: &str, form: Entered) -> Result<Response, Refused> {
    let (offer, plans) = frame::find(visit, offer).await?;
    let (t, reader) = (visit.wording(&TEXTS), &visit.reader);
    let states = pages(&offer, &plans);
    let complete = states.iter().all(|page| page.state == PageStatus::Complete);
    let rows = states.into_iter().map(|state| {
        let href = frame::address_of(&offer, state.page);
        let link = |field: &String| {
            let at = match (state.page, field.as_str()) {
                (PageName::Listing, "logo" | "screenshots" | "documents")
                | (PageName::SupplementalContent, "key_usage_scenarios") => frame::address(&offer, "files"),
                (PageName::Plans, "plan") => frame::address(&offer, "new-plan"),
                _ => format!("{href}#{field}"),
            };
            (frame::field_label(reader, field), at)
        };
        Row {
            label: frame::page_label(reader, state.page),
            missing: state.missing.iter().map(link).collect(),
            badge: frame::state_badge(reader, state.state, state.unpublished_changes),
            href,
        }
    });
    let body = Review {
        t,
        form: form.clone(),
        pages: frame::beside(reader, &offer, &plans, "review"),
        action: frame::address(&offer, "review"),
        revision: offer.revision,
        rows: rows.collect(),
        complete,
        under_way: matches!(
            offer.state,
            OfferState::PublishInProgress | OfferState::GoingLive | OfferState::PendingStop
        ),
    };
    let sheet = Sheet::new(t.of("review-title"), &body)?.lead(t.of("review-lead")).answering(&form);
    visit.show(frame::below(reader, &offer, sheet))
}

fn read(input: &Input) -> Result<(Option<Notes>, Expected), Refused> {
    let mut fields = Fields::default();
    let notes = fields.optional("notes", input.filled("notes"), Notes::parse);
    let notes = notes.ok_or_else(|| fields.refuse())?;
    Ok((notes, input.revision()))
}

pub(super) async fn publish(
    Path(offer): Path<String>,
    submit: Submit<OfferPublish>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let published = async {
        let (notes, expected) = read(&form?)?;
        let named = OfferRef::from_path(&offer)?;
        let checked = check_before(&visit.app, visit.right.clone(), named.clone()).await?;
        let command = Publish { notes, expected, checked };
        let published = visit.write(Ok(command), move |tx, right, command| {
            Box::pin(async move { publish::publish(tx, right, &named, command).await })
        });
        published.await
    };
    match published.await {
        Ok((offer, _)) => {
            let failed = offer.state == OfferState::AttentionNeeded;
            let said = visit.wording(&TEXTS).of(if failed { "publish-failed" } else { "published" });
            Ok(visit.leave(&frame::address(&offer, "overview"), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, &offer, entered).await
        }
    }
}

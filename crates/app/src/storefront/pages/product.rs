//! One offer on the storefront.

use askama::Template;
use axum::response::Response;

use super::{TEXTS, file};
use crate::catalog::Visibility;
use crate::catalog::draft::{Properties, Terms};
use crate::catalog::listing::Listing;
use crate::edge::Path;
use crate::edge::browser::Guest;
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording, markdown};
use crate::storefront::ButtonAction;
use crate::storefront::buttons::Button;
use crate::storefront::sight::{self, Sight};
use crate::storefront::viewer::Viewer;

#[derive(Template)]
#[template(path = "storefront/pages/product.html")]
struct Product<'a> {
    t: Wording,
    name: &'a str,
    summary: &'a str,
    /// As HTML.
    described: String,
    publisher: &'a str,
    logo: Option<String>,
    /// Address and caption.
    screenshots: Vec<(String, &'a str)>,
    documents: Vec<(String, &'a str)>,
    videos: Vec<(&'a str, &'a str)>,
    plans: Vec<Plan<'a>>,
    buttons: Vec<Action>,
    terms: Option<&'a Terms>,
    listing: &'a Listing,
    properties: &'a Properties,
}

struct Plan<'a> {
    name: &'a str,
    description: &'a str,
    private: bool,
}

/// A button, or why it does not act.
struct Action {
    label: String,
    href: Option<String>,
}

pub(super) async fn look(guest: Guest, Path(address): Path<String>) -> Result<Response, Refused> {
    let viewer = Viewer::of_reader(&guest.reader);
    let principal = viewer.principal.clone();
    let seen = guest
        .app
        .db
        .read(move |tx| Box::pin(async move { sight::look(tx, principal.as_deref(), &address).await }))
        .await?;
    show(&guest, &viewer, &seen)
}

/// Nothing can be submitted without its pages; should one lack all the same, the offer is not shown.
fn show(guest: &Guest, viewer: &Viewer, seen: &Sight) -> Result<Response, Refused> {
    let missing = || Refused::not_found("offer");
    let (t, draft) = (guest.wording(&TEXTS), &seen.live.snapshot.0.draft);
    let listing = draft.listing.as_ref().ok_or_else(missing)?;
    let properties = draft.properties.as_ref().ok_or_else(missing)?;
    let (_, texts) = listing.texts_for(&viewer.languages);
    let name = texts.name.as_deref().ok_or_else(missing)?;
    let summary = texts.summary.as_deref().unwrap_or_default();
    let described = texts.description.as_deref().unwrap_or_default();
    let body = Product {
        t,
        name,
        summary,
        described: markdown(described),
        publisher: &seen.publisher_name,
        logo: listing.logo.as_ref().map(|hash| file(hash.as_str())),
        screenshots: captioned(&listing.screenshots),
        documents: captioned(&listing.documents),
        videos: listing.videos.iter().map(|video| (video.name.as_str(), video.url.as_str())).collect(),
        plans: seen.plans.iter().map(plan).collect(),
        buttons: seen.buttons().into_iter().map(|button| action(t, &seen.live.address, button)).collect(),
        terms: properties.terms.as_ref(),
        listing,
        properties,
    };
    let address = format!("{}/product/{}", guest.app.settings.base_url, seen.live.address);
    let sheet = Sheet::new(name, &body)?.own_heading().below(t.of("home-title"), "/");
    guest.show(sheet.described(summary, address))
}

fn captioned(files: &[crate::catalog::listing::Captioned]) -> Vec<(String, &str)> {
    files.iter().map(|row| (file(row.file.as_str()), row.caption.as_str())).collect()
}

fn plan(plan: &crate::catalog::PlanVersion) -> Plan<'_> {
    Plan { name: &plan.name, description: &plan.description, private: plan.visibility == Visibility::Private }
}

/// STO-02: *Get it now* acts for administrators, others are told to ask theirs.
fn action(t: Wording, address: &str, button: Button) -> Action {
    let Button { action, acts, url } = button;
    let href = match action {
        ButtonAction::FreeTrial => url,
        ButtonAction::ContactMe => Some(format!("/product/{address}/contact")),
        ButtonAction::GetItNow if acts => Some(format!("/admin/apps/install?offer={address}")),
        ButtonAction::GetItNow => None,
    };
    Action { label: t.of(&format!("button-{}", action.as_str().replace('_', "-"))), href }
}

//! One offer on the storefront.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{TEXTS, file};
use crate::catalog::draft::{Properties, Terms};
use crate::catalog::listing::{Captioned, Listing};
use crate::catalog::{FileHash, PlanVersion, Visibility};
use crate::edge::browser::Guest;
use crate::edge::{Params, Path};
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording, markdown};
use crate::publishing::Snapshot;
use crate::storefront::ButtonAction;
use crate::storefront::buttons::{Button, buttons};
use crate::storefront::sight;
use crate::storefront::viewer::Viewer;

#[derive(Template)]
#[template(path = "storefront/pages/product.html")]
struct Product<'a> {
    t: Wording,
    preview: bool,
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
    buttons: &'a [Action],
    terms: Option<&'a Terms>,
    listing: &'a Listing,
    properties: &'a Properties,
}

struct Plan<'a> {
    name: &'a str,
    /// As HTML.
    described: String,
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
    let (t, address) = (guest.wording(&TEXTS), &seen.live.address);
    let offered = Offered {
        snapshot: &seen.live.snapshot.0,
        publisher: &seen.publisher_name,
        plans: &seen.plans,
        buttons: seen.buttons().into_iter().map(|button| action(t, address, button)).collect(),
        preview: None,
    };
    let (sheet, summary) = sheet(t, &viewer, &offered)?;
    let canonical = format!("{}/product/{address}", guest.app.settings.base_url);
    let data = data(&sheet.title, &summary, &seen.publisher_name, &canonical);
    guest.show(sheet.described(summary, canonical).with_data(&data))
}

#[derive(Deserialize)]
pub(super) struct HideKey {
    #[serde(default)]
    key: String,
}

/// OFF-12: as it will look, for whoever has the hide key. Nothing can be pressed yet.
pub(super) async fn preview(
    guest: Guest,
    Path(address): Path<String>,
    Params(HideKey { key }): Params<HideKey>,
) -> Result<Response, Refused> {
    let viewer = Viewer::of_reader(&guest.reader);
    let (principal, at, with) = (viewer.principal.clone(), address.clone(), key.clone());
    let read = guest
        .app
        .db
        .read(move |tx| Box::pin(async move { sight::preview(tx, principal.as_deref(), &at, &with).await }));
    let seen = read.await?;
    let (t, setup) = (guest.wording(&TEXTS), seen.snapshot.draft.setup.as_ref());
    let buttons = setup.map(|setup| buttons(setup, seen.standing)).unwrap_or_default();
    let offered = Offered {
        snapshot: &seen.snapshot,
        publisher: &seen.publisher_name,
        plans: &seen.snapshot.plans,
        buttons: buttons
            .into_iter()
            .map(|button| Action { href: None, ..action(t, &address, button) })
            .collect(),
        preview: Some((&address, &key)),
    };
    let (sheet, _) = sheet(t, &viewer, &offered)?;
    guest.show(sheet)
}

/// What a page is about.
struct Offered<'a> {
    snapshot: &'a Snapshot,
    publisher: &'a str,
    plans: &'a [PlanVersion],
    buttons: Vec<Action>,
    /// Address and hide key of what is not live yet.
    preview: Option<(&'a str, &'a str)>,
}

impl Offered<'_> {
    fn file(&self, hash: &FileHash) -> String {
        match self.preview {
            None => file(hash.as_str()),
            Some((address, key)) => {
                format!("/api/v1/storefront/previews/{address}/files/{}?key={key}", hash.as_str())
            }
        }
    }

    fn captioned<'f>(&self, files: &'f [Captioned]) -> Vec<(String, &'f str)> {
        files.iter().map(|row| (self.file(&row.file), row.caption.as_str())).collect()
    }
}

/// With the summary. Nothing can be submitted without its pages; should one lack all the same, the offer is not shown.
fn sheet(t: Wording, viewer: &Viewer, offered: &Offered<'_>) -> Result<(Sheet, String), Refused> {
    let missing = || Refused::not_found("offer");
    let draft = &offered.snapshot.draft;
    let listing = draft.listing.as_ref().ok_or_else(missing)?;
    let properties = draft.properties.as_ref().ok_or_else(missing)?;
    let (_, texts) = listing.texts_for(&viewer.languages);
    let name = texts.name.as_deref().ok_or_else(missing)?;
    let summary = texts.summary.as_deref().unwrap_or_default();
    let body = Product {
        t,
        preview: offered.preview.is_some(),
        name,
        summary,
        described: markdown(texts.description.as_deref().unwrap_or_default()),
        publisher: offered.publisher,
        logo: listing.logo.as_ref().map(|hash| offered.file(hash)),
        screenshots: offered.captioned(&listing.screenshots),
        documents: offered.captioned(&listing.documents),
        videos: listing.videos.iter().map(|video| (video.name.as_str(), video.url.as_str())).collect(),
        plans: offered.plans.iter().map(plan).collect(),
        buttons: &offered.buttons,
        terms: properties.terms.as_ref(),
        listing,
        properties,
    };
    let sheet = Sheet::new(name, &body)?.own_heading().below(t.of("home-title"), "/");
    Ok((sheet, summary.to_owned()))
}

fn plan(plan: &PlanVersion) -> Plan<'_> {
    Plan {
        name: &plan.name,
        described: markdown(&plan.description),
        private: plan.visibility == Visibility::Private,
    }
}

/// For search engines, as schema.org has it.
fn data(name: &str, summary: &str, publisher: &str, address: &str) -> Value {
    json!({
        "@context": "https://schema.org",
        "@type": "SoftwareApplication",
        "name": name,
        "description": summary,
        "url": address,
        "applicationCategory": "BusinessApplication",
        "publisher": { "@type": "Organization", "name": publisher },
    })
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

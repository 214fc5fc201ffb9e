//! What is installed where, and bringing it up to date.

use askama::Template;
use axum::response::Response;
use types::{InstallationId, Page, Timestamp};

use super::TEXTS;
use crate::access::{AppInstall, AppView, Right};
use crate::edge::browser::{Form, Submit, Visit};
use crate::edge::{PageParams, Params, Path};
use crate::installations::Installation;
use crate::installations::operations::{find, install};
use crate::kit::page::{Entered, Input, Pages, Sheet, Wording};
use crate::kit::{Fields, Refused};
use crate::publishing::LiveOffer;

struct Row {
    id: String,
    name: String,
    address: String,
    environment: String,
    version: String,
    updated_at: Timestamp,
    /// The newer version that is live.
    newer: Option<String>,
    on_sale: bool,
}

#[derive(Template)]
#[template(path = "installations/pages/apps.html")]
struct Apps {
    t: Wording,
    form: Entered,
    rows: Vec<Row>,
    pages: Pages,
    may_install: bool,
}

/// What customers see of an offer's name; its address where it is no longer on sale.
pub(super) fn name_of(live: Option<&LiveOffer>, address: &str) -> String {
    live.map_or(address, |live| live.snapshot.0.name()).to_owned()
}

async fn row(
    tx: &mut db::Tx,
    right: &Right<AppView>,
    (installation, live): (Installation, Option<LiveOffer>),
) -> Result<Row, Refused> {
    let environment = find::environment(tx, right, &installation.environment_id).await?.name;
    let newer = live.as_ref().filter(|live| live.version > installation.live_version);
    Ok(Row {
        id: installation.id.to_string(),
        name: name_of(live.as_ref(), &installation.address),
        newer: newer.map(install::app_version),
        on_sale: live.is_some(),
        address: installation.address,
        environment,
        version: installation.app_version,
        updated_at: installation.updated_at,
    })
}

pub(super) async fn look(
    Params(params): Params<PageParams>,
    visit: Visit<AppView>,
) -> Result<Response, Refused> {
    let page = params.request()?;
    let found = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let Page { items, next_cursor } = find::installations(tx, right, &page).await?;
                let mut rows = Vec::with_capacity(items.len());
                for item in items {
                    rows.push(row(tx, right, item).await?);
                }
                Ok(Page { items: rows, next_cursor })
            })
        })
        .await?;
    let (t, form) = (visit.wording(&TEXTS), visit.form());
    let pages = Pages::new("/admin/apps", "", params.cursor.is_none(), found.next_cursor.as_ref());
    let may_install = visit.right.also::<AppInstall>().is_ok();
    let body = Apps { t, form, rows: found.items, pages, may_install };
    visit.show(Sheet::new(t.of("apps-title"), &body)?.lead(t.of("apps-lead")))
}

#[derive(Template)]
#[template(path = "installations/pages/update.html")]
struct Update {
    t: Wording,
    form: Entered,
    row: Row,
}

impl Update {
    fn action(&self) -> String {
        format!("/admin/apps/{}/update", self.row.id)
    }
}

fn installation_id(text: &str) -> Result<InstallationId, Refused> {
    InstallationId::parse(text).map_err(|_| Refused::not_found("installation"))
}

pub(super) async fn look_at_update(
    Path(text): Path<String>,
    visit: Visit<AppInstall>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show_update(&visit, &text, form).await
}

async fn show_update(visit: &Visit<AppInstall>, text: &str, form: Entered) -> Result<Response, Refused> {
    let id = installation_id(text)?;
    let row = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let found = find::installation(tx, right, &id).await?;
                row(tx, &right.also::<AppView>()?, found).await
            })
        })
        .await?;
    let t = visit.wording(&TEXTS);
    let title = t.named("update-title", &row.name);
    let sheet = Sheet::new(title, &Update { t, form: form.clone(), row })?.answering(&form);
    visit.show(sheet.below(t.of("apps-title"), "/admin/apps"))
}

/// Whether the terms are accepted.
#[derive(Clone, Copy)]
pub(super) struct TermsForm(bool);

impl Form for TermsForm {
    fn read(input: &Input, _: &mut Fields) -> Option<Self> {
        Some(Self(input.checked("accept_terms")))
    }
}

pub(super) async fn update(
    Path(text): Path<String>,
    submit: Submit<AppInstall, TermsForm>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let id = installation_id(&text)?;
    let updated = visit.write(form, move |tx, right, TermsForm(accepted)| {
        Box::pin(async move { install::update(tx, right, &id, accepted).await })
    });
    match updated.await {
        Ok((installation, _)) => {
            let said = visit.wording(&TEXTS).named("updated", &installation.app_version);
            Ok(visit.leave("/admin/apps", said))
        }
        Err(refused) => {
            let t = visit.wording(&TEXTS);
            let entered = visit.again(entered, super::install::reasons(t, refused))?;
            show_update(&visit, &text, entered).await
        }
    }
}

pub(super) async fn uninstall(
    Path(text): Path<String>,
    submit: Submit<AppInstall, Input>,
) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let id = installation_id(&text)?;
    let gone = visit
        .write(form, move |tx, right, _| Box::pin(async move { install::uninstall(tx, right, &id).await }));
    let (installation, live) = gone.await?;
    let name = name_of(live.as_ref(), &installation.address);
    Ok(visit.leave("/admin/apps", visit.wording(&TEXTS).named("uninstalled", name)))
}

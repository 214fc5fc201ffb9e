//! Environments: made, closed for new installations, deleted.

use askama::Template;
use axum::response::Response;
use types::{EnvironmentId, Name};

use super::TEXTS;
use crate::access::{AppInstall, AppView, Permission};
use crate::edge::browser::{Form, Submit, Visit};
use crate::edge::{PageParams, Params, Path};
use crate::installations::operations::{environments, find};
use crate::installations::{Environment, EnvironmentKind, EnvironmentState};
use crate::kit::page::{Entered, Input, Pages, Sheet, Wording};
use crate::kit::{Fields, Refused};

#[derive(Template)]
#[template(path = "installations/pages/environments.html")]
struct Environments {
    t: Wording,
    form: Entered,
    rows: Vec<Environment>,
    pages: Pages,
    may_install: bool,
}

pub(super) async fn look(
    Params(params): Params<PageParams>,
    visit: Visit<AppView>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &params, form).await
}

async fn show(visit: &Visit<AppView>, params: &PageParams, form: Entered) -> Result<Response, Refused> {
    let page = params.request()?;
    let found = visit
        .read(move |tx, right| Box::pin(async move { find::environments(tx, right, &page).await }))
        .await?;
    let t = visit.wording(&TEXTS);
    let pages = Pages::new("/admin/environments", "", params.cursor.is_none(), found.next_cursor.as_ref());
    let may_install = visit.right.also::<AppInstall>().is_ok();
    let body = Environments { t, form: form.clone(), rows: found.items, pages, may_install };
    visit
        .show(Sheet::new(t.of("environments-title"), &body)?.lead(t.of("environments-lead")).answering(&form))
}

/// To the page again, with what was done or what is wrong.
async fn answer<P: Permission>(
    visit: Visit<P>,
    entered: Entered,
    done: Result<Environment, Refused>,
    said: &str,
) -> Result<Response, Refused> {
    match done {
        Ok(environment) => {
            let said = visit.wording(&TEXTS).named(said, &environment.name);
            Ok(visit.leave("/admin/environments", said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            let right = visit.right.also::<AppView>()?;
            let visit = Visit { app: visit.app, reader: visit.reader, right };
            show(&visit, &PageParams::default(), entered).await
        }
    }
}

fn environment_id(text: &str) -> Result<EnvironmentId, Refused> {
    EnvironmentId::parse(text).map_err(|_| Refused::not_found("environment"))
}

#[derive(Clone)]
pub(super) struct EnvironmentForm {
    name: Name<100>,
    kind: EnvironmentKind,
}

impl Form for EnvironmentForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let name = fields.parse("name", input.text("name"), Name::parse);
        let kind = fields.parse("kind", input.text("kind"), EnvironmentKind::parse);
        Some(Self { name: name?, kind: kind? })
    }
}

pub(super) async fn create(submit: Submit<AppInstall, EnvironmentForm>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let created = visit.write(form, |tx, right, EnvironmentForm { name, kind }| {
        Box::pin(async move { environments::create(tx, right, name, kind).await })
    });
    let created = created.await;
    answer(visit, entered, created, "environment-created").await
}

#[derive(Clone, Copy)]
pub(super) struct StateForm(EnvironmentState);

impl Form for StateForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        fields.parse("state", input.text("state"), EnvironmentState::parse).map(Self)
    }
}

pub(super) async fn set_state(
    Path(text): Path<String>,
    submit: Submit<AppInstall, StateForm>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let id = environment_id(&text)?;
    let changed = visit.write(form, move |tx, right, StateForm(state)| {
        Box::pin(async move { environments::set_state(tx, right, &id, state).await })
    });
    let changed = changed.await;
    answer(visit, entered, changed, "environment-changed").await
}

pub(super) async fn delete(
    Path(text): Path<String>,
    submit: Submit<AppInstall, Input>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let id = environment_id(&text)?;
    let deleted = visit
        .write(form, move |tx, right, _| Box::pin(async move { environments::delete(tx, right, &id).await }));
    let deleted = deleted.await;
    answer(visit, entered, deleted, "environment-deleted").await
}

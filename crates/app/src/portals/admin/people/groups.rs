//! Groups: the list, and a new one.

use askama::Template;
use axum::response::Response;
use types::Name;

use super::super::lookups::may;
use super::TEXTS;
use crate::access::{UserEdit, UserView};
use crate::edge::browser::{Form, Submit, Visit};
use crate::edge::{Params, SearchParams};
use crate::groups::Group;
use crate::groups::operations::{edit_group, find};
use crate::kit::page::{Entered, Input, Pages, Sheet, Wording};
use crate::kit::{Fields, Refused};

#[derive(Template)]
#[template(path = "portals/admin/people/groups.html")]
struct Groups {
    t: Wording,
    search: String,
    rows: Vec<Group>,
    pages: Pages,
    may_edit: bool,
}

pub(super) async fn look(
    Params(asked): Params<SearchParams>,
    visit: Visit<UserView>,
) -> Result<Response, Refused> {
    let (page, words) = (asked.page()?, asked.words());
    let found = visit
        .read(move |tx, right| Box::pin(async move { find::groups(tx, right, &page, &words).await }))
        .await?;
    let t = visit.wording(&TEXTS);
    let pages = asked.pages("/admin/groups", found.next_cursor.as_ref());
    let body =
        Groups { t, search: asked.search, rows: found.items, pages, may_edit: may::<UserEdit, _>(&visit) };
    visit.show(Sheet::new(t.of("groups-title"), &body)?.lead(t.of("groups-lead")))
}

#[derive(Template)]
#[template(path = "portals/admin/people/new_group.html")]
struct NewGroup {
    t: Wording,
    form: Entered,
}

pub(super) async fn begin(visit: Visit<UserEdit>) -> Result<Response, Refused> {
    let form = visit.form();
    show_new(&visit, form)
}

fn show_new(visit: &Visit<UserEdit>, form: Entered) -> Result<Response, Refused> {
    let t = visit.wording(&TEXTS);
    let sheet = Sheet::new(t.of("group-new"), &NewGroup { t, form: form.clone() })?.answering(&form);
    visit.show(sheet.below(t.of("groups-title"), "/admin/groups"))
}

#[derive(Clone)]
pub(super) struct GroupForm(Name<200>);

impl Form for GroupForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        fields.parse("group_name", input.text("group_name"), Name::parse).map(Self)
    }
}

pub(super) async fn create(submit: Submit<UserEdit, GroupForm>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let created = visit.write(form, |tx, right, GroupForm(name)| {
        Box::pin(async move { edit_group::create_group(tx, right, name).await })
    });
    match created.await {
        Ok(group) => {
            let said = visit.wording(&TEXTS).named("group-created", &group.name);
            Ok(visit.leave(&format!("/admin/groups/{}", group.id), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show_new(&visit, entered)
        }
    }
}

//! The groups that have a license; giving it to a group and taking it off.

use askama::Template;
use axum::response::Response;
use types::{GroupId, PageRequest};

use super::super::lookups::{may, service};
use super::TEXTS;
use super::product::Head;
use crate::access::{LicenseRequest, LicenseView, SeatAssign, UserView};
use crate::edge::Path;
use crate::edge::browser::{Form, Submit, Visit};
use crate::groups::operations::{find, license_group};
use crate::groups::{Group, GroupLicense};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused, Search};

#[derive(Template)]
#[template(path = "portals/admin/licenses/groups.html")]
struct Groups {
    t: Wording,
    form: Entered,
    head: Head,
    rows: Vec<(Group, GroupLicense)>,
    /// Those that do not have it yet.
    others: Vec<Group>,
    may_assign: bool,
    may_request: bool,
}

pub(super) async fn look(Path(text): Path<String>, visit: Visit<LicenseView>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &text, form).await
}

async fn show(visit: &Visit<LicenseView>, text: &str, form: Entered) -> Result<Response, Refused> {
    let service = service(text)?;
    let (head, rows, others) = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let head = Head::find(tx, right, &service).await?;
                let rows = find::licensed(tx, right, &service).await?;
                let page = PageRequest { limit: PageRequest::MAX, after: None };
                let mut others =
                    find::groups(tx, &right.also::<UserView>()?, &page, &Search::default()).await?.items;
                others.retain(|group| !rows.iter().any(|(licensed, _)| licensed.id == group.id));
                Ok((head, rows, others))
            })
        })
        .await?;
    let t = visit.wording(&TEXTS);
    let title = head.called.title();
    let (may_assign, may_request) = (may::<SeatAssign, _>(visit), may::<LicenseRequest, _>(visit));
    let body = Groups { t, form: form.clone(), head, rows, others, may_assign, may_request };
    visit.show(Sheet::new(title, &body)?.answering(&form).below(t.of("list-title"), "/admin/licenses"))
}

/// Which group it is about.
#[derive(Clone)]
pub(super) struct Chosen(GroupId);

impl Form for Chosen {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        fields.parse("group", input.text("group"), GroupId::parse).map(Self)
    }
}

pub(super) async fn license(
    Path(text): Path<String>,
    submit: Submit<SeatAssign, Chosen>,
) -> Result<Response, Refused> {
    change(text, submit, true).await
}

pub(super) async fn unlicense(
    Path(text): Path<String>,
    submit: Submit<SeatAssign, Chosen>,
) -> Result<Response, Refused> {
    change(text, submit, false).await
}

async fn change(text: String, submit: Submit<SeatAssign, Chosen>, give: bool) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let service = service(&text)?;
    let changed = visit.write(form, move |tx, right, Chosen(group)| {
        Box::pin(async move {
            if give {
                license_group::license_group(tx, right, &group, &service).await?;
            } else {
                license_group::unlicense_group(tx, right, &group, &service).await?;
            }
            find::group(tx, right, &group).await
        })
    });
    let t = visit.wording(&TEXTS);
    match changed.await {
        Ok(group) => {
            let said = t.named(if give { "group-licensed" } else { "group-unlicensed" }, &group.name);
            Ok(visit.leave(&format!("/admin/licenses/{text}/groups"), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            let right = visit.right.also::<LicenseView>()?;
            show(&Visit { app: visit.app, reader: visit.reader, right }, &text, entered).await
        }
    }
}

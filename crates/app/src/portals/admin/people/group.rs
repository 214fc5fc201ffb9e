//! One group: its members, and the licenses that they have by being in it.

use askama::Template;
use axum::response::Response;
use types::{GroupId, Page, PageRequest, Timestamp, UserId};

use super::super::lookups::{Called, may, whole};
use super::TEXTS;
use crate::access::{LicenseView, Right, UserEdit, UserView};
use crate::edge::browser::{Submit, Visit};
use crate::edge::{PageParams, Params, Path};
use crate::groups::operations::find::Followed;
use crate::groups::operations::{edit_group, find};
use crate::groups::{DirectMember, Group, GroupLicense, MemberKind};
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::page::{Entered, Input, Pages, Sheet, Wording};
use crate::kit::{Refused, Search};
use crate::publishing::operations::names::Names;

/// A direct member, as a row.
struct Member {
    /// Of a user or a group, as forms send it.
    id: String,
    name: String,
    /// Of a user.
    email: String,
    href: String,
    is_group: bool,
    since: Timestamp,
}

struct Licensed {
    called: Called,
    license: GroupLicense,
    followed: Followed,
}

struct Found {
    group: Group,
    members: Page<Member>,
    licenses: Vec<Licensed>,
    others: Vec<Group>,
}

#[derive(Template)]
#[template(path = "portals/admin/people/group.html")]
struct GroupPage {
    t: Wording,
    form: Entered,
    group: Group,
    members: Vec<Member>,
    licenses: Vec<Licensed>,
    /// Groups that could be members.
    others: Vec<Group>,
    pages: Pages,
    may_edit: bool,
}

impl GroupPage {
    fn here(&self) -> String {
        format!("/admin/groups/{}", self.group.id)
    }

    fn followed(&self, followed: &Followed) -> String {
        let Followed { done, total } = *followed;
        self.t.with("license-followed", &[("done", whole(done)), ("total", whole(total))])
    }
}

pub(super) fn group_id(text: &str) -> Result<GroupId, Refused> {
    GroupId::parse(text).map_err(|_| Refused::not_found("group"))
}

pub(super) async fn look(
    Path(text): Path<String>,
    Params(params): Params<PageParams>,
    visit: Visit<UserView>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &text, &params, form).await
}

pub(super) async fn show(
    visit: &Visit<UserView>,
    text: &str,
    params: &PageParams,
    form: Entered,
) -> Result<Response, Refused> {
    let (id, page) = (group_id(text)?, params.request()?);
    let Found { group, members, licenses, others } =
        visit.read(move |tx, right| Box::pin(async move { find_all(tx, right, &id, &page).await })).await?;
    let t = visit.wording(&TEXTS);
    let path = format!("/admin/groups/{}", group.id);
    let pages = Pages::new(&path, "", params.cursor.is_none(), members.next_cursor.as_ref());
    let (title, may_edit) = (group.name.clone(), may::<UserEdit, _>(visit));
    let body =
        GroupPage { t, form: form.clone(), group, members: members.items, licenses, others, pages, may_edit };
    visit.show(Sheet::new(title, &body)?.answering(&form).below(t.of("groups-title"), "/admin/groups"))
}

async fn find_all(
    tx: &mut db::Tx,
    right: &Right<UserView>,
    id: &GroupId,
    page: &PageRequest,
) -> Result<Found, Refused> {
    let group = find::group(tx, right, id).await?;
    let Page { items, next_cursor } = find::members(tx, right, id, page).await?;
    let mut members = Vec::with_capacity(items.len());
    for one in items {
        members.push(member(tx, right, one).await?);
    }
    let (mut names, mut licenses) = (Names::default(), Vec::new());
    if let Ok(right) = right.also::<LicenseView>() {
        for (license, followed) in find::followed(tx, &right, id).await? {
            let called = Called::find(tx, &mut names, &license.service_id).await?;
            licenses.push(Licensed { called, license, followed });
        }
    }
    let all = PageRequest { limit: PageRequest::MAX, after: None };
    let mut others = find::groups(tx, right, &all, &Search::default()).await?.items;
    others.retain(|other| other.id != *id && !members.iter().any(|member| member.id == other.id.to_string()));
    Ok(Found { group, members: Page { items: members, next_cursor }, licenses, others })
}

async fn member(tx: &mut db::Tx, right: &Right<UserView>, member: DirectMember) -> Result<Member, Refused> {
    let since = member.since;
    if member.kind == MemberKind::Group {
        let group = find::group(tx, right, &GroupId::from_bytes(member.member_id)).await?;
        let (id, href) = (group.id.to_string(), format!("/admin/groups/{}", group.id));
        return Ok(Member { id, name: group.name, email: String::new(), href, is_group: true, since });
    }
    let user = UserRef::Id(UserId::from_bytes(member.member_id));
    let user = identity::existing_user(tx, right, &user).await?;
    let (id, href) = (user.id.to_string(), format!("/admin/users/{}", user.id));
    Ok(Member { id, name: user.name, email: user.email.to_string(), href, is_group: false, since })
}

pub(super) async fn delete(
    Path(text): Path<String>,
    submit: Submit<UserEdit, Input>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let id = group_id(&text)?;
    let deleted = visit.write(form, move |tx, right, _| {
        Box::pin(async move {
            let group = find::group(tx, right, &id).await?;
            edit_group::delete_group(tx, right, &id).await?;
            Ok(group)
        })
    });
    match deleted.await {
        Ok(group) => {
            let said = visit.wording(&TEXTS).named("group-deleted", &group.name);
            Ok(visit.leave("/admin/groups", said))
        }
        Err(refused) => again(visit, &text, entered, refused).await,
    }
}

/// The page again, with what a change was refused for.
pub(super) async fn again(
    visit: Visit<UserEdit>,
    text: &str,
    entered: Entered,
    refused: Refused,
) -> Result<Response, Refused> {
    let entered = visit.again(entered, refused)?;
    let right = visit.right.also::<UserView>()?;
    show(&Visit { app: visit.app, reader: visit.reader, right }, text, &PageParams::default(), entered).await
}

//! The users of one's organisation.

use askama::Template;
use axum::response::Response;

use super::super::lookups::may;
use super::TEXTS;
use crate::access::{UserEdit, UserView};
use crate::edge::browser::Visit;
use crate::edge::{Params, SearchParams};
use crate::identity::operations::find;
use crate::identity::{User, UserStatus};
use crate::kit::Refused;
use crate::kit::page::{Pages, Sheet, Wording};

#[derive(Template)]
#[template(path = "portals/admin/people/users.html")]
struct Users<'a> {
    t: Wording,
    search: &'a str,
    rows: Vec<User>,
    pages: Pages,
    may_edit: bool,
}

/// How a user's status looks.
pub(super) fn badge(status: UserStatus) -> &'static str {
    match status {
        UserStatus::Active => "good",
        UserStatus::Inactive => "notice",
        UserStatus::Deleted => "bad",
    }
}

pub(super) async fn look(
    Params(asked): Params<SearchParams>,
    visit: Visit<UserView>,
) -> Result<Response, Refused> {
    let (page, words) = (asked.page()?, asked.words());
    let found = visit
        .read(move |tx, right| Box::pin(async move { find::list_users(tx, right, &page, &words).await }))
        .await?;
    let t = visit.wording(&TEXTS);
    let pages = asked.pages("/admin/users", found.next_cursor.as_ref());
    let body =
        Users { t, search: &asked.search, rows: found.items, pages, may_edit: may::<UserEdit, _>(&visit) };
    visit.show(Sheet::new(t.of("users-title"), &body)?.lead(t.of("users-lead")))
}

/// All that the search has, as a file.
pub(super) async fn export(
    Params(asked): Params<SearchParams>,
    visit: Visit<UserView>,
) -> Result<Response, Refused> {
    let (t, words) = (visit.wording(&TEXTS), asked.words());
    let columns = [t.of("user-name"), t.of("email"), t.of("roles"), t.kit("status")];
    let row = move |user: User| {
        let roles = user.roles.0.iter().map(|role| t.of(&format!("role-{}", role.as_str())));
        let status = t.of(&format!("status-{}", user.status.as_str()));
        vec![user.name, user.email.to_string(), roles.collect::<Vec<_>>().join(", "), status]
    };
    let list = visit.export("users", &columns, move |tx, right, page| {
        Box::pin(async move { Ok(find::list_users(tx, right, &page, &words).await?.map(row)) })
    });
    list.await
}

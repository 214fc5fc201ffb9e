//! People of a customer: users and groups.

mod group;
mod group_members;
mod groups;
mod leave;
mod new_user;
mod password;
mod suggest;
mod user;
mod users;

pub(super) use suggest::{suggested, suggestion};

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/users", get(users::look))
        .route("/admin/users.csv", get(users::export))
        .route("/admin/users/suggest", get(suggest::look))
        .route("/admin/users/new", get(new_user::look).post(new_user::create))
        .route("/admin/users/{user}", get(user::look).post(user::rename))
        .route("/admin/users/{user}/roles", post(user::set_roles))
        .route("/admin/users/{user}/status", post(user::set_status))
        .route("/admin/users/{user}/leave", post(leave::set))
        .route("/admin/users/{user}/leave/end", post(leave::end))
        .route("/admin/users/{user}/password", post(password::set))
        .route("/admin/groups", get(groups::look))
        .route("/admin/groups/new", get(groups::begin).post(groups::create))
        .route("/admin/groups/{group}", get(group::look))
        .route("/admin/groups/{group}/delete", post(group::delete))
        .route("/admin/groups/{group}/members", post(group_members::add))
        .route("/admin/groups/{group}/members/remove", post(group_members::remove))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

//! The licenses of a customer: what it holds, who has a seat of it, and giving and taking seats.

mod assign;
mod candidates;
mod groups;
mod idle;
mod list;
mod named;
mod policy;
mod product;
mod seat;
mod unassign;

use axum::Router;
use axum::routing::{get, post};

pub(in crate::portals) use list::{Row, all};
pub(super) use named::users;
pub(super) use product::badge;

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/licenses", get(list::look))
        .route("/admin/licenses/{service}", get(product::look))
        .route("/admin/licenses/{service}/seats.csv", get(product::export))
        .route("/admin/licenses/{service}/waiting", get(product::look_at_queue))
        .route("/admin/licenses/{service}/idle", get(idle::look))
        .route("/admin/licenses/{service}/policy", post(policy::choose))
        .route("/admin/licenses/{service}/groups", get(groups::look).post(groups::license))
        .route("/admin/licenses/{service}/groups/remove", post(groups::unlicense))
        .route("/admin/licenses/{service}/assign", get(assign::look).post(assign::assign))
        .route("/admin/licenses/{service}/assign/suggest", get(candidates::suggest))
        .route("/admin/licenses/{service}/unassign", get(unassign::look).post(unassign::unassign))
        .route("/admin/licenses/{service}/users/{user}", get(seat::look))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

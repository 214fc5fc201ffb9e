//! Relationships in a browser: whom one's organisation consented to, and the page that an invitation leads to.

mod consent;
mod invite;
mod list;

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Of the admin center.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/relationships", get(list::look))
        .route("/invitations/accept", get(consent::look).post(consent::accept))
}

/// Of the publisher portal.
pub(crate) fn publisher_routes() -> Router<App> {
    Router::new()
        .route("/publisher/invitations", get(invite::look).post(invite::create))
        .route("/publisher/invitations/{invitation}/reissue", post(invite::reissue))
        .route("/publisher/invitations/{invitation}/revoke", post(invite::revoke))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

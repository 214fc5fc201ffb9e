//! The notification center, and which notices come by mail: for whoever is signed in, beside every portal.

mod list;
mod preferences;

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

const LIST: &str = "/account/notices";
const PREFERENCES: &str = "/account/notices/preferences";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(LIST, get(list::look))
        .route("/account/notices/read", post(list::read_all))
        .route("/account/notices/{notice}/read", post(list::read))
        .route("/account/notices/{notice}/open", post(list::open))
        .route(PREFERENCES, get(preferences::look).post(preferences::choose))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

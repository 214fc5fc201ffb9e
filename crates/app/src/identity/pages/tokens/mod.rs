//! One's own personal access tokens: all of them, a new one with its secret, and revoking one.

mod list;
mod new;

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

const TOKENS: &str = "/account/tokens";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(TOKENS, get(list::look))
        .route("/account/tokens/new", get(new::look).post(new::create))
        .route("/account/tokens/{token}/revoke", post(list::revoke))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

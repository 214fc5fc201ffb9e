//! Signing in and out, one's password, language and looks, in a browser.

pub(crate) mod clients;
mod password;
mod preferences;
mod sign_in;
pub(crate) mod tenants;
pub(crate) mod tokens;

pub(crate) use password::new_password;

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(sign_in::look).post(sign_in::sign_in))
        .route("/sign-in/again", post(sign_in::again))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/account/password", get(password::look).post(password::change))
        .route("/preferences", post(preferences::choose))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

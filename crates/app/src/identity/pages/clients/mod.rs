//! API clients in the admin center: all of them, a new one with its secret, and revoking one (ROL-03).

mod list;
mod new;

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

const CLIENTS: &str = "/admin/clients";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/clients", get(list::look))
        .route("/admin/clients/new", get(new::look).post(new::create))
        .route("/admin/clients/{client}/revoke", post(list::revoke))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

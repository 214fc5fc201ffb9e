//! Tenants in the operator console: all of them, one, and admitting another.

mod admit;
mod list;
mod tenant;

use axum::Router;
use axum::routing::get;

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

const LIST: &str = "/operator/tenants";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/operator/tenants", get(list::look))
        .route("/operator/tenants.csv", get(list::export))
        .route("/operator/tenants/new", get(admit::look).post(admit::admit))
        .route("/operator/tenants/{tenant}", get(tenant::look))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

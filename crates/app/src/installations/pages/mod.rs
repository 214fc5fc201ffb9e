//! Environments and the apps in them, in a browser (INS-01, INS-02).

mod apps;
mod environments;
mod install;

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Of the admin center.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/apps", get(apps::look))
        .route("/admin/apps/install", get(install::look).post(install::install))
        .route("/admin/apps/{installation}/update", get(apps::look_at_update).post(apps::update))
        .route("/admin/apps/{installation}/uninstall", post(apps::uninstall))
        .route("/admin/environments", get(environments::look).post(environments::create))
        .route("/admin/environments/{environment}/state", post(environments::set_state))
        .route("/admin/environments/{environment}/delete", post(environments::delete))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

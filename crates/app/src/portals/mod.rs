//! The portals: what browsers find here.
//!
//! Each has a folder: its navigation, its home, and the list of the pages that features mount in it. The pages
//! themselves are with their features (`<feature>/pages`). docs/adding-a-page.md says how one is added.

mod account;
mod admin;
mod operator;
mod publisher;
mod search;
mod storefront;
mod styleguide;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware;
use axum::response::Response;
use axum::routing::get;
use tower::ServiceExt as _;

use crate::App;
use crate::edge::NO_ROUTE;
use crate::edge::browser::{Portals, dress, wants_a_page};
use crate::kit::{Refused, Texts, assets};
use crate::notices;

pub(crate) static PORTALS: Portals = Portals {
    list: &[&storefront::PORTAL, &admin::PORTAL, &publisher::PORTAL, &operator::PORTAL],
    refusals: &REFUSALS,
    unread: notices::unread,
};

/// English is what the API says; a test finds what Korean lacks.
static REFUSALS: Texts = Texts::new("", include_str!("refusals/ko.ftl"));

/// The pages of one feature in one portal.
pub(crate) type Pages = fn() -> Router<App>;

/// Every page.
pub(crate) fn pages() -> Router<App> {
    let lists = [account::PAGES, storefront::PAGES, admin::PAGES, publisher::PAGES, operator::PAGES];
    let pages = lists.iter().flat_map(|pages| pages.iter());
    pages
        .fold(Router::new(), |router, pages| router.merge(pages()))
        .merge(search::routes())
        .merge(styleguide::routes())
}

/// The same with refusals that are pages, and with what pages need.
pub(crate) fn dressed(pages: Router<App>, app: &App) -> Router<App> {
    pages.layer(middleware::from_fn_with_state(app.clone(), dress)).route("/assets/{file}", get(asset))
}

async fn asset(request: Request) -> Response {
    assets::serve(request.uri().path(), request.headers())
}

/// Whether it is answered with a page, whatever the answer is.
pub(crate) fn shows(request: &Request) -> bool {
    let is_api = request.uri().path().starts_with("/api/");
    wants_a_page(request.headers()) && request.method() == Method::GET && !is_api
}

/// What is at no address: a page for people, a problem for programs.
pub(crate) async fn nothing(State(app): State<App>, request: Request) -> Result<Response, Refused> {
    let path = request.uri().path().to_owned();
    if !shows(&request) {
        return Err(NO_ROUTE.because(format!("Nothing is at {path}; the API is described at /api/docs.")));
    }
    let missing = || async { Refused::not_found("page") };
    let router = Router::new()
        .fallback(missing)
        .layer(middleware::from_fn_with_state(app.clone(), dress))
        .with_state(app);
    router.oneshot(request).await.map_err(Refused::internal)
}

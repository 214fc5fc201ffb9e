//! Who would be refused tomorrow, in a browser (PLN-07): by name in the admin center, in counts for publishers.

mod customers;
mod own;

use axum::Router;
use axum::routing::get;
use serde::Deserialize;

use crate::App;
use crate::kit::page::query;
use crate::kit::{Refused, Texts};
use crate::reports::api::enforcement::window;
use crate::reports::operations::enforcement::Window;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Days that can be chosen, back and ahead.
const CHOICES: [i64; 4] = [7, 30, 90, 365];

/// Of the admin center.
pub(crate) fn routes() -> Router<App> {
    Router::new().route(own::PAGE, get(own::look)).route("/admin/reports/enforcement.csv", get(own::export))
}

/// Of the publisher portal.
pub(super) fn publisher_routes() -> Router<App> {
    Router::new()
        .route(customers::PAGE, get(customers::look))
        .route("/publisher/insights/enforcement.csv", get(customers::export))
}

/// How far back and ahead, as an address has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    days: Option<i64>,
    since_days: Option<i64>,
    cursor: Option<String>,
}

impl Asked {
    fn window(&self) -> Result<Window, Refused> {
        window(self.days, self.since_days)
    }
}

/// The same window, as an address asks for it.
fn asking(window: Window) -> String {
    query(&[("days", &window.days.to_string()), ("since_days", &window.since_days.to_string())])
}

/// What can be chosen, and what is.
fn choices(chosen: i64) -> Vec<(i64, bool)> {
    let others = CHOICES.into_iter().filter(|choice| *choice != chosen);
    let mut choices: Vec<_> = others.map(|choice| (choice, false)).chain([(chosen, true)]).collect();
    choices.sort_unstable();
    choices
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

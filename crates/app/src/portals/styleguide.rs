//! Every component on one page, for whoever builds pages; browser tests photograph it.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use types::{FieldError, Problem, Timestamp};

use crate::App;
use crate::edge::browser::Guest;
use crate::kit::page::{Chart, Entered, Pages, Sheet, Wording};
use crate::kit::{Refused, Texts};

static TEXTS: Texts = Texts::new(include_str!("styleguide/en.ftl"), include_str!("styleguide/ko.ftl"));

pub(super) fn routes() -> Router<App> {
    Router::new().route("/styleguide", get(look))
}

#[derive(Template)]
#[template(path = "portals/styleguide/page.html")]
struct Styleguide {
    t: Wording,
    form: Entered,
    refused: Entered,
    pages: Pages,
    bars: Chart,
    lines: Chart,
    at: Timestamp,
}

async fn look(guest: Guest) -> Result<Response, Refused> {
    let t = guest.wording(&TEXTS);
    let error = FieldError { field: "broken".into(), code: "c".into(), message: t.of("broken-error") };
    let refused = Problem::new(422, "c", "t", "d").with_errors(vec![error]);
    let months = ["06", "07", "08", "09", "10", "11"];
    let values = [(40, 22), (60, 41), (60, 55), (90, 61), (120, 84), (120, 109)];
    let rows: Vec<(String, Vec<i64>)> =
        months.iter().zip(values).map(|(month, (a, b))| ((*month).to_owned(), vec![a, b])).collect();
    let series = vec![t.of("granted"), t.of("assigned")];
    let body = Styleguide {
        t,
        form: guest.reader.form(),
        refused: guest.reader.form().refused(refused),
        pages: Pages::new("/styleguide", "", false, Some(&types::Cursor::after(b"0"))),
        bars: Chart::bars(t.of("chart-bars"), series.clone(), rows.clone()),
        lines: Chart::lines(t.of("chart-lines"), series, rows),
        at: guest.reader.now,
    };
    guest.show(Sheet::new(t.of("title"), &body)?.lead(t.of("lead")))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

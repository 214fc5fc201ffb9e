//! The draft beside what is live, field by field (OFF-13).

use askama::Template;
use axum::response::Response;
use serde_json::Value;

use super::TEXTS;
use crate::access::OfferView;
use crate::catalog::api::compare::compare;
use crate::catalog::pages::frame;
use crate::edge::Path;
use crate::edge::browser::Visit;
use crate::kit::Refused;
use crate::kit::page::{Sheet, Subpages, Wording};

#[derive(Template)]
#[template(path = "publishing/pages/compare.html")]
struct Compare {
    t: Wording,
    pages: Subpages,
    never_live: bool,
    changes: usize,
    rows: Vec<Row>,
}

struct Row {
    page: String,
    field: String,
    draft: String,
    live: String,
    changed: bool,
}

pub(super) async fn look(Path(offer): Path<String>, visit: Visit<OfferView>) -> Result<Response, Refused> {
    let (offer, plans) = frame::find(&visit, &offer).await?;
    let (t, reader) = (visit.wording(&TEXTS), &visit.reader);
    let compared = compare(offer.clone(), &plans)?;
    let mut rows: Vec<Row> = compared
        .items
        .into_iter()
        .map(|row| Row {
            page: frame::page_label(reader, row.page),
            field: frame::field_label(reader, &row.field),
            draft: shown(&row.draft),
            live: shown(&row.live),
            changed: row.changed,
        })
        .collect();
    // What differs comes first.
    rows.sort_by_key(|row| !row.changed);
    let body = Compare {
        t,
        pages: frame::beside(reader, &offer, &plans, "compare"),
        never_live: compared.live_version.is_none(),
        changes: rows.iter().filter(|row| row.changed).count(),
        rows,
    };
    let sheet = Sheet::new(t.of("compare-title"), &body)?.lead(t.of("compare-lead"));
    visit.show(frame::below(reader, &offer, sheet))
}

/// A value as people read it: texts without quotes, lists by line.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join("\n"),
        Value::Object(members) => members.values().map(shown).collect::<Vec<_>>().join(" · "),
        other => other.to_string(),
    }
}

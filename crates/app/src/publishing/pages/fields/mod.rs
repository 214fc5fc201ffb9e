//! Two versions of an offer side by side, field by field, as people read them.

mod value;

use serde_json::Value;

use crate::catalog::PageName;
use crate::catalog::api::compare::ComparedField;
use crate::edge::browser::Reader;
use crate::kit::Texts;
use crate::kit::page::Wording;
pub(super) use value::{Files, Piece};

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// The fields of one version beside another, by page.
pub(super) struct Beside {
    /// What the columns are called; of what is live nothing, where nothing ever was.
    pub(super) field: String,
    pub(super) draft: String,
    pub(super) live: Option<String>,
    pub(super) changed: String,
    pub(super) parts: Vec<Part>,
}

pub(super) struct Part {
    pub(super) title: String,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    /// Of a plan's field: the plan id.
    pub(super) of: String,
    pub(super) label: String,
    pub(super) draft: Vec<Piece>,
    pub(super) live: Vec<Piece>,
    pub(super) changed: bool,
}

impl Beside {
    /// What is nothing in both is left out. `headings`: of the draft, and of what is live where something was.
    pub(super) fn of(
        reader: &Reader,
        headings: (String, Option<String>),
        compared: Vec<ComparedField>,
        only_changed: bool,
        drafted: Files<'_>,
        shown: Files<'_>,
    ) -> Self {
        let t = reader.wording(&TEXTS);
        let mut parts: Vec<(PageName, Vec<Row>)> = Vec::new();
        for field in compared {
            let ComparedField { page, field, draft, live, changed } = field;
            if (only_changed && !changed) || (is_nothing(&draft) && is_nothing(&live)) {
                continue;
            }
            let (of, label) = labelled(t, page, &field);
            let (draft, live) =
                (value::pieces(t, &field, &draft, drafted), value::pieces(t, &field, &live, shown));
            let row = Row { of, label, draft, live, changed };
            match parts.last_mut() {
                Some((last, rows)) if *last == page => rows.push(row),
                _ => parts.push((page, vec![row])),
            }
        }
        let title = |page: PageName| t.of(&format!("page-{}", page.as_str().replace('_', "-")));
        let parts = parts.into_iter().map(|(page, rows)| Part { title: title(page), rows }).collect();
        let (draft, live) = headings;
        Self { field: t.of("field"), draft, live, changed: t.of("changed"), parts }
    }
}

/// Where customers see a file.
pub(super) fn shown(hash: &str) -> String {
    format!("/api/v1/storefront/files/{hash}")
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("") || value.as_array().is_some_and(Vec::is_empty)
}

/// `gold.name`, `translations.ko.name`, `support_contact.email`: what it is of, and its label.
fn labelled(t: Wording, page: PageName, field: &str) -> (String, String) {
    let key = |name: &str| format!("field-{}", name.replace(['_', '.'], "-"));
    let named = |name: &str| t.find(&key(name)).unwrap_or_else(|| name.to_owned());
    match field.split_once('.') {
        Some((plan, name)) if page == PageName::Plans => (plan.to_owned(), named(name)),
        Some(("translations", rest)) => {
            let (language, name) = rest.split_once('.').unwrap_or((rest, ""));
            (language.to_owned(), named(name))
        }
        Some((contact, name)) => (named(contact), named(name)),
        None => (String::new(), named(field)),
    }
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

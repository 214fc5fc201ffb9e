//! The technical configuration of an offer in the publisher portal: the package and what the rules say of it.

mod package;

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::kit::Texts;
use crate::kit::page::Wording;

/// Findings say what was found in English; what should be is said in the reader's language before it.
static RULES: Texts = Texts::new("", include_str!("rules_ko.ftl"));

/// What holds where a rule is kept; nothing in English, where the finding says it.
pub(crate) fn rule_in(t: &Wording, rule: &str) -> Option<String> {
    RULES.find(t.language, &rule.replace('.', "-"), &[])
}

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Of the publisher portal.
pub(crate) fn routes() -> Router<App> {
    let page = |name: &str| format!("/publisher/offers/{{offer}}/{name}");
    Router::new()
        .route(&page("technical-configuration"), get(package::look).post(package::save))
        .route(&page("package"), post(package::upload))
        .route(&page("package-url"), post(package::fetch))
        .route(&page("package.zip"), get(package::download))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}

#[cfg(test)]
#[test]
fn every_rule_is_said_in_korean() {
    let t = Wording::new(crate::kit::Language::Korean, &TEXTS);
    let rules = ::package::Rule::ALL.iter().map(|rule| rule.id());
    let lacking: Vec<&str> = rules.filter(|rule| rule_in(&t, rule).is_none()).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

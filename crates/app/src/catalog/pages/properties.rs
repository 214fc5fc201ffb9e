//! The properties of a draft.

use askama::Template;

use super::TEXTS;
use super::draft::{DraftPage, Shown};
use super::frame::listed;
use crate::catalog::api::page_bodies::PropertiesBody;
use crate::catalog::draft::Page;
use crate::catalog::{Draft, Offer};
use crate::kit::page::{Entered, Input, Subpages, Wording};
use crate::kit::{Language, Refused};

/// What a category may be beside what one writes oneself.
const CATEGORIES: [&str; 12] = [
    "analytics",
    "collaboration",
    "commerce",
    "compliance",
    "customer-service",
    "finance",
    "human-resources",
    "it-management",
    "marketing",
    "operations",
    "productivity",
    "sales",
];

/// What a category is called, if it is one of ours; others are shown as their publisher wrote them.
pub(crate) fn category_name(language: Language, value: &str) -> String {
    let name = Wording::new(language, &TEXTS).find(&format!("category-{value}"));
    name.unwrap_or_else(|| value.to_owned())
}

#[derive(Template)]
#[template(path = "catalog/pages/properties.html")]
pub(super) struct PropertiesPage {
    t: Wording,
    form: Entered,
    pages: Subpages,
    offer: Offer,
    action: String,
    /// Value and label; whatever is stored is among them.
    categories: Vec<(String, String)>,
}

impl DraftPage for PropertiesPage {
    const PAGE: &'static str = "properties";

    fn stored(draft: &Draft) -> Vec<(&'static str, String)> {
        let Some(page) = draft.properties.clone().map(PropertiesBody::from) else { return Vec::new() };
        vec![
            ("primary_category", page.primary_category.unwrap_or_default()),
            ("primary_subcategories", page.primary_subcategories.join(", ")),
            ("secondary_category", page.secondary_category.unwrap_or_default()),
            ("secondary_subcategories", page.secondary_subcategories.join(", ")),
            ("industries", page.industries.join(", ")),
            ("app_version", page.app_version.unwrap_or_default()),
            ("terms_text", page.terms_text.unwrap_or_default()),
            ("terms_url", page.terms_url.unwrap_or_default()),
        ]
    }

    fn read(input: &Input) -> Result<Page, Refused> {
        let filled = |name| input.filled(name).map(str::to_owned);
        PropertiesBody {
            primary_category: filled("primary_category"),
            primary_subcategories: listed(input, "primary_subcategories"),
            secondary_category: filled("secondary_category"),
            secondary_subcategories: listed(input, "secondary_subcategories"),
            industries: listed(input, "industries"),
            app_version: filled("app_version"),
            terms_text: filled("terms_text"),
            terms_url: filled("terms_url"),
        }
        .parse()
    }

    fn of(Shown { t, form, pages, offer, action }: Shown) -> Self {
        let label = |value: &str| category_name(t.language, value);
        let mut categories: Vec<(String, String)> =
            CATEGORIES.iter().map(|value| ((*value).to_owned(), label(value))).collect();
        for name in ["primary_category", "secondary_category"] {
            let chosen = form.value(name, "");
            if !chosen.is_empty() && !categories.iter().any(|(value, _)| value == chosen) {
                categories.push((chosen.to_owned(), label(chosen)));
            }
        }
        Self { t, form, pages, offer, action, categories }
    }
}

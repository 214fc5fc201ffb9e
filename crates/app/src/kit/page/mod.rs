//! Pages: what every page of every portal is made of, and no word of the product.
//!
//! A handler fills a [`Sheet`]: a title and a body, which is the feature's own template. The [`Shell`] around it
//! has navigation, the reader's menu and what was just done. Components are macros in `components.html`,
//! what many pages have of them is made in `parts`, colours and sizes are in `kit/assets`; `/styleguide` shows them
//! together.

mod chart;
mod entered;
mod markdown;
mod pages;
pub(crate) mod parts;
mod wording;

use askama::Template;

pub use chart::Chart;
pub use entered::{Entered, Input, STALE};
pub use markdown::markdown;
pub use pages::{Pages, Subpage, Subpages, query};
pub use wording::Wording;

use super::Refused;

/// What is between the navigation and the end of a page.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub title: String,
    /// One or two sentences below the title.
    pub lead: Option<String>,
    /// The pages above this one, the topmost first: label and address.
    pub above: Vec<(String, String)>,
    /// False where the body has a heading of its own.
    pub heading: bool,
    pub body: String,
    pub status: u16,
    /// Seconds, for the header of this name.
    pub retry_after: Option<u64>,
    /// For search engines; without one they are asked to stay away.
    pub description: Option<String>,
    pub canonical: Option<String>,
    /// What the page is about, for programs: JSON-LD that can stand in an element `script`.
    pub data: Option<String>,
}

impl Sheet {
    pub fn new(title: impl Into<String>, body: &impl Template) -> Result<Self, Refused> {
        Ok(Self {
            title: title.into(),
            lead: None,
            above: Vec::new(),
            heading: true,
            body: body.render().map_err(Refused::internal)?,
            status: 200,
            retry_after: None,
            description: None,
            canonical: None,
            data: None,
        })
    }

    #[must_use]
    pub fn lead(self, lead: impl Into<String>) -> Self {
        Self { lead: Some(lead.into()), ..self }
    }

    /// Puts it below a page; called for the topmost first.
    #[must_use]
    pub fn below(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.above.push((label.into(), href.into()));
        self
    }

    #[must_use]
    pub fn own_heading(self) -> Self {
        Self { heading: false, ..self }
    }

    /// As a form that was refused wants it.
    #[must_use]
    pub fn answering(self, form: &Entered) -> Self {
        let status = form.status().unwrap_or(self.status);
        Self { status, retry_after: form.retry_after().or(self.retry_after), ..self }
    }

    /// For search engines.
    #[must_use]
    pub fn described(self, description: impl Into<String>, canonical: impl Into<String>) -> Self {
        Self { description: Some(description.into()), canonical: Some(canonical.into()), ..self }
    }

    /// What the page is about, for programs.
    #[must_use]
    pub fn with_data(self, data: &serde_json::Value) -> Self {
        Self { data: Some(data_block(data)), ..self }
    }
}

/// Nothing in it ends the element it is in.
fn data_block(data: &serde_json::Value) -> String {
    data.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// A way to another page.
#[derive(Debug, Clone)]
pub struct Link {
    pub label: String,
    pub href: String,
    pub icon: &'static str,
    /// It leads here.
    pub current: bool,
}

/// Links of the navigation that belong together.
#[derive(Debug, Clone)]
pub struct Group {
    pub label: String,
    pub links: Vec<Link>,
}

/// Whose page it is.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    pub email: String,
    pub organisation: String,
}

/// The way to what the reader was told, with how much of it is unread.
#[derive(Debug, Clone)]
pub struct Bell {
    pub href: &'static str,
    /// Up to a hundred, which stands for any more.
    pub unread: i64,
    /// It leads here.
    pub current: bool,
}

impl Bell {
    const MOST: i64 = 99;

    fn shown(&self) -> String {
        if self.unread > Self::MOST { format!("{}+", Self::MOST) } else { self.unread.to_string() }
    }

    fn says(&self, t: &Wording) -> String {
        match self.unread {
            0 => t.kit("notices"),
            some if some > Self::MOST => t.kit_count("notices-unread-more", Self::MOST),
            some => t.kit_count("notices-unread", some),
        }
    }
}

/// What was done by the request before, said once.
#[derive(Debug, Clone)]
pub struct Flash {
    /// `good`, `notice` or `bad`.
    pub kind: String,
    pub text: String,
}

/// A whole page.
#[derive(Template)]
#[template(path = "kit/page/shell.html")]
pub struct Shell<'a> {
    pub t: Wording,
    /// What the whole is called.
    pub marketplace: &'a str,
    /// `light` or `dark`; `None`: as the device has it.
    pub theme: Option<&'a str>,
    /// A key alone leads to the search.
    pub keys: bool,
    /// The portal's name, for its looks.
    pub portal: &'a str,
    pub portals: Vec<Link>,
    pub navigation: Vec<Group>,
    /// What the reader's menu leads to.
    pub account: Vec<Link>,
    pub person: Option<Person>,
    /// For whoever is signed in.
    pub bell: Bell,
    pub flash: Option<Flash>,
    /// Of forms.
    pub token: String,
    /// Path and query of the page.
    pub here: &'a str,
    pub sheet: Sheet,
}

impl Shell<'_> {
    /// A way to the one page there is leads nowhere.
    fn leads_anywhere(&self) -> bool {
        self.navigation.iter().map(|group| group.links.len()).sum::<usize>() > 1
    }
}

/// The text of the state of a step.
pub fn step_key(state: &str) -> &'static str {
    match state {
        "done" => "step-done",
        "failed" => "step-failed",
        _ => "step-now",
    }
}

/// The texts of the components, for whatever draws a shell.
pub(crate) fn wording(language: super::Language) -> Wording {
    Wording::new(language, &wording::KIT)
}

#[cfg(test)]
#[test]
fn data_stays_in_its_element() {
    let block = data_block(&serde_json::json!({ "name": "</script><script>alert(1)</script>&<!--" }));
    assert!(!block.contains(['<', '>', '&']), "{block}");
    let read: serde_json::Value = serde_json::from_str(&block).unwrap();
    assert_eq!(read["name"], "</script><script>alert(1)</script>&<!--");
}

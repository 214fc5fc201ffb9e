//! What the macros of `components.html` are made of where many pages have it. A macro is compiled anew wherever it is
//! called; these are compiled once.

use askama::Template;

use super::wording::Flag;
use super::{Entered, Pages, Subpages, Wording};
use crate::kit::assets;

#[derive(Template)]
#[template(path = "kit/page/parts.html", block = "icon")]
pub struct Icon<'a> {
    icons: &'static str,
    name: &'a str,
}

pub fn icon(name: &str) -> Icon<'_> {
    Icon { icons: assets::icons(), name }
}

#[derive(Template)]
#[template(path = "kit/page/parts.html", block = "copy")]
pub struct CopyBox {
    t: Wording,
    text: String,
}

pub fn copy(t: &Wording, text: impl ToString) -> CopyBox {
    CopyBox { t: *t, text: text.to_string() }
}

#[derive(Template)]
#[template(path = "kit/page/parts.html", block = "link")]
pub struct Link<'a> {
    style: &'a str,
    picture: &'a str,
    label: &'a str,
    href: String,
}

pub fn link<'a>(style: &'a str, picture: &'a str, label: &'a str, href: impl ToString) -> Link<'a> {
    Link { style, picture, label, href: href.to_string() }
}

#[derive(Template)]
#[template(path = "kit/page/parts.html", block = "refusal")]
pub struct Refusal<'a> {
    t: Wording,
    form: &'a Entered,
}

pub fn refusal<'a>(t: &Wording, form: &'a Entered) -> Refusal<'a> {
    Refusal { t: *t, form }
}

/// How a dialog or a panel is left.
#[derive(Template)]
#[template(path = "kit/page/parts.html", block = "closing")]
pub struct Closing {
    t: Wording,
    id: String,
    cancels: bool,
}

pub fn closing(t: &Wording, id: impl ToString, cancels: impl Flag) -> Closing {
    Closing { t: *t, id: id.to_string(), cancels: cancels.is_set() }
}

#[derive(Template)]
#[template(path = "kit/page/parts.html", block = "help")]
pub struct Help<'a> {
    t: Wording,
    form: &'a Entered,
    name: &'a str,
}

pub fn help<'a>(t: &Wording, form: &'a Entered, name: &'a str) -> Help<'a> {
    Help { t: *t, form, name }
}

#[derive(Template)]
#[template(path = "kit/page/parts.html", block = "aria")]
pub struct Aria<'a> {
    t: Wording,
    form: &'a Entered,
    name: &'a str,
    required: bool,
}

pub fn aria<'a>(t: &Wording, form: &'a Entered, name: &'a str, required: impl Flag) -> Aria<'a> {
    Aria { t: *t, form, name, required: required.is_set() }
}

#[derive(Template)]
#[template(path = "kit/page/parts.html", block = "label")]
pub struct Label<'a> {
    t: Wording,
    name: &'a str,
    required: bool,
}

pub fn label<'a>(t: &Wording, name: &'a str, required: impl Flag) -> Label<'a> {
    Label { t: *t, name, required: required.is_set() }
}

#[derive(Template)]
#[template(path = "kit/page/parts.html", block = "field")]
pub struct Field<'a> {
    t: Wording,
    form: &'a Entered,
    name: &'a str,
    required: bool,
    stored: &'a str,
    kind: &'a str,
    complete: &'a str,
    checked_at: &'a str,
    suggest: &'a str,
    into: &'a str,
}

pub fn field<'a>(t: &Wording, form: &'a Entered, name: &'a str, required: impl Flag) -> Field<'a> {
    let (t, required, none) = (*t, required.is_set(), "");
    let [stored, kind, complete, checked_at, suggest, into] = [none; 6];
    Field { t, form, name, required, stored, kind, complete, checked_at, suggest, into }
}

impl<'a> Field<'a> {
    pub fn showing(self, stored: &'a str, kind: &'a str, complete: &'a str) -> Self {
        Self { stored, kind, complete, ..self }
    }

    /// What scripts do with it.
    pub fn asking(self, checked_at: &'a str, suggest: &'a str, into: &'a str) -> Self {
        Self { checked_at, suggest, into, ..self }
    }
}

/// A checkbox or radio button.
#[derive(Template)]
#[template(path = "kit/page/parts.html", block = "check")]
pub struct Check<'a> {
    kind: &'a str,
    name: &'a str,
    value: &'a str,
    checked: bool,
    label: &'a str,
    help: &'a str,
}

pub fn check<'a>(kind: &'a str, name: &'a str, value: &'a str, checked: impl Flag) -> Check<'a> {
    Check { kind, name, value, checked: checked.is_set(), label: "", help: "" }
}

impl<'a> Check<'a> {
    pub fn labelled(self, label: &'a str, help: &'a str) -> Self {
        Self { label, help, ..self }
    }
}

#[derive(Template)]
#[template(path = "kit/page/parts.html", block = "pager")]
pub struct Pager<'a> {
    t: Wording,
    pages: &'a Pages,
}

pub fn pager<'a>(t: &Wording, pages: &'a Pages) -> Pager<'a> {
    Pager { t: *t, pages }
}

/// The pages of one thing, beside one of them.
#[derive(Template)]
#[template(path = "kit/page/parts.html", block = "subpages")]
pub struct SubpagesNav<'a> {
    pages: &'a Subpages,
}

pub fn subpages(pages: &Subpages) -> SubpagesNav<'_> {
    SubpagesNav { pages }
}

//! The storefront: for everybody.

use super::Pages;
use crate::edge::browser::{Item, Portal, Section};
use crate::kit::Texts;
use crate::{leads, storefront};

pub(super) static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Its navigation is its search: the one item is for finding it and is shown nowhere.
pub(super) static PORTAL: Portal = Portal {
    name: "storefront",
    home: "/",
    texts: &TEXTS,
    sections: &[Section { key: "", items: &[Item { key: "name", icon: "store", href: "/", needs: &[] }] }],
};

/// What is mounted here.
pub(super) const PAGES: &[Pages] = &[storefront::pages::routes, leads::pages::storefront_routes];

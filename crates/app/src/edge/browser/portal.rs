//! What a portal is: its name and its navigation. Which there are, `portals` says.

use db::{BoxFuture, Tx};

use crate::access::{PermissionKind, Principal};
use crate::kit::page::{Group, Link, Wording};
use crate::kit::{Language, Refused, Texts};

/// A part of the marketplace for one kind of people. Its texts have `name`, and the key of each section and item.
pub(crate) struct Portal {
    /// Of its looks: a class of the page.
    pub name: &'static str,
    /// Its pages are at this path and below it.
    pub home: &'static str,
    pub texts: &'static Texts,
    /// Whoever sees any item finds the portal.
    pub sections: &'static [Section],
}

pub(crate) struct Section {
    /// Of its heading; empty for none.
    pub key: &'static str,
    pub items: &'static [Item],
}

/// A page that the navigation leads to.
pub(crate) struct Item {
    pub key: &'static str,
    pub icon: &'static str,
    pub href: &'static str,
    /// Who may do none of these does not see it; nothing: everybody does.
    pub needs: &'static [PermissionKind],
}

/// How much there is for somebody that they have not read; a hundred stand for any more.
pub(crate) type Unread = for<'t> fn(&'t mut Tx, &'t Principal) -> BoxFuture<'t, Result<i64, Refused>>;

/// Every portal, and what is on every page.
pub(crate) struct Portals {
    /// The first one is what is left when no other fits a path.
    pub list: &'static [&'static Portal],
    /// By code, with `-` for `.`; where a language has none it is the one of the API.
    pub refusals: &'static Texts,
    pub unread: Unread,
}

impl Portal {
    pub(super) fn is_for(&self, principal: Option<&Principal>) -> bool {
        self.sections.iter().flat_map(|section| section.items).any(|item| item.is_for(principal))
    }

    pub(super) fn link(&self, language: Language, current: bool) -> Link {
        let label = Wording::new(language, self.texts).of("name");
        Link { label, href: self.home.to_owned(), icon: "apps", current }
    }

    /// What this reader may see; the item that leads nearest to `path` is current.
    pub(super) fn navigation(
        &self,
        language: Language,
        principal: Option<&Principal>,
        path: &str,
    ) -> Vec<Group> {
        let t = Wording::new(language, self.texts);
        let items = || self.sections.iter().flat_map(|section| section.items);
        let fitting = items().filter(|item| is_at_or_below(path, item.href, self.home));
        let nearest = fitting.map(|item| item.href).max_by_key(|href| href.len());
        let groups = self.sections.iter().map(|section| Group {
            label: if section.key.is_empty() { String::new() } else { t.of(section.key) },
            links: {
                let items = section.items.iter().filter(|item| item.is_for(principal));
                items.map(|item| item.link(t, nearest)).collect()
            },
        });
        groups.filter(|group| !group.links.is_empty()).collect()
    }
}

impl Item {
    fn is_for(&self, principal: Option<&Principal>) -> bool {
        self.needs.is_empty()
            || principal.is_some_and(|principal| self.needs.iter().any(|kind| principal.may(*kind)))
    }

    fn link(&self, t: Wording, nearest: Option<&str>) -> Link {
        let current = nearest == Some(self.href);
        Link { label: t.of(self.key), href: self.href.to_owned(), icon: self.icon, current }
    }
}

impl Portals {
    /// The portal that a path belongs to.
    pub(super) fn at(&self, path: &str) -> &'static Portal {
        let within = |portal: &&&'static Portal| is_below(path, portal.home);
        self.list.iter().skip(1).find(within).unwrap_or(&self.list[0])
    }
}

/// The home of a portal is current only on itself.
fn is_at_or_below(path: &str, href: &str, home: &str) -> bool {
    path == href || (href != home && is_below(path, href))
}

fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

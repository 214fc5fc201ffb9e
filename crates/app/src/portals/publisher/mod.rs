//! The publisher portal: for people who sell.

mod account;
mod home;

use axum::Router;
use axum::routing::get;

use super::Pages;
use crate::App;
use crate::access::PermissionKind;
use crate::edge::browser::{Item, Portal, Section};
use crate::kit::Texts;
use crate::{catalog, deals, leads, leases, licenses, packages, publishing, relationships, reports};

pub(super) static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

pub(super) static PORTAL: Portal = Portal {
    name: "publisher",
    home: "/publisher",
    texts: &TEXTS,
    sections: &[Section {
        key: "",
        items: &[
            Item {
                key: "home",
                icon: "home",
                href: "/publisher",
                needs: &[PermissionKind::OfferView, PermissionKind::DealView],
            },
            Item {
                key: "offers",
                icon: "offer",
                href: "/publisher/offers",
                needs: &[PermissionKind::OfferView],
            },
            Item { key: "deals", icon: "deal", href: "/publisher/deals", needs: &[PermissionKind::DealView] },
            Item { key: "leads", icon: "lead", href: "/publisher/leads", needs: &[PermissionKind::LeadView] },
            Item {
                key: "customers",
                icon: "customer",
                href: "/publisher/customers",
                needs: &[PermissionKind::DealView],
            },
            Item {
                key: "insights",
                icon: "chart",
                href: "/publisher/insights",
                needs: &[PermissionKind::DealView],
            },
            Item {
                key: "account",
                icon: "gear",
                href: "/publisher/account",
                needs: &[PermissionKind::OfferView, PermissionKind::DealView],
            },
        ],
    }],
};

/// What is mounted here.
pub(super) const PAGES: &[Pages] = &[
    routes,
    catalog::pages::routes,
    packages::pages::routes,
    publishing::pages::routes,
    relationships::pages::publisher_routes,
    deals::pages::routes,
    leads::pages::publisher_routes,
    licenses::pages::routes,
    leases::pages::publisher_routes,
    reports::pages::publisher_routes,
];

fn routes() -> Router<App> {
    Router::new().route("/publisher", get(home::look)).route("/publisher/account", get(account::look))
}

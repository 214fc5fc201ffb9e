//! The publisher portal: for people who sell.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::Pages;
use crate::App;
use crate::access::{PermissionKind, SelfView};
use crate::edge::browser::{Item, Portal, Section, Visit};
use crate::kit::page::{Sheet, Wording};
use crate::kit::{Refused, Texts};
use crate::{catalog, deals, leads, licenses, packages, publishing, relationships, reports};

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
    reports::pages::publisher_routes,
];

fn routes() -> Router<App> {
    Router::new().route("/publisher", get(home))
}

#[derive(Template)]
#[template(path = "portals/publisher/home.html")]
struct Home {
    t: Wording,
    name: String,
}

async fn home(visit: Visit<SelfView>) -> Result<Response, Refused> {
    visit.reader.demand_portal()?;
    let t = visit.wording(&TEXTS);
    let name = visit.reader.visitor.as_ref().map(|visitor| visitor.tenant_name.clone()).unwrap_or_default();
    visit.show(Sheet::new(t.of("home-title"), &Home { t, name })?)
}

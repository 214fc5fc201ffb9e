//! The admin center: for customers, who hold licenses.

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
use crate::relationships;

pub(super) static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

pub(super) static PORTAL: Portal = Portal {
    name: "admin",
    home: "/admin",
    texts: &TEXTS,
    sections: &[Section {
        key: "",
        items: &[
            Item { key: "home", icon: "home", href: "/admin", needs: &[PermissionKind::LicenseView] },
            Item {
                key: "relationships",
                icon: "link",
                href: "/admin/relationships",
                needs: &[PermissionKind::RelationshipView],
            },
        ],
    }],
};

/// What is mounted here.
pub(super) const PAGES: &[Pages] = &[routes, relationships::pages::routes];

fn routes() -> Router<App> {
    Router::new().route("/admin", get(home))
}

#[derive(Template)]
#[template(path = "portals/admin/home.html")]
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

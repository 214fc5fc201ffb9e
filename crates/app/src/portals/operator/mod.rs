//! The operator console: for whoever runs the marketplace.

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

pub(super) static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

pub(super) static PORTAL: Portal = Portal {
    name: "operator",
    home: "/operator",
    texts: &TEXTS,
    sections: &[Section {
        key: "",
        items: &[Item {
            key: "home",
            icon: "home",
            href: "/operator",
            needs: &[PermissionKind::SubmissionCertify, PermissionKind::TenantAdmit],
        }],
    }],
};

/// What is mounted here.
pub(super) const PAGES: &[Pages] = &[routes];

fn routes() -> Router<App> {
    Router::new().route("/operator", get(home))
}

#[derive(Template)]
#[template(path = "portals/operator/home.html")]
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

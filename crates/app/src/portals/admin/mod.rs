//! The admin center: for customers, who hold licenses.

mod home;
mod licenses;
mod lookups;
mod people;
mod requests;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;

use super::Pages;
use crate::App;
use crate::access::PermissionKind;
use crate::edge::browser::{Item, Portal, Section};
use crate::kit::Texts;
use crate::{audit, bulk, identity, installations, leases, relationships, reports, rights, webhooks};

pub(super) use licenses::{Row as Held, all as held};
pub(super) use requests::{Requested, requested};

pub(super) static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

pub(super) static PORTAL: Portal = Portal {
    name: "admin",
    home: "/admin",
    texts: &TEXTS,
    sections: &[
        Section {
            key: "",
            items: &[
                item("home", "home", "/admin"),
                item("licenses", "license", "/admin/licenses"),
                item("requests", "seat", "/admin/requests"),
                item("bulk", "upload", "/admin/bulk"),
                Item {
                    key: "leases",
                    icon: "clock",
                    href: "/admin/leases",
                    needs: &[PermissionKind::LeaseAny],
                },
            ],
        },
        Section {
            key: "people",
            items: &[
                item("users", "person", "/admin/users"),
                item("groups", "group", "/admin/groups"),
                Item {
                    key: "explain",
                    icon: "info",
                    href: "/admin/explain",
                    needs: &[PermissionKind::CheckAny],
                },
            ],
        },
        Section {
            key: "organisation",
            items: &[
                item("reports", "chart", "/admin/reports"),
                Item { key: "apps", icon: "apps", href: "/admin/apps", needs: &[PermissionKind::AppView] },
                Item {
                    key: "environments",
                    icon: "globe",
                    href: "/admin/environments",
                    needs: &[PermissionKind::AppView],
                },
                Item {
                    key: "relationships",
                    icon: "link",
                    href: "/admin/relationships",
                    needs: &[PermissionKind::RelationshipView],
                },
                Item {
                    key: "clients",
                    icon: "key",
                    href: "/admin/clients",
                    needs: &[PermissionKind::ClientManage],
                },
                Item {
                    key: "webhooks",
                    icon: "hook",
                    href: "/admin/webhooks",
                    // As with the audit trail.
                    needs: &[PermissionKind::RoleGrant],
                },
                Item {
                    key: "audit",
                    icon: "shield",
                    href: "/admin/audit",
                    // Of those who read it, the global admins: operators find theirs in their console.
                    needs: &[PermissionKind::RoleGrant],
                },
            ],
        },
    ],
};

/// A page for everybody who looks after licenses.
const fn item(key: &'static str, icon: &'static str, href: &'static str) -> Item {
    Item { key, icon, href, needs: &[PermissionKind::LicenseView] }
}

/// What is mounted here.
pub(super) const PAGES: &[Pages] = &[
    routes,
    licenses::routes,
    requests::routes,
    people::routes,
    bulk::pages::routes,
    rights::pages::routes,
    leases::pages::routes,
    installations::pages::routes,
    reports::pages::held::routes,
    reports::pages::risks::routes,
    relationships::pages::routes,
    crate::licenses::pages::admin_routes,
    identity::pages::clients::routes,
    webhooks::pages::routes,
    audit::pages::routes,
];

fn routes() -> Router<App> {
    Router::new().route("/admin", get(home::look))
}

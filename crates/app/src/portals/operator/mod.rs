//! The operator console: for whoever runs the marketplace.

mod health;
mod home;

use axum::Router;
use axum::routing::get;

use super::Pages;
use crate::access::PermissionKind;
use crate::edge::browser::{Item, Portal, Section};
use crate::kit::Texts;
use crate::{App, deals, identity, jobs, mails, publishing, settings};

pub(super) static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

pub(super) static PORTAL: Portal = Portal {
    name: "operator",
    home: "/operator",
    texts: &TEXTS,
    sections: &[
        Section {
            key: "",
            items: &[Item {
                key: "home",
                icon: "home",
                href: "/operator",
                needs: &[PermissionKind::SubmissionCertify],
            }],
        },
        Section {
            key: "section-review",
            items: &[
                Item {
                    key: "certification",
                    icon: "shield",
                    href: "/operator/certifications",
                    needs: &[PermissionKind::SubmissionCertify],
                },
                Item {
                    key: "deals",
                    icon: "deal",
                    href: "/operator/deals",
                    needs: &[PermissionKind::DealReview],
                },
            ],
        },
        Section {
            key: "section-marketplace",
            items: &[Item {
                key: "tenants",
                icon: "customer",
                href: "/operator/tenants",
                needs: &[PermissionKind::TenantAdmit],
            }],
        },
        Section {
            key: "section-system",
            items: &[
                Item {
                    key: "jobs",
                    icon: "clock",
                    href: "/operator/jobs",
                    needs: &[PermissionKind::JobManage],
                },
                Item {
                    key: "mails",
                    icon: "mail",
                    href: "/operator/mails",
                    needs: &[PermissionKind::MailManage],
                },
                Item {
                    key: "health",
                    icon: "chart",
                    href: "/operator/health",
                    needs: &[PermissionKind::JobManage],
                },
                Item {
                    key: "settings",
                    icon: "gear",
                    href: "/operator/settings",
                    needs: &[PermissionKind::SettingsEdit],
                },
            ],
        },
    ],
};

/// What is mounted here.
pub(super) const PAGES: &[Pages] = &[
    routes,
    publishing::pages::certification::routes,
    deals::pages::review::routes,
    identity::pages::tenants::routes,
    jobs::pages::routes,
    mails::pages::routes,
    settings::pages::routes,
];

fn routes() -> Router<App> {
    Router::new()
        .route("/operator", get(home::look))
        .route("/operator/health", get(health::look))
        .route("/operator/health/examination", get(health::examine))
}

//! What every feature declares, gathered: from here come the generated references, and the test that
//! prepares every statement on both databases.

use db::Sql;

use crate::kit::{self, Code};
use crate::{
    access, assignments, authzen, bulk, catalog, deals, edge, entitlements, events, groups, identity, idle,
    installations, jobs, leads, leases, licenses, mails, notices, packages, publishing, relationships,
    reports, requests, seats, settings, webhooks,
};

/// One feature's declarations.
#[derive(Debug, Clone, Copy)]
pub struct Feature {
    pub name: &'static str,
    pub statements: &'static [Sql],
    pub codes: &'static [Code],
    pub events: &'static [&'static str],
}

/// In the order of `lib.rs`.
pub const FEATURES: &[Feature] = &[
    Feature { name: "kit", statements: &[], codes: kit::CODES, events: &[] },
    Feature { name: "events", statements: events::STATEMENTS, codes: &[], events: &[] },
    Feature { name: "access", statements: &[], codes: access::CODES, events: &[] },
    Feature { name: "jobs", statements: jobs::STATEMENTS, codes: jobs::CODES, events: jobs::events::KINDS },
    Feature {
        name: "identity",
        statements: identity::STATEMENTS,
        codes: identity::CODES,
        events: identity::events::KINDS,
    },
    Feature { name: "people", statements: identity::people::STATEMENTS, codes: &[], events: &[] },
    Feature { name: "edge", statements: edge::STATEMENTS, codes: edge::CODES, events: &[] },
    Feature { name: "browser", statements: &[], codes: edge::browser::CODES, events: &[] },
    Feature {
        name: "mails",
        statements: mails::STATEMENTS,
        codes: mails::CODES,
        events: mails::events::KINDS,
    },
    Feature {
        name: "webhooks",
        statements: webhooks::STATEMENTS,
        codes: webhooks::CODES,
        events: webhooks::events::KINDS,
    },
    Feature {
        name: "settings",
        statements: settings::STATEMENTS,
        codes: &[],
        events: settings::events::KINDS,
    },
    Feature {
        name: "catalog",
        statements: catalog::STATEMENTS,
        codes: catalog::CODES,
        events: catalog::events::KINDS,
    },
    Feature {
        name: "packages",
        statements: packages::STATEMENTS,
        codes: packages::CODES,
        events: packages::events::KINDS,
    },
    Feature {
        name: "publishing",
        statements: publishing::STATEMENTS,
        codes: publishing::CODES,
        events: publishing::events::KINDS,
    },
    Feature {
        name: "relationships",
        statements: relationships::STATEMENTS,
        codes: relationships::CODES,
        events: relationships::events::KINDS,
    },
    Feature {
        name: "deals",
        statements: deals::STATEMENTS,
        codes: deals::CODES,
        events: deals::events::KINDS,
    },
    Feature { name: "seats", statements: seats::STATEMENTS, codes: &[], events: seats::events::KINDS },
    Feature { name: "pools", statements: seats::POOL_STATEMENTS, codes: &[], events: &[] },
    Feature { name: "holds", statements: seats::HOLD_STATEMENTS, codes: &[], events: &[] },
    Feature { name: "seats of tenants", statements: seats::TENANT_STATEMENTS, codes: &[], events: &[] },
    Feature {
        name: "licenses",
        statements: licenses::STATEMENTS,
        codes: licenses::CODES,
        events: licenses::events::KINDS,
    },
    Feature {
        name: "leads",
        statements: leads::STATEMENTS,
        codes: leads::CODES,
        events: leads::events::KINDS,
    },
    Feature { name: "assignments", statements: &[], codes: assignments::CODES, events: &[] },
    Feature { name: "bulk", statements: bulk::STATEMENTS, codes: bulk::CODES, events: bulk::events::KINDS },
    Feature {
        name: "groups",
        statements: groups::STATEMENTS,
        codes: groups::CODES,
        events: groups::events::KINDS,
    },
    Feature {
        name: "requests",
        statements: requests::STATEMENTS,
        codes: requests::CODES,
        events: requests::events::KINDS,
    },
    Feature { name: "idle", statements: idle::STATEMENTS, codes: &[], events: idle::events::KINDS },
    Feature { name: "notices", statements: notices::STATEMENTS, codes: &[], events: notices::events::KINDS },
    Feature {
        name: "installations",
        statements: installations::STATEMENTS,
        codes: installations::CODES,
        events: installations::events::KINDS,
    },
    Feature {
        name: "entitlements",
        statements: entitlements::STATEMENTS,
        codes: entitlements::CODES,
        events: entitlements::events::KINDS,
    },
    Feature { name: "authzen", statements: &[], codes: authzen::CODES, events: &[] },
    Feature {
        name: "leases",
        statements: leases::STATEMENTS,
        codes: leases::CODES,
        events: leases::events::KINDS,
    },
    Feature { name: "reports", statements: reports::STATEMENTS, codes: &[], events: &[] },
];

/// Every refusal, as the committed reference shows it.
pub fn codes_reference() -> String {
    let mut text = String::from(
        "# Refusals\n\nGenerated from the registries of the features. Codes never change once released.\n",
    );
    for feature in FEATURES.iter().filter(|feature| !feature.codes.is_empty()) {
        text.push_str(&format!("\n## {}\n\n| status | code | title |\n|---|---|---|\n", feature.name));
        for code in feature.codes {
            text.push_str(&format!("| {} | `{}` | {} |\n", code.status, code.code, code.title));
        }
    }
    text
}

/// Every event, as the committed reference shows it.
pub fn events_reference() -> String {
    let mut text = String::from("# Events\n\nGenerated from the registries of the features.\n");
    for feature in FEATURES.iter().filter(|feature| !feature.events.is_empty()) {
        text.push_str(&format!("\n## {}\n\n", feature.name));
        for event in feature.events {
            text.push_str(&format!("- `{event}`\n"));
        }
    }
    text
}

//! The settings as they are in force. They are set where the server runs, not here.

use askama::Template;
use axum::response::Response;

use super::TEXTS;
use crate::Settings;
use crate::access::JobManage;
use crate::edge::browser::Visit;
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording};

#[derive(Template)]
#[template(path = "portals/operator/settings.html")]
struct Page {
    t: Wording,
    parts: Vec<Part>,
}

struct Part {
    title: String,
    rows: Vec<Row>,
}

struct Row {
    label: String,
    value: String,
    /// Of the configuration.
    key: &'static str,
}

pub(super) async fn look(visit: Visit<JobManage>) -> Result<Response, Refused> {
    let t = visit.wording(&TEXTS);
    let settings = &visit.app.settings;
    let part = |key: &str, rows: Vec<(&'static str, String)>| Part {
        title: t.of(key),
        rows: rows
            .into_iter()
            .map(|(key, value)| Row {
                label: t.of(&format!("setting-{}", key.replace('_', "-"))),
                value,
                key,
            })
            .collect(),
    };
    let parts = vec![
        part("settings-marketplace", marketplace(t, settings)),
        part("settings-licenses", licenses(t, settings)),
        part("settings-mail", mail(t, settings)),
        part("settings-outbound", outbound(t, settings)),
    ];
    visit.show(Sheet::new(t.of("settings-title"), &Page { t, parts })?.lead(t.of("settings-lead")))
}

type Values = Vec<(&'static str, String)>;

fn marketplace(t: Wording, settings: &Settings) -> Values {
    vec![
        ("marketplace_name", settings.marketplace_name.clone()),
        ("base_url", settings.base_url.clone()),
        ("go_live_delay_seconds", t.count("seconds", settings.go_live_delay_seconds)),
        ("package_bytes_max", t.bytes(settings.package_bytes_max)),
        ("key_publish_seconds", t.count("seconds", settings.key_publish_seconds)),
    ]
}

fn licenses(t: Wording, settings: &Settings) -> Values {
    let grace = &settings.grace;
    vec![
        ("grace_reduced_days", t.count("days", grace.reduced_days)),
        ("grace_warning_days", t.count("days", grace.warning_days)),
        ("grace_suspended_days", t.count("days", grace.suspended_days)),
        ("answer_fresh_seconds", t.count("seconds", i64::from(settings.answers.fresh))),
        ("answer_grace_seconds", t.count("seconds", i64::from(settings.answers.grace))),
        ("lease_days_max", t.count("days", settings.lease_seconds_max / 86_400)),
    ]
}

/// Who signs in at the mail server is nobody's business here.
fn mail(t: Wording, settings: &Settings) -> Values {
    let Some(mail) = &settings.mail else { return vec![("smtp_host", t.of("not-set"))] };
    vec![("smtp_host", format!("{}:{}", mail.host, mail.port)), ("mail_from", mail.from.clone())]
}

fn outbound(t: Wording, settings: &Settings) -> Values {
    let outbound = &settings.outbound;
    let networks = outbound.allow_networks.len();
    let networks = if networks == 0 { t.of("not-set") } else { t.count("networks", networks) };
    vec![
        (
            "package_fetch_seconds",
            t.count("seconds", i64::try_from(settings.package_fetch_seconds).unwrap_or(i64::MAX)),
        ),
        ("outbound_allow_http", t.of(if outbound.allow_http { "yes" } else { "no" })),
        ("outbound_allow_networks", networks),
    ]
}

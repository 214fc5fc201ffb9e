//! What is about the machine: looked at here, and set where the server runs.

use crate::Settings;
use crate::kit::page::Wording;

pub(super) struct Row {
    pub label: String,
    pub value: String,
    /// Of the configuration.
    pub key: &'static str,
}

pub(super) fn rows(t: Wording, settings: &Settings) -> Vec<Row> {
    let values = marketplace(t, settings).into_iter().chain(mail(t, settings)).chain(outbound(t, settings));
    let row = |(key, value): (&'static str, String)| {
        let label = t.of(&format!("configured-{}", key.replace('_', "-")));
        Row { label, value, key }
    };
    values.map(row).collect()
}

type Values = Vec<(&'static str, String)>;

fn marketplace(t: Wording, settings: &Settings) -> Values {
    let checks = match settings.checks_per_second {
        0 => t.of("no-limit"),
        some => t.number(i64::from(some)),
    };
    vec![
        ("base_url", settings.base_url.clone()),
        ("package_bytes_max", t.bytes(settings.package_bytes_max)),
        ("key_publish_seconds", t.count("seconds", settings.key_publish_seconds)),
        ("requests_at_once", t.number(settings.requests_at_once)),
        ("checks_per_second", checks),
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
        ("package_fetch_seconds", t.count("seconds", settings.package_fetch_seconds)),
        ("outbound_allow_http", t.of(if outbound.allow_http { "yes" } else { "no" })),
        ("outbound_allow_networks", networks),
    ]
}

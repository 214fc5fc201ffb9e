//! Configuration: defaults, a file, the environment, arguments; the later wins.

use std::path::{Path, PathBuf};

use app::Settings;
use app::kit::outbound::{Network, OutboundSettings};
use app::kit::{MailSettings, MailTls};
use serde::Deserialize;
use toml::{Table, Value};

use crate::failure::Failure;

/// The embedded database, in the folder of the data.
const FILE: &str = "seatline.db";
/// Documents every key.
const DEFAULTS: &str = include_str!("default.toml");

/// What the keys of `default.toml` say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) listen: String,
    base_url: String,
    marketplace_name: String,
    data: PathBuf,
    database: String,
    database_connections: usize,
    pub(crate) request_timeout_seconds: u64,
    pub(crate) reverse_proxies: usize,
    requests_at_once: usize,
    checks_per_second: u32,
    go_live_delay_seconds: u32,
    package_bytes_max: usize,
    smtp_host: String,
    smtp_port: u16,
    smtp_tls: String,
    smtp_user: String,
    smtp_password: String,
    mail_from: String,
    package_fetch_seconds: u32,
    outbound_allow_http: bool,
    outbound_allow_networks: String,
    grace_reduced_days: u32,
    grace_warning_days: u32,
    grace_suspended_days: u32,
    answer_fresh_seconds: u32,
    answer_grace_seconds: u32,
    lease_days_max: u32,
    key_publish_seconds: u32,
    pub(crate) log: LogFormat,
    pub(crate) log_filter: String,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    Text,
    Json,
}

impl LogFormat {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

/// Where the rows are, and the file that says the rest.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct StoreArguments {
    /// Folder of the embedded database
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// PostgreSQL instead: postgres://user@host/name or "host=… dbname=…"
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// TOML file with further keys; see `seatline admin config`
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl StoreArguments {
    /// The embedded database in this folder, and nothing else said.
    pub(crate) fn embedded(data: PathBuf) -> Self {
        Self { data: Some(data), ..Self::default() }
    }
}

/// What may be said as arguments rather than in a file.
#[derive(Debug, Default)]
pub(crate) struct Overrides {
    pub(crate) listen: Option<String>,
    pub(crate) base_url: Option<String>,
    pub(crate) log: Option<LogFormat>,
}

/// The text of `default.toml`.
pub(crate) fn documented_defaults() -> &'static str {
    DEFAULTS
}

impl Config {
    /// Reads everything there is; `environment` gives the value of a variable.
    pub(crate) fn load(
        store: &StoreArguments,
        overrides: Overrides,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Failure> {
        let mut keys = defaults()?;
        if let Some(path) = &store.config {
            override_with(&mut keys, path)?;
        }
        for (key, value) in &mut keys {
            let variable = format!("SEATLINE_{}", key.to_ascii_uppercase());
            if let Some(text) = environment(&variable) {
                *value = like(value, &text).ok_or_else(|| {
                    Failure::Usage(format!("{variable} must be {}, not {text:?}", value.type_str()))
                })?;
            }
        }
        let data = store.data.as_ref().map(|path| path.display().to_string());
        let log = overrides.log.map(|log| log.name().to_owned());
        let arguments = [
            ("listen", overrides.listen),
            ("base_url", overrides.base_url),
            ("log", log),
            ("data", data),
            ("database", store.database.clone()),
        ];
        for (key, text) in arguments {
            if let Some(text) = text {
                keys.insert(key.to_owned(), Value::String(text));
            }
        }
        keys.try_into().map_err(|error| Failure::Usage(format!("the configuration is wrong: {error}")))
    }

    /// The database of a marketplace that is there; a folder that is none is not made one.
    pub(crate) fn existing_database(&self) -> Result<db::Config, Failure> {
        let file = self.data.join(FILE);
        if self.database.is_empty() && !file.exists() {
            let message = format!("there is no marketplace in {}: {} is missing", self.data.display(), FILE);
            return Err(Failure::Usage(message));
        }
        self.database()
    }

    /// Where the database is; makes the folder of an embedded one.
    pub(crate) fn database(&self) -> Result<db::Config, Failure> {
        if self.database.is_empty() {
            let mut folder = std::fs::DirBuilder::new();
            folder.recursive(true);
            // The keys that sign are in there.
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
            folder.create(&self.data).map_err(|error| {
                Failure::Other(format!("the folder {} cannot be made: {error}", self.data.display()))
            })?;
            return Ok(db::Config::sqlite(self.data.join(FILE)));
        }
        let url = self.database.clone();
        let known = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
            || url.contains('=');
        if !known {
            let message = "database must be postgres://user@host/name or \"host=… dbname=…\"";
            return Err(Failure::Usage(message.to_owned()));
        }
        Ok(db::Config::Postgres { url, connections: self.database_connections.max(1) })
    }

    /// What the product needs to know; `address` is what is listened on.
    pub(crate) fn settings(&self, address: std::net::SocketAddr) -> Result<Settings, Failure> {
        let base_url = match self.base_url.trim_end_matches('/') {
            "" => format!("http://{address}"),
            url => url.to_owned(),
        };
        if self.marketplace_name.trim().is_empty() {
            return Err(Failure::Usage("marketplace_name must not be empty".to_owned()));
        }
        Ok(Settings {
            base_url,
            marketplace_name: self.marketplace_name.clone(),
            go_live_delay_seconds: i64::from(self.go_live_delay_seconds),
            package_bytes_max: self.package_bytes_max,
            answers: app::AnswerTimes { fresh: self.answer_fresh_seconds, grace: self.answer_grace_seconds },
            grace: app::GraceTimes {
                reduced_days: i64::from(self.grace_reduced_days),
                warning_days: i64::from(self.grace_warning_days),
                suspended_days: i64::from(self.grace_suspended_days),
            },
            requests_at_once: self.requests_at_once,
            password_cost: app::PasswordCost::default(),
            checks_per_second: self.checks_per_second,
            lease_seconds_max: i64::from(self.lease_days_max) * 86_400,
            key_publish_seconds: i64::from(self.key_publish_seconds),
            mail: self.mail()?,
            package_fetch_seconds: self.package_fetch_seconds.into(),
            outbound: self.outbound()?,
        })
    }

    fn mail(&self) -> Result<Option<MailSettings>, Failure> {
        if self.smtp_host.is_empty() {
            return Ok(None);
        }
        if self.mail_from.is_empty() {
            return Err(Failure::Usage("mail_from must be set where smtp_host is".to_owned()));
        }
        let tls = MailTls::parse(&self.smtp_tls)
            .map_err(|why| Failure::Usage(format!("smtp_tls {}", why.message)))?;
        let credentials =
            (!self.smtp_user.is_empty()).then(|| (self.smtp_user.clone(), self.smtp_password.clone()));
        let (host, from) = (self.smtp_host.clone(), self.mail_from.clone());
        Ok(Some(MailSettings { host, port: self.smtp_port, tls, credentials, from }))
    }

    fn outbound(&self) -> Result<OutboundSettings, Failure> {
        let networks = self.outbound_allow_networks.split(',').filter(|text| !text.trim().is_empty());
        let allow_networks = networks.map(|text| {
            Network::parse(text)
                .map_err(|why| Failure::Usage(format!("outbound_allow_networks: {text:?} {}", why.message)))
        });
        let allow_networks = allow_networks.collect::<Result<_, _>>()?;
        Ok(OutboundSettings { allow_http: self.outbound_allow_http, allow_networks })
    }
}

fn defaults() -> Result<Table, Failure> {
    toml::from_str(DEFAULTS).map_err(Failure::other)
}

fn override_with(keys: &mut Table, path: &Path) -> Result<(), Failure> {
    let wrong = |what: String| Failure::Usage(format!("{}: {what}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let file: Table = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let unknown: Vec<&str> = file.keys().map(String::as_str).filter(|key| !keys.contains_key(*key)).collect();
    if !unknown.is_empty() {
        let known: Vec<&str> = keys.keys().map(String::as_str).collect();
        let (unknown, known) = (unknown.join(", "), known.join(", "));
        return Err(wrong(format!("unknown keys: {unknown}; the keys are {known}")));
    }
    keys.extend(file);
    Ok(())
}

/// Reads a text as a value of the same type.
fn like(value: &Value, text: &str) -> Option<Value> {
    match value {
        Value::Integer(_) => text.parse().ok().map(Value::Integer),
        Value::Boolean(_) => text.parse().ok().map(Value::Boolean),
        _ => Some(Value::String(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: Option<&str>, environment: &[(&str, &str)]) -> Result<Config, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seatline.toml");
        std::fs::write(&path, file.unwrap_or_default()).unwrap();
        let store = StoreArguments { config: Some(path), ..StoreArguments::default() };
        Config::load(
            &store,
            Overrides { listen: Some("[::1]:0".to_owned()), ..Overrides::default() },
            |name| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
        )
    }

    fn message(result: Result<Config, Failure>) -> String {
        match result {
            Err(Failure::Usage(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_key_has_a_default_and_a_comment() {
        assert!(load(None, &[]).is_ok());
        let lines: Vec<&str> = DEFAULTS.lines().collect();
        for (line, previous) in lines.iter().skip(1).zip(&lines) {
            assert!(!line.contains(" = ") || line.starts_with('#') || previous.starts_with('#'), "{line}");
        }
    }

    #[test]
    fn the_environment_overrides_the_file_and_an_argument_overrides_both() {
        let file = "listen = \"0.0.0.0:1\"\npackage_bytes_max = 5\nlog = \"json\"";
        let environment = [("SEATLINE_LISTEN", "0.0.0.0:2"), ("SEATLINE_PACKAGE_BYTES_MAX", "6")];
        let config = load(Some(file), &environment).unwrap();
        assert_eq!((config.listen.as_str(), config.package_bytes_max), ("[::1]:0", 6));
        assert_eq!(config.log, LogFormat::Json);
    }

    #[test]
    fn wrong_configuration_is_refused_and_named() {
        let unknown = message(load(Some("lissen = \"a\"\nwatch = 1"), &[]));
        assert!(unknown.contains("unknown keys: lissen, watch"), "{unknown}");
        assert!(message(load(Some("package_bytes_max = \"many\""), &[])).contains("package_bytes_max"));
        assert!(message(load(Some("log = \"xml\""), &[])).contains("log"));
        let variable = message(load(None, &[("SEATLINE_DATABASE_CONNECTIONS", "few")]));
        assert!(variable.contains("SEATLINE_DATABASE_CONNECTIONS must be integer"), "{variable}");
    }
}

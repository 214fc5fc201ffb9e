//! Log lines on standard error.

use std::io::{IsTerminal as _, stderr};

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};
use crate::failure::Failure;

/// Starts logging for the whole process.
pub(crate) fn start(config: &Config) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&config.log_filter)
        .map_err(|error| Failure::Usage(format!("log_filter is wrong: {error}")))?;
    let lines = tracing_subscriber::fmt().with_writer(stderr).with_env_filter(filter);
    let started = match config.log {
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
        LogFormat::Text => lines.with_ansi(stderr().is_terminal()).try_init(),
    };
    started.map_err(Failure::other)
}

//! Log lines on standard error.

use std::io::{IsTerminal as _, stderr};

use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

use crate::config::{Config, LogFormat};
use crate::failure::Failure;

/// Starts logging for the whole process.
pub(crate) fn start(config: &Config) -> Result<(), Failure> {
    let filter: Targets =
        config.log_filter.parse().map_err(|error| Failure::Usage(format!("log_filter is wrong: {error}")))?;
    let (to, lines) = (tracing_subscriber::registry().with(filter), fmt::layer().with_writer(stderr));
    let started = match config.log {
        LogFormat::Json => to.with(lines.json().flatten_event(true)).try_init(),
        LogFormat::Text => to.with(lines.with_ansi(stderr().is_terminal())).try_init(),
    };
    started.map_err(Failure::other)
}

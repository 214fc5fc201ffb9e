//! Beside what somebody would take instead, in one run: servers that answer by the same load, and engines in process.
//! `scripts/bench-peers.sh` puts them below `target/peers`.

pub(crate) mod engines;
mod servers;

use std::path::PathBuf;

use crate::{Outcome, report};

/// Measures all that is installed; whether that is everything, and ours is as fast beside it as it must be.
pub(crate) async fn run() -> Outcome<bool> {
    let servers = servers::run().await?;
    let engines = engines::run()?;
    Ok(servers & engines)
}

/// A program that the script has installed. That it has not is said, and counts as not met.
fn installed(program: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/peers/bin")).join(program);
    if path.exists() {
        return Some(path);
    }
    report::say(&format!("**MISSING: {program} is not installed; `scripts/bench-peers.sh` installs it.**"));
    None
}

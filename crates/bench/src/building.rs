//! What a clean release build costs, and what comes of it.
#![expect(clippy::cast_precision_loss, reason = "figures to be read, not to be counted with")]

use std::process::Command;

use crate::load::time_of_children;
use crate::{Outcome, at_most, report};

/// Minutes of the processors, user and system.
const MINUTES: f64 = 8.0;
/// Of the program.
const MEGABYTES: f64 = 40.0;

pub(crate) fn run() -> Outcome<bool> {
    let folder = tempfile::tempdir()?;
    let before = time_of_children()?;
    let built = Command::new("cargo")
        .args(["build", "--release", "--quiet", "--target-dir"])
        .arg(folder.path())
        .env("CARGO_INCREMENTAL", "0")
        .current_dir(report::root())
        .status()?;
    if !built.success() {
        return Err("the program does not build".into());
    }
    let minutes = time_of_children()?.saturating_sub(before).as_secs_f64() / 60.0;
    let megabytes = folder.path().join("release/seatline").metadata()?.len() as f64 / 1e6;
    let met =
        at_most("a clean release build, minutes of processors", minutes, "required", MINUTES, Some(1.0));
    Ok(at_most("the program, MB", megabytes, "required", MEGABYTES, Some(1.0)) && met)
}

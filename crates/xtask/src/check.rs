//! Runs the tools.

use std::path::Path;
use std::process::Command;

use crate::arch;

/// Everything that can be said of the source without running it.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    tool(root, "cargo", &["fmt", "--all", "--check"])?;
    tool(root, "cargo", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    arch::run(root)?;
    tool(root, "cargo", &["deny", "--log-level", "error", "check", "bans", "licenses", "sources"])
        .map_err(|why| format!("{why}\ncargo-deny is installed by: cargo install --locked cargo-deny"))
}

/// The benchmark is a program of the server's crate, built as what is shipped is.
pub(crate) fn bench(root: &Path, what: &[String]) -> Result<(), String> {
    let mut arguments = vec!["run", "--profile", "dist", "--package", "seatline-bench", "--"];
    arguments.extend(what.iter().map(String::as_str));
    tool(root, "cargo", &arguments)
}

/// Pictures of every page in a real browser, on the data of the demo, in `target/screenshots`.
pub(crate) fn screenshots(root: &Path) -> Result<(), String> {
    tool(root, "cargo", &["build", "--package", "seatline-server"])?;
    tool(root, "bash", &["scripts/look.sh", "screenshots"])
}

fn tool(root: &Path, program: &str, arguments: &[&str]) -> Result<(), String> {
    println!("$ {program} {}", arguments.join(" "));
    let status = Command::new(program).args(arguments).current_dir(root).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program} {} ended with {status}", arguments.join(" "))),
        Err(error) => Err(format!("{program} could not be run: {error}")),
    }
}

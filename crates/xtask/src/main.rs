//! What CI runs, and what a developer runs before it: `cargo xtask check | rules | arch | bench | screenshots`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod arch;
mod check;
mod rules;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The chores of this repository")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Formatting, lints, architecture, dependencies.
    Check,
    /// The rules of the architecture alone.
    Arch,
    /// Which rules of DOMAIN.md a test cites, and which are open.
    Rules {
        /// The rules; by default beside the repository, else the list that is checked in.
        #[arg(long)]
        domain: Option<PathBuf>,
    },
    /// Pictures of every page, in `target/screenshots`.
    Screenshots,
    /// Measure, each figure against its limit in the same run; the last of each part is in docs/generated/benchmarks.md.
    Bench {
        /// Only the parts of this name: sqlite, postgres, feed, bulk, search, check (with restart, lease and peers,
        /// which may be named alone); and how many seats checks are measured with.
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let outcome = match Arguments::parse().chore {
        Chore::Check => check::run(&root),
        Chore::Arch => arch::run(&root),
        Chore::Rules { domain } => rules::run(&root, domain),
        Chore::Screenshots => check::screenshots(&root),
        Chore::Bench { arguments } => check::bench(&root, &arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

//! What can be typed.

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use crate::admin::AdminCommand;
use crate::cli::{ClientCommand, Connection};
use crate::demo::DemoArguments;
use crate::doctor::Doctor;
use crate::edge::EdgeArguments;
use crate::failure::{EXIT_CODES, Failure};
use crate::moving::{Backup, MigrateTo, Restore};
use crate::serve::ServeArguments;

/// A marketplace with per-seat licensing: the server, and the command line that talks to it.
#[derive(Debug, Parser)]
#[command(name = "seatline", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    #[command(after_help = "Example:\n  seatline serve --listen 127.0.0.1:8080 --data ./data")]
    Serve(ServeArguments),
    /// Run the marketplace with a story in it, on an embedded database
    #[command(after_help = "Example:\n  seatline demo --listen 127.0.0.1:8080")]
    Demo(DemoArguments),
    /// Answer checks near the apps, from memory, fed by a marketplace
    #[command(
        after_help = "Example:\n  seatline edge --upstream https://market.example --client-id cli_0 --client-secret-file secret"
    )]
    Edge(EdgeArguments),
    /// Look whether everything is as it must be, next to the database
    #[command(after_help = "Example:\n  seatline doctor --data ./data")]
    Doctor(Doctor),
    /// Copy the embedded database while it is in use
    #[command(after_help = "Example:\n  seatline backup --data ./data --output seatline-monday.db")]
    Backup(Backup),
    /// Put a backup in the place of a database that is not there
    #[command(after_help = "Example:\n  seatline restore --from seatline-monday.db --data ./restored")]
    Restore(Restore),
    /// Copy everything of the embedded database into a new one on PostgreSQL, and compare
    #[command(
        after_help = "Example:\n  seatline migrate-to postgres://seatline@localhost/seatline --data ./data"
    )]
    MigrateTo(MigrateTo),
    /// Work on the machine itself, next to the database
    #[command(subcommand)]
    Admin(AdminCommand),
    #[command(flatten)]
    Client(ClientCommand),
}

impl Arguments {
    pub(crate) fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Serve(arguments) => arguments.run(),
            Command::Demo(arguments) => arguments.run(),
            Command::Edge(arguments) => arguments.run(),
            Command::Doctor(command) => command.run(self.connection.json),
            Command::Backup(command) => command.run(self.connection.json),
            Command::Restore(command) => command.run(self.connection.json),
            Command::MigrateTo(command) => command.run(self.connection.json),
            Command::Admin(command) => command.run(),
            Command::Client(command) => command.run(&self.connection),
        }
    }
}

/// Publishers' scripts say `-pd` and `-pm`, which are not the short names of one letter that clap knows.
pub(crate) fn spelled_out(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut options = true;
    let spell = |argument: OsString| {
        options &= argument != "--";
        match argument.to_str() {
            Some("-pd") if options => "--plan-definition-file".into(),
            Some("-pm") if options => "--plan-mapping-file".into(),
            _ => argument,
        }
    };
    arguments.into_iter().map(spell).collect()
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        let parts = line.split('"').enumerate();
        let words = parts.flat_map(|(place, part)| match place % 2 {
            0 => part.split_whitespace().map(OsString::from).collect(),
            _ => vec![OsString::from(part)],
        });
        words.collect()
    }

    /// Every command that does something, with its path.
    fn leaves(command: &clap::Command, path: &str, found: &mut Vec<(String, clap::Command)>) {
        for child in command.get_subcommands() {
            let path = format!("{path} {}", child.get_name());
            if child.has_subcommands() {
                leaves(child, &path, found);
            } else {
                found.push((path, child.clone()));
            }
        }
    }

    #[test]
    fn every_command_has_a_sentence_and_an_example_that_parses() {
        let root = Arguments::command();
        root.clone().debug_assert();
        let mut found = Vec::new();
        leaves(&root, "seatline", &mut found);
        assert!(found.len() > 60, "{}", found.len());
        for (path, command) in found {
            assert!(command.get_about().is_some(), "{path} has no sentence");
            let help =
                command.get_after_help().unwrap_or_else(|| panic!("{path} has no example")).to_string();
            let examples: Vec<&str> =
                help.lines().map(str::trim).filter(|line| line.starts_with("seatline ")).collect();
            assert!(examples.iter().any(|line| line.starts_with(&path)), "{path}: {help}");
            for example in examples {
                if let Err(error) = Arguments::try_parse_from(spelled_out(words(example))) {
                    panic!("{example}\n{error}");
                }
            }
        }
    }

    /// PKG-05: the names that publishers' scripts use.
    #[test]
    fn the_short_names_of_two_letters_are_understood() {
        let short = spelled_out(words("seatline solution add-license -pd plans.csv -pm map.csv -- -pd"));
        let long = "seatline solution add-license --plan-definition-file plans.csv --plan-mapping-file map.csv -- -pd";
        assert_eq!(short, words(long));
    }
}

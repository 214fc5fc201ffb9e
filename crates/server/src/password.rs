//! Passwords: from a file, the environment, standard input; never from the command line, which others can see.

use std::io::{IsTerminal as _, Read as _, Write as _, stderr, stdin};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::machine;

/// Where a password comes from.
#[derive(Debug, clap::Args)]
pub(crate) struct PasswordArguments {
    /// File with the password, - for standard input; otherwise `SEATLINE_PASSWORD`, or you are asked
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl PasswordArguments {
    pub(crate) fn read(&self) -> Result<String, Failure> {
        read(self.password_file.as_deref())
    }
}

/// The password in the file, or from where else it may come.
pub(crate) fn read(file: Option<&Path>) -> Result<String, Failure> {
    let text = match file {
        Some(path) if path == Path::new("-") => first_input()?,
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| Failure::Other(format!("{}: {error}", path.display())))?,
        None => match machine::environment("SEATLINE_PASSWORD") {
            Some(password) => password,
            None if stdin().is_terminal() => ask()?,
            None => first_input()?,
        },
    };
    // Editors of some systems begin a file with a mark of its encoding.
    let password = text.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Failure::Usage("the password is empty".to_owned()));
    }
    Ok(password.to_owned())
}

fn first_input() -> Result<String, Failure> {
    let mut text = String::new();
    stdin().read_to_string(&mut text).map_err(Failure::other)?;
    Ok(text)
}

fn ask() -> Result<String, Failure> {
    let _ = stderr().write_all(b"Password: ");
    let hidden = echo(false);
    let mut line = String::new();
    let read = stdin().read_line(&mut line);
    if hidden {
        echo(true);
        let _ = stderr().write_all(b"\n");
    }
    read.map_err(Failure::other)?;
    Ok(line)
}

/// Shows or hides what is typed; false where the terminal cannot.
fn echo(on: bool) -> bool {
    Command::new("stty").arg(if on { "echo" } else { "-echo" }).status().is_ok_and(|status| status.success())
}

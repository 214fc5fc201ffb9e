//! Why a command failed, and the exit code that says so.

use std::io::{Write as _, stderr};
use std::process::ExitCode;

use app::kit::Refused;
use db::DbError;
use types::Problem;

/// What `seatline --help` says about exit codes.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  done; a check was allowed
  1  refused, or failed
  2  the arguments or the configuration are wrong
  3  a check was refused
  4  the server cannot be reached";

#[derive(Debug)]
pub(crate) enum Failure {
    /// The server refused, with its reason.
    Refused(Box<Problem>),
    /// What was asked for makes no sense: arguments, files of configuration.
    Usage(String),
    /// The answer to a check was no; it has been printed.
    CheckRefused,
    Unreachable(String),
    Other(String),
}

impl Failure {
    pub(crate) fn other(error: impl std::fmt::Display) -> Self {
        Self::Other(error.to_string())
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Refused(_) | Self::Other(_) => 1,
            Self::Usage(_) => 2,
            Self::CheckRefused => 3,
            Self::Unreachable(_) => 4,
        })
    }

    /// Says on standard error what is wrong.
    pub(crate) fn report(&self) {
        let text = match self {
            Self::Refused(problem) => explain(problem),
            Self::Usage(message) | Self::Unreachable(message) | Self::Other(message) => {
                format!("seatline: {message}\n")
            }
            Self::CheckRefused => return,
        };
        // Where standard error is closed, the exit code has to do.
        let _ = stderr().write_all(text.as_bytes());
    }
}

fn explain(problem: &Problem) -> String {
    let mut text = format!("{}\n{}\n", problem.title, problem.detail);
    for error in &problem.errors {
        text += &format!("  {}: {} ({})\n", error.field, error.message, error.code);
    }
    if let Some(context) = &problem.context {
        text += &format!("{context}\n");
    }
    text + &format!("code: {}\n", problem.code)
}

/// An error with its causes, each once.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Problem(problem) => Self::Refused(problem),
            Refused::Db(error) => Self::from(error),
        }
    }
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        Self::Other(chain(&error))
    }
}

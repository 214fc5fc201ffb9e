//! What an app does between itself and the server, with the server there or not (CHK-08, CHK-09):
//! `docs/client-state-machine.md`, as a type.
//!
//! Pure: [`Client`] is told the time, and what came in. Whoever embeds it does the calls and keeps [`Stored`].
//!
//! ```text
//! ask ──► Verdict                        the clock was set back, or nothing is fresh:
//!     └─► none ──► answered(…) | unreachable(…) ──► Verdict
//! ```

mod answer;
mod machine;
mod stored;

#[cfg(test)]
mod tests;

pub use answer::{Answer, Question, Thing};
pub use machine::{Client, How, NotKept, Reason, Verdict};
pub use stored::Stored;

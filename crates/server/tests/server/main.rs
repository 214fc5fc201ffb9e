//! The real program: started, spoken to, flooded, lied to, killed.

#![expect(clippy::unwrap_used, reason = "what cannot be done fails the test")]
#![expect(clippy::print_stderr, reason = "figures are to be seen")]

mod edge;
mod faults;
mod floods;
mod lies;
mod process;
mod support;

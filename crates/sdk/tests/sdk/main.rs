//! The client, with a marketplace that is there, gone, slow, overloaded, that lies, or is not ours.

#![expect(clippy::unwrap_used, reason = "what cannot be done fails the test")]

mod client;
mod lies;
mod support;
mod uses;
mod vectors;

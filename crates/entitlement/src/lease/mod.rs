//! Leases: signed rights that an app carries and decides by without the server, and the signed lists that
//! shorten them (CHK-08). `docs/client-state-machine.md` is the contract.
//!
//! ```text
//! SigningKey ──sign──► token ──Trust::lease──► Lease
//!      └─ its public half, published ─► Jwks ─┘
//! ```
//!
//! Pure: nothing here reads a clock or the network. Whoever verifies says what it trusts ([`Trust`]); what does
//! not verify is told by its cause ([`Unverified`]).

mod claims;
mod keys;
mod revocations;
mod signing;
mod token;

#[cfg(test)]
mod tests;

pub use claims::{Holder, Lease, LeasedService};
pub use keys::{Algorithm, Jwks};
pub use revocations::RevocationList;
pub use signing::{Failed, SigningKey};
pub use token::{Trust, Unverified};

/// The `typ` of a lease's header.
pub const LEASE: &str = "seatline-lease+jwt";
/// The `typ` of a revocation list's header.
pub const REVOCATIONS: &str = "seatline-revocations+jwt";

//! The storefront: what anybody may see of what is live.
//!
//! It shows the snapshot that went live, never the draft, never the alias (OFF-03), never the contacts
//! (OFF-10). Search, buttons and pages are not here yet.
//!
//! Tables: none; it reads what `publishing` keeps.

pub(crate) mod api;

//! The product: one folder per feature.
//!
//! The order below is the rule of traffic. A feature calls operations of features *above* it, with the
//! same transaction; those below learn of it by event. A feature's store is private: nobody reads
//! another's tables. Handlers never touch SQL, operations never see HTTP, transactions open at the edge.

// Foundation
pub mod access;
mod edge;
pub mod events;
pub mod identity;
pub mod kit;

// Product
mod catalog;

mod api;
mod app;
pub mod bootstrap;
pub mod registry;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use api::{document, router};
pub use app::{App, Parts, Settings};

//! Packages: what publishers hand in, read and written without network, clock or database.
//!
//! Three things go in a row here. Two CSV files say which plans an offer has and which apps each opens
//! ([`plans`]). That license is written into a solution, a zip or a folder full of XML ([`solution`]). Solutions
//! are wrapped into the store package that is uploaded, and that package is checked ([`store`]), by the same code
//! in the publisher's hands and on the server.
//!
//! ```text
//! plans      CSV ⇄ definitions, mappings, license
//! solution   manifest, apps, license in and out; zips in memory in solution::zipped
//! store      build, check, and what a package contains
//! disk       the only module that touches files: solutions and CSVs by path, for the command line
//! rules      the registry of what can be wrong; finding: one thing that is
//! limits     how much a file made by somebody else may cost
//! samples    a small app, packaged, for the demo and for tests
//! archive    zips, safely and exactly;  xml  documents, safely and by splicing;  text  encodings
//! ```
//!
//! Traffic: `disk` → `store` → `solution` → `plans`, all over `archive`, `xml`, `text`; never back. Readers are
//! tolerant and report all that is wrong at once, as [`Finding`]s; writers are exact, and what was not meant to
//! change does not change by a byte. Nothing here trusts a size, a name or a nesting that a file claims.

mod archive;
pub mod disk;
mod finding;
mod limits;
pub mod plans;
mod rules;
pub mod samples;
pub mod solution;
pub mod store;
mod text;
mod xml;

pub use archive::EditError;
pub use finding::Finding;
pub use limits::Limits;
pub use rules::{Rule, Severity};

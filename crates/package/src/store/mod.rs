//! The store package: what is uploaded, certified and installed.
//!
//! ```text
//! Company_App.zip                outer: everything at the root
//! ├── [Content_Types].xml
//! ├── Input.xml                  who, where, from when to when, which is the anchor solution
//! ├── logo32x32.png              or JPEG, 32 x 32 pixels
//! ├── TermsOfUse.html
//! └── package.zip                inner; the name is in Input.xml
//!     ├── [Content_Types].xml
//!     ├── PkgFolder/             one folder, any name
//!     │   ├── ImportConfig.xml   which solutions, in which order
//!     │   └── Main.zip           solutions: solution.xml, customizations.xml, [Content_Types].xml
//!     └── PkgFolder.dll          deployment code
//! ```
//!
//! [`check`] runs every rule there is; the server runs the same at upload. [`build`] makes a package of its parts
//! and hands it out only if `check` finds no error. The assembly is put in when it is given and not asked for when
//! it is not: nothing here runs deployment code, and packages of solutions alone need none.
//!
//! Nested archives are stored, not deflated, by `build`, so that `check` reads them where they lie instead of
//! holding them in memory.

mod build;
mod check;
mod content_types;
mod contents;
mod icon;
mod import_config;
mod inner;
mod input_xml;
mod list;

pub use build::{BuildError, BuildOptions, BuiltPackage, build};
pub use check::{Expectations, Report, check};
pub use contents::{Component, PackageContents, SolutionSummary};
pub use list::{Listed, list};

pub(crate) const CONTENT_TYPES: &str = "[Content_Types].xml";
const INPUT: &str = "Input.xml";
const IMPORT_CONFIG: &str = "ImportConfig.xml";
const INNER_PACKAGE: &str = "package.zip";
/// What findings call the package as a whole; who asks knows its name.
const WHOLE_PACKAGE: &str = "(package)";

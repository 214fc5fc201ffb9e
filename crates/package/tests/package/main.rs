//! What the crate does for those who use it, on files of the shapes that publishers have.

#![expect(clippy::unwrap_used, reason = "a sample that cannot be made is a failed test")]

mod disk;
mod fixtures;
mod hostile_input;
mod plan_files;
mod properties;
mod samples;
mod solution_license;
mod store_package;

use seatline_package as package;

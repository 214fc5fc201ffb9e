//! Packages: what a publisher uploads, checked and kept by its SHA-256.
//!
//! An upload is streamed to a temporary file, hashed, checked by the rules of the crate `package` (the
//! same that `seatline package check` runs), and stored in pieces of one mebibyte, each written in a unit
//! of work of its own; the last unit makes the package exist and puts it into the offer's draft. So an
//! upload never holds the writer for long. One that breaks off leaves nothing but pieces that nobody sees,
//! and the row of `package_uploads` by which a reconciler finds and removes them an hour later.
//! The same bytes are stored once (PKG-10). They are read piece by piece, too: neither an upload nor a
//! download nor a check has a package in memory.
//!
//! A package with findings is accepted: the publisher sees them in the report, publishing is what fails.
//! Bytes that are no zip archive at all are refused.
//!
//! A package may also come from an address (PKG-09), which is fetched under limits of size and time and
//! cannot lead inside (`kit::outbound`). The address stays with the package: publishing fetches it again,
//! so what is certified is what is there then.
//!
//! Tables: `packages`, `package_chunks`, `package_uploads`. Events: [`events`].

pub(crate) mod api;
pub(crate) mod events;
pub(crate) mod jobs;
pub(crate) mod operations;
pub(crate) mod pages;
mod pieces;
mod source;
mod store;
mod upload;

#[cfg(test)]
mod tests;

use ::package::store::Report;
use types::{OfferId, PackageId, Timestamp};

use crate::kit::JsonColumn;

pub(crate) use ::package::store::{Listed, PackageContents};
pub(crate) use pieces::Pieces;
pub(crate) use source::SourceUrl;
pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    UNREADABLE = 422 "package.unreadable" "These bytes are no package";
    NO_PACKAGE = 404 "package.none" "The draft has no package";
    TOO_LARGE = 413 "package.too_large" "The package is too large";
    URL_NOT_ALLOWED = 422 "package.url_not_allowed" "The address of the package is not allowed";
    URL_EXPIRED = 409 "package.url_expired" "The access token in the address of the package has ended";
    NOT_FETCHED = 422 "package.not_fetched" "The package could not be fetched";
    ABANDONED = 409 "package.abandoned" "The upload took too long";
}

db::rows! {
    /// An uploaded package.
    pub(crate) struct Package in "packages" {
        pub id: PackageId,
        pub offer_id: OfferId,
        pub sha256: Vec<u8>,
        pub size: i64,
        pub report: JsonColumn<Report>,
        pub uploaded_at: Timestamp,
        /// Where it was fetched from, and is fetched again when the offer is published.
        pub source_url: Option<SourceUrl>,
    }
}

impl Package {
    pub(crate) fn contents(&self) -> Option<&PackageContents> {
        self.report.0.contents.as_ref()
    }

    pub(crate) fn sha256_text(&self) -> String {
        self.sha256.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

//! What packages announce.

use types::{OfferId, PackageId};

use crate::events::events;

events! {
    /// A package was uploaded into an offer's draft.
    PackageUploaded "package.uploaded" { offer: OfferId, package: PackageId, sha256: String, errors: usize }
}

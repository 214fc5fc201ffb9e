//! Look up packages and their bytes.

use db::{DbError, Tx};
use types::{OfferId, PackageId};

use crate::access::{Permission, Right};
use crate::catalog::operations::find as catalog;
use crate::catalog::{FileHash, Offer, OfferRef};
use crate::kit::Refused;
use crate::packages::store::KeptPackage;
use crate::packages::{NO_PACKAGE, Package, store};

/// The package in the draft of an offer of this right's tenant.
pub(crate) async fn draft_package<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    offer: &OfferRef,
) -> Result<(Offer, Package), Refused> {
    let offer = catalog::offer(tx, right, offer).await?;
    let package = match &offer.package_id {
        Some(id) => store::find_package(tx, &offer.id, id).await?,
        None => None,
    };
    match package {
        Some(package) => Ok((offer, package)),
        None => Err(NO_PACKAGE.because("Upload one first.")),
    }
}

/// A package of an offer of this right's tenant, by its hash in hexadecimal.
pub(crate) async fn package_by_hash<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    offer: &OfferRef,
    sha256: &str,
) -> Result<Package, Refused> {
    let offer = catalog::offer(tx, right, offer).await?;
    let none = || Refused::not_found("package");
    let digits = FileHash::parse(sha256).map_err(|_| none())?;
    let digits = digits.as_str().as_bytes().chunks(2);
    let bytes = digits.map(|pair| u8::from_str_radix(&String::from_utf8_lossy(pair), 16));
    let bytes: Vec<u8> = bytes.collect::<Result<_, _>>().map_err(|_| none())?;
    store::find_by_hash(tx, &offer.id, &bytes).await?.ok_or_else(none)
}

pub(crate) async fn package(
    tx: &mut Tx,
    offer: &OfferId,
    id: &PackageId,
) -> Result<Option<Package>, DbError> {
    store::find_package(tx, offer, id).await
}

/// What was certified of an offer, by the hash of its bytes in hexadecimal (PKG-10).
pub(crate) async fn kept(tx: &mut Tx, offer: &OfferId, sha256: &str) -> Result<Package, Refused> {
    let digits = sha256
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()));
    let bytes: Option<Vec<u8>> = digits.collect();
    let found = store::find_by_hash(tx, offer, &bytes.unwrap_or_default()).await?;
    found.ok_or_else(|| Refused::internal("a package that was certified is not kept"))
}

/// Every package, and how many of its bytes are there: for the doctor.
pub(crate) async fn kept_sizes(tx: &mut Tx) -> Result<Vec<KeptPackage>, DbError> {
    store::list_kept(tx).await
}

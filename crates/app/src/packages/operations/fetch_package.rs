//! Fetch a package from an address into an offer's draft (PKG-09).

use std::time::Duration;

use super::upload_package;
use crate::App;
use crate::access::{OfferEdit, Right};
use crate::catalog::OfferRef;
use crate::catalog::operations::find;
use crate::kit::Refused;
use crate::kit::outbound::{Exchange, Limits, OutboundError};
use crate::packages::source::SourceUrl;
use crate::packages::upload::{Sink, Upload};
use crate::packages::{NOT_FETCHED, Package, TOO_LARGE, URL_NOT_ALLOWED};
use types::Freshness;

/// Redirects that are followed; each passes the same checks.
const REDIRECTS: u32 = 5;

/// Fetches, checks and stores; the address stays with the package.
pub(crate) async fn fetch_package(
    app: &App,
    right: Right<OfferEdit>,
    offer: OfferRef,
    source: SourceUrl,
) -> Result<(Package, Freshness), Refused> {
    // Whose offer it is, before anything is sent anywhere.
    let (reading, named) = (right.clone(), offer.clone());
    app.db
        .read(move |tx| Box::pin(async move { find::offer(tx, &reading, &named).await.map(|_| ()) }))
        .await?;
    let upload = fetch(app, &source).await?;
    upload_package::upload_package(app, right, offer, upload, Some(source)).await
}

/// A package as it is at its address now, for publishing: the one that is there if its bytes are the same.
pub(crate) async fn fetch_again(
    app: &App,
    right: Right<OfferEdit>,
    offer: OfferRef,
    package: Package,
) -> Result<Package, Refused> {
    let Some(source) = package.source_url.clone() else { return Ok(package) };
    let upload = fetch(app, &source).await?;
    if upload.sha256 == package.sha256 {
        return Ok(package);
    }
    let stored = upload_package::upload_package(app, right, offer, upload, Some(source)).await;
    stored.map(|(package, _)| package)
}

async fn fetch(app: &App, source: &SourceUrl) -> Result<Upload, Refused> {
    source.refuse_expired(app.clock.now())?;
    let limits = Limits {
        redirects: REDIRECTS,
        time: Duration::from_secs(app.settings.package_fetch_seconds),
        bytes: u64::try_from(app.settings.package_bytes_max).unwrap_or(u64::MAX),
    };
    let exchange = Exchange::get(source.as_str(), limits);
    let reply = app.outbound.download(exchange, Sink::new()?).await.map_err(refused)?;
    if reply.status != 200 {
        let detail = format!("The address of the package answered with {}.", reply.status);
        return Err(NOT_FETCHED.because(detail));
    }
    let (sink, size) = reply.body;
    Ok(sink.finish(size))
}

fn refused(error: OutboundError) -> Refused {
    let detail = format!("The package was not fetched: {error}.");
    match error {
        OutboundError::NotAllowed(_) => URL_NOT_ALLOWED.because(detail),
        OutboundError::TooLarge(limit) => TOO_LARGE.because(format!("A package may have {limit} bytes.")),
        _ => NOT_FETCHED.because(detail),
    }
}

//! Upload a package into an offer's draft.

use ::package::Rule;
use db::Committed;

use super::check;
use crate::App;
use crate::access::{OfferEdit, Right};
use crate::catalog::OfferRef;
use crate::catalog::operations::{advance, find};
use crate::events::freshness;
use crate::kit::{JsonColumn, Refused};
use crate::packages::events::PackageUploaded;
use crate::packages::source::SourceUrl;
use crate::packages::upload::Upload;
use crate::packages::{ABANDONED, Package, UNREADABLE, store};
use types::Freshness;

/// Checks and stores; the last step makes it the draft's package.
pub(crate) async fn upload_package(
    app: &App,
    right: Right<OfferEdit>,
    offer: OfferRef,
    upload: Upload,
    source_url: Option<SourceUrl>,
) -> Result<(Package, Freshness), Refused> {
    let (reading, named) = (right.clone(), offer.clone());
    let draft = app.db.read(move |tx| {
        Box::pin(async move {
            let offer = find::offer(tx, &reading, &named).await?;
            let plans = find::plans(tx, &offer.id).await?;
            Ok::<_, Refused>((offer, plans))
        })
    });
    let (draft, plans) = draft.await?;
    let Upload { file, size, sha256 } = upload;
    let (file, report) = check::check(file, check::expectations(&draft, &plans)).await?;
    if let [only] = report.findings.as_slice()
        && only.is(Rule::ArchiveUnreadable)
    {
        return Err(UNREADABLE.because(only.to_string()));
    }
    store_bytes(app, Upload { file, size, sha256: sha256.clone() }).await?;
    let package = Package {
        id: right.new_id(),
        offer_id: draft.id,
        sha256,
        size: i64::try_from(size).unwrap_or(i64::MAX),
        report: JsonColumn(report),
        uploaded_at: right.now(),
        source_url,
    };
    let (row, event) = (package.clone(), uploaded(&package));
    let committed = app.db.write(move |tx| {
        Box::pin(async move {
            if !store::end_upload(tx, &row.sha256).await? && !store::is_kept(tx, &row.sha256).await? {
                return Err(
                    ABANDONED.because("Its pieces were taken for abandoned and removed: send it again.")
                );
            }
            store::insert_package(tx, &row).await?;
            advance::set_package(tx, &row.offer_id, &row.id).await?;
            right.record(tx, &event)?;
            Ok::<_, Refused>(())
        })
    });
    let Committed { marks, .. } = committed.await?;
    Ok((package, freshness(&marks)))
}

/// Everything but the last step: what is there when an upload breaks off.
pub(in crate::packages) async fn store_bytes(app: &App, mut upload: Upload) -> Result<(), Refused> {
    let (sha256, now) = (upload.sha256.clone(), app.clock.now());
    let begun = app.db.write(move |tx| {
        Box::pin(async move { store::begin_upload(tx, &sha256, now).await.map_err(Refused::from) })
    });
    begun.await?;
    for number in 0.. {
        let read = tokio::task::spawn_blocking(move || {
            let chunk = upload.chunk(number);
            (upload, chunk)
        });
        let (back, chunk) = read.await.map_err(Refused::internal)?;
        upload = back;
        let chunk = chunk.map_err(Refused::internal)?;
        if chunk.is_empty() {
            break;
        }
        let sha256 = upload.sha256.clone();
        let stored = app.db.write(move |tx| {
            Box::pin(
                async move { store::insert_chunk(tx, &sha256, number, &chunk).await.map_err(Refused::from) },
            )
        });
        stored.await?;
    }
    Ok(())
}

fn uploaded(package: &Package) -> PackageUploaded {
    PackageUploaded {
        offer: package.offer_id,
        package: package.id,
        sha256: package.sha256_text(),
        errors: package.report.0.findings.iter().filter(|finding| finding.is_error()).count(),
    }
}

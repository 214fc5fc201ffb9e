//! The reconciler of uploads that broke off: no input, may run at any time, twice is the same as once.

use types::Timestamp;

use super::store;
use crate::App;
use crate::kit::Refused;

/// Seconds after which an upload that has not ended has broken off: writing its pieces takes less.
const ABANDONED_SECONDS: i64 = 3600;

/// Removes pieces that no package has and no upload is writing, some at a time.
pub(crate) async fn remove_abandoned(app: &App) -> Result<(), Refused> {
    let before = app.clock.now().plus_seconds(-ABANDONED_SECONDS);
    let found =
        app.db.read(move |tx| Box::pin(async move { store::list_abandoned(tx, before).await })).await?;
    for sha256 in found {
        while remove_some(app, sha256.clone(), before).await? {}
    }
    Ok(())
}

/// Whether there may be more.
async fn remove_some(app: &App, sha256: Vec<u8>, before: Timestamp) -> Result<bool, Refused> {
    let removed = app.db.write(move |tx| {
        Box::pin(async move {
            // Held to the end of the unit. An upload of the same bytes that begins now waits, and then
            // writes them all; one that has begun is not abandoned.
            if !store::hold_abandoned(tx, &sha256, before).await? {
                return Ok(false);
            }
            if !store::is_kept(tx, &sha256).await? && store::delete_some_chunks(tx, &sha256).await? > 0 {
                return Ok(true);
            }
            store::end_upload(tx, &sha256).await?;
            Ok::<_, Refused>(false)
        })
    });
    Ok(removed.await?.value)
}

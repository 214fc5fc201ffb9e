//! Forget what was done long ago.

use crate::App;
use crate::jobs::store;
use crate::kit::Refused;

/// Days that a job which is done can still be seen.
const KEPT_DAYS: i64 = 7;

pub(crate) async fn forget_done(app: &App) -> Result<(), Refused> {
    let before = app.clock.now().plus_days(-KEPT_DAYS);
    loop {
        let deleted =
            app.db.write(move |tx| Box::pin(async move { store::delete_done(tx, before).await })).await?;
        if deleted.value == 0 {
            return Ok(());
        }
    }
}

//! Forget what was sent long ago.

use crate::App;
use crate::kit::Refused;
use crate::webhooks::store;

/// Days that a delivery which ended can still be seen and sent again.
const KEPT_DAYS: i64 = 30;

pub(crate) async fn forget_old(app: &App) -> Result<(), Refused> {
    let before = app.clock.now().plus_days(-KEPT_DAYS);
    loop {
        let deleted =
            app.db.write(move |tx| Box::pin(async move { store::delete_old(tx, before).await })).await?;
        if deleted.value == 0 {
            return Ok(());
        }
    }
}

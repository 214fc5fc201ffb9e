//! Forget what was told long ago.

use crate::App;
use crate::kit::Refused;
use crate::notices::store;

pub(crate) async fn forget_old(app: &App) -> Result<(), Refused> {
    let now = app.clock.now();
    loop {
        let deleted =
            app.db.write(move |tx| Box::pin(async move { store::delete_old(tx, now).await })).await?;
        if deleted.value == 0 {
            return Ok(());
        }
    }
}

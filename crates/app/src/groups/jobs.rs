//! The reconciler of groups: no input, may run at any time and on several nodes.

use crate::App;
use crate::access::{Right, SeatAssign};
use crate::groups::operations::follow;
use crate::groups::store;
use crate::kit::Refused;

/// Group licenses in one run.
const AT_ONCE: i64 = 20;

/// Lets users follow their groups where more came or went than one transaction takes.
pub(crate) async fn follow(app: &App) -> Result<(), Refused> {
    let pending = app.db.read(|tx| Box::pin(store::list_pending(tx, AT_ONCE))).await?;
    for license in pending {
        loop {
            let license = license.clone();
            let right = Right::<SeatAssign>::of_the_machine(
                license.tenant_id,
                None,
                app.clock.now(),
                app.random.clone(),
            );
            let followed = app.db.write(move |tx| {
                Box::pin(
                    async move { follow::step(tx, &right, &license.group_id, &license.service_id).await },
                )
            });
            if followed.await?.value {
                break;
            }
        }
    }
    Ok(())
}

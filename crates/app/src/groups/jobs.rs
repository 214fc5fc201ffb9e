//! The reconciler of groups: no input, may run at any time and on several nodes.

use crate::App;
use crate::access::{Right, SeatAssign};
use crate::groups::operations::follow;
use crate::groups::{GroupLicense, STEP, STEP_MOST, store};
use crate::kit::{Pace, Refused, timed};

/// Group licenses in one run.
const AT_ONCE: i64 = 20;

/// Lets users follow their groups where more came or went than one transaction takes.
pub(crate) async fn follow(app: &App) -> Result<(), Refused> {
    let pending = app.db.read(|tx| Box::pin(store::list_pending(tx, AT_ONCE))).await?;
    for license in pending {
        follow_one(app, license).await?;
    }
    Ok(())
}

/// What came up meanwhile is left to the next run.
async fn follow_one(app: &App, license: GroupLicense) -> Result<(), Refused> {
    let mut pace = Pace::new(STEP, STEP_MOST);
    for _look in 0..2 {
        let (right, of) = (self::right(app, &license), license.clone());
        let behind =
            app.db.read(move |tx| Box::pin(async move { follow::difference(tx, &right, &of).await }));
        let behind = behind.await?;
        if behind.is_empty() {
            app.db.write(move |tx| Box::pin(async move { follow::settle(tx, &license).await })).await?;
            break;
        }
        let mut left = behind.as_slice();
        while !left.is_empty() {
            let (now, later) = left.split_at(left.len().min(pace.size()));
            let (right, license, users) = (self::right(app, &license), license.clone(), now.to_vec());
            let followed = app.db.write(move |tx| {
                Box::pin(async move { timed(follow::some(tx, &right, &license, &users)).await })
            });
            let ((), took) = followed.await?.value;
            pace.took(took);
            left = later;
        }
    }
    Ok(())
}

fn right(app: &App, license: &GroupLicense) -> Right<SeatAssign> {
    Right::of_the_machine(license.tenant_id, None, app.clock.now(), app.random.clone())
}

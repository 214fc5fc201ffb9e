//! Read notices: kept with them, and no event. It concerns nobody else, and nothing follows from it.

use db::Tx;
use types::{EventId, Timestamp};

use super::find::{notice, user};
use crate::access::{Right, SelfView};
use crate::kit::Refused;
use crate::notices::store;

/// Days for which a notice is kept once it was read.
const KEPT_DAYS: i64 = 90;

#[derive(Debug, Clone)]
pub(crate) enum Which {
    These(Vec<EventId>),
    /// All that were told until then, so that none is marked that was not there to be seen.
    Until(Timestamp),
}

/// How many are left, counted as [`unread`](super::find::unread). What was read before stays as it is.
pub(crate) async fn mark_read(tx: &mut Tx, right: &Right<SelfView>, which: &Which) -> Result<i64, Refused> {
    let (tenant, user) = (right.tenant(), user(right)?);
    let times = (right.now(), right.now().plus_days(KEPT_DAYS));
    match which {
        Which::Until(until) => store::update_all_read(tx, &tenant, &user, *until, times).await?,
        Which::These(events) => {
            for event in events {
                if !store::update_read(tx, &tenant, &user, event, times).await? {
                    notice(tx, right, event).await?;
                }
            }
        }
    }
    Ok(store::count_unread(tx, &user).await?)
}

//! Take directly assigned users off a license. Who has it through another path keeps the seat.

use db::Tx;
use types::{ServiceId, UserId};

use super::{Summary, UserResult, resolve};
use crate::access::{Right, SeatAssign};
use crate::assignments::outcome::Outcome;
use crate::identity::operations::find::UserRef;
use crate::kit::Refused;
use crate::licenses::operations::pools;
use crate::seats::Source;
use crate::seats::operations::paths;

pub(crate) async fn unassign_users(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    service: &ServiceId,
    users: &[UserRef],
) -> Result<Summary, Refused> {
    let pool = pools::lock(tx, right, &right.tenant(), service).await?;
    let named = resolve(tx, right, users).await?;
    let mut known: Vec<UserId> = named.iter().filter_map(|named| named.found.ok()).collect();
    known.sort_unstable();
    known.dedup();
    let (pool, ended) = paths::close_paths(tx, right, &pool, &Source::Direct, &known).await?;
    let results = named.into_iter().map(|named| {
        let (outcome, error) = match named.found {
            Err(kind) => (Outcome::Failed, Some(kind)),
            Ok(user) if ended.binary_search(&user).is_ok() => (Outcome::Unassigned, None),
            Ok(_) => (Outcome::NotAssigned, None),
        };
        UserResult { named: named.text, outcome, error }
    });
    Ok(Summary { results: results.collect(), pool })
}

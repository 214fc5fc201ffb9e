//! Take directly assigned users off a license. Who has it through another path keeps the seat.

use db::Tx;
use serde_json::json;
use types::{ServiceId, UserId};

use super::{Named, Summary, UserResult, resolve};
use crate::access::{Right, SeatAssign};
use crate::assignments::INHERITED;
use crate::assignments::outcome::Outcome;
use crate::identity::operations::find::UserRef;
use crate::kit::Refused;
use crate::licenses::operations::pools;
use crate::seats::operations::{find, paths};
use crate::seats::{Pool, Source};

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
    known.retain(|user| ended.binary_search(user).is_err());
    refuse_inherited(tx, &pool, &named, &known).await?;
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

/// ASG-05: what a group gives cannot be taken off the user; nobody is unassigned then.
async fn refuse_inherited(
    tx: &mut Tx,
    pool: &Pool,
    named: &[Named],
    users: &[UserId],
) -> Result<(), Refused> {
    let sources = find::sources_among(tx, &pool.id, users).await?;
    if sources.is_empty() {
        return Ok(());
    }
    let groups = |user: UserId| -> Vec<&str> {
        let of_user = sources.iter().filter(|(of, _)| *of == user);
        of_user.map(|(_, source)| source.trim_start_matches("group:")).collect()
    };
    let failures: Vec<_> = named
        .iter()
        .filter_map(|named| Some((&named.text, groups(named.found.ok()?))))
        .filter(|(_, groups)| !groups.is_empty())
        .map(|(user, groups)| json!({ "user": user, "groups": groups }))
        .collect();
    let detail = format!(
        "{} of the users have {} through groups only: take them out of the groups, or the license off these.",
        failures.len(),
        pool.service_id
    );
    Err(INHERITED.because(detail).with_context(json!({ "failures": failures })))
}

//! Assign users to a license: everybody or nobody, or as many as fit (ASG-02).

use std::collections::HashSet;

use db::Tx;
use serde_json::json;
use types::{ServiceId, UserId};

use super::{Named, Summary, UserResult, paths, resolve};
use crate::access::{Right, SeatAssign};
use crate::assignments::seat::{FailureKind, Outcome};
use crate::assignments::{REFUSED, Source, store};
use crate::identity::operations::find::UserRef;
use crate::kit::Refused;
use crate::licenses::Pool;
use crate::licenses::operations::seats;

pub(crate) async fn assign_users(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    service: &ServiceId,
    users: &[UserRef],
    partial: bool,
) -> Result<Summary, Refused> {
    let named = resolve(tx, right, users).await?;
    let pool = seats::lock(tx, &right.tenant(), service).await?;
    let known: Vec<UserId> = named.iter().filter_map(|named| named.found.ok()).collect();
    if known.len() == named.len() {
        // The common case: everybody is there and, as a rule, there are seats.
        if let Some((left, new)) = paths::open_paths(tx, right, &pool, &Source::Direct, &known).await? {
            return Ok(summary(named, &HashSet::new(), &new, left));
        }
    }
    let beyond = beyond_the_seats(tx, &pool, &named).await?;
    if !partial {
        return Err(refuse(&pool, &named, &beyond));
    }
    let fitting: Vec<UserId> = known.into_iter().filter(|user| !beyond.contains(user)).collect();
    let opened = paths::open_paths(tx, right, &pool, &Source::Direct, &fitting).await?;
    let (left, new) = opened.ok_or_else(|| Refused::internal("seats that were free are not"))?;
    Ok(summary(named, &beyond, &new, left))
}

/// Those for whom no seat is left, in the order of the request.
async fn beyond_the_seats(tx: &mut Tx, pool: &Pool, named: &[Named]) -> Result<HashSet<UserId>, Refused> {
    let known: Vec<UserId> = named.iter().filter_map(|named| named.found.ok()).collect();
    let seated: HashSet<UserId> = store::seated_among(tx, &pool.id, &known).await?.into_iter().collect();
    let mut seen = HashSet::new();
    let new = known.into_iter().filter(|user| !seated.contains(user) && seen.insert(*user));
    Ok(new.skip(usize::try_from(pool.available()).unwrap_or_default()).collect())
}

fn refuse(pool: &Pool, named: &[Named], beyond: &HashSet<UserId>) -> Refused {
    let failure = |named: &Named| match named.found {
        Err(kind) => Some((named.text.clone(), kind)),
        Ok(user) if beyond.contains(&user) => Some((named.text.clone(), FailureKind::CountViolation)),
        Ok(_) => None,
    };
    let failures: Vec<_> =
        named.iter().filter_map(failure).map(|(user, kind)| json!({ "user": user, "error": kind })).collect();
    let detail = format!(
        "{} of {} users cannot get a seat of {}; {} of {} seats are available. Mend the list, or ask for as many as fit.",
        failures.len(),
        named.len(),
        pool.service_id,
        pool.available(),
        pool.granted
    );
    REFUSED.because(detail).with_context(json!({ "failures": failures, "available": pool.available() }))
}

fn summary(named: Vec<Named>, beyond: &HashSet<UserId>, new: &[UserId], pool: Pool) -> Summary {
    let mut answered = HashSet::new();
    let results = named.into_iter().map(|named| {
        let (outcome, error) = match named.found {
            Err(kind) => (Outcome::Failed, Some(kind)),
            // Named before in this request.
            Ok(user) if !answered.insert(user) && !beyond.contains(&user) => (Outcome::AlreadyAssigned, None),
            Ok(user) if beyond.contains(&user) => (Outcome::Failed, Some(FailureKind::CountViolation)),
            Ok(user) if new.binary_search(&user).is_ok() => (Outcome::Assigned, None),
            Ok(_) => (Outcome::AlreadyAssigned, None),
        };
        UserResult { named: named.text, outcome, error }
    });
    Summary { results: results.collect(), pool }
}

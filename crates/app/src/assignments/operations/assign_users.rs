//! Assign users to a license: everybody or nobody, or as many as fit (ASG-02).

use std::collections::HashSet;

use db::{Together, Tx};
use serde_json::json;
use types::{ServiceId, UserId};

use super::{Named, Summary, UserResult, resolve};
use crate::access::{Right, SeatAssign};
use crate::assignments::REFUSED;
use crate::assignments::outcome::{FailureKind, Outcome};
use crate::identity::UserStatus;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::Refused;
use crate::licenses::operations::pools;
use crate::seats::operations::{capacity, find, holds, paths};
use crate::seats::{Pool, SeatState, Source, Taken};

pub(crate) async fn assign_users(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    service: &ServiceId,
    users: &[UserRef],
    partial: bool,
) -> Result<Summary, Refused> {
    // By far the most requests name one user.
    if let [user] = users
        && let Some(summary) = assign_one(tx, right, service, user).await?
    {
        return Ok(summary);
    }
    let pool = pools::lock(tx, right, &right.tenant(), service).await?;
    let named = resolve(tx, right, users).await?;
    let known: Vec<UserId> = named.iter().filter_map(|named| named.found.ok()).collect();
    if known.len() == named.len() {
        // The common case: everybody is there and, as a rule, there are seats.
        if let Some((left, new)) = paths::open_paths(tx, right, &pool, &Source::Direct, &known).await? {
            return Ok(summary(named, &HashSet::new(), &new, left));
        }
    }
    if !partial {
        let beyond = beyond_the_seats(tx, right, &pool, &known).await?;
        return Err(refuse(&pool, &named, &beyond));
    }
    let Fitting { pool, new, beyond } = assign_fitting(tx, right, &pool, &known).await?;
    Ok(summary(named, &beyond, &new, pool))
}

/// Who got a seat of those who were to, and for whom none was left.
pub(crate) struct Fitting {
    pub pool: Pool,
    /// Sorted.
    pub new: Vec<UserId>,
    pub beyond: HashSet<UserId>,
}

/// Assigns as many of these active users as there are seats for, in their order. The pool must be held.
pub(crate) async fn assign_fitting(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    pool: &Pool,
    users: &[UserId],
) -> Result<Fitting, Refused> {
    if let Some((pool, new)) = paths::open_paths(tx, right, pool, &Source::Direct, users).await? {
        return Ok(Fitting { pool, new, beyond: HashSet::new() });
    }
    let beyond = beyond_the_seats(tx, right, pool, users).await?;
    let fitting: Vec<UserId> = users.iter().copied().filter(|user| !beyond.contains(user)).collect();
    let opened = paths::open_paths(tx, right, pool, &Source::Direct, &fitting).await?;
    let (pool, new) = opened.ok_or_else(|| Refused::internal("seats that were free are not"))?;
    Ok(Fitting { pool, new, beyond })
}

/// Takes a seat first and asks then whether it is wanted: two round trips where all is well. `None`, and
/// no seat taken, where it is not.
async fn assign_one(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    service: &ServiceId,
    user: &UserRef,
) -> Result<Option<Summary>, Refused> {
    let (tenant, now) = (right.tenant(), right.now());
    let Some(id) = identity::id_of(tx, right, user).await? else { return Ok(None) };
    let (by_id, mut together) = (UserRef::Id(id), Together::default());
    let taken = capacity::take_one_in(&mut together, &tenant, service, &id, &now);
    let member = identity::member_in(&mut together, &tenant, &by_id);
    let answers = tx.run_together(together).await?;
    let Some(Taken { pool, is_seated }) = answers.found(&taken)? else { return Ok(None) };
    let active = answers.found(&member)?.is_some_and(|member| member.status == UserStatus::Active);
    // Whether one is held for this user is asked only where any is.
    let has_one = is_seated || pool.held > 0 && !holds::held_among(tx, &pool, &[id]).await?.is_empty();
    if !active || has_one {
        capacity::free(tx, &pool.id, 1).await?;
        return Ok(None);
    }
    paths::open_path(tx, right, &pool, &Source::Direct, id)?;
    let result = UserResult { named: user.to_string(), outcome: Outcome::Assigned, error: None };
    Ok(Some(Summary { results: vec![result], pool }))
}

/// Those for whom no seat is left, in the order of the request. Who waits has none either.
async fn beyond_the_seats(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    pool: &Pool,
    known: &[UserId],
) -> Result<HashSet<UserId>, Refused> {
    let here = find::seated_among(tx, &pool.id, known, right.now()).await?;
    let has_one = here.into_iter().filter(|(_, state)| *state != SeatState::Waiting);
    let mut seated: HashSet<UserId> = has_one.map(|(user, _)| user).collect();
    seated.extend(holds::held_among(tx, pool, known).await?);
    let mut seen = HashSet::new();
    let new = known.iter().copied().filter(|user| !seated.contains(user) && seen.insert(*user));
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

//! Do what some rows want, in their order.

use std::collections::{BTreeMap, HashMap};

use db::Tx;
use types::{ServiceId, Timestamp, UserId};

use crate::access::{Right, SeatAssign};
use crate::assignments::operations::assign_users::assign_fitting;
use crate::bulk::RowProblem;
use crate::identity::operations::find::{UserRef, active_among, members};
use crate::kit::Refused;
use crate::licenses::operations::pools;
use crate::seats::operations::{find as seats, paths};
use crate::seats::{OpenPath, Pool, Source};

/// What is wanted of a user's direct path to a license.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deed {
    Open,
    Close,
    /// If it is the one that was opened then.
    CloseOpenedAt(Timestamp),
    /// If it was closed then, and nobody has opened it since.
    ReopenClosedAt(Timestamp),
}

impl Deed {
    fn opens(self) -> bool {
        matches!(self, Self::Open | Self::ReopenClosedAt(_))
    }

    /// Why it cannot be done, given the open paths of the user and when the last direct one was closed.
    fn hindered(self, open: &[&OpenPath], closed_at: Option<Timestamp>) -> Option<RowProblem> {
        let direct = open.iter().find(|path| path.is_direct());
        match (self, direct) {
            (Self::Open, Some(_)) => Some(RowProblem::AlreadyAssigned),
            (Self::ReopenClosedAt(_), Some(_)) | (Self::CloseOpenedAt(_), None) => {
                Some(RowProblem::ChangedSince)
            }
            (Self::ReopenClosedAt(at), None) if closed_at != Some(at) => Some(RowProblem::ChangedSince),
            (Self::Close, None) if open.is_empty() => Some(RowProblem::NotAssigned),
            (Self::Close, None) => Some(RowProblem::Inherited),
            (Self::CloseOpenedAt(at), Some(path)) if path.started_at != at => Some(RowProblem::ChangedSince),
            _ => None,
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub user: UserId,
    pub service: ServiceId,
    pub deed: Deed,
}

/// Does what is wanted; for each wish why it was not done, if it was not. No two may be of the same user and
/// license.
pub(super) async fn change(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    wishes: &[Wish],
) -> Result<Vec<Option<RowProblem>>, Refused> {
    let mut problems = vec![None; wishes.len()];
    // By the text, which is the order in which pools are held.
    let mut by_license: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, wish) in wishes.iter().enumerate() {
        by_license.entry(wish.service.to_string()).or_default().push(at);
    }
    for places in by_license.into_values() {
        let Some(first) = places.first() else { continue };
        let service = &wishes[*first].service;
        if seats::pool(tx, &right.tenant(), service).await?.is_none() {
            for at in places {
                problems[at] = Some(RowProblem::LicenseUnknown);
            }
            continue;
        }
        let mut pool = pools::lock(tx, right, &right.tenant(), service).await?;
        for run in places.chunk_by(|one, other| wishes[*one].deed.opens() == wishes[*other].deed.opens()) {
            let found: Vec<&Wish> = run.iter().map(|at| &wishes[*at]).collect();
            let (left, said) = change_run(tx, right, pool, &found).await?;
            pool = left;
            for (at, problem) in run.iter().zip(said) {
                problems[*at] = problem;
            }
        }
    }
    Ok(problems)
}

/// Wishes that all open paths or all close some, to one pool that is held.
async fn change_run(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    pool: Pool,
    run: &[&Wish],
) -> Result<(Pool, Vec<Option<RowProblem>>), Refused> {
    let users: Vec<UserId> = run.iter().map(|wish| wish.user).collect();
    let mut open: HashMap<UserId, Vec<&OpenPath>> = HashMap::new();
    let paths = seats::open_paths_among(tx, &pool.id, &users).await?;
    for path in &paths {
        open.entry(path.user_id).or_default().push(path);
    }
    let reopens = run.iter().any(|wish| matches!(wish.deed, Deed::ReopenClosedAt(_)));
    let closed = if reopens { seats::unassigned_at(tx, &pool.id, &users).await? } else { HashMap::new() };
    let hindered = |wish: &Wish| {
        let open = open.get(&wish.user).map_or(&[][..], Vec::as_slice);
        wish.deed.hindered(open, closed.get(&wish.user).copied())
    };
    let mut problems: Vec<Option<RowProblem>> = run.iter().map(|wish| hindered(wish)).collect();
    if !run.first().is_some_and(|wish| wish.deed.opens()) {
        let ready = ready(run, &problems);
        let (pool, _) = paths::close_paths(tx, right, &pool, &Source::Direct, &ready).await?;
        return Ok((pool, problems));
    }
    // Whoever retires a user holds every pool: who is active now stays so until the end of the unit.
    let absent = absent(tx, right, &users).await?;
    for (wish, problem) in run.iter().zip(&mut problems) {
        *problem = absent.get(&wish.user).copied().or(*problem);
    }
    let fitting = assign_fitting(tx, right, &pool, &ready(run, &problems)).await?;
    for (wish, problem) in run.iter().zip(&mut problems) {
        *problem = problem.or(fitting.beyond.contains(&wish.user).then_some(RowProblem::CountViolation));
    }
    Ok((fitting.pool, problems))
}

/// The users of wishes that nothing hinders, in their order.
fn ready(run: &[&Wish], problems: &[Option<RowProblem>]) -> Vec<UserId> {
    let free = run.iter().zip(problems).filter(|(_, problem)| problem.is_none());
    free.map(|(wish, _)| wish.user).collect()
}

/// Those of the users who cannot have a seat.
async fn absent(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    users: &[UserId],
) -> Result<HashMap<UserId, RowProblem>, Refused> {
    let active = active_among(tx, &right.tenant(), users).await?;
    let absent = users.iter().copied().filter(|user| !active.contains(user));
    let mut absent: HashMap<UserId, _> = absent.map(|user| (user, RowProblem::UserUnknown)).collect();
    let named: Vec<UserRef> = absent.keys().copied().map(UserRef::Id).collect();
    for inactive in members(tx, right, &named).await? {
        absent.insert(inactive.id, RowProblem::UserInactive);
    }
    Ok(absent)
}

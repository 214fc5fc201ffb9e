//! Let users follow their groups: the paths they should have against those they have (ASG-04).

use std::collections::{HashMap, HashSet};

use db::Tx;
use types::{GroupId, ServiceId, Timestamp, UserId};

use crate::access::{Permission, Right};
use crate::groups::{AT_ONCE, GroupLicense, store};
use crate::kit::Refused;
use crate::licenses::operations::pools;
use crate::seats::Source;
use crate::seats::operations::{find as seats, paths};

/// Opens and closes the paths of these users, after their memberships changed. The groups must be held.
pub(crate) async fn users<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    users: &[UserId],
) -> Result<(), Refused> {
    let licenses = store::list_licenses(tx, &right.tenant()).await?;
    if licenses.is_empty() {
        return Ok(());
    }
    let mut wanted: HashMap<GroupId, Vec<(UserId, Timestamp)>> = HashMap::new();
    for user in users {
        for above in store::list_above(tx, user.as_bytes()).await? {
            wanted.entry(above.group_id).or_default().push((*user, above.since));
        }
    }
    for license in licenses.iter().filter(|license| !license.ending) {
        let wanted = wanted.get(&license.group_id).map(Vec::as_slice).unwrap_or_default();
        bring(tx, right, license, users, wanted).await?;
    }
    Ok(())
}

async fn bring<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    license: &GroupLicense,
    users: &[UserId],
    wanted: &[(UserId, Timestamp)],
) -> Result<(), Refused> {
    let pool = pools::lock(tx, right, &right.tenant(), &license.service_id).await?;
    let source = Source::Group(license.group_id);
    let text = source.to_string();
    let open = seats::sources_among(tx, &pool.id, users).await?;
    let have: HashSet<UserId> =
        open.into_iter().filter(|(_, of)| *of == text).map(|(user, _)| user).collect();
    let stays: HashSet<UserId> = wanted.iter().map(|(user, _)| *user).collect();
    let extra: Vec<UserId> = have.iter().copied().filter(|user| !stays.contains(user)).collect();
    let missing: Vec<_> = wanted.iter().copied().filter(|(user, _)| !have.contains(user)).collect();
    let (pool, _) = paths::close_paths(tx, right, &pool, &source, &extra).await?;
    paths::open_paths_or_wait(tx, right, &pool, &source, &missing).await?;
    Ok(())
}

/// Lets up to a thousand users come and as many go, the earliest first; whether that was all.
pub(crate) async fn step<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    group: &GroupId,
    service: &ServiceId,
) -> Result<bool, Refused> {
    store::lock_groups(tx, &right.tenant()).await?;
    let licenses = store::list_licenses(tx, &right.tenant()).await?;
    let of_group = |license: &&GroupLicense| license.group_id == *group && license.service_id == *service;
    let Some(license) = licenses.iter().find(of_group) else { return Ok(true) };
    let pool = pools::lock(tx, right, &right.tenant(), service).await?;
    let source = Source::Group(*group);
    let wanted = if license.ending { Vec::new() } else { store::list_users(tx, group).await? };
    let have = seats::users_of_group(tx, &pool.id, *group).await?;
    let stays: HashSet<UserId> = wanted.iter().map(|(user, _)| *user).collect();
    let extra: Vec<UserId> =
        have.iter().copied().filter(|user| !stays.contains(user)).take(AT_ONCE).collect();
    let missing: Vec<(UserId, Timestamp)> =
        wanted.into_iter().filter(|(user, _)| have.binary_search(user).is_err()).take(AT_ONCE).collect();
    let (pool, _) = paths::close_paths(tx, right, &pool, &source, &extra).await?;
    paths::open_paths_or_wait(tx, right, &pool, &source, &missing).await?;
    let done = extra.len() < AT_ONCE && missing.len() < AT_ONCE;
    match (done, license.ending) {
        (true, true) => store::delete_license(tx, group, service).await?,
        (_, ending) => store::set_license(tx, license, !done, ending).await?,
    }
    Ok(done)
}

/// After a whole group came into or out of this one: every license of it and of those above. What one
/// transaction does not take is left to the reconciler. The groups must be held.
pub(crate) async fn groups<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    group: &GroupId,
) -> Result<(), Refused> {
    let above = store::list_above(tx, group.as_bytes()).await?;
    let concerned: HashSet<GroupId> = above.into_iter().map(|above| above.group_id).chain([*group]).collect();
    for license in store::list_licenses(tx, &right.tenant()).await? {
        if concerned.contains(&license.group_id) {
            step(tx, right, &license.group_id, &license.service_id).await?;
        }
    }
    Ok(())
}

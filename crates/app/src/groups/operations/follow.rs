//! Let users follow their groups: the paths they should have against those they have (ASG-04).
//!
//! A few users follow in the unit that changed their group. Many are left to the reconciler, which looks without
//! holding anybody up for who does not follow yet ([`difference`]), and brings them a few at a time
//! ([`some`]), each by what is so by then.

use std::collections::{HashMap, HashSet};

use db::Tx;
use types::{GroupId, Timestamp, UserId};

use crate::access::{Permission, Right};
use crate::groups::{AT_ONCE, GroupLicense, store};
use crate::kit::Refused;
use crate::licenses::operations::pools;
use crate::seats::Source;
use crate::seats::operations::{find as seats, paths};

/// The users of each group, and since when.
type Wanted = HashMap<GroupId, Vec<(UserId, Timestamp)>>;

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
    let wanted = wanted(tx, users).await?;
    for license in licenses.iter().filter(|license| !license.ending) {
        bring(tx, right, license, users, &wanted).await?;
    }
    Ok(())
}

async fn wanted(tx: &mut Tx, users: &[UserId]) -> Result<Wanted, Refused> {
    let mut wanted = Wanted::new();
    for above in store::list_above_among(tx, users).await? {
        wanted.entry(above.group_id).or_default().push((above.user_id, above.since));
    }
    Ok(wanted)
}

async fn bring<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    license: &GroupLicense,
    users: &[UserId],
    wanted: &Wanted,
) -> Result<(), Refused> {
    let wanted = match wanted.get(&license.group_id) {
        Some(wanted) if !license.ending => wanted.as_slice(),
        _ => &[],
    };
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

/// The users of a group, also through others, if they are few enough to follow in this unit.
pub(crate) async fn few_users(tx: &mut Tx, group: &GroupId) -> Result<Option<Vec<UserId>>, Refused> {
    let users = store::list_some_users(tx, group, AT_ONCE + 1).await?;
    Ok((users.len() <= AT_ONCE).then_some(users))
}

/// Leaves it to the reconciler: after many users came into or out of this group, also of those above.
pub(crate) async fn later(tx: &mut Tx, group: &GroupId) -> Result<(), Refused> {
    let above = store::list_above(tx, group.as_bytes()).await?;
    let concerned: Vec<GroupId> = above.into_iter().map(|above| above.group_id).chain([*group]).collect();
    Ok(store::touch_licenses(tx, &concerned).await?)
}

/// After a license came to its group or is to leave it: at once if the group is small. The groups must be held.
pub(crate) async fn license<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    license: &GroupLicense,
) -> Result<(), Refused> {
    let Some(few) = few_users(tx, &license.group_id).await? else { return Ok(()) };
    // Where it ends, also those who left the group and have not followed yet.
    let users = if license.ending { have(tx, right, license).await? } else { few };
    if users.len() > AT_ONCE {
        return Ok(());
    }
    let wanted = wanted(tx, &users).await?;
    bring(tx, right, license, &users, &wanted).await?;
    settle(tx, license).await
}

/// Users who do not follow a group to a license, as a read has it: those who go first, then those who come, the
/// earliest first.
pub(crate) async fn difference<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    license: &GroupLicense,
) -> Result<Vec<UserId>, Refused> {
    let wanted = if license.ending { Vec::new() } else { store::list_users(tx, &license.group_id).await? };
    let have = have(tx, right, license).await?;
    let stays: HashSet<UserId> = wanted.iter().map(|(user, _)| *user).collect();
    let extra = have.iter().copied().filter(|user| !stays.contains(user));
    let missing = wanted.into_iter().map(|(user, _)| user).filter(|user| have.binary_search(user).is_err());
    Ok(extra.chain(missing).collect())
}

/// Who has a license by a group, or waits for a seat of it, sorted.
pub(super) async fn have<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    license: &GroupLicense,
) -> Result<Vec<UserId>, Refused> {
    let pool = seats::pool(tx, &right.tenant(), &license.service_id).await?;
    let pool = pool.ok_or_else(|| Refused::internal("a group has a license without a pool"))?;
    Ok(seats::users_of_group(tx, &pool.id, license.group_id).await?)
}

/// Lets these users follow a group to a license, as it is now.
pub(crate) async fn some<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    license: &GroupLicense,
    users: &[UserId],
) -> Result<(), Refused> {
    store::lock_groups(tx, &right.tenant()).await?;
    let Some(license) = store::find_license(tx, &license.group_id, &license.service_id).await? else {
        return Ok(());
    };
    let wanted = wanted(tx, users).await?;
    bring(tx, right, &license, users, &wanted).await
}

/// Nothing is left to do, unless there is more to follow since the license was looked at.
pub(crate) async fn settle(tx: &mut Tx, license: &GroupLicense) -> Result<(), Refused> {
    if license.ending {
        store::delete_license(tx, license).await?;
    } else {
        store::settle_license(tx, license).await?;
    }
    Ok(())
}

//! How a user comes to a license by groups: for explaining.

use std::collections::HashMap;

use db::Tx;
use types::{GroupId, ServiceId, TenantId, Timestamp, UserId};

use crate::groups::group::Step;
use crate::groups::{DEPTH, GroupLicense, store};
use crate::kit::Refused;

/// A group on the way from a user to a license, and since when whatever is below it is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WayStep {
    pub group: GroupId,
    pub name: String,
    pub since: Timestamp,
}

/// A group that has a license.
#[derive(Debug, Clone)]
pub(crate) struct LicensedGroup {
    pub license: GroupLicense,
    pub name: String,
    /// From a group that the user is in itself to this one, the earliest way that is open; empty: it is not in
    /// this group.
    pub way: Vec<WayStep>,
}

/// The groups of a tenant that have a license, and how this user is in each.
pub(crate) async fn ways_to(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
    service: &ServiceId,
) -> Result<Vec<LicensedGroup>, Refused> {
    let mut licenses = store::list_licenses(tx, tenant).await?;
    licenses.retain(|license| license.service_id == *service);
    if licenses.is_empty() {
        return Ok(Vec::new());
    }
    let ways = earliest(user, &store::list_steps(tx, user).await?);
    let mut found = Vec::with_capacity(licenses.len());
    for license in licenses {
        let group = store::find_group(tx, tenant, &license.group_id).await?;
        let name = group.map(|group| group.name).unwrap_or_default();
        let way = ways.get(license.group_id.as_bytes()).cloned().unwrap_or_default();
        found.push(LicensedGroup { license, name, way });
    }
    Ok(found)
}

/// The earliest way to each group: a way is as old as its latest step; of two as old, the shorter one.
fn earliest(user: &UserId, steps: &[Step]) -> HashMap<[u8; 16], Vec<WayStep>> {
    let mut ways: HashMap<[u8; 16], Vec<WayStep>> = HashMap::from([(*user.as_bytes(), Vec::new())]);
    for _ in 0..DEPTH {
        for step in steps {
            let Some(mut way) = ways.get(&step.member_id).cloned() else { continue };
            way.push(WayStep { group: step.group_id, name: step.name.clone(), since: step.since });
            let known = ways.get(step.group_id.as_bytes());
            if known.is_none_or(|known| age(&way) < age(known)) {
                ways.insert(*step.group_id.as_bytes(), way);
            }
        }
    }
    ways
}

fn age(way: &[WayStep]) -> (Option<Timestamp>, usize) {
    (way.iter().map(|step| step.since).max(), way.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(member: u8, group: u8, day: i64) -> Step {
        let since = Timestamp::default().plus_days(day);
        Step {
            member_id: [member; 16],
            group_id: GroupId::from_bytes([group; 16]),
            name: group.to_string(),
            since,
        }
    }

    /// CHK-06: of several ways the earliest is told, and of those as old the shortest.
    #[test]
    fn the_earliest_way_is_told() {
        // 1 is in 2 and 3, both in 4; by 3 it came earlier. 5 is reached by 4 only.
        let steps = [step(1, 2, 9), step(1, 3, 2), step(2, 4, 1), step(3, 4, 3), step(4, 5, 1)];
        let ways = earliest(&UserId::from_bytes([1; 16]), &steps);
        let names =
            |group: u8| -> Vec<&str> { ways[&[group; 16]].iter().map(|step| step.name.as_str()).collect() };
        assert_eq!(names(4), ["3", "4"]);
        assert_eq!(names(5), ["3", "4", "5"]);
        assert!(!ways.contains_key(&[6; 16]));
    }
}

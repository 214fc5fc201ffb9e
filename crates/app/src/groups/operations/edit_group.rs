//! Make and delete groups.

use db::Tx;
use types::{GroupId, Name};

use super::{find, follow};
use crate::access::{Right, UserEdit};
use crate::groups::events::{GroupCreated, GroupDeleted};
use crate::groups::{Group, LICENSED, NAME_TAKEN, store};
use crate::kit::Refused;

pub(crate) async fn create_group(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    name: Name<200>,
) -> Result<Group, Refused> {
    let (id, tenant_id, created_at) = (right.new_id(), right.tenant(), right.now());
    let group = Group { id, tenant_id, name: name.into_string(), created_at };
    if !store::insert_group(tx, &group).await? {
        return Err(NAME_TAKEN.because(format!("Choose another one than {}.", group.name)));
    }
    right.record(tx, &GroupCreated { group: id, name: group.name.clone() })?;
    Ok(group)
}

/// ASG-06: not while it has licenses. Who was in another group through this one leaves that, too.
pub(crate) async fn delete_group(tx: &mut Tx, right: &Right<UserEdit>, id: &GroupId) -> Result<(), Refused> {
    store::lock_groups(tx, &right.tenant()).await?;
    let licenses = find::licenses(tx, right, id).await?;
    if !licenses.is_empty() {
        let services: Vec<String> = licenses.iter().map(|license| license.service_id.to_string()).collect();
        return Err(LICENSED.because(format!("Take these licenses off it first: {}.", services.join(", "))));
    }
    let few = follow::few_users(tx, id).await?;
    if few.is_none() {
        follow::later(tx, id).await?;
    }
    store::delete_group(tx, id).await?;
    right.record(tx, &GroupDeleted { group: *id })?;
    follow::users(tx, right, &few.unwrap_or_default()).await
}

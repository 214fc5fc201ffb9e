//! Give a license to a group, and take it off.

use db::Tx;
use types::{GroupId, ServiceId};

use super::{find, follow};
use crate::access::{Right, SeatAssign};
use crate::groups::events::{GroupLicensed, GroupUnlicensed};
use crate::groups::{GroupLicense, store};
use crate::kit::Refused;
use crate::licenses::operations::find as licenses;

/// Twice is the same as once.
pub(crate) async fn license_group(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    id: &GroupId,
    service: &ServiceId,
) -> Result<Vec<GroupLicense>, Refused> {
    store::lock_groups(tx, &right.tenant()).await?;
    let held = find::licenses(tx, right, id).await?;
    licenses::pool(tx, right, service).await?;
    let known = held.iter().any(|license| license.service_id == *service && !license.ending);
    if !known {
        store::upsert_license(tx, id, (&right.tenant(), service), right.now()).await?;
        right.record(tx, &GroupLicensed { group: *id, service_id: service.clone() })?;
        follow_to(tx, right, id, service).await?;
    }
    find::licenses(tx, right, id).await
}

/// Its users free their seats, unless they have them otherwise, too.
pub(crate) async fn unlicense_group(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    id: &GroupId,
    service: &ServiceId,
) -> Result<Vec<GroupLicense>, Refused> {
    store::lock_groups(tx, &right.tenant()).await?;
    let held = find::licenses(tx, right, id).await?;
    let license = held.iter().find(|license| license.service_id == *service);
    let license = license.ok_or_else(|| Refused::not_found("license of the group"))?;
    if !license.ending {
        store::end_license(tx, id, service).await?;
        right.record(tx, &GroupUnlicensed { group: *id, service_id: service.clone() })?;
        follow_to(tx, right, id, service).await?;
    }
    find::licenses(tx, right, id).await
}

async fn follow_to(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    id: &GroupId,
    service: &ServiceId,
) -> Result<(), Refused> {
    match store::find_license(tx, id, service).await? {
        Some(license) => follow::license(tx, right, &license).await,
        None => Err(Refused::internal("a license that was written is not there")),
    }
}

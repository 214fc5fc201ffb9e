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
        let license = GroupLicense {
            group_id: *id,
            tenant_id: right.tenant(),
            service_id: service.clone(),
            since: right.now(),
            pending: true,
            ending: false,
        };
        store::upsert_license(tx, &license).await?;
        right.record(tx, &GroupLicensed { group: *id, service_id: service.clone() })?;
        follow::step(tx, right, id, service).await?;
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
        store::set_license(tx, license, true, true).await?;
        right.record(tx, &GroupUnlicensed { group: *id, service_id: service.clone() })?;
        follow::step(tx, right, id, service).await?;
    }
    find::licenses(tx, right, id).await
}

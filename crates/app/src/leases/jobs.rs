//! What follows from what became of seats.

use db::{BoxFuture, Tx};
use types::{LeaseId, ServiceId, TenantId, Timestamp, UserId};

use super::operations::end;
use crate::App;
use crate::access::{LeaseAny, Right};
use crate::events::{Event, Reader, Recorded};
use crate::kit::Refused;
use crate::seats::events::{SeatsFreed, SeatsOver, SeatsReleased, SeatsWaiting};

/// Revokes leases whose seat was freed, or will not be usable as long as they are.
pub(crate) static READER: Reader = Reader {
    name: "leases",
    kinds: &[SeatsFreed::KIND, SeatsWaiting::KIND, SeatsOver::KIND, SeatsReleased::KIND],
    handle,
};

/// Whose leases end by one event.
enum Lost {
    /// Of these users and this service, if they are good for longer than until then.
    Seats { service: ServiceId, users: Vec<UserId>, usable_until: Option<Timestamp> },
    /// Blocks that hold fewer seats than they have.
    Blocks(Vec<LeaseId>),
}

impl Lost {
    fn by(entry: &Recorded) -> Result<Option<Self>, serde_json::Error> {
        if let Some(SeatsFreed { service_id, users, .. }) = entry.decode()? {
            return Ok(Some(Self::Seats { service: service_id, users, usable_until: None }));
        }
        if let Some(SeatsWaiting { service_id, users, .. }) = entry.decode()? {
            return Ok(Some(Self::Seats { service: service_id, users, usable_until: None }));
        }
        if let Some(SeatsOver { service_id, users, grace, .. }) = entry.decode()? {
            let usable_until = Some(grace.usable_until);
            return Ok(Some(Self::Seats { service: service_id, users, usable_until }));
        }
        if let Some(SeatsReleased { cut, .. }) = entry.decode()? {
            return Ok(Some(Self::Blocks(cut)));
        }
        Ok(None)
    }
}

fn handle<'t>(
    tx: &'t mut Tx,
    app: &'t App,
    tenant: &'t TenantId,
    entries: &'t [Recorded],
) -> BoxFuture<'t, Result<(), Refused>> {
    Box::pin(async move {
        let now = app.clock.now();
        let right = Right::<LeaseAny>::of_the_machine(*tenant, None, now, app.random.clone());
        for entry in entries {
            match Lost::by(entry).map_err(Refused::internal)? {
                Some(Lost::Seats { service, users, usable_until }) => {
                    let lost = end::LostSeats { service: &service, users: &users, usable_until };
                    end::revoke_lost(tx, &right, entry.position, lost).await?;
                }
                Some(Lost::Blocks(cut)) => end::revoke_blocks(tx, &right, &cut).await?,
                None => {}
            }
        }
        Ok(())
    })
}

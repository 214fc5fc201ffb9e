//! Choose where leads go (STO-04).

use db::Tx;
use types::LeadDestinationId;

use super::find;
use crate::access::{LeadEdit, Right};
use crate::kit::{Language, Refused};
use crate::leads::events::{LeadDestinationCreated, LeadDestinationDeleted};
use crate::leads::lead::DESTINATIONS_MAX;
use crate::leads::{Destination, DestinationKind, TAKEN, TOO_MANY, store};
use crate::webhooks::signature;

/// Leads from now on go there. The secret of an endpoint is shown once.
pub(crate) async fn create_destination(
    tx: &mut Tx,
    right: &Right<LeadEdit>,
    (kind, address): (DestinationKind, String),
    language: Language,
) -> Result<Destination, Refused> {
    if store::count_destinations(tx, &right.tenant()).await? >= DESTINATIONS_MAX {
        return Err(TOO_MANY.because(format!("A publisher has at most {DESTINATIONS_MAX}; delete one.")));
    }
    let destination = Destination {
        id: right.new_id(),
        tenant_id: right.tenant(),
        kind,
        address,
        language,
        secret: (kind == DestinationKind::Https).then(|| signature::new_secret(right.random())),
        created_at: right.now(),
    };
    if !store::insert_destination(tx, &destination).await? {
        return Err(TAKEN.because("To have another secret, delete the destination and make it anew."));
    }
    right.record(tx, &LeadDestinationCreated { destination: destination.id, destination_kind: kind })?;
    Ok(destination)
}

/// What is on its way there is no longer; the leads stay.
pub(crate) async fn delete_destination(
    tx: &mut Tx,
    right: &Right<LeadEdit>,
    id: &LeadDestinationId,
) -> Result<Destination, Refused> {
    let destination = find::destination(tx, right, id).await?;
    store::delete_destination(tx, id).await?;
    right.record(tx, &LeadDestinationDeleted { destination: *id })?;
    Ok(destination)
}

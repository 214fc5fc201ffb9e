//! The reconcilers of going live and of stopping: no input, may run at any time, twice is the same as once.

use crate::App;
use crate::access::{OfferPublish, Right};
use crate::catalog::OfferState;
use crate::catalog::operations::advance;
use crate::kit::Refused;
use crate::publishing::operations::{go_live, stop};
use crate::publishing::store;
use crate::publishing::submission::SubmissionStatus;

/// Lets every submission arrive that was signed off and whose time has come (PUB-04).
pub(crate) async fn take_due_live(app: &App) -> Result<(), Refused> {
    let now = app.clock.now();
    let due = app.db.read(move |tx| Box::pin(async move { store::list_due(tx, now).await })).await?;
    for submission in due {
        let random = app.random.clone();
        let arrived = app.db.write(move |tx| {
            Box::pin(async move {
                let Some(offer) = advance::lock_offer(tx, &submission.offer_id).await? else { return Ok(()) };
                let current = store::find_submission(tx, &submission.id).await?;
                let still = current.is_some_and(|current| current.status == SubmissionStatus::GoingLive);
                if !still || offer.state != OfferState::GoingLive {
                    return Ok(());
                }
                let publisher = Some(offer.publisher_id.clone());
                let right = Right::<OfferPublish>::of_the_machine(offer.tenant_id, publisher, now, random);
                go_live::arrive(tx, &right, &submission, offer.tenant_id).await?;
                Ok::<_, Refused>(())
            })
        });
        arrived.await?;
    }
    Ok(())
}

/// Lets every offer leave the storefront that was told to and whose time has come (PUB-05).
pub(crate) async fn take_due_stops(app: &App) -> Result<(), Refused> {
    let now = app.clock.now();
    let due = app.db.read(move |tx| Box::pin(async move { store::list_due_stops(tx, now).await })).await?;
    for live in due {
        let random = app.random.clone();
        let left = app.db.write(move |tx| {
            Box::pin(async move {
                let Some(offer) = advance::lock_offer(tx, &live.offer_id).await? else { return Ok(()) };
                if offer.state != OfferState::PendingStop {
                    return Ok(());
                }
                let publisher = Some(offer.publisher_id.clone());
                let right = Right::<OfferPublish>::of_the_machine(offer.tenant_id, publisher, now, random);
                stop::leave(tx, &right, &offer).await?;
                Ok::<_, Refused>(())
            })
        });
        left.await?;
    }
    Ok(())
}

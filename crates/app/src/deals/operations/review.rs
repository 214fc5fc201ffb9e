//! The operator's review of a deal.

use db::Tx;
use types::{DealId, Text};

use crate::access::{DealReview, MARKETPLACE, Right};
use crate::deals::deal::Move;
use crate::deals::events::DealMoved;
use crate::deals::{Deal, store};
use crate::kit::Refused;

/// `reason` goes to the publisher; a rejection and a request for an update have one.
pub(crate) async fn review_deal(
    tx: &mut Tx,
    right: &Right<DealReview>,
    id: &DealId,
    step: Move,
    reason: Option<Text<2000>>,
) -> Result<Deal, Refused> {
    store::lock_deal(tx, id).await?;
    let deal = store::find_any_deal(tx, id).await?.ok_or_else(|| Refused::not_found("deal"))?;
    let status = deal.status.next(step)?;
    let review_reason = reason.map(Text::into_string);
    let deal = Deal { status, review_reason, revision: deal.revision + 1, ..deal };
    store::update_status(tx, &deal).await?;
    right.record_for(tx, &[deal.tenant_id, MARKETPLACE], &DealMoved { deal: deal.id, status })?;
    Ok(deal)
}

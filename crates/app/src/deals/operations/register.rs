//! Register, edit and submit a deal.

use db::Tx;
use types::DealId;

use super::find;
use crate::access::{DealEdit, Right};
use crate::catalog::OfferRef;
use crate::catalog::operations::find as catalog;
use crate::deals::deal::{ContractType, Move};
use crate::deals::events::{DealCreated, DealEdited, DealMoved};
use crate::deals::terms::Terms;
use crate::deals::{Deal, DealStatus, NOT_EDITABLE, store};
use crate::kit::{Expected, JsonColumn, Refused};

#[derive(Debug, Clone)]
pub(crate) struct DealTerms {
    pub offer: OfferRef,
    pub contract_type: ContractType,
    pub terms: Terms,
}

pub(crate) async fn create_deal(
    tx: &mut Tx,
    right: &Right<DealEdit>,
    command: DealTerms,
) -> Result<Deal, Refused> {
    let offer = catalog::offer(tx, right, &command.offer).await?;
    let deal = Deal {
        id: right.new_id(),
        tenant_id: right.tenant(),
        offer_id: offer.id,
        status: DealStatus::Draft,
        contract_type: command.contract_type,
        terms: JsonColumn(command.terms),
        customer_tenant_id: None,
        review_reason: None,
        created_at: right.now(),
        revision: 1,
    };
    store::insert_deal(tx, &deal).await?;
    right.record(tx, &DealCreated { deal: deal.id })?;
    Ok(deal)
}

pub(crate) async fn edit_deal(
    tx: &mut Tx,
    right: &Right<DealEdit>,
    id: &DealId,
    command: DealTerms,
    expected: &Expected,
) -> Result<Deal, Refused> {
    let deal = find::lock_deal(tx, right, id).await?;
    expected.refuse_stale(deal.revision)?;
    if !deal.status.is_editable() {
        return Err(NOT_EDITABLE.because(format!("It is {}.", deal.status.as_str())));
    }
    let offer = catalog::offer(tx, right, &command.offer).await?;
    if deal.customer_tenant_id.is_some() && offer.id != deal.offer_id {
        return Err(NOT_EDITABLE.because("Licenses were granted under it: its offer stays."));
    }
    let deal = Deal {
        offer_id: offer.id,
        contract_type: command.contract_type,
        terms: JsonColumn(command.terms),
        revision: deal.revision + 1,
        ..deal
    };
    store::update_terms(tx, &deal).await?;
    right.record(tx, &DealEdited { deal: deal.id })?;
    Ok(deal)
}

pub(crate) async fn submit_deal(
    tx: &mut Tx,
    right: &Right<DealEdit>,
    id: &DealId,
    expected: &Expected,
) -> Result<Deal, Refused> {
    let deal = find::lock_deal(tx, right, id).await?;
    expected.refuse_stale(deal.revision)?;
    let status = deal.status.next(Move::Submit)?;
    let deal = Deal { status, review_reason: None, revision: deal.revision + 1, ..deal };
    store::update_status(tx, &deal).await?;
    right.record(tx, &DealMoved { deal: deal.id, status })?;
    Ok(deal)
}

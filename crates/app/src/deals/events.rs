//! What deals announce.

use types::{DealId, TenantId};

use super::DealStatus;
use crate::events::events;

events! {
    /// A deal was registered as a draft.
    DealCreated "deal.created" { deal: DealId }
    /// A deal's terms changed.
    DealEdited "deal.edited" { deal: DealId }
    /// A deal moved: submitted, approved, rejected, sent back.
    DealMoved "deal.moved" { deal: DealId, status: DealStatus }
    /// The first licenses fixed the deal's customer.
    DealCustomerFixed "deal.customer_fixed" { deal: DealId, customer: TenantId }
}

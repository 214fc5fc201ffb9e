//! Ask a publisher for more licenses (LIC-09).

use db::Tx;
use types::{ServiceId, Text};

use super::actor_text;
use crate::access::{LicenseRequest as MayRequest, Right};
use crate::kit::Refused;
use crate::leads::WantedLicenses;
use crate::leads::operations::create as leads;
use crate::licenses::operations::find as licenses;
use crate::requests::events::LicensesRequested;
use crate::requests::{LicenseRequest, store};

/// `seats` more than there are. Nothing is granted by it; the publisher has it as a lead on the deal, with the
/// contact data of who asks.
pub(crate) async fn request_licenses(
    tx: &mut Tx,
    right: &Right<MayRequest>,
    service: &ServiceId,
    (seats, note): (i64, Option<Text<500>>),
    base_url: &str,
) -> Result<LicenseRequest, Refused> {
    let pool = licenses::pool(tx, right, service).await?;
    let deal = licenses::latest_deal(tx, &pool).await?;
    let request = LicenseRequest {
        id: right.new_id(),
        customer_tenant_id: right.tenant(),
        publisher_tenant_id: deal.tenant_id,
        deal_id: deal.id,
        service_id: service.clone(),
        seats,
        note: note.map(Text::into_string),
        created_at: right.now(),
    };
    store::insert_license_request(tx, &request, &actor_text(right.actor())).await?;
    let wanted =
        WantedLicenses { deal: deal.id, service_id: service.clone(), seats, note: request.note.clone() };
    leads::of_request(tx, right, base_url, (deal.tenant_id, deal.offer_id), wanted).await?;
    let event = LicensesRequested {
        request: request.id,
        customer: right.tenant(),
        deal: deal.id,
        service_id: service.clone(),
        seats,
    };
    right.record_for(tx, &[deal.tenant_id, right.tenant()], &event)?;
    Ok(request)
}

//! *Validate*: a lead that nobody takes for a real one, sent now to one destination.

use types::{Country, Email, Violation};

use super::payload::{self, Sent};
use super::{Destination, DestinationKind, Lead, LeadAction, LeadContact, LeadStatus, letter};
use crate::App;
use crate::access::{Permission, Right};
use crate::kit::{JsonColumn, Refused};

/// Every text of it says what it is, with the second of its making.
fn lead<P: Permission>(right: &Right<P>) -> Result<Lead, Refused> {
    let mark = format!("SEATLINE_TEST_{}", right.now().seconds());
    let internal = |violation: Violation| Refused::internal(violation.message);
    let contact = LeadContact {
        first_name: mark.clone(),
        last_name: mark.clone(),
        email: Email::parse(&format!("{mark}@test.example")).map_err(internal)?,
        phone: Some("1234567890".to_owned()),
        country: Country::parse("US").map_err(internal)?,
        company: mark.clone(),
        title: Some(mark.clone()),
    };
    Ok(Lead {
        id: right.new_id(),
        tenant_id: right.tenant(),
        offer_id: right.new_id(),
        address: format!("{}.test", right.publisher()?),
        offer_title: mark,
        action: LeadAction::Contact,
        status: LeadStatus::New,
        contact: JsonColumn(contact),
        customer_tenant_id: right.tenant(),
        user_id: right.new_id(),
        created_at: right.now(),
        revision: 1,
        request: None,
    })
}

pub(super) async fn send_test<P: Permission>(
    app: &App,
    right: &Right<P>,
    destination: &Destination,
) -> Result<Sent, Refused> {
    let (lead, base_url) = (lead(right)?, &app.settings.base_url);
    match destination.kind {
        DestinationKind::Https => {
            let to = (destination.address.as_str(), destination.secret.as_deref().unwrap_or_default());
            payload::send(&app.outbound, to, &lead, &payload::marketplace(base_url), right.now()).await
        }
        DestinationKind::Email => {
            let to = destination.recipient()?;
            let letter = letter::letter(&lead, destination.language, base_url)?;
            let sent = app.mailer.send(&lead.id.to_string(), &to, right.now(), letter).await;
            Ok(Sent { status: None, error: sent.err().map(|error| error.text) })
        }
    }
}

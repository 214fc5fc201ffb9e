//! Make a lead (STO-03, LIC-09), and put it on its way to every destination.

use db::Tx;
use types::{Country, Email, Name, OfferId, TenantId};

use super::deliver;
use crate::access::{AppInstall, LicenseRequest, Permission, Right, SelfContact};
use crate::catalog::listing::Listing;
use crate::catalog::operations::find as catalog;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::{JsonColumn, Refused};
use crate::leads::events::LeadCreated;
use crate::leads::lead::split;
use crate::leads::{Lead, LeadAction, LeadContact, LeadStatus, NO_BUTTON, NOBODY, WantedLicenses, store};
use crate::publishing::LiveOffer;
use crate::storefront::ButtonAction;
use crate::storefront::sight;

/// Contact data as given; what is not is the user's.
#[derive(Debug, Clone, Default)]
pub(crate) struct GivenContact {
    pub first_name: Option<Name<100>>,
    pub last_name: Option<Name<100>>,
    pub email: Option<Email>,
    pub phone: Option<Name<50>>,
    pub country: Option<Country>,
    pub company: Option<Name<200>>,
    pub title: Option<Name<100>>,
}

/// What came of a press.
pub(crate) struct Pressed {
    pub lead: Lead,
    /// The same user pressed within a day before, and this is the lead that it made then.
    pub again: bool,
}

/// *Contact me*: for whom the storefront shows the button. The consent was checked when the request was read.
pub(crate) async fn contact(
    tx: &mut Tx,
    right: &Right<SelfContact>,
    base_url: &str,
    address: &str,
    given: GivenContact,
) -> Result<Pressed, Refused> {
    let seen = sight::look(tx, Some(right.principal()), address).await?;
    if !seen.buttons().iter().any(|button| button.action == ButtonAction::ContactMe) {
        return Err(NO_BUTTON.because("See the buttons of the offer for what you can do with it."));
    }
    make(tx, right, base_url, &seen.live, LeadAction::Contact, given).await
}

/// An installation whose owner agreed that the publisher may contact them.
pub(crate) async fn of_installation(
    tx: &mut Tx,
    right: &Right<AppInstall>,
    base_url: &str,
    live: &LiveOffer,
) -> Result<Lead, Refused> {
    let pressed = make(tx, right, base_url, live, LeadAction::Install, GivenContact::default()).await?;
    Ok(pressed.lead)
}

/// More licenses that a customer asks for, on the deal that grants what it has (LIC-09).
pub(crate) async fn of_request(
    tx: &mut Tx,
    right: &Right<LicenseRequest>,
    base_url: &str,
    (publisher, offer): (TenantId, OfferId),
    request: WantedLicenses,
) -> Result<Lead, Refused> {
    let offer = catalog::any_offer(tx, &offer).await?;
    let (id, address, listing) = (offer.id, offer.address(), offer.draft.0.listing.as_ref());
    let about = About { publisher, offer: id, title: title(listing, &address), address };
    let lead = compose(tx, right, about, LeadAction::Licenses, GivenContact::default()).await?;
    let lead = Lead { request: Some(JsonColumn(request)), ..lead };
    hand_over(tx, right, base_url, &lead).await?;
    Ok(lead)
}

async fn make<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    base_url: &str,
    live: &LiveOffer,
    action: LeadAction,
    given: GivenContact,
) -> Result<Pressed, Refused> {
    let snapshot = &live.snapshot.0;
    let publisher = identity::publisher(tx, &snapshot.publisher_id).await?;
    let publisher = publisher.ok_or_else(|| Refused::internal("an offer without its publisher"))?;
    let about = About {
        publisher: publisher.id,
        offer: live.offer_id,
        address: live.address.clone(),
        title: title(snapshot.draft.listing.as_ref(), &live.address),
    };
    let lead = compose(tx, right, about, action, given).await?;
    if !store::press(tx, &lead, right.now().plus_days(-1)).await? {
        let pressed = store::find_pressed(tx, &lead.offer_id, &lead.user_id, action).await?;
        let lead = pressed.ok_or_else(|| Refused::internal("a press without its lead"))?;
        return Ok(Pressed { lead, again: true });
    }
    hand_over(tx, right, base_url, &lead).await?;
    Ok(Pressed { lead, again: false })
}

/// Which offer a lead is about.
struct About {
    publisher: TenantId,
    offer: OfferId,
    address: String,
    title: String,
}

/// As the storefront shows it first; the address where it has no name yet.
fn title(listing: Option<&Listing>, address: &str) -> String {
    let name = listing.and_then(|listing| listing.texts_for(&[]).1.name.clone());
    name.unwrap_or_else(|| address.to_owned())
}

async fn compose<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    about: About,
    action: LeadAction,
    given: GivenContact,
) -> Result<Lead, Refused> {
    let nobody = || NOBODY.because("Sign in as a user: a machine has no contact data.");
    let user_id = right.user().ok_or_else(nobody)?;
    Ok(Lead {
        id: right.new_id(),
        tenant_id: about.publisher,
        offer_id: about.offer,
        address: about.address,
        offer_title: about.title,
        action,
        status: LeadStatus::New,
        contact: JsonColumn(complete(tx, right, &UserRef::Id(user_id), given).await?),
        customer_tenant_id: right.tenant(),
        user_id,
        created_at: right.now(),
        revision: 1,
        request: None,
    })
}

/// To the publisher's page, to both logs, and on its way to every destination.
async fn hand_over<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    base_url: &str,
    lead: &Lead,
) -> Result<(), Refused> {
    store::insert_lead(tx, lead).await?;
    let Lead { id, offer_id: offer, address, action, .. } = lead.clone();
    let mut concerned = vec![lead.tenant_id, lead.customer_tenant_id];
    concerned.dedup();
    right.record_for(tx, &concerned, &LeadCreated { lead: id, offer, address, action })?;
    for destination in store::every_destination(tx, &lead.tenant_id).await? {
        deliver::enqueue_delivery(tx, (right.random(), right.now()), base_url, lead, &destination).await?;
    }
    Ok(())
}

async fn complete<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    user: &UserRef,
    given: GivenContact,
) -> Result<LeadContact, Refused> {
    let user = identity::existing_user(tx, right, user).await?;
    let tenant = identity::own_tenant(tx, right).await?;
    // Who gives one name gives both: a first name of one's own beside a last name of the directory is nobody's.
    let (first_name, last_name) = match (given.first_name, given.last_name) {
        (None, None) => split(&user.name),
        (first, last) => (
            first.map_or_else(String::new, Name::into_string),
            last.map_or_else(String::new, Name::into_string),
        ),
    };
    Ok(LeadContact {
        first_name,
        last_name,
        email: given.email.unwrap_or(user.email),
        phone: given.phone.map(Name::into_string),
        country: given.country.unwrap_or(tenant.country),
        company: given.company.map_or(tenant.name, Name::into_string),
        title: given.title.map(Name::into_string),
    })
}

//! Make a lead (STO-03), and put it on its way to every destination.

use db::Tx;
use types::{Country, Email, Name, PageRequest};

use super::deliver;
use crate::access::{AppInstall, Permission, Right, SelfContact};
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::{JsonColumn, Refused};
use crate::leads::events::LeadCreated;
use crate::leads::lead::{DESTINATIONS_MAX, split};
use crate::leads::{Lead, LeadAction, LeadContact, LeadStatus, NO_BUTTON, NOBODY, store};
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

/// *Contact me*: for whom the storefront shows the button. The consent was checked when the request was read.
pub(crate) async fn contact(
    tx: &mut Tx,
    right: &Right<SelfContact>,
    base_url: &str,
    address: &str,
    given: GivenContact,
) -> Result<Lead, Refused> {
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
    make(tx, right, base_url, live, LeadAction::Install, GivenContact::default()).await
}

async fn make<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    base_url: &str,
    live: &LiveOffer,
    action: LeadAction,
    given: GivenContact,
) -> Result<Lead, Refused> {
    let nobody = || NOBODY.because("Sign in as a user: a machine has no contact data.");
    let user_id = right.user().ok_or_else(nobody)?;
    let snapshot = &live.snapshot.0;
    let publisher = identity::publisher(tx, &snapshot.publisher_id).await?;
    let publisher = publisher.ok_or_else(|| Refused::internal("an offer without its publisher"))?;
    let listing = snapshot.draft.listing.as_ref();
    let title = listing.and_then(|listing| listing.texts_for(&[]).1.name.clone());
    let lead = Lead {
        id: right.new_id(),
        tenant_id: publisher.id,
        offer_id: live.offer_id,
        address: live.address.clone(),
        offer_title: title.unwrap_or_else(|| live.address.clone()),
        action,
        status: LeadStatus::New,
        contact: JsonColumn(complete(tx, right, &UserRef::Id(user_id), given).await?),
        customer_tenant_id: right.tenant(),
        user_id,
        created_at: right.now(),
        revision: 1,
    };
    if !store::press(tx, &lead, right.now().plus_days(-1)).await? {
        let pressed = store::find_pressed(tx, &lead.offer_id, &user_id, action).await?;
        return pressed.ok_or_else(|| Refused::internal("a press without its lead"));
    }
    store::insert_lead(tx, &lead).await?;
    let Lead { id, offer_id: offer, address, .. } = lead.clone();
    let mut concerned = vec![lead.tenant_id, lead.customer_tenant_id];
    concerned.dedup();
    right.record_for(tx, &concerned, &LeadCreated { lead: id, offer, address, action })?;
    let all = PageRequest { limit: usize::try_from(DESTINATIONS_MAX).unwrap_or_default(), after: None };
    for destination in store::list_destinations(tx, &lead.tenant_id, &all).await? {
        deliver::enqueue_delivery(tx, (right.random(), right.now()), base_url, &lead, &destination).await?;
    }
    Ok(lead)
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

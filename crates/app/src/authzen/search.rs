//! Searches: every candidate is asked about like anybody else.

use entitlement::Thing;
use types::{ServiceId, UserId};

use super::MALFORMED;
use super::asker::{Asker, Place, Verdict, answered, question};
use super::request::{AuthzenContext, AuthzenPage};
use crate::access::FORBIDDEN;
use crate::identity;
use crate::kit::Refused;
use crate::publishing::operations::find as publishing;

/// Results of a page, unless it is asked for fewer.
const LIMIT: usize = 100;
const LIMIT_MAX: usize = 1000;

/// A page of what was found, and where the next one begins.
#[derive(Debug)]
pub(super) struct Found<T> {
    pub items: Vec<T>,
    /// Empty on the last page.
    pub next_token: String,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next_token: String::new() }
    }
}

/// How many results a page has, and the key of the last one before it.
pub(super) fn page(page: &AuthzenPage) -> Result<(usize, String), Refused> {
    let limit = page.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(MALFORMED.because(format!("page.limit must be 1 to {LIMIT_MAX}.")));
    }
    Ok((limit, page.token.clone().unwrap_or_default()))
}

/// The candidates after a key, in order, of which the answer is yes; `target` says what is asked of one.
async fn filter<T: Clone>(
    asker: &Asker,
    (place, context): (&Place, &AuthzenContext),
    (limit, after): (usize, String),
    candidates: Vec<(String, T)>,
    asked: impl Fn(&T) -> (UserId, Thing),
) -> Result<Found<T>, Refused> {
    let wanted = asker.wanted(context)?;
    let (mut items, mut last) = (Vec::new(), String::new());
    for (key, candidate) in candidates.into_iter().filter(|(key, _)| *key > after) {
        let (user, thing) = asked(&candidate);
        let question = question(place, user, &thing, asker.now);
        let decided = asker.app.entitlements.look(&asker.app.db, question, &wanted, Verdict::of).await?;
        if !answered(decided, &thing).is_ok_and(|verdict| verdict.allowed) {
            continue;
        }
        if items.len() == limit {
            return Ok(Found { items, next_token: last });
        }
        items.push(candidate);
        last = key;
    }
    Ok(Found { items, next_token: String::new() })
}

/// The users of a tenant who may use this. Not for publishers: they see counts, never users (REL-06).
pub(super) async fn subjects(
    asker: &Asker,
    at: (&Place, &AuthzenContext),
    page: (usize, String),
    target: &Thing,
) -> Result<Found<UserId>, Refused> {
    if at.0.publisher.is_some() {
        return Err(FORBIDDEN.because("A publisher does not list the users of a customer."));
    }
    let tenant = at.0.tenant;
    let read = asker
        .app
        .db
        .read(move |tx| Box::pin(async move { identity::operations::find::active_users(tx, &tenant).await }));
    let users = read.await.map_err(Refused::from)?;
    let candidates = users.into_iter().map(|user| (user.to_string(), user)).collect();
    filter(asker, at, page, candidates, |user| (*user, target.clone())).await
}

/// Something that may be used: a service, or a component of an offer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Resource {
    Service(ServiceId),
    Component { unique_name: String, offer: String },
}

impl Resource {
    fn key(&self) -> String {
        match self {
            Self::Service(service) => service.to_string(),
            Self::Component { unique_name, offer } => format!("{offer} {unique_name}"),
        }
    }

    fn target(&self) -> Thing {
        match self.clone() {
            Self::Service(service) => Thing::Service(service),
            Self::Component { unique_name, offer } => Thing::Component { unique_name, offer: Some(offer) },
        }
    }
}

/// What a user may use: services, or components, of every offer that is or was live.
pub(super) async fn resources(
    asker: &Asker,
    at: (&Place, &AuthzenContext),
    page: (usize, String),
    (user, components): (UserId, bool),
) -> Result<Found<Resource>, Refused> {
    let publisher = at.0.publisher.clone();
    let read = asker.app.db.read(|tx| Box::pin(async move { publishing::live_offers(tx).await }));
    let live = read.await.map_err(Refused::from)?;
    let mut candidates = Vec::new();
    for offer in live {
        let snapshot = offer.snapshot.0;
        if publisher.as_ref().is_some_and(|publisher| snapshot.publisher_id != *publisher) {
            continue;
        }
        if components {
            let contents = snapshot.contents.into_iter().flat_map(|contents| contents.components);
            candidates.extend(contents.map(|component| Resource::Component {
                unique_name: component.unique_name,
                offer: offer.address.clone(),
            }));
        } else {
            candidates.extend(snapshot.plans.into_iter().map(|plan| Resource::Service(plan.service_id)));
        }
    }
    let mut candidates: Vec<_> = candidates.into_iter().map(|resource| (resource.key(), resource)).collect();
    candidates.sort();
    filter(asker, at, page, candidates, |resource| (user, resource.target())).await
}

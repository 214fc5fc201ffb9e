//! What is asked, and how leases are shown.

use entitlement::lease::{Algorithm, RevocationList};
use serde::{Deserialize, Serialize};
use types::{LeaseId, PublisherId, ServiceId, TenantId, Timestamp, UserId};
use utoipa::{IntoParams, ToSchema};

use crate::kit::{Fields, Refused};
use crate::leases::{LeaseRow, LeaseStatus, Thing, Wish, WishHolder};

/// Services in one lease.
const SERVICES: usize = 20;
/// Seats in one block.
const SEATS: u32 = 100_000;

/// Bodies that ask for a lease of services or of a component, whatever else they say.
macro_rules! lease_bodies {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty),* })*) => {$(
        $(#[$doc])*
        #[derive(Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            $($(#[$field_doc])* pub(super) $field: $kind,)*
            /// `publisherid.offerid.planid` of each plan; all of one publisher.
            #[serde(default)]
            #[schema(max_items = 20)]
            service_ids: Vec<String>,
            /// Instead: the unique name of an app. What opens it and is usable is leased.
            #[serde(default)]
            #[schema(max_length = 300)]
            component: Option<String>,
            /// `publisherid.offerid` of the component.
            #[serde(default)]
            #[schema(max_length = 100)]
            offer: Option<String>,
            /// How long it is wished for; a day, if absent. It may be shorter.
            #[serde(default)]
            #[schema(minimum = 60)]
            seconds: Option<i64>,
            /// `ES256`, if absent, which every common library verifies; or `EdDSA`.
            #[serde(default)]
            #[schema(max_length = 10)]
            algorithm: Option<String>,
        }

        impl $name {
            /// What is wished; nothing where a field is wrong.
            pub(super) fn wish(&self, fields: &mut Fields) -> Option<Wish> {
                let what = (self.component.as_deref(), self.offer.as_deref());
                let thing = thing(fields, &self.service_ids, what);
                let terms = terms(fields, self.seconds, self.algorithm.as_deref());
                let ((seconds, algorithm), thing) = (terms?, thing?);
                Some(Wish { thing, seconds, algorithm })
            }
        }
    )*};
}

lease_bodies! {
    IssueOwnLease {}

    IssueLease {
        /// Whose seats: id or e-mail address; or `seats`.
        #[serde(default)]
        #[schema(max_length = 254)]
        user: Option<String>,
        /// A block of as many free seats of each plan, for any users of the organisation.
        #[serde(default)]
        #[schema(minimum = 1, maximum = 100_000)]
        seats: Option<u32>
    }

    IssueCustomerLease {
        /// The customer's tenant id.
        #[schema(max_length = 36)]
        tenant: String,
        /// The user's id, which the app learned when the user signed in.
        #[schema(max_length = 36)]
        user: String
    }
}

fn thing(
    fields: &mut Fields,
    service_ids: &[String],
    component: (Option<&str>, Option<&str>),
) -> Option<Thing> {
    match (service_ids, component) {
        ([_, ..], (None, None)) if service_ids.len() <= SERVICES => {
            let parsed = service_ids.iter().enumerate();
            let parsed: Vec<Option<ServiceId>> = parsed
                .map(|(at, id)| fields.parse(&format!("service_ids[{at}]"), id, ServiceId::parse))
                .collect();
            parsed.into_iter().collect::<Option<Vec<_>>>().map(Thing::Services)
        }
        ([], (Some(component), Some(offer))) => {
            Some(Thing::Component { unique_name: component.to_owned(), offer: offer.to_owned() })
        }
        _ => {
            let message = "must be 1 to 20 service ids; or leave it out, and send component and offer";
            fields.wrong("service_ids", "lease.thing_unclear", message);
            None
        }
    }
}

fn terms(
    fields: &mut Fields,
    seconds: Option<i64>,
    algorithm: Option<&str>,
) -> Option<(Option<i64>, Algorithm)> {
    let long_enough = seconds.is_none_or(|seconds| seconds >= 60);
    if !long_enough {
        fields.wrong("seconds", "lease.too_short", "must be 60 or more");
    }
    let algorithm = algorithm.map_or(Some(Algorithm::Es256), Algorithm::parse);
    if algorithm.is_none() {
        fields.wrong("algorithm", "lease.algorithm_unknown", "must be ES256 or EdDSA");
    }
    algorithm.filter(|_| long_enough).map(|algorithm| (seconds, algorithm))
}

/// How many seats a block may have.
pub(super) fn block(fields: &mut Fields, seats: u32) -> Option<WishHolder> {
    if !(1..=SEATS).contains(&seats) {
        fields.wrong("seats", "lease.seats_out_of_range", format!("must be 1 to {SEATS}"));
        return None;
    }
    Some(WishHolder::Block(seats))
}

/// A lease.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct LeaseView {
    id: LeaseId,
    /// The organisation whose seats they are.
    tenant: TenantId,
    publisher_id: PublisherId,
    /// Absent: a block.
    user: Option<UserId>,
    service_ids: Vec<ServiceId>,
    /// Of a block, of each plan.
    seats: Option<i64>,
    status: LeaseStatus,
    issued_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    returned_at: Option<Timestamp>,
}

impl LeaseView {
    pub(super) fn new(lease: LeaseRow, now: Timestamp) -> Self {
        Self {
            status: lease.status(now),
            id: lease.id,
            tenant: lease.tenant_id,
            publisher_id: lease.publisher_id,
            user: lease.user_id,
            service_ids: lease.services.0,
            seats: lease.seats,
            issued_at: lease.issued_at,
            expires_at: lease.expires_at,
            revoked_at: lease.revoked_at,
            returned_at: lease.returned_at,
        }
    }
}

/// A lease that was given.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct IssuedLease {
    #[serde(flatten)]
    lease: LeaseView,
    /// The lease as the app carries it: a JWT that `/.well-known/jwks.json` verifies.
    token: String,
}

/// What was revoked or returned and is not over yet.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RevocationsView {
    /// The list as it travels: a JWT that `/.well-known/jwks.json` verifies.
    token: String,
    /// Its number, which grows with each revocation.
    sequence: i64,
    /// How many are on it.
    count: usize,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PublisherParams {
    /// Id of the publisher whose apps carry the leases.
    #[param(max_length = 50, required = true)]
    publisher: Option<String>,
}

impl PublisherParams {
    pub(super) fn publisher(&self) -> Result<PublisherId, Refused> {
        let (mut fields, named) = (Fields::default(), self.publisher.as_deref().unwrap_or_default());
        fields.parse("publisher", named, PublisherId::parse).ok_or_else(|| fields.refuse())
    }
}

impl IssuedLease {
    pub(super) fn new((lease, token): (LeaseRow, String), now: Timestamp) -> Self {
        Self { lease: LeaseView::new(lease, now), token }
    }
}

impl RevocationsView {
    pub(super) fn new((list, token): (RevocationList, String)) -> Self {
        Self { token, sequence: list.sequence, count: list.len() }
    }
}

/// A lease from a path: what is no id is no lease.
pub(super) fn id(text: &str) -> Result<LeaseId, Refused> {
    LeaseId::parse(text).map_err(|_| Refused::not_found("lease"))
}

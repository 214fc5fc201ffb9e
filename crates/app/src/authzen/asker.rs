//! Who asks, and about whom they may.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::http::HeaderMap;
use entitlement::{Decision, EnforcementMode, FeatureValue, Question, Reason, State, Thing};
use types::{PublisherId, ServiceId, TenantId, Timestamp, UserId};

use super::MALFORMED;
use super::request::{AuthzenContext, AuthzenSubject, EvaluationRequest, USER, Unknown, known, target};
use crate::App;
use crate::access::{CheckAny, CheckCustomers, CheckSelf, Permission, Principal, Right};
use crate::entitlements::{self, Wanted};
use crate::events::Origin;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::Refused;
use crate::relationships::operations::find as relationships;

/// Somebody who asks, until the request is answered.
pub(super) struct Asker {
    pub app: App,
    principal: Arc<Principal>,
    origin: Origin,
    /// Of the header; the context of a question may say more.
    freshness: String,
    pub now: Timestamp,
    /// Customers looked up before, and whether they consented.
    customers: HashMap<TenantId, bool>,
}

/// Where a question is asked.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub tenant: TenantId,
    /// Set where a publisher asks about a customer.
    pub publisher: Option<PublisherId>,
}

/// A decision, or why there is none.
pub(super) type Answered = Result<Verdict, Unknown>;

/// What was decided, to be told.
#[derive(Debug)]
pub(super) struct Verdict {
    pub allowed: bool,
    pub state: Option<State>,
    pub reason: Reason,
    pub services: Vec<ServiceId>,
    pub enforcement: EnforcementMode,
    pub features: BTreeMap<String, FeatureValue>,
    pub version: i64,
    of_component: bool,
}

impl Verdict {
    pub(super) fn of(decision: &Decision<'_>) -> Self {
        let features = decision.features().into_iter();
        Self {
            allowed: decision.allowed,
            state: decision.state,
            reason: decision.reason,
            services: decision.services().map(|service| service.id.clone()).collect(),
            enforcement: decision.enforcement,
            features: features.map(|(key, value)| (key.to_owned(), value.clone())).collect(),
            version: decision.version,
            of_component: decision.component().is_some(),
        }
    }
}

impl Asker {
    pub(super) fn new(app: App, principal: Arc<Principal>, origin: Origin, headers: &HeaderMap) -> Self {
        let token = headers.get("freshness-token").and_then(|value| value.to_str().ok());
        let freshness = token.unwrap_or_default().to_owned();
        let now = app.clock.now();
        Self { app, principal, origin, freshness, now, customers: HashMap::new() }
    }

    fn right<P: Permission>(&self) -> Result<Right<P>, Refused> {
        Right::of(Principal::clone(&self.principal), self.origin.clone(), self.now, self.app.random.clone())
    }

    /// For what only administrators and clients of a tenant may ask.
    pub(super) fn demand_any(&self) -> Result<(), Refused> {
        self.right::<CheckAny>().map(|_| ())
    }

    /// The tenant a question is about, once the right to ask there is shown. `subject`: who, if one is named.
    pub(super) async fn place(
        &mut self,
        context: &AuthzenContext,
        subject: Option<&AuthzenSubject>,
    ) -> Result<Result<Place, Unknown>, Refused> {
        let own = self.principal.tenant;
        let asked = match &context.tenant {
            None => own,
            Some(text) => match TenantId::parse(text) {
                Ok(tenant) => tenant,
                Err(_) => return Ok(Err("tenant_unknown")),
            },
        };
        if asked != own {
            return self.customer(asked).await;
        }
        let oneself = self.right::<CheckSelf>().ok().and_then(|right| right.user());
        let about = subject.filter(|subject| subject.kind == USER).map(|subject| subject.id.as_str());
        if oneself.is_none_or(|user| about != Some(user.to_string().as_str())) {
            self.right::<CheckAny>()?;
        }
        Ok(Ok(Place { tenant: own, publisher: None }))
    }

    /// Without a relationship there is no such customer (REL-06).
    async fn customer(&mut self, tenant: TenantId) -> Result<Result<Place, Unknown>, Refused> {
        let right = self.right::<CheckCustomers>()?;
        let publisher = Some(right.publisher()?.clone());
        let consented = if let Some(known) = self.customers.get(&tenant) {
            *known
        } else {
            let own = right.tenant();
            let read = self
                .app
                .db
                .read(move |tx| Box::pin(async move { relationships::consent(tx, &own, &tenant).await }));
            read.await.map_err(Refused::from)?.is_some()
        };
        self.customers.insert(tenant, consented);
        Ok(if consented { Ok(Place { tenant, publisher }) } else { Err("tenant_unknown") })
    }

    /// The user that a subject is; a publisher names users by id (REL-06).
    pub(super) async fn user(
        &self,
        place: &Place,
        subject: &AuthzenSubject,
    ) -> Result<Result<UserId, Unknown>, Refused> {
        let unknown = Ok(Err("user_unknown"));
        match UserRef::parse(&subject.id) {
            Ok(UserRef::Id(id)) => Ok(Ok(id)),
            Ok(by_email @ UserRef::Email(_)) if place.publisher.is_none() => {
                let right = self.right::<CheckAny>()?;
                let read = self
                    .app
                    .db
                    .read(move |tx| Box::pin(async move { identity::id_of(tx, &right, &by_email).await }));
                read.await.map_err(Refused::from)?.map_or(unknown, |id| Ok(Ok(id)))
            }
            _ => unknown,
        }
    }

    /// Of the context, else of the header.
    pub(super) fn wanted(&self, context: &AuthzenContext) -> Result<Wanted, Refused> {
        let token = context.freshness_token.as_deref().unwrap_or(&self.freshness);
        Wanted::parse(token)
            .map_err(|violation| MALFORMED.because(format!("The freshness token {}.", violation.message)))
    }

    /// Decides one evaluation, which counts like a check.
    pub(super) async fn evaluate(&mut self, asked: &EvaluationRequest) -> Result<Answered, Refused> {
        self.decide(asked, true).await
    }

    /// The same, counting as nothing.
    pub(super) async fn look(&mut self, asked: &EvaluationRequest) -> Result<Answered, Refused> {
        self.decide(asked, false).await
    }

    async fn decide(&mut self, asked: &EvaluationRequest, counts: bool) -> Result<Answered, Refused> {
        let wanted = self.wanted(&asked.context)?;
        let place = match self.place(&asked.context, Some(&asked.subject)).await? {
            Ok(place) => place,
            Err(unknown) => return Ok(Err(unknown)),
        };
        let asked_about =
            known(&asked.subject.kind, &asked.action.name).and_then(|()| target(&asked.resource));
        let thing = match asked_about {
            Ok(thing) => thing,
            Err(unknown) => return Ok(Err(unknown)),
        };
        let user = match self.user(&place, &asked.subject).await? {
            Ok(user) => user,
            Err(unknown) => return Ok(Err(unknown)),
        };
        let (question, by_name) = (question(&place, user, &thing, self.now), is_component(&thing));
        let (entitlements, db) = (&self.app.entitlements, &self.app.db);
        let decided = if counts {
            entitlements.answer(db, question, &wanted, Verdict::of).await
        } else {
            entitlements.look(db, question, &wanted, Verdict::of).await
        };
        Ok(answered(decided?, by_name))
    }
}

pub(super) fn question<'q>(place: &'q Place, user: UserId, thing: &'q Thing, now: Timestamp) -> Question<'q> {
    let publisher = place.publisher.as_ref().map(PublisherId::as_str);
    Question { tenant: place.tenant, user, target: thing.target(), publisher, at_least: 0, now }
}

pub(super) fn is_component(thing: &Thing) -> bool {
    matches!(thing, Thing::Component { .. })
}

/// A component that no live offer has is no component here, and of several of one name none is meant.
pub(super) fn answered(decided: entitlements::Answered<Verdict>, by_name: bool) -> Answered {
    match decided {
        entitlements::Answered::Decided(verdict) if by_name && !verdict.of_component => {
            Err("component_unknown")
        }
        entitlements::Answered::Decided(verdict) => Ok(verdict),
        entitlements::Answered::Unclear(_) => Err("component_unclear"),
        entitlements::Answered::NoCustomer => Err("tenant_unknown"),
    }
}

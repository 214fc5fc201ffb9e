//! Who asks, and about whom they may.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::HeaderMap;
use entitlement::{Decision, EnforcementMode, FeatureValue, Question, Reason, State, Thing};
use types::{PublisherId, ServiceId, TenantId, Timestamp, UserId, Violation};

use super::MALFORMED;
use super::request::{AuthzenContext, AuthzenSubject, EvaluationRequest, USER, Unknown, known, target};
use crate::App;
use crate::access::{CheckAny, CheckCustomers, CheckSelf, Permission, Principal};
use crate::entitlements::api::freshness;
use crate::entitlements::{self, Wanted};
use crate::events::Actor;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::{Refused, Turn};

/// Somebody who asks, until the request is answered.
pub(super) struct Asker {
    pub app: App,
    _turn: Turn,
    principal: Arc<Principal>,
    /// Of the header; the context of a question may say more.
    freshness: String,
    pub now: Timestamp,
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
    pub(super) fn new(
        app: App,
        turn: Turn,
        principal: Arc<Principal>,
        now: Timestamp,
        headers: &HeaderMap,
    ) -> Self {
        let freshness = freshness::token(headers).unwrap_or_default().into_owned();
        Self { app, _turn: turn, principal, freshness, now }
    }

    /// Counts questions beyond the first (429).
    pub(super) fn ask_more(&self, count: usize) -> Result<(), Refused> {
        self.app.questions.ask(&self.principal, count, self.now)
    }

    /// For what only administrators and clients of a tenant may ask.
    pub(super) fn demand_any(&self) -> Result<(), Refused> {
        self.principal.demand(CheckAny::KIND)
    }

    /// The tenant a question is about, once the right to ask there is shown. `subject`: who, if one is named. That a
    /// publisher asks about a customer of its own, the decision sees to (REL-06).
    pub(super) fn place(
        &self,
        context: &AuthzenContext,
        subject: Option<&AuthzenSubject>,
    ) -> Result<Result<Place, Unknown>, Refused> {
        let own = self.principal.tenant;
        let Ok(tenant) = context.tenant.as_deref().map_or(Ok(own), TenantId::parse) else {
            return Ok(Err("tenant_unknown"));
        };
        if tenant != own {
            self.principal.demand(CheckCustomers::KIND)?;
            return Ok(Ok(Place { tenant, publisher: self.principal.publisher.clone() }));
        }
        if !self.is_oneself(subject) {
            self.demand_any()?;
        }
        Ok(Ok(Place { tenant, publisher: None }))
    }

    fn is_oneself(&self, subject: Option<&AuthzenSubject>) -> bool {
        let Actor::User(user) = self.principal.actor else { return false };
        let about = subject.filter(|subject| subject.kind == USER).map(|subject| UserId::parse(&subject.id));
        self.principal.may(CheckSelf::KIND) && about == Some(Ok(user))
    }

    /// The user that a subject is; a publisher names users by id (REL-06).
    pub(super) async fn user(
        &self,
        place: &Place,
        subject: &AuthzenSubject,
    ) -> Result<Result<UserId, Unknown>, Refused> {
        let (tenant, unknown) = (place.tenant, "user_unknown");
        match UserRef::parse(&subject.id) {
            Ok(UserRef::Id(id)) => Ok(Ok(id)),
            Ok(UserRef::Email(email)) if place.publisher.is_none() => {
                let found = self.app.db.read(move |tx| {
                    Box::pin(
                        async move { identity::user_at(tx, &tenant, &email).await.map_err(Refused::from) },
                    )
                });
                Ok(found.await?.ok_or(unknown))
            }
            _ => Ok(Err(unknown)),
        }
    }

    /// Of the context, else of the header.
    pub(super) fn wanted(&self, context: &AuthzenContext) -> Result<Wanted, Refused> {
        let token = context.freshness_token.as_deref().unwrap_or(&self.freshness);
        Wanted::parse(token).map_err(|violation| wrong_token(&violation))
    }

    /// Refuses a request with a token that says nothing of whomever its questions are about.
    pub(super) fn refuse_foreign<'c>(
        &self,
        contexts: impl Iterator<Item = &'c AuthzenContext> + Clone,
    ) -> Result<(), Refused> {
        let named = contexts.clone().filter_map(|context| context.tenant.as_deref());
        let asked = named.filter_map(|tenant| TenantId::parse(tenant).ok());
        for wanted in contexts.filter_map(|context| self.wanted(context).ok()) {
            let of = wanted.of(self.principal.tenant, asked.clone());
            of.map_err(|violation| wrong_token(&violation))?;
        }
        Ok(())
    }

    /// Decides one evaluation, which counts like a check.
    pub(super) async fn evaluate(&self, asked: &EvaluationRequest) -> Result<Answered, Refused> {
        self.decide(asked, true).await
    }

    /// The same, counting as nothing.
    pub(super) async fn look(&self, asked: &EvaluationRequest) -> Result<Answered, Refused> {
        self.decide(asked, false).await
    }

    async fn decide(&self, asked: &EvaluationRequest, counts: bool) -> Result<Answered, Refused> {
        let wanted = self.wanted(&asked.context)?;
        let place = match self.place(&asked.context, Some(&asked.subject))? {
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
        let question = question(&place, user, &thing, self.now);
        let (entitlements, db) = (&self.app.entitlements, &self.app.db);
        let decided = if counts {
            entitlements.answer(db, question, &wanted, Verdict::of).await
        } else {
            entitlements.look(db, question, &wanted, Verdict::of).await
        };
        Ok(answered(decided?, &thing))
    }
}

fn wrong_token(violation: &Violation) -> Refused {
    MALFORMED.because(format!("The freshness token {}.", violation.message))
}

pub(super) fn question<'q>(place: &'q Place, user: UserId, thing: &'q Thing, now: Timestamp) -> Question<'q> {
    let publisher = place.publisher.as_ref().map(PublisherId::as_str);
    Question { tenant: place.tenant, user, target: thing.target(), publisher, at_least: 0, now }
}

/// A component that no live offer has, or not the one that is named, is no component here, and of several of one name none
/// is meant.
pub(super) fn answered(decided: entitlements::Answered<Verdict>, thing: &Thing) -> Answered {
    let (by_name, of_offer) = match thing {
        Thing::Component { offer, .. } => (true, offer.is_some()),
        Thing::Service(_) => (false, false),
    };
    match decided {
        entitlements::Answered::Decided(verdict) if by_name && !verdict.of_component => {
            Err("component_unknown")
        }
        entitlements::Answered::Unclear(_) if of_offer => Err("component_unknown"),
        entitlements::Answered::Decided(verdict) => Ok(verdict),
        entitlements::Answered::Unclear(_) => Err("component_unclear"),
        entitlements::Answered::NoCustomer => Err("tenant_unknown"),
    }
}

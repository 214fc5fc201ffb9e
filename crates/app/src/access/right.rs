//! Principals and proofs of right.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use db::{DbError, Tx};
use types::{ApiClientId, Id, IdKind, PublisherId, TenantId, Timestamp, UserId};

use super::{FORBIDDEN, MARKETPLACE, PERSONAL_TOKEN, Permission, PermissionKind, Role, Side};
use crate::events::{self, Actor, Event, Origin, Recorder};
use crate::kit::{Allowance, Allowances, Random, Refused};

/// Somebody whom identity recognised, and what roles or scopes allow.
#[derive(Debug, Clone)]
pub struct Principal {
    pub tenant: TenantId,
    /// Set if the tenant sells.
    pub publisher: Option<PublisherId>,
    pub actor: Actor,
    /// Recognised by a personal access token, which somebody left with a program.
    by_personal_token: bool,
    powers: BTreeSet<PermissionKind>,
    /// What it may ask, once it has.
    allowance: OnceLock<Arc<Allowance>>,
}

impl Principal {
    /// A user: everything its roles carry on the sides its tenant has; everybody holds `user`.
    pub fn user(user: UserId, tenant: TenantId, publisher: Option<PublisherId>, roles: &[Role]) -> Self {
        let holds = |role: &Role| *role == Role::User || roles.contains(role);
        let actor = Actor::User(user);
        let mut principal = Self::of(tenant, publisher, actor);
        principal.powers = PermissionKind::ALL
            .iter()
            .copied()
            .filter(|kind| principal.has_side(kind.info().side) && kind.info().roles.iter().any(holds))
            .collect();
        principal
    }

    /// A machine client: its scopes, as far as its tenant still has their side (ROL-03).
    pub fn client(
        client: ApiClientId,
        tenant: TenantId,
        publisher: Option<PublisherId>,
        scopes: &[PermissionKind],
    ) -> Self {
        let actor = Actor::Client(client);
        let mut principal = Self::of(tenant, publisher, actor);
        principal.powers =
            scopes.iter().copied().filter(|kind| principal.has_side(kind.info().side)).collect();
        principal
    }

    fn of(tenant: TenantId, publisher: Option<PublisherId>, actor: Actor) -> Self {
        let (powers, allowance) = Default::default();
        Self { tenant, publisher, actor, by_personal_token: false, powers, allowance }
    }

    /// Takes a number of questions from what this actor may ask, with whatever tokens; or says how many seconds to wait.
    pub(crate) fn ask(&self, count: usize, allowances: &Allowances, now: Timestamp) -> Result<(), i64> {
        let id = || match &self.actor {
            Actor::User(user) => *user.as_bytes(),
            Actor::Client(client) => *client.as_bytes(),
            Actor::System => *self.tenant.as_bytes(),
        };
        let of = || &**self.allowance.get_or_init(|| allowances.of(id(), now));
        allowances.take(of, count, now)
    }

    /// The same user, recognised by a personal access token.
    #[must_use]
    pub fn by_personal_token(self) -> Self {
        Self { by_personal_token: true, ..self }
    }

    fn has_side(&self, side: Side) -> bool {
        match side {
            Side::Marketplace => self.tenant == MARKETPLACE,
            Side::Publisher => self.publisher.is_some(),
            Side::Tenant => true,
        }
    }

    pub fn may(&self, kind: PermissionKind) -> bool {
        self.powers.contains(&kind)
    }

    /// Refuses naming the permission, and who can have it.
    pub(crate) fn demand(&self, kind: PermissionKind) -> Result<(), Refused> {
        if self.may(kind) {
            return Ok(());
        }
        let info = kind.info();
        let detail = if self.has_side(info.side) {
            let roles: Vec<&str> = info.roles.iter().map(|role| role.as_str()).collect();
            format!("This needs the permission {}, which {} carry.", info.name, roles.join(", "))
        } else {
            let side =
                if info.side == Side::Publisher { "a publisher" } else { "the marketplace's operator" };
            format!("This needs the permission {}, which only {side} can hold.", info.name)
        };
        Err(FORBIDDEN.because(detail))
    }

    pub fn powers(&self) -> impl Iterator<Item = PermissionKind> {
        self.powers.iter().copied()
    }
}

/// The proof that somebody may do `P`, now: what operations ask for. It also says who acts and when, so
/// that what they write and record carries it.
#[derive(Debug, Clone)]
pub struct Right<P> {
    principal: Principal,
    recorder: Recorder,
    permission: PhantomData<fn() -> P>,
}

impl<P: Permission> Right<P> {
    /// Mints the proof, or refuses naming the permission (ROL-01).
    pub fn of(principal: Principal, origin: Origin, at: Timestamp, random: Random) -> Result<Self, Refused> {
        principal.demand(P::KIND)?;
        let recorder = Recorder { actor: principal.actor.clone(), origin, at, random };
        Ok(Self { principal, recorder, permission: PhantomData })
    }

    /// The right of the program itself, acting for a tenant: reconcilers, and commands run on the machine.
    pub fn of_the_machine(
        tenant: TenantId,
        publisher: Option<PublisherId>,
        at: Timestamp,
        random: Random,
    ) -> Self {
        let powers = BTreeSet::from([P::KIND]);
        let principal = Principal { powers, ..Principal::of(tenant, publisher, Actor::System) };
        let recorder = Recorder { actor: Actor::System, origin: None, at, random };
        Self { principal, recorder, permission: PhantomData }
    }

    /// The right of somebody who showed it before, for what that request left to be done later.
    pub(crate) fn of_the_asker(
        tenant: TenantId,
        (actor, origin): (Actor, Origin),
        at: Timestamp,
        random: Random,
    ) -> Self {
        let right = Self::of_the_machine(tenant, None, at, random);
        Self {
            principal: Principal { actor: actor.clone(), ..right.principal },
            recorder: Recorder { actor, origin, ..right.recorder },
            permission: PhantomData,
        }
    }

    /// The tenant in which the right holds: every read and write starts from it.
    pub fn tenant(&self) -> TenantId {
        self.principal.tenant
    }

    /// The publisher id, on the publisher's side always there.
    pub fn publisher(&self) -> Result<&PublisherId, Refused> {
        self.principal.publisher.as_ref().ok_or_else(|| FORBIDDEN.because("This tenant is not a publisher."))
    }

    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    pub fn actor(&self) -> &Actor {
        &self.recorder.actor
    }

    /// From where.
    pub fn origin(&self) -> &Origin {
        &self.recorder.origin
    }

    /// The acting user; machine clients have none.
    pub fn user(&self) -> Option<UserId> {
        match self.recorder.actor {
            Actor::User(user) => Some(user),
            Actor::Client(_) | Actor::System => None,
        }
    }

    /// For what makes or replaces a credential: a personal access token that leaks must end when it is
    /// deleted, so it makes nothing that its owner or somebody else signs in with.
    pub fn refuse_personal_token(&self) -> Result<(), Refused> {
        if self.principal.by_personal_token {
            return Err(PERSONAL_TOKEN.because("Sign in with the password and do it in that session."));
        }
        Ok(())
    }

    pub fn now(&self) -> Timestamp {
        self.recorder.at
    }

    pub fn random(&self) -> &Random {
        &self.recorder.random
    }

    pub fn new_id<K: IdKind>(&self) -> Id<K> {
        self.recorder.random.id(self.recorder.at)
    }

    /// Records an event in the log of the right's own tenant.
    pub fn record<E: Event>(&self, tx: &mut Tx, event: &E) -> Result<(), DbError> {
        events::record(tx, &self.recorder, &[self.tenant()], event)
    }

    /// Records an event in the logs of all whom it concerns.
    pub fn record_for<E: Event>(&self, tx: &mut Tx, tenants: &[TenantId], event: &E) -> Result<(), DbError> {
        events::record(tx, &self.recorder, tenants, event)
    }

    /// The same actor under another permission it also holds; for operations that call others.
    pub fn also<Q: Permission>(&self) -> Result<Right<Q>, Refused> {
        if !self.principal.may(Q::KIND) {
            return Err(FORBIDDEN.because(format!("This also needs the permission {}.", Q::KIND.info().name)));
        }
        Ok(Right {
            principal: self.principal.clone(),
            recorder: self.recorder.clone(),
            permission: PhantomData,
        })
    }
}

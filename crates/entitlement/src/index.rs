//! The index of a node: the catalogue and the tenants' rights, read far more often than changed.

use std::hint;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use arc_swap::{ArcSwap, Guard};
use types::{ServiceId, TenantId, Timestamp, UserId};

use crate::catalog::Mapped;
use crate::names::Names;
use crate::people::People;
use crate::rights::{Holder, Rights, key};
use crate::tenants::Tenants;
use crate::{Catalog, Change, Component, Decision, EnforcementMode, Reason, State};

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'q> {
    /// A service id.
    Service(&'q str),
    /// A component by its unique name; `offer` (`publisherid.offerid`) where the name alone is not clear.
    Component { unique_name: &'q str, offer: Option<&'q str> },
}

/// The same, kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    Service(ServiceId),
    Component { unique_name: String, offer: Option<String> },
}

impl Thing {
    pub fn target(&self) -> Target<'_> {
        match self {
            Self::Service(service) => Target::Service(service.as_str()),
            Self::Component { unique_name, offer } => {
                Target::Component { unique_name, offer: offer.as_deref() }
            }
        }
    }
}

/// One question: may this user of this tenant use that?
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    pub tenant: TenantId,
    pub user: UserId,
    pub target: Target<'q>,
    /// Set where a publisher's app asks: only this publisher's services and components count, and only
    /// customers are known.
    pub publisher: Option<&'q str>,
    /// Decide at this version of the tenant's log or a later one.
    pub at_least: i64,
    /// The present: dates decide what is left of rights that end.
    pub now: Timestamp,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undecided {
    /// The index stands below the version that was asked for, or that it knows to be committed; feed it and
    /// ask again. `None`: the tenant is not loaded.
    Stale(Option<i64>),
    /// The publisher that asks has no relationship with the tenant (REL-06).
    NoCustomer,
    /// Several live offers have a component of this name; the question must say which offer it means.
    Unclear(Vec<String>),
}

#[derive(Debug)]
pub struct Index {
    catalog: ArcSwap<Catalog>,
    /// How far the marketplace's log is known to say nothing else.
    catalog_version: AtomicI64,
    catalog_owed: AtomicI64,
    pub(crate) names: Names,
    pub(crate) people: People,
    tenants: Tenants,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            catalog: ArcSwap::default(),
            catalog_version: AtomicI64::new(-1),
            catalog_owed: AtomicI64::new(0),
            names: Names::default(),
            people: People::of_all(),
            tenants: Tenants::default(),
        }
    }
}

impl Index {
    pub fn catalog(&self) -> Guard<Arc<Catalog>> {
        self.catalog.load()
    }

    pub fn catalog_version(&self) -> i64 {
        self.catalog_version.load(Ordering::Acquire)
    }

    /// Puts a catalogue in place, unless a later one already stands.
    pub fn replace_catalog(&self, catalog: Catalog) {
        let version = catalog.version();
        let catalog = Arc::new(catalog.numbered(&self.names));
        self.catalog.rcu(|current| {
            if current.version() > version { Arc::clone(current) } else { Arc::clone(&catalog) }
        });
        self.catalog_version.fetch_max(version, Ordering::AcqRel);
    }

    /// Takes note that the marketplace's log has come to `version`, and that something changed the catalogue.
    pub fn owe_catalog(&self, version: i64) {
        self.catalog_owed.fetch_max(version, Ordering::AcqRel);
    }

    /// The version that the catalogue must have for an answer to be right.
    pub fn catalog_owed(&self) -> i64 {
        self.catalog_owed.load(Ordering::Acquire)
    }

    /// Nothing between these versions of the marketplace's log changed the catalogue; false if it stands elsewhere.
    pub fn keep_catalog(&self, from: i64, to: i64) -> bool {
        self.catalog_version.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// The version of a tenant's log the index stands at; `None`: not loaded.
    pub fn version(&self, tenant: &TenantId) -> Option<i64> {
        self.rights(tenant).map(Rights::version)
    }

    /// Whether a tenant stands at this version at least, and at all that it is known to be owed.
    pub fn is_at(&self, tenant: &TenantId, version: i64) -> bool {
        self.rights(tenant).is_some_and(|rights| rights.version() >= version.max(rights.owed()))
    }

    /// Puts a tenant in place as it is at a version of its log, unless a later version already stands.
    pub fn load(&self, tenant: TenantId, version: i64, snapshot: &[Change]) {
        let added = self.tenants.add(tenant, |number| {
            let (people, rights) = self.apart(number, version, snapshot);
            for (key, word) in people.of(number) {
                self.people.change(number, key, |_| word);
            }
            rights
        });
        if !added {
            self.reload(tenant, version, snapshot);
        }
    }

    /// Takes the steps from version `from` to version `to`; false, and nothing done, if the index
    /// stands elsewhere.
    pub fn apply(&self, tenant: &TenantId, from: i64, to: i64, changes: &[Change]) -> bool {
        let Some(rights) = self.rights(tenant) else { return false };
        let mut writer = rights.write(&self.people, &self.names);
        let here = rights.version() == from;
        if here {
            writer.take(changes, to);
        }
        here
    }

    /// Takes note that a tenant's log has come to `version`: nothing below is answered from now on.
    pub fn owe(&self, tenant: &TenantId, version: i64) {
        if let Some(rights) = self.rights(tenant) {
            rights.owe(version);
        }
    }

    /// Every tenant that is loaded, with its version.
    pub fn loaded(&self) -> Vec<(TenantId, i64)> {
        self.tenants.iter().map(|(tenant, rights)| (*tenant, rights.version())).collect()
    }

    /// Bytes that users and tenants take, and the ids that they name.
    pub fn bytes(&self) -> usize {
        let rights = self.tenants.iter().map(|(_, rights)| rights.bytes());
        self.people.bytes() + self.tenants.bytes() + self.names.bytes() + rights.sum::<usize>()
    }

    /// Says how many more tenants and users will be loaded, so that each is found at the first look.
    pub fn make_room(&self, tenants: usize, users: usize) {
        self.tenants.make_room(tenants);
        self.people.make_room(users);
    }

    /// Says who will be asked about next. Each question waits for one look into memory; asked for beforehand and
    /// together, the looks of many wait at the same time.
    pub fn foresee(&self, users: impl Iterator<Item = UserId>) {
        hint::black_box(users.fold(0, |seen, user| seen | self.people.peek(key(&user))));
    }

    /// Decides (CHK-01, CHK-02). Touches no database, waits for no write, and allocates nothing.
    #[inline]
    pub fn check<'c>(
        &self,
        catalog: &'c Catalog,
        question: &Question<'_>,
    ) -> Result<Decision<'c>, Undecided> {
        let rights = self.tenants.get(&question.tenant).ok_or(Undecided::Stale(None))?;
        let mut version = rights.version();
        if version < question.at_least.max(rights.owed()) {
            return Err(Undecided::Stale(Some(version)));
        }
        if let Some(publisher) = question.publisher {
            let number = catalog.publisher(publisher).or_else(|| self.names.known(publisher));
            if !number.is_some_and(|number| rights.is_customer_of(number)) {
                return Err(Undecided::NoCustomer);
            }
        }
        loop {
            let holder = rights.holder(&self.people, &question.user);
            let decision = decide(catalog, rights, holder, version, question)?;
            // Who looked while the writer was at it may have seen half of a step; who is refused looks again.
            let settled =
                || rights.version() == version && rights.holder(&self.people, &question.user) == holder;
            if decision.allowed || settled() {
                return Ok(decision);
            }
            version = rights.version();
        }
    }

    /// Whether a use of what was decided is the user's first of this service on this day (a number); `None`: it is
    /// not known here. Remembered beside the user, so that all but the first cost nothing.
    pub fn first_use(&self, question: &Question<'_>, decision: &Decision<'_>, day: u16) -> Option<bool> {
        let place = decision.used_place()?;
        let bit = 1u32
            << self.rights(&question.tenant)?.place(decision.catalog.at(place).1).filter(|at| *at < 16)?;
        let today = u32::from(day) << 16;
        let noted = |mark: u32| if mark >> 16 == u32::from(day) { mark | bit } else { today | bit };
        let before = self.people.mark(key(&question.user), noted)?;
        Some(noted(before) != before)
    }

    pub(crate) fn rights(&self, tenant: &TenantId) -> Option<&Rights> {
        self.tenants.get(tenant)
    }
}

fn decide<'c>(
    catalog: &'c Catalog,
    rights: &Rights,
    holder: Option<Holder>,
    version: i64,
    question: &Question<'_>,
) -> Result<Decision<'c>, Undecided> {
    let (component, would_do): (Option<&Component>, &[usize]) = match question.target {
        Target::Service(id) => (None, services(catalog, id, question.publisher)),
        Target::Component { unique_name, offer } => {
            let found = find_component(catalog, unique_name, offer, question.publisher)?;
            found.map_or((None, &[][..]), |it| (Some(&it.component), &it.places))
        }
    };
    let (mut usable, mut state, mut used) = (0, None::<State>, None);
    for (at, place) in would_do.iter().enumerate() {
        let (service, number) = catalog.at(*place);
        let right = holder.and_then(|holder| rights.right(holder, number, question.now));
        let Some(right) = right else { continue };
        state = Some(state.map_or(right, |best| best.min(right)));
        if right.usable() && at < 128 {
            usable |= 1 << at;
            used = used.or(Some(service.enforcement));
        }
    }
    let restricted = component.is_some_and(|component| !component.services.is_empty())
        || matches!(question.target, Target::Service(_));
    let licensed = || would_do.iter().any(|place| rights.licensed(catalog.at(*place).1, question.now));
    let reason = match state {
        _ if holder.is_none() => Reason::UserUnknown,
        _ if !restricted => Reason::Unrestricted,
        Some(state) if state.usable() => Reason::Licensed,
        Some(State::Waiting) => Reason::Waiting,
        Some(_) => Reason::Suspended,
        None if would_do.is_empty() => Reason::ServiceUnknown,
        None if licensed() => Reason::NoSeat,
        None => Reason::NoLicense,
    };
    let strictest = || would_do.iter().map(|place| catalog.at(*place).0.enforcement).max();
    let enforcement = used.or_else(strictest).unwrap_or_default();
    // Whom the tenant does not know is let in by no mode: enforcement is about licenses.
    let waived = matches!(reason, Reason::NoSeat | Reason::NoLicense | Reason::Suspended | Reason::Waiting)
        && enforcement < EnforcementMode::Block;
    let allowed = waived || matches!(reason, Reason::Licensed | Reason::Unrestricted);
    Ok(Decision {
        allowed,
        state,
        reason,
        waived,
        enforcement,
        version,
        catalog,
        component,
        would_do,
        usable,
    })
}

/// The place of a service, as far as the one who asks knows it.
fn services<'c>(catalog: &'c Catalog, id: &str, publisher: Option<&str>) -> &'c [usize] {
    let places = catalog.place(id);
    let known = |place: &usize| publisher.is_none_or(|publisher| catalog.at(*place).0.id.is_of(publisher));
    if places.iter().all(known) { places } else { &[] }
}

fn find_component<'c>(
    catalog: &'c Catalog,
    unique_name: &str,
    offer: Option<&str>,
    publisher: Option<&str>,
) -> Result<Option<&'c Mapped>, Undecided> {
    let of_publisher =
        |it: &&Mapped| publisher.is_none_or(|publisher| it.component.publisher.as_str() == publisher);
    let known = || catalog.components(unique_name).iter().filter(of_publisher);
    let mut found = known().filter(|it| offer.is_none_or(|offer| it.component.offer == offer));
    match (found.next(), found.next()) {
        // Where another offer has it, this one was named by mistake, which must not make a yes of a no.
        (None, _) if offer.is_none() || known().next().is_none() => Ok(None),
        (Some(one), None) => Ok(Some(one)),
        _ => Err(Undecided::Unclear(known().map(|it| it.component.offer.clone()).collect())),
    }
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "feeding_tests.rs"]
mod feeding_tests;

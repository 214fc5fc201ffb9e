//! The index against the tables: whoever has read a tenant from them compares.

use std::collections::BTreeSet;

use types::{PublisherId, ServiceId, TenantId, UserId};

use crate::names::Number;
use crate::people::People;
use crate::rights::Rights;
use crate::{Change, Index, License, Seat, UserStatus};

/// What a comparison found.
#[derive(Debug, PartialEq, Eq)]
pub enum Compared {
    Same,
    /// The index does not stand at this version: nothing can be said.
    Elsewhere,
    /// A bug. These steps brought the index to what the tables say.
    Mended(Vec<Change>),
}

impl Index {
    /// Compares a tenant with what its tables say at a version, and mends it where it differs.
    pub fn compare(&self, tenant: TenantId, version: i64, tables: &[Change]) -> Compared {
        let Some(rights) = self.rights(&tenant) else { return Compared::Elsewhere };
        let tables = self.apart(0, version, tables);
        let mut writer = rights.write(&self.people, &self.names);
        if rights.version() != version {
            return Compared::Elsewhere;
        }
        let mending = self.differences(rights, &tables);
        writer.take(&mending, version);
        if mending.is_empty() { Compared::Same } else { Compared::Mended(mending) }
    }

    /// Brings a tenant that is in place to a later version.
    pub(crate) fn reload(&self, tenant: TenantId, version: i64, tables: &[Change]) {
        let Some(rights) = self.rights(&tenant) else { return };
        let tables = self.apart(0, version, tables);
        let mut writer = rights.write(&self.people, &self.names);
        if rights.version() < version {
            writer.take(&self.differences(rights, &tables), version);
        }
    }

    /// Empties a tenant as if it had not been loaded; it may be loaded again, at any version.
    pub fn forget(&self, tenant: &TenantId) {
        let Some(rights) = self.rights(tenant) else { return };
        let nothing = self.apart(0, -1, &[]);
        let mut writer = rights.write(&self.people, &self.names);
        writer.take(&self.differences(rights, &nothing), -1);
    }

    /// A tenant as its tables have it, apart from everybody else.
    pub(crate) fn apart(&self, number: u32, version: i64, tables: &[Change]) -> (People, Rights) {
        let users = |change: &Change| if let Change::Users { users, .. } = change { users.len() } else { 0 };
        let (people, rights) = (People::of_one(tables.iter().map(users).sum()), Rights::new(number));
        rights.write(&people, &self.names).take(tables, version);
        (people, rights)
    }

    /// The steps from what the index has to what the tables have.
    fn differences(&self, index: &Rights, (people, tables): &(People, Rights)) -> Vec<Change> {
        let (here, there) = (index.shape(), tables.shape());
        let numbers = here.licenses().chain(there.licenses()).map(|(number, _)| number);
        let services: Vec<(Number, ServiceId)> = numbers
            .collect::<BTreeSet<_>>()
            .into_iter()
            .filter_map(|number| Some((number, ServiceId::parse(&self.names.id(number)?).ok()?)))
            .collect();
        let mut steps = Vec::new();
        for (number, service) in &services {
            let license: Option<License> = there.license(*number);
            if here.license(*number) != license {
                steps.push(Change::License { service: service.clone(), license });
            }
        }
        let all: BTreeSet<Number> = here.publishers().iter().chain(there.publishers()).copied().collect();
        for number in all {
            let related = tables.is_customer_of(number);
            if index.is_customer_of(number) != related
                && let Some(publisher) = self.names.id(number).and_then(|id| PublisherId::parse(&id).ok())
            {
                steps.push(Change::Publisher { publisher, related });
            }
        }
        for (user, holder) in tables.holders(people) {
            let ours = index.holder(&self.people, &user);
            if ours.is_none() {
                steps.push(Change::Users { users: vec![user], status: UserStatus::Active });
            }
            for (number, service) in &services {
                let seat = there.seat(holder, *number);
                if ours.and_then(|ours| here.seat(ours, *number)) != seat {
                    let seat = seat.unwrap_or(Seat::Freed);
                    steps.push(Change::Seats { service: service.clone(), users: vec![user], seat });
                }
            }
        }
        let stranger = |user: &UserId| tables.holder(people, user).is_none();
        let strangers: Vec<_> = index.holders(&self.people).map(|(user, _)| user).filter(stranger).collect();
        if !strangers.is_empty() {
            steps.push(Change::Users { users: strangers, status: UserStatus::Gone });
        }
        steps
    }
}

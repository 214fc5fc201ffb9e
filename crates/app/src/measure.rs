//! For the benchmarks: the operations that are measured, without HTTP around them.

use types::{Country, Email, Id, IdKind, Name, ServiceId, TenantId, TenantSlug, UserId};

use crate::App;
use crate::access::{CustomerInvite, MARKETPLACE, Permission, Right, SeatAssign, TenantAdmit, UserEdit};
use crate::assignments::operations::{assign_users, unassign_users};
use crate::identity::events::UserRenamed;
use crate::identity::operations::create_many;
use crate::identity::operations::create_tenant::{CreateTenant, FirstAdmin, create_tenant};
use crate::identity::operations::find::UserRef;
use crate::kit::Refused;
use crate::relationships::operations::accept::accept;
use crate::relationships::operations::invite::create_invitation;
use crate::seats::operations::plain;
use crate::storefront::made_up;
use crate::storefront::search::{Filters, SearchIndex};

/// Users made in one unit of work.
const AT_ONCE: usize = 1000;

/// Adds users to a tenant's directory.
pub async fn add_users(app: &App, tenant: TenantId, count: usize) -> Result<Vec<UserId>, Refused> {
    let mut users = Vec::with_capacity(count);
    for from in (0..count).step_by(AT_ONCE) {
        let right = right::<UserEdit>(app, tenant);
        let people: Vec<_> = (from..count.min(from + AT_ONCE)).map(person).collect::<Result<_, _>>()?;
        let added = app
            .db
            .write(move |tx| Box::pin(async move { create_many::create_many(tx, &right, people).await }));
        users.extend(added.await?.value);
    }
    Ok(users)
}

fn person(number: usize) -> Result<(Email, Name<200>), Refused> {
    let wrong = |violation: types::Violation| Refused::internal(violation.message);
    let email = Email::parse(&format!("u{number}@bench.example")).map_err(wrong)?;
    Ok((email, Name::parse(&format!("User {number}")).map_err(wrong)?))
}

/// Admits a customer with nobody who can sign in, related to a publisher.
pub async fn add_customer(app: &App, publisher: TenantId, number: usize) -> Result<TenantId, Refused> {
    let (admits, invites) = (right::<TenantAdmit>(app, MARKETPLACE), right::<CustomerInvite>(app, publisher));
    let customer = customer(number).map_err(|violation| Refused::internal(violation.message))?;
    let random = app.random.clone();
    let added = app.db.write(move |tx| {
        Box::pin(async move {
            let (tenant, _) = create_tenant(tx, &admits, customer).await?;
            let (_, token) = create_invitation(tx, &invites, None).await?;
            let accepts = Right::of_the_machine(tenant.id, None, admits.now(), random);
            accept(tx, &accepts, &token).await?;
            Ok::<_, Refused>(tenant.id)
        })
    });
    Ok(added.await?.value)
}

fn customer(number: usize) -> Result<CreateTenant, types::Violation> {
    let slug = format!("customer{number}");
    Ok(CreateTenant {
        slug: TenantSlug::parse(&slug)?,
        name: Name::parse(&slug)?,
        country: Country::parse("US")?,
        publisher_id: None,
        admin: FirstAdmin {
            email: Email::parse(&format!("admin@{slug}.example"))?,
            name: Name::parse("Admin")?,
            password_hash: String::new(),
        },
    })
}

/// Loads the index from the tables, as a node does when it starts.
pub async fn load(app: &App) -> Result<(), Refused> {
    app.entitlements.load_all(&app.db).await
}

/// Appends entries to a tenant's log, so many in each unit of work.
pub async fn add_entries(app: &App, tenant: TenantId, units: usize, each: usize) -> Result<(), Refused> {
    for _ in 0..units {
        let right = right::<UserEdit>(app, tenant);
        let added = app.db.write(move |tx| {
            Box::pin(async move {
                for _ in 0..each {
                    right.record(tx, &UserRenamed { user: right.new_id() })?;
                }
                Ok::<_, Refused>(())
            })
        });
        added.await?;
    }
    Ok(())
}

/// The index of checks, to be filled with what no database has.
pub fn index(app: &App) -> &entitlement::Index {
    app.entitlements.index()
}

/// One request that assigns these users, all or nothing.
pub async fn assign(
    app: &App,
    tenant: TenantId,
    service: &ServiceId,
    users: &[UserId],
) -> Result<(), Refused> {
    request(app, tenant, service, users, true).await
}

/// One request that unassigns them.
pub async fn unassign(
    app: &App,
    tenant: TenantId,
    service: &ServiceId,
    users: &[UserId],
) -> Result<(), Refused> {
    request(app, tenant, service, users, false).await
}

async fn request(
    app: &App,
    tenant: TenantId,
    service: &ServiceId,
    users: &[UserId],
    assigns: bool,
) -> Result<(), Refused> {
    let (right, service) = (right::<SeatAssign>(app, tenant), service.clone());
    let users: Vec<UserRef> = users.iter().copied().map(UserRef::Id).collect();
    let done = app.db.write(move |tx| {
        Box::pin(async move {
            if assigns {
                assign_users::assign_users(tx, &right, &service, &users, false).await
            } else {
                unassign_users::unassign_users(tx, &right, &service, &users).await
            }
        })
    });
    done.await.map(|_| ())
}

/// Inserts the rows that an assignment of these users leaves, many at a time, and nothing else.
pub async fn insert_plainly(
    app: &App,
    tenant: TenantId,
    service: &ServiceId,
    users: &[UserId],
) -> Result<(), Refused> {
    let (right, service, users) = (right::<SeatAssign>(app, tenant), service.clone(), users.to_vec());
    let done = app
        .db
        .write(move |tx| Box::pin(async move { plain::insert_plainly(tx, &right, &service, &users).await }));
    done.await.map(|_| ())
}

/// Reads an id that the API gave.
pub fn id<K: IdKind>(text: &str) -> Result<Id<K>, Refused> {
    Id::parse(text).map_err(|violation| Refused::internal(violation.message))
}

fn right<P: Permission>(app: &App, tenant: TenantId) -> Right<P> {
    Right::of_the_machine(tenant, None, app.clock.now(), app.random.clone())
}

/// A storefront's index over listings that are made up.
#[derive(Debug)]
pub struct Shop(SearchIndex);

impl Shop {
    pub fn with(listings: usize) -> Self {
        Self(made_up::index(listings))
    }

    /// Queries as people write them: a word, a beginning, two words, a typo, filters; the same in every run.
    pub fn queries(count: usize) -> Vec<String> {
        (0..count).map(made_up::query).collect()
    }

    /// Listings found, with their counts by filter.
    pub fn search(&self, query: &str) -> usize {
        self.0.search(query, &Filters::default()).hits.len()
    }
}

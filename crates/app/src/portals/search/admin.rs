//! What customers find: licenses, people and groups, requests, apps and environments.

use db::Tx;
use types::{EnvironmentId, GroupId, InstallationId, PageRequest, SeatRequestId, ServiceId, UserId};

use super::super::admin::{Held, Requested, held, requested};
use super::finder::{Finder, Hit, Hits, Kind, Sought, there};
use crate::access::{AppView, LicenseView, Right, UserView};
use crate::groups::Group;
use crate::groups::operations::find as groups;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::identity::{User, UserStatus};
use crate::installations::Environment;
use crate::installations::operations::find as installations;
use crate::kit::page::Wording;
use crate::requests::RequestState;

pub(super) static KINDS: &[Kind] = &[
    Kind::of::<Licenses>("licenses", "license", Some("/admin/licenses?search=")),
    Kind::of::<Users>("users", "person", Some("/admin/users?search=")),
    Kind::of::<Groups>("groups", "group", Some("/admin/groups?search=")),
    Kind::of::<Requests>("requests", "seat", None),
    Kind::of::<Apps>("apps", "apps", None),
    Kind::of::<Environments>("environments", "globe", None),
];

struct Licenses;

impl Finder for Licenses {
    type Needs = LicenseView;

    async fn named(tx: &mut Tx, right: &Right<LicenseView>, sought: &Sought) -> Hits {
        if ServiceId::accepts(&sought.words).is_err() {
            return Ok(Vec::new());
        }
        Self::about(tx, right, sought).await
    }

    async fn about(tx: &mut Tx, right: &Right<LicenseView>, sought: &Sought) -> Hits {
        let mut rows = held(tx, right).await?;
        rows.retain(|row| row.is_about(&sought.words));
        let hit = |row: Held| Hit {
            name: row.called.title(),
            href: row.called.href(),
            line: row.called.service_id.to_string(),
        };
        Ok(rows.into_iter().take(sought.limit).map(hit).collect())
    }
}

struct Users;

impl Finder for Users {
    type Needs = UserView;

    async fn named(tx: &mut Tx, right: &Right<UserView>, sought: &Sought) -> Hits {
        let Ok(id) = UserId::parse(&sought.words) else { return Ok(Vec::new()) };
        let user = identity::user(tx, right, &UserRef::Id(id)).await?;
        Ok(user.into_iter().map(Self::hit).collect())
    }

    async fn about(tx: &mut Tx, right: &Right<UserView>, sought: &Sought) -> Hits {
        let found =
            identity::users_beginning(tx, right, &sought.beginning, UserStatus::Deleted, sought.limit)
                .await?;
        Ok(found.into_iter().map(Self::hit).collect())
    }
}

impl Users {
    fn hit(user: User) -> Hit {
        Hit { href: format!("/admin/users/{}", user.id), name: user.name, line: user.email.to_string() }
    }
}

struct Groups;

impl Finder for Groups {
    type Needs = UserView;

    async fn named(tx: &mut Tx, right: &Right<UserView>, sought: &Sought) -> Hits {
        let Ok(id) = GroupId::parse(&sought.words) else { return Ok(Vec::new()) };
        let group = there(groups::group(tx, right, &id).await)?;
        Ok(group.into_iter().map(|group| Self::hit(sought.t, group)).collect())
    }

    async fn about(tx: &mut Tx, right: &Right<UserView>, sought: &Sought) -> Hits {
        let found = groups::groups(tx, right, &sought.page(), &sought.search).await?;
        Ok(found.items.into_iter().map(|group| Self::hit(sought.t, group)).collect())
    }
}

impl Groups {
    fn hit(t: Wording, group: Group) -> Hit {
        let line = t.named("made-on", t.day(&group.created_at));
        Hit { href: format!("/admin/groups/{}", group.id), name: group.name, line }
    }
}

/// What users ask for and nobody has decided yet.
struct Requests;

impl Finder for Requests {
    type Needs = LicenseView;

    async fn named(tx: &mut Tx, right: &Right<LicenseView>, sought: &Sought) -> Hits {
        if SeatRequestId::parse(&sought.words).is_err() {
            return Ok(Vec::new());
        }
        Self::about(tx, right, sought).await
    }

    async fn about(tx: &mut Tx, right: &Right<LicenseView>, sought: &Sought) -> Hits {
        let page = Sought::first(PageRequest::DEFAULT);
        let open = requested(tx, right, RequestState::Open, &page).await?.items;
        let fits = open.into_iter().filter(|row| {
            let id = row.request.id.to_string();
            id == sought.words || sought.is_in(&[&row.name, &row.email, &row.called.product])
        });
        let hit = |row: Requested| Hit {
            name: row.name,
            line: row.called.title(),
            href: format!("/admin/requests#{}", row.request.id),
        };
        Ok(fits.take(sought.limit).map(hit).collect())
    }
}

struct Apps;

impl Finder for Apps {
    type Needs = AppView;

    async fn named(tx: &mut Tx, right: &Right<AppView>, sought: &Sought) -> Hits {
        if InstallationId::parse(&sought.words).is_err() {
            return Ok(Vec::new());
        }
        Self::about(tx, right, sought).await
    }

    async fn about(tx: &mut Tx, right: &Right<AppView>, sought: &Sought) -> Hits {
        let mut hits = Vec::new();
        for (app, live) in
            installations::installations(tx, right, &Sought::first(PageRequest::MAX)).await?.items
        {
            let name = live.as_ref().map_or(app.address.as_str(), |live| live.snapshot.0.name());
            let id = app.id.to_string();
            if hits.len() < sought.limit && (id == sought.words || sought.is_in(&[name, &app.address])) {
                let place = installations::environment(tx, right, &app.environment_id).await?.name;
                let line = format!("{place} · {}", app.app_version);
                hits.push(Hit { name: name.to_owned(), line, href: format!("/admin/apps#{id}") });
            }
        }
        Ok(hits)
    }
}

struct Environments;

impl Finder for Environments {
    type Needs = AppView;

    async fn named(tx: &mut Tx, right: &Right<AppView>, sought: &Sought) -> Hits {
        let Ok(id) = EnvironmentId::parse(&sought.words) else { return Ok(Vec::new()) };
        let place = there(installations::environment(tx, right, &id).await)?;
        Ok(place.into_iter().map(|place| Self::hit(sought.t, place)).collect())
    }

    async fn about(tx: &mut Tx, right: &Right<AppView>, sought: &Sought) -> Hits {
        let places = installations::environments(tx, right, &Sought::first(PageRequest::MAX)).await?.items;
        let fits = places.into_iter().filter(|place| sought.is_in(&[&place.name]));
        Ok(fits.take(sought.limit).map(|place| Self::hit(sought.t, place)).collect())
    }
}

impl Environments {
    fn hit(t: Wording, place: Environment) -> Hit {
        let line = t.of(&format!("environment-{}", place.kind.as_str()));
        Hit { name: place.name, line, href: format!("/admin/environments#{}", place.id) }
    }
}

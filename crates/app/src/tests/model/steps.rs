//! Random operations over HTTP, each made on the model as well.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use types::Timestamp;

use super::dice::Dice;
use super::market::{Lease, Market, Member, SOLD};
use super::pool::{Path, holder};
use crate::Settings;
use crate::entitlements::catch_up;
use crate::testing::{Client, Reply, World};

const USERS: usize = 7;
const GROUPS: usize = 3;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// What was done so far, told when something fails.
pub(super) type Trail = Arc<Mutex<Vec<String>>>;

/// Two nodes on one database, whoever acts on them, and the model.
pub(super) struct Run {
    nodes: [World; 2],
    /// Which of them takes this step.
    pub(super) at: usize,
    fabrikam: String,
    contoso: String,
    pub(super) tenant: Value,
    pub(super) users: Vec<String>,
    pub(super) deleted: Vec<String>,
    groups: Vec<String>,
    pub(super) deals: Vec<String>,
    pub(super) model: Market,
    /// When jobs ran last.
    pub(super) settled_at: Timestamp,
    pub(super) dice: Dice,
    trail: Trail,
}

impl Run {
    pub(super) async fn new(world: World, trail: Trail) -> Self {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["bronze", "silver", "gold"]).await;
        let contoso = world.customer("contoso").await;
        world.consent(&fabrikam, &contoso).await;
        let other = world.another_node(Settings::default()).await;
        let now = world.now();
        let tenant = world.tenant_id(&contoso).await;
        let mut run = Self {
            nodes: [world, other],
            at: 0,
            fabrikam: fabrikam.token.unwrap(),
            contoso: contoso.token.clone().unwrap(),
            tenant,
            users: Vec::new(),
            deleted: Vec::new(),
            groups: Vec::new(),
            deals: Vec::new(),
            model: Market::at(now, GROUPS),
            settled_at: now,
            dice: Dice(0),
            trail,
        };
        let admin = contoso.get("/me").await.ok()["user"]["id"].as_str().unwrap().to_owned();
        run.model.users.insert(admin, true);
        for _ in 0..USERS {
            let user = run.hire().await;
            run.users.push(user);
        }
        for number in 0..GROUPS {
            let made = contoso.post("/groups", json!({ "name": format!("Group {number}") })).await.created();
            run.groups.push(made["id"].as_str().unwrap().to_owned());
        }
        // As licenses of groups are followed.
        run.groups.sort();
        run.register(None).await;
        run.register(Some(now.plus_days(100))).await;
        run
    }

    pub(super) fn node(&self) -> &World {
        &self.nodes[self.at]
    }

    pub(super) fn contoso(&self) -> Client {
        self.contoso_at(self.at)
    }

    pub(super) fn contoso_at(&self, node: usize) -> Client {
        self.nodes[node].with_token(&self.contoso)
    }

    pub(super) fn fabrikam(&self) -> Client {
        self.node().with_token(&self.fabrikam)
    }

    /// Has a node learn of what others committed, as a hint would.
    pub(super) async fn look(&self, node: usize) {
        let app = &self.nodes[node].app;
        app.db.reconcile_heads(0).await.unwrap();
        catch_up(app).await;
    }

    /// One random operation, on both sides, and everything compared.
    pub(super) async fn step(&mut self, number: u64) {
        self.dice = Dice(number);
        self.at = self.dice.below(2);
        self.trail.lock().unwrap().push(format!("{number} on node {}", self.at));
        let done = match self.dice.below(30) {
            0..=4 => self.assign().await,
            5..=6 => self.unassign().await,
            7..=9 => self.update().await,
            10 => self.move_end().await,
            11..=14 => self.pass().await,
            15..=16 => self.retire_or_activate().await,
            17..=20 => self.join_or_leave().await,
            21..=22 => self.license_or_unlicense().await,
            23 => self.choose().await,
            24..=26 => self.lease().await,
            27 => self.return_lease().await,
            28 => self.end_or_begin().await,
            _ => self.restart().await,
        };
        if let Some(last) = self.trail.lock().unwrap().last_mut() {
            last.push_str(": ");
            last.push_str(&done);
        }
        self.compare().await;
    }

    fn some_user(&mut self) -> (usize, String) {
        let index = self.dice.below(USERS);
        (index, self.users[index].clone())
    }

    fn some_service(&mut self) -> usize {
        self.dice.below(SOLD.len())
    }

    async fn assign(&mut self) -> String {
        let service = self.some_service();
        // Perhaps one of them twice.
        let indexes: Vec<usize> = (0..=self.dice.below(3)).map(|_| self.dice.below(USERS)).collect();
        let users: Vec<String> = indexes.iter().map(|index| self.users[*index].clone()).collect();
        let body = json!({ "users": users });
        let reply = self.contoso().post(&format!("/licenses/{}/assignments", SOLD[service]), body).await;
        let users: BTreeSet<String> = users.into_iter().collect();
        let (now, active) = (self.model.now, users.iter().all(|user| self.model.is_active(user)));
        let pool = &mut self.model.pools[service];
        let mut settled = pool.clone();
        settled.settle(now);
        // Before the first license there is no pool.
        let expected = if !pool.made {
            404
        } else if active && settled.assign(&users, now) {
            *pool = settled;
            200
        } else {
            409
        };
        assert_eq!(reply.status, expected, "assign {indexes:?}");
        format!("assign {indexes:?} {}: {expected}", SOLD[service])
    }

    async fn unassign(&mut self) -> String {
        let (service, (index, user)) = (self.some_service(), self.some_user());
        let path = format!("/licenses/{}/unassignments", SOLD[service]);
        let reply = self.contoso().post(&path, json!({ "users": [user] })).await;
        let (now, active) = (self.model.now, self.model.is_active(&user));
        let pool = &mut self.model.pools[service];
        let mut settled = pool.clone();
        settled.settle(now);
        let expected = if !pool.made {
            404
        } else if active && settled.seats.contains_key(&user) && !settled.has(&user, Path::Direct) {
            409
        } else {
            *pool = settled;
            200
        };
        assert_eq!(reply.status, expected, "unassign {index}");
        if expected == 200 && active {
            pool.close(&BTreeSet::from([user]), Some(Path::Direct), now);
        }
        format!("unassign {index} {}: {expected}", SOLD[service])
    }

    async fn pass(&mut self) -> String {
        let seconds = self.dice.one_of(&[1, HOUR, DAY, 7 * DAY, 20 * DAY, 45 * DAY]);
        self.node().pass_seconds(seconds);
        self.model.now = self.node().now();
        // Sessions end.
        self.contoso = self.node().sign_in("admin@contoso.example").await.token.unwrap();
        self.fabrikam = self.node().sign_in("admin@fabrikam.example").await.token.unwrap();
        format!("{seconds} seconds pass")
    }

    async fn hire(&mut self) -> String {
        let email = format!("u{}@contoso.example", self.users.len() + self.deleted.len());
        let made = self.contoso().post("/users", json!({ "email": email, "name": "U" })).await.created();
        let user = made["id"].as_str().unwrap().to_owned();
        self.model.users.insert(user.clone(), true);
        user
    }

    async fn retire_or_activate(&mut self) -> String {
        let (index, user) = self.some_user();
        let contoso = self.contoso();
        if !self.model.is_active(&user) {
            contoso.post(&format!("/users/{user}/activate"), json!({})).await.ok();
            self.model.users.insert(user, true);
            self.model.follow(None);
            return format!("activate {index}");
        }
        if self.dice.below(3) > 0 {
            contoso.post(&format!("/users/{user}/deactivate"), json!({})).await.ok();
            self.model.retire(&user);
            return format!("deactivate {index}");
        }
        contoso.delete(&format!("/users/{user}")).await.ok();
        self.model.retire(&user);
        self.model.users.remove(&user);
        for group in &mut self.model.groups {
            group.members.remove(&Member::User(user.clone()));
        }
        self.deleted.push(user);
        self.users[index] = self.hire().await;
        format!("delete {index}, and somebody else comes")
    }

    /// A user or a group comes into a group or leaves it.
    async fn join_or_leave(&mut self) -> String {
        let group = self.dice.below(GROUPS);
        let path = format!("/groups/{}/members", self.groups[group]);
        let (index, user) = self.some_user();
        let (member, body) = if self.dice.below(3) == 0 {
            let inner = self.dice.below(GROUPS);
            (Member::Group(inner), json!({ "groups": [self.groups[inner]] }))
        } else if self.model.is_active(&user) {
            (Member::User(user), json!({ "users": [user_of(&self.users, index)] }))
        } else {
            return "an inactive user stays where it is".to_owned();
        };
        let what = format!("{index} or {member:?} and group {group}");
        if self.model.groups[group].members.contains_key(&member) {
            self.contoso().post(&format!("{path}/remove"), body).await.ok();
            self.model.groups[group].members.remove(&member);
            self.model.follow(None);
            return format!("{what}: leaves");
        }
        let reply = self.contoso().post(&path, body).await;
        if matches!(member, Member::Group(inner) if self.model.is_within(group, inner)) {
            reply.refused(409, "group.cycle");
            return format!("{what}: a cycle");
        }
        reply.ok();
        self.model.groups[group].members.insert(member, self.model.now);
        self.model.follow(None);
        format!("{what}: joins")
    }

    async fn license_or_unlicense(&mut self) -> String {
        let (group, service) = (self.dice.below(GROUPS), self.some_service());
        let path = format!("/groups/{}/licenses/{}", self.groups[group], SOLD[service]);
        let has = self.model.groups[group].licenses.contains(&service);
        if has {
            self.contoso().delete(&path).await.ok();
            self.model.groups[group].licenses.remove(&service);
        } else {
            let reply = self.contoso().put(&path, json!({})).await;
            assert_eq!(reply.status, if self.model.pools[service].made { 200 } else { 404 });
            if self.model.pools[service].made {
                self.model.groups[group].licenses.insert(service);
            }
        }
        if self.model.pools[service].made {
            self.model.follow(Some((group, service)));
        }
        format!("group {group} has {}: {}", SOLD[service], !has)
    }

    async fn choose(&mut self) -> String {
        let service = self.some_service();
        let policy = self.dice.one_of(&["newest_first", "oldest_first"]);
        let path = format!("/licenses/{}/policy", SOLD[service]);
        let reply = self.contoso().put(&path, json!({ "policy": policy })).await;
        let (now, pool) = (self.model.now, &mut self.model.pools[service]);
        assert_eq!(reply.status, if pool.made { 200 } else { 404 });
        if pool.made {
            pool.settle(now);
            pool.policy = policy;
        }
        format!("policy of {}: {policy}", SOLD[service])
    }

    /// A lease of a user's seats, or of a block of free ones.
    async fn lease(&mut self) -> String {
        let services: BTreeSet<usize> =
            (0..=self.dice.below(2)).map(|_| self.dice.below(SOLD.len())).collect();
        let ids: Vec<&str> = services.iter().map(|service| SOLD[*service]).collect();
        let seconds = self.dice.one_of(&[HOUR, 5 * DAY, 30 * DAY]);
        let user = (self.dice.below(4) > 0).then(|| self.some_user().1);
        let seats = if user.is_some() { 0 } else { 1 + i64::try_from(self.dice.below(2)).unwrap() };
        let mut body = json!({ "service_ids": ids, "seconds": seconds });
        match &user {
            Some(user) => body["user"] = user.clone().into(),
            None => body["seats"] = seats.into(),
        }
        let reply: Reply = self.contoso().post("/leases", body).await;
        let until = self.model.lease_until(&services, user.as_deref(), seats, seconds);
        let what = format!("lease {ids:?} to {user:?}, {seats} seats, for {seconds} seconds");
        let Some(until) = until else {
            assert!(reply.status.is_client_error(), "{what}: {}", reply.status);
            return format!("{what}: refused");
        };
        let given = reply.created();
        assert_eq!(given["expires_at"], json!(until), "{what}");
        let id = given["id"].as_str().unwrap().to_owned();
        self.model.lease(Lease { id, user, services, until, returned: false }, seats);
        what
    }

    async fn return_lease(&mut self) -> String {
        if self.model.leases.is_empty() {
            return "no lease to return".to_owned();
        }
        let number = self.dice.below(self.model.leases.len());
        let path = format!("/leases/{}", self.model.leases[number].id);
        // Revoking alone frees nothing.
        self.contoso().post(&format!("{path}/revoke"), json!({})).await.ok();
        if self.dice.below(3) == 0 {
            return format!("revoke lease {number}");
        }
        self.contoso().post(&format!("{path}/return"), json!({})).await.ok();
        self.model.return_lease(number);
        format!("return lease {number} of {}", holder(&self.model.leases[number].id))
    }

    /// A node is gone, and another one opened on the same database.
    async fn restart(&mut self) -> String {
        let which = self.dice.below(2);
        self.nodes[which] = self.nodes[which].another_node(Settings::default()).await;
        format!("node {which} starts again")
    }
}

fn user_of(users: &[String], index: usize) -> &str {
    &users[index]
}

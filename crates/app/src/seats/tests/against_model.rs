//! Random operations, each followed by a comparison with a model that is slow and obvious.

use entitlement::{GraceTimes, State};
use serde_json::{Value, json};
use types::Timestamp;

use super::model::Model;
use crate::testing::customers::deal;
use crate::testing::{Client, World, flow};

const GOLD: &str = "/licenses/fabrikam.f365.gold";
const COUNTERS: [&str; 5] = ["granted", "assigned", "warning", "suspended", "waiting"];
const USERS: usize = 8;
const STEPS: usize = 100;

/// SplitMix64: the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(n).unwrap()).unwrap()
    }
}

struct Run<'a> {
    world: &'a World,
    fabrikam: Client,
    contoso: Client,
    tenant: Value,
    /// The first has no end, the licenses of the second end with it.
    deals: [String; 2],
    users: Vec<String>,
    group: String,
    model: Model,
    dice: Dice,
}

impl<'a> Run<'a> {
    async fn new(world: &'a World, seed: u64) -> Self {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let contoso = world.customer("contoso").await;
        world.consent(&fabrikam, &contoso).await;
        let mut ending = deal("f365");
        ending["ends_on"] = "2026-12-31".into();
        ending["licenses_end_with_contract"] = true.into();
        let mut deals = [String::new(), String::new()];
        for (id, body) in deals.iter_mut().zip([deal("f365"), ending]) {
            let made = fabrikam.post("/deals", body).await.created();
            *id = made["id"].as_str().unwrap().to_owned();
            fabrikam.post(&format!("/deals/{id}/submit"), json!({})).await.ok();
        }
        let mut users = Vec::new();
        for n in 0..USERS {
            let body = json!({ "email": format!("u{n}@contoso.example"), "name": "U" });
            users.push(contoso.post("/users", body).await.created()["id"].as_str().unwrap().to_owned());
        }
        let model = Model::at(world.now());
        let tenant = world.tenant_id(&contoso).await;
        let made = contoso.post("/groups", json!({ "name": "Team" })).await.created();
        let group = made["id"].as_str().unwrap().to_owned();
        Self { world, fabrikam, contoso, tenant, deals, users, group, model, dice: Dice(seed) }
    }

    /// Some users, perhaps one of them twice.
    fn some(&mut self) -> Vec<usize> {
        let count = 1 + self.dice.below(3);
        (0..count).map(|_| self.dice.below(USERS)).collect()
    }

    /// One random operation, on both sides; what it was.
    async fn step(&mut self) -> String {
        match self.dice.below(14) {
            0..=2 => self.assign().await,
            3 => self.unassign().await,
            4..=5 => self.update().await,
            6..=7 => self.pass().await,
            8 => self.retire_or_activate().await,
            9..=11 => self.join_or_leave().await,
            12 => self.license_or_unlicense().await,
            _ => self.choose().await,
        }
    }

    async fn assign(&mut self) -> String {
        let indexes = self.some();
        let users: Vec<String> = indexes.iter().map(|index| self.users[*index].clone()).collect();
        let reply = self.contoso.post(&format!("{GOLD}/assignments"), json!({ "users": users })).await;
        // Before the first license there is no pool.
        let expected = match (self.model.assign(&users), reply.status.as_u16()) {
            (_, 404) => return "assign nothing".to_owned(),
            (true, _) => 200,
            (false, _) => 409,
        };
        assert_eq!(reply.status, expected, "assign {indexes:?}");
        format!("assign {indexes:?}: {expected}")
    }

    async fn unassign(&mut self) -> String {
        let index = self.dice.below(USERS);
        let user = self.users[index].clone();
        let reply = self.contoso.post(&format!("{GOLD}/unassignments"), json!({ "users": [user] })).await;
        // Who is inactive is not looked for; before the first license there is no pool.
        if reply.status != 404 && !self.model.inactive.contains(&user) {
            let expected = if self.model.unassign(&user) { 200 } else { 409 };
            assert_eq!(reply.status, expected, "unassign {index}");
        }
        format!("unassign {index}")
    }

    async fn update(&mut self) -> String {
        let (which, quantity) = (self.dice.below(2), i64::try_from(self.dice.below(6)).unwrap());
        let end = (which == 1).then(|| Timestamp::parse("2027-01-01T00:00:00Z").unwrap());
        let held = self.model.licenses.get(&which).map_or(0, |(quantity, _)| *quantity);
        let body = match quantity {
            0 if held == 0 => return "nothing to remove".to_owned(),
            0 => json!({ "customer": self.tenant, "remove": ["gold"] }),
            _ => json!({ "customer": self.tenant, "plans": [{ "plan": "gold", "quantity": quantity }] }),
        };
        let reply = self.fabrikam.put(&format!("/deals/{}/licenses", self.deals[which]), body).await;
        let (times, now) = (GraceTimes::default(), self.model.now);
        let ended = end.is_some_and(|end| end <= now);
        if ended && quantity > 0 && quantity != held {
            assert_eq!(reply.status, 409);
            return "too late to update".to_owned();
        }
        assert_eq!(reply.status, 200);
        if quantity != held {
            self.model.settle();
            match quantity {
                0 => self.model.licenses.remove(&which),
                _ => self.model.licenses.insert(which, (quantity, end)),
            };
            let grace = if quantity == 0 { times.ended(now) } else { times.reduced(now) };
            self.model.set_granted(self.model.sum(now), grace);
        }
        format!("deal {which} grants {quantity}")
    }

    async fn pass(&mut self) -> String {
        let hours = [1, 7 * 24, 20 * 24, 45 * 24][self.dice.below(4)];
        self.world.pass_seconds(hours * 3600);
        self.model.now = self.world.now();
        self.contoso = self.world.sign_in("admin@contoso.example").await;
        self.fabrikam = self.world.sign_in("admin@fabrikam.example").await;
        format!("{hours} hours pass")
    }

    async fn retire_or_activate(&mut self) -> String {
        let index = self.dice.below(USERS);
        let user = self.users[index].clone();
        let verb = if self.model.inactive.contains(&user) { "activate" } else { "deactivate" };
        self.contoso.post(&format!("/users/{user}/{verb}"), json!({})).await.ok();
        self.model.settle();
        if !self.model.inactive.remove(&user) {
            self.model.direct.remove(&user);
            self.model.inactive.insert(user);
        }
        self.model.follow();
        format!("{verb} {index}")
    }

    async fn join_or_leave(&mut self) -> String {
        let index = self.dice.below(USERS);
        let user = self.users[index].clone();
        if self.model.inactive.contains(&user) {
            return "an inactive user stays where it is".to_owned();
        }
        let path = format!("/groups/{}/members", self.group);
        let body = json!({ "users": [user] });
        let verb = if self.model.members.remove(&user).is_some() {
            self.contoso.post(&format!("{path}/remove"), body).await.ok();
            "leaves"
        } else {
            self.contoso.post(&path, body).await.ok();
            self.model.members.insert(user, self.model.now);
            "joins"
        };
        self.model.follow();
        format!("{index} {verb} the group")
    }

    async fn license_or_unlicense(&mut self) -> String {
        let path = format!("/groups/{}/licenses/fabrikam.f365.gold", self.group);
        if self.model.licensed {
            self.contoso.delete(&path).await.ok();
            self.model.licensed = false;
        } else if self.contoso.put(&path, json!({})).await.status == 200 {
            self.model.licensed = true;
        }
        self.model.follow();
        format!("the group has the license: {}", self.model.licensed)
    }

    async fn choose(&mut self) -> String {
        let policy = ["newest_first", "oldest_first"][self.dice.below(2)];
        let reply = self.contoso.put(&format!("{GOLD}/policy"), json!({ "policy": policy })).await;
        if reply.status == 200 {
            self.model.settle();
            self.model.policy = policy;
        }
        format!("policy {policy}")
    }

    /// What checks allow is what the model says, whether or not anything has been settled.
    async fn compare_checks(&self, contoso: &Client, after: &str) {
        for (index, user) in self.users.iter().enumerate() {
            let body = json!({ "user": user, "service_id": "fabrikam.f365.gold" });
            let allowed = contoso.post("/checks", body).await.ok()["allowed"].clone();
            let expected = self.model.state(user).is_some_and(State::usable);
            assert_eq!(allowed, expected, "user {index} after {after}");
        }
    }

    /// What both sides are told adds up to the counters, also where it is made anew.
    async fn compare_reports(&self) {
        self.world.run_jobs().await;
        let license = self.contoso.get(GOLD).await.ok();
        let summary = "/reports/licenses/summary";
        let (sold, held) = (self.fabrikam.get(summary), self.contoso.get("/reports/seats"));
        let (sold, held) = (sold.await.ok(), held.await.ok());
        for (name, counter) in [("provisioned", "granted"), ("assigned", "assigned")] {
            assert_eq!(sold["total"][name], license[counter], "RPT-03");
        }
        crate::rebuild_reports(&self.world.app).await.map_err(|refused| refused.cause()).unwrap();
        assert_eq!(self.fabrikam.get(summary).await.ok(), sold);
        assert_eq!(self.contoso.get("/reports/seats").await.ok(), held);
    }

    /// The tables say what the model says.
    async fn compare_tables(&mut self, after: &str) {
        self.model.settle();
        let reply = self.contoso.get(GOLD).await;
        if reply.status == 404 {
            return;
        }
        let license = reply.ok();
        let number = |name: &str| license[name].as_i64().unwrap();
        let count = |state| {
            i64::try_from(self.users.iter().filter(|user| self.model.state(user) == Some(state)).count())
                .unwrap()
        };
        assert!(number("assigned") <= number("granted"), "LIC-06 after {after}");
        let found = COUNTERS.map(number);
        let states = [State::Active, State::Warning, State::Suspended, State::Waiting].map(count);
        assert_eq!(found[0], self.model.granted, "granted after {after}");
        assert_eq!(found[1..], states, "after {after}");
        let report = self.contoso.get("/reports/seats").await.ok();
        let reported = COUNTERS.map(|name| report["total"][name].as_i64().unwrap());
        assert_eq!((reported, &report["refresh"]["complete"]), (found, &json!(true)), "RPT-03 after {after}");
        let seats = self.contoso.get(&format!("{GOLD}/seats?limit=100")).await.ok();
        for (index, user) in self.users.iter().enumerate() {
            let seat =
                seats["items"].as_array().unwrap().iter().find(|seat| seat["user"]["id"] == user.as_str());
            let found = seat.map(|seat| seat["state"].as_str().unwrap().to_owned());
            let expected = self.model.state(user).map(|state| format!("{state:?}").to_lowercase());
            assert_eq!(found, expected, "user {index} after {after}");
            let since = seat.map(|seat| seat["since"].clone());
            assert_eq!(
                since,
                expected.map(|_| json!(self.model.seats[user].since)),
                "user {index} after {after}"
            );
        }
    }
}

async fn run(world: &World, seed: u64) {
    let mut run = Run::new(world, seed).await;
    for step in 0..STEPS {
        let after = format!("step {step} of seed {seed}: {}", run.step().await);
        // Sometimes nothing settles what time has ended before the next step does.
        if run.dice.below(3) > 0 {
            world.run_jobs().await;
            run.compare_tables(&after).await;
            run.compare_checks(&run.contoso, &after).await;
        }
    }
    run.compare_reports().await;
    // What the index followed step by step is what another one loads at once.
    let other = world.another_node(crate::Settings::default()).await;
    let there = other.sign_in("admin@contoso.example").await;
    run.model.settle();
    run.compare_checks(&there, "all steps").await;
    run.compare_checks(&run.contoso, "all steps").await;
}

flow!(
    /// LIC-06, LIC-07, LIC-08, DEA-05, ASG-04, RPT-03: whatever happens in whatever order, pools, seats, reports and
    /// the index say what a model says that looks at everything.
    seats_are_what_the_model_says,
    |world: World| async move {
        run(&world, 1).await;
    }
);

flow!(
    /// LIC-06, LIC-07, LIC-08, DEA-05, ASG-04, RPT-03: the same, otherwise.
    seats_are_what_the_model_says_again,
    |world: World| async move {
        run(&world, 20).await;
    }
);

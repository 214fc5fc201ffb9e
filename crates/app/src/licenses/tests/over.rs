use serde_json::{Value, json};

use crate::assignments::tests::requests::user;
use crate::testing::{Client, Reply, World, flow};

const GOLD: &str = "/licenses/fabrikam.f365.gold";
const DAY: i64 = 86_400;

/// fabrikam sells f365, which is live; contoso holds these many gold seats, and one user after the other,
/// a minute between them, has one.
pub(super) struct Story {
    pub fabrikam: Client,
    pub contoso: Client,
    pub deal: String,
    pub tenant: Value,
}

impl Story {
    async fn new(world: &World, seats: i64, users: usize) -> Self {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let contoso = world.customer("contoso").await;
        let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", seats)]).await;
        let tenant = world.tenant_id(&contoso).await;
        let story = Self { fabrikam, contoso, deal, tenant };
        for n in 0..users {
            story.contoso.post("/users", json!({ "email": user(n), "name": "U" })).await.created();
            story.assign(n).await.ok();
            world.pass_seconds(60);
        }
        story
    }

    async fn pass_days(&mut self, world: &World, days: i64) {
        world.pass_seconds(days * DAY);
        self.contoso = world.sign_in("admin@contoso.example").await;
        self.fabrikam = world.sign_in("admin@fabrikam.example").await;
    }

    pub(super) async fn assign(&self, n: usize) -> Reply {
        self.contoso.post(&format!("{GOLD}/assignments"), json!({ "users": [user(n)] })).await
    }

    async fn unassign(&self, n: usize) {
        self.contoso.post(&format!("{GOLD}/unassignments"), json!({ "users": [user(n)] })).await.ok();
    }

    fn body(&self, seats: i64) -> Value {
        match seats {
            0 => json!({ "customer": self.tenant, "remove": ["gold"] }),
            seats => json!({ "customer": self.tenant, "plans": [{ "plan": "gold", "quantity": seats }] }),
        }
    }

    /// 0 removes the license.
    async fn grant(&self, seats: i64) {
        self.fabrikam.put(&format!("/deals/{}/licenses", self.deal), self.body(seats)).await.ok();
    }

    async fn preview(&self, seats: i64) -> Value {
        let path = format!("/deals/{}/licenses/preview", self.deal);
        self.fabrikam.post(&path, self.body(seats)).await.ok()["items"][0].clone()
    }

    /// Granted, assigned, warning, suspended, waiting.
    async fn counts(&self) -> [i64; 5] {
        let license = self.contoso.get(GOLD).await.ok();
        ["granted", "assigned", "warning", "suspended", "waiting"].map(|name| license[name].as_i64().unwrap())
    }

    /// The state of each seat and its place in the queue, by user.
    async fn seats(&self) -> Vec<(String, String, i64)> {
        let seats = self.contoso.get(&format!("{GOLD}/seats")).await.ok();
        let seat = |seat: &Value| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (text(&seat["user"]["email"]), text(&seat["state"]), seat["position"].as_i64().unwrap_or(0))
        };
        let mut seats: Vec<_> = seats["items"].as_array().unwrap().iter().map(seat).collect();
        seats.sort();
        seats
    }

    /// Allowed, state and reason of a check.
    async fn check(&self, n: usize) -> (bool, String, String) {
        let body = json!({ "user": user(n), "service_id": "fabrikam.f365.gold" });
        let answer = self.contoso.post("/checks", body).await.ok();
        let text = |name: &str| answer[name].as_str().unwrap_or("none").to_owned();
        (answer["allowed"].as_bool().unwrap(), text("state"), text("reason"))
    }
}

fn seat(n: usize, state: &str, position: i64) -> (String, String, i64) {
    (user(n), state.to_owned(), position)
}

fn answer(allowed: bool, state: &str, reason: &str) -> (bool, String, String) {
    (allowed, state.to_owned(), reason.to_owned())
}

flow!(
    /// LIC-07, LIC-06: fewer seats than are in use are shown first and accepted; the newest are over, usable
    /// for 90 days, wait then, and come back in order when capacity does. Nobody new gets a seat meanwhile.
    fewer_seats_than_are_in_use,
    |world: World| async move {
        let mut story = Story::new(&world, 5, 5).await;
        story.contoso.post("/users", json!({ "email": user(9), "name": "U" })).await.created();
        let head = story.contoso.get("/events").await.ok()["head"].clone();
        let shown = story.preview(3).await;
        let number = |name: &str| shown[name].as_i64().unwrap();
        assert_eq!(["granted_before", "granted_after", "in_use", "goes_over"].map(number), [5, 3, 5, 2]);
        assert_eq!((&shown["usable_until"], &shown["kept_until"]), (&json!(world.now().plus_days(90)), &Value::Null));
        assert_eq!(story.contoso.get("/events").await.ok()["head"], head, "a preview changes nothing");
        assert_eq!(story.counts().await, [5, 5, 0, 0, 0]);

        story.grant(3).await;
        assert_eq!(story.counts().await, [3, 3, 2, 0, 0]);
        let seats = [seat(0, "active", 0), seat(1, "active", 0), seat(2, "active", 0), seat(3, "warning", 1), seat(4, "warning", 2)];
        assert_eq!(story.seats().await, seats);
        assert_eq!(story.check(4).await, answer(true, "warning", "licensed"));
        let refused = story.assign(9).await.refused(409, "assignment.refused");
        assert_eq!(refused["context"]["failures"][0]["error"], "CountViolation");
        assert_eq!(story.assign(4).await.ok()["results"][0]["outcome"], "already_assigned");

        story.pass_days(&world, 90).await;
        assert_eq!(story.check(4).await, answer(false, "waiting", "waiting"));
        assert_eq!(story.counts().await, [3, 3, 0, 0, 2]);
        story.unassign(0).await;
        assert_eq!(story.counts().await, [3, 3, 0, 0, 1], "the seat went to the first in the queue");
        assert_eq!(story.check(3).await, answer(true, "active", "licensed"));
        assert_eq!(story.check(4).await, answer(false, "waiting", "waiting"));
        story.grant(5).await;
        assert_eq!(story.counts().await, [5, 4, 0, 0, 0]);
        assert_eq!(story.check(4).await, answer(true, "active", "licensed"));
        story.assign(9).await.ok();
    }
);

flow!(
    /// LIC-07: which seats go first is the customer's choice.
    the_policy_decides_which_seats_go,
    |world: World| async move {
        let story = Story::new(&world, 3, 3).await;
        assert_eq!(story.contoso.get(GOLD).await.ok()["policy"], "newest_first");
        let chosen = story.contoso.put(&format!("{GOLD}/policy"), json!({ "policy": "oldest_first" })).await.ok();
        assert_eq!(chosen["policy"], "oldest_first");
        story.grant(1).await;
        assert_eq!(story.seats().await, [seat(0, "warning", 1), seat(1, "warning", 2), seat(2, "active", 0)]);
        let bill = world.user(&story.contoso, "bill@contoso.example", &["billing_admin"]).await;
        bill.put(&format!("{GOLD}/policy"), json!({ "policy": "oldest_first" })).await.refused(403, "access.forbidden");
    }
);

flow!(
    /// LIC-08: a removed license is a warning for 30 days, then suspended for 90, then gone; granting the plan
    /// again before that restores the assignments, first come first.
    a_removed_license_leaves_in_steps,
    |world: World| async move {
        let mut story = Story::new(&world, 3, 3).await;
        let shown = story.preview(0).await;
        let (usable, kept) = (world.now().plus_days(30), world.now().plus_days(120));
        assert_eq!((&shown["usable_until"], &shown["kept_until"]), (&json!(usable), &json!(kept)));
        story.grant(0).await;
        assert_eq!(story.counts().await, [0, 0, 3, 0, 0]);
        assert_eq!(story.contoso.get("/licenses").await.ok()["items"].as_array().unwrap().len(), 1);
        assert_eq!(story.check(0).await, answer(true, "warning", "licensed"));
        story.pass_days(&world, 30).await;
        assert_eq!(story.check(0).await, answer(false, "suspended", "suspended"));
        assert_eq!(story.counts().await, [0, 0, 0, 3, 0]);
        story.pass_days(&world, 89).await;
        story.grant(1).await;
        assert_eq!(story.seats().await, [seat(0, "active", 0), seat(1, "suspended", 1), seat(2, "suspended", 2)]);
        assert_eq!(story.check(0).await, answer(true, "active", "licensed"));
        story.pass_days(&world, 1).await;
        assert_eq!(story.check(1).await, answer(false, "none", "no_seat"));
        assert_eq!(story.counts().await, [1, 1, 0, 0, 0]);
        assert_eq!(story.contoso.get(&format!("/users/{}/licenses", user(1))).await.ok()["items"], json!([]));

        story.grant(3).await;
        assert_eq!(story.counts().await, [3, 1, 0, 0, 0], "what is gone does not come back by itself");
        story.assign(1).await.ok();
        assert_eq!(story.check(1).await, answer(true, "active", "licensed"));
        world.run_jobs().await;
        assert_eq!(story.check(2).await, answer(false, "none", "no_seat"));
        for n in [1, 2] {
            let history = story.contoso.get(&format!("{GOLD}/seats/{}/history", user(n))).await.ok();
            assert_eq!((&history["items"][0]["ended_at"], &history["items"][0]["ended_by"]), (&json!(kept), &json!("system")));
        }
        assert_eq!(story.counts().await, [3, 2, 0, 0, 0]);
    }
);

flow!(
    /// LIC-08: who was over by a reduction has no more than the others when everything is removed.
    removing_everything_prolongs_nothing,
    |world: World| async move {
        let mut story = Story::new(&world, 2, 2).await;
        story.grant(1).await;
        story.pass_days(&world, 89).await;
        story.grant(0).await;
        assert_eq!(story.counts().await, [0, 0, 2, 0, 0]);
        story.pass_days(&world, 1).await;
        assert_eq!(story.check(0).await, answer(true, "warning", "licensed"));
        assert_eq!(story.check(1).await, answer(false, "suspended", "suspended"));
        story.pass_days(&world, 119).await;
        assert_eq!(story.check(1).await, answer(false, "none", "no_license"));
    }
);

flow!(
    /// REL-06, LIC-10: the publisher's log says how many seats go over, and of whom nothing.
    the_publisher_learns_how_many_and_not_who,
    |world: World| async move {
        let story = Story::new(&world, 2, 2).await;
        story.grant(1).await;
        let seen = story.fabrikam.get("/events?limit=1000").await.ok();
        let last = seen["items"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["kind"], &last["data"]["over"]), (&json!("license.changed"), &json!(1)));
        assert!(!seen.to_string().contains("seats.over"));
        let own = story.contoso.get("/events?limit=1000").await.ok();
        let over = own["items"].as_array().unwrap().iter().find(|event| event["kind"] == "seats.over").unwrap();
        assert_eq!(over["data"]["users"].as_array().unwrap().len(), 1);
    }
);

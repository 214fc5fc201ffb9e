//! Two servers and an edge on one PostgreSQL, one of the three killed at any moment, while seats are given and taken and
//! checks are asked everywhere: what is answered with the token of a write is right, and what is answered without one is
//! no older than it says.
//!
//! A few seconds as a rule; `SEATLINE_FAULT_SECONDS` says for how long. Alone in its binary: it says how late answers are.

#![expect(
    clippy::disallowed_methods,
    reason = "answers are compared by the time at which they were asked for"
)]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]
#![expect(clippy::print_stderr, reason = "figures are to be seen")]

#[expect(dead_code, reason = "other tests use the rest of it")]
#[path = "server/support/mod.rs"]
mod support;
#[path = "server/support/three.rs"]
mod three;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, RwLock};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::support::SERVICE_ID;
use crate::support::edges::{access_token, api_client};
use crate::three::{Cluster, EDGE, Place};

/// Who give and take seats, each those of its own users.
const WRITERS: usize = 3;
const USERS: usize = 8;
/// Without a token a node may be so much behind another one (CHK-05: under a second); twice that for a machine that
/// has more to do than it can.
const BEHIND: Duration = Duration::from_secs(2);

/// What happened so far.
#[derive(Default)]
struct Seen {
    writes: AtomicUsize,
    /// Answers with a token, and without, by place.
    with_token: [AtomicUsize; 3],
    without: [AtomicUsize; 3],
    unanswered: AtomicUsize,
    /// How old the oldest answer without a token was, beyond what it said of itself.
    oldest: Mutex<Duration>,
    /// How long after its acknowledgement a write was seen, by place, without a token.
    visible: [Mutex<Vec<Duration>>; 3],
}

/// The customer's API client, and its token, which is good for ten minutes.
struct Access {
    id: String,
    secret: String,
    token: RwLock<String>,
}

/// Somebody with tokens and connections of its own.
struct Client<'a> {
    cluster: &'a Cluster,
    seen: &'a Seen,
    agent: ureq::Agent,
    admin: &'a str,
    access: &'a Access,
    tenant: &'a str,
    dice: u64,
}

impl Client<'_> {
    fn below(&mut self, n: usize) -> usize {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.dice >> 33).unwrap() % n
    }

    /// Status, freshness token and body; `None` if nobody answered.
    fn post(
        &self,
        place: usize,
        path: &str,
        token: &str,
        freshness: &str,
        body: &Value,
    ) -> Option<(u16, String, Value)> {
        let url = format!("{}/api/v1{path}", self.cluster.addresses[place]);
        let mut asked = self.agent.post(url).header("authorization", format!("Bearer {token}"));
        if !freshness.is_empty() {
            asked = asked.header("freshness-token", freshness);
        }
        let mut answer = asked.send_json(body).ok()?;
        let header = answer.headers().get("freshness-token").and_then(|token| token.to_str().ok());
        let freshness = header.unwrap_or_default().to_owned();
        let body = answer.body_mut().read_json().ok()?;
        Some((answer.status().as_u16(), freshness, body))
    }

    /// Gives a seat or takes it, again and again until somebody says that it is so: the token of that.
    fn write(&mut self, user: &str, holds: bool) -> Option<(usize, String)> {
        let path = format!("/licenses/{SERVICE_ID}/{}", if holds { "assignments" } else { "unassignments" });
        let until = Instant::now() + Duration::from_mins(1);
        while Instant::now() < until {
            let place = self.below(EDGE);
            match self.post(place, &path, self.admin, "", &json!({ "users": [user] })) {
                Some((200, token, _)) => {
                    self.seen.writes.fetch_add(1, Ordering::Relaxed);
                    // One that found it done already moved nothing.
                    return Some((place, token));
                }
                Some((503, ..)) | None => thread::yield_now(),
                other => panic!("{path}: {other:?}"),
            }
        }
        None
    }

    /// Whether a user may, and the second of which the answer is; `None` if there was none.
    fn check(&self, place: usize, user: &str, freshness: &str) -> Option<(bool, u64)> {
        let body = json!({ "user": user, "service_id": SERVICE_ID });
        let token = self.access.token.read().unwrap().clone();
        match self.post(place, "/checks", &token, freshness, &body) {
            Some((200, _, answer)) => {
                Some((answer["allowed"].as_bool().unwrap(), answer["at"].as_u64().unwrap()))
            }
            // Gone, or not as far yet, and it says so.
            None | Some((409 | 503, ..)) => {
                self.seen.unanswered.fetch_add(1, Ordering::Relaxed);
                None
            }
            Some((401, ..)) => {
                self.renew();
                None
            }
            other => panic!("{other:?}"),
        }
    }

    /// Gets another access token, from whichever server is there.
    fn renew(&self) {
        let Access { id, secret, token } = self.access;
        let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        for address in &self.cluster.addresses[..EDGE] {
            let Ok(mut answer) = self.agent.post(format!("{address}/oauth2/token")).send_form(form) else {
                continue;
            };
            let answer: Value = answer.body_mut().read_json().unwrap_or_default();
            if let Some(renewed) = answer["access_token"].as_str() {
                renewed.clone_into(&mut token.write().unwrap());
                return;
            }
        }
    }

    /// Gives and takes the seats of its own users, and asks about them everywhere, until told to stop; who holds one then,
    /// and the last token.
    fn go_on(&mut self, users: &[String], over: &AtomicBool) -> Vec<(String, bool, String)> {
        let mut holds: Vec<(bool, String)> = users.iter().map(|_| (false, String::new())).collect();
        while !over.load(Ordering::Relaxed) {
            let at = self.below(users.len());
            let wanted = !holds[at].0;
            let (_, token) = self.write(&users[at], wanted).expect("somebody takes it within a minute");
            let written = SystemTime::now();
            // A write whose answer was lost is done when it is repeated, and its token is not known.
            let token = Some(token).filter(|token| !token.is_empty()).unwrap_or_else(|| self.head());
            holds[at] = (wanted, token.clone());
            for _ in 0..6 {
                let place = self.below(3);
                if self.below(2) == 0 {
                    if let Some((allowed, _)) = self.check(place, &users[at], &token) {
                        assert_eq!(allowed, wanted, "place {place} with {token}");
                        self.seen.with_token[place].fetch_add(1, Ordering::Relaxed);
                    }
                } else {
                    let asked = SystemTime::now();
                    if let Some((allowed, of)) = self.check(place, &users[at], "") {
                        self.seen.without[place].fetch_add(1, Ordering::Relaxed);
                        if allowed != wanted {
                            self.stale(place, written, asked, of);
                        }
                    }
                }
            }
        }
        users.iter().zip(holds).map(|(user, (holds, token))| (user.clone(), holds, token)).collect()
    }

    /// An answer that does not know of a write: given soon after it, or by an edge that says it knows of no more.
    fn stale(&self, place: usize, written: SystemTime, asked: SystemTime, of: u64) {
        let of = UNIX_EPOCH + Duration::from_secs(of);
        let knows_until = if place == EDGE { of } else { asked };
        let late = knows_until.duration_since(written).unwrap_or_default();
        let mut oldest = self.seen.oldest.lock().unwrap();
        *oldest = late.max(*oldest);
        assert!(
            late <= BEHIND,
            "place {place} does not know what was written {late:?} before it says that it knows all"
        );
    }

    /// The token of all that is written.
    fn head(&mut self) -> String {
        loop {
            let place = self.below(EDGE);
            let url = format!("{}/api/v1/events?limit=1", self.cluster.addresses[place]);
            let asked = self.agent.get(url).header("authorization", format!("Bearer {}", self.admin));
            let Ok(mut answer) = asked.call() else { continue };
            let Ok(page) = answer.body_mut().read_json::<Value>() else { continue };
            if let Some(head) = page["head"].as_i64() {
                return format!("{}@{head}", self.tenant);
            }
        }
    }

    /// How long a write takes to be seen at the other server and at the edge, where none of the three is killed meanwhile.
    fn measure(&mut self, user: &str, over: &AtomicBool) {
        let mut holds = false;
        while !over.load(Ordering::Relaxed) {
            holds = !holds;
            let before = [0, 1, EDGE].map(|place| self.cluster.change(place));
            let Some((taken_by, _)) = self.write(user, holds) else { return };
            let written = Instant::now();
            let place = [1 - taken_by, EDGE][self.below(2)];
            let undisturbed = || before == [0, 1, EDGE].map(|place| self.cluster.change(place));
            while undisturbed() {
                if self.check(place, user, "").is_some_and(|(allowed, _)| allowed == holds) {
                    self.seen.visible[place].lock().unwrap().push(written.elapsed());
                    break;
                }
                assert!(written.elapsed() < Duration::from_mins(1), "never seen at {place}");
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "other processes are given time to work")]
fn wait(time: Duration) {
    thread::sleep(time);
}

#[expect(clippy::disallowed_methods, reason = "tests are configured by the environment")]
fn seconds() -> u64 {
    std::env::var("SEATLINE_FAULT_SECONDS").map_or(10, |text| text.parse().unwrap())
}

/// CHK-05, CHK-09, LIC-06: whichever is killed, an answer with the token of a write is right, an answer without one is no
/// older than declared, and what was acknowledged is there.
#[test]
fn one_of_three_is_killed_again_and_again() {
    let Some(url) = support::postgres("nodes") else { return };
    let cluster = Cluster::start(url);
    let caller = {
        let places = cluster.places.lock().unwrap();
        let Place::Server(node) = &places[0] else { unreachable!() };
        support::customer_admin(node)
    };
    let (id, secret) = api_client(&caller, &["check.any"]);
    let token = RwLock::new(access_token(&cluster.addresses[0], &id, &secret));
    let access = Access { id, secret, token };
    let tenant = caller.get("/tenant")["id"].clone();
    let tenant = tenant.as_str().unwrap();
    let hire = |name: String| {
        let body = json!({ "email": format!("{name}@contoso.example"), "name": name });
        let (status, made) = caller.post("/users", &body).unwrap();
        assert_eq!(status, 201, "{made}");
        made["id"].as_str().unwrap().to_owned()
    };
    let users: Vec<Vec<String>> =
        (0..WRITERS).map(|writer| (0..USERS).map(|n| hire(format!("w{writer}-{n}"))).collect()).collect();
    let measured = hire("measured".to_owned());
    let (seen, over, kills) = (Seen::default(), AtomicBool::new(false), AtomicUsize::new(0));
    let client = |dice: u64| {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(10)))
            .build()
            .into();
        Client { cluster: &cluster, seen: &seen, agent, admin: &caller.token, access: &access, tenant, dice }
    };
    let holds: RwLock<Vec<(String, bool, String)>> = RwLock::default();
    thread::scope(|scope| {
        for (number, users) in (1..).zip(&users) {
            let (mut client, over, holds) = (client(number), &over, &holds);
            scope.spawn(move || {
                let told = client.go_on(users, over);
                holds.write().unwrap().extend(told);
            });
        }
        let mut measuring = client(99);
        let (over, measured, kills) = (&over, &measured, &kills);
        scope.spawn(move || measuring.measure(measured, over));
        let (mut chance, until) = (client(7), Instant::now() + Duration::from_secs(seconds()));
        let mut spell = |most: usize| Duration::from_millis(200 + u64::try_from(chance.below(most)).unwrap());
        while Instant::now() < until {
            wait(spell(3000));
            let which = usize::try_from(spell(3000).as_millis() % 3).unwrap();
            cluster.kill(which);
            kills.fetch_add(1, Ordering::Relaxed);
            wait(spell(1000));
            cluster.start_again(which);
        }
        over.store(true, Ordering::Relaxed);
    });
    let last = client(3);
    let answered = |place: usize, user: &str, freshness: &str| {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some((allowed, _)) = last.check(place, user, freshness) {
                return allowed;
            }
            assert!(Instant::now() < until, "place {place} is back and does not answer");
        }
    };
    for (user, holds, token) in holds.into_inner().unwrap() {
        for (place, freshness) in [(0, "latest"), (1, "latest"), (EDGE, token.as_str())] {
            assert_eq!(answered(place, &user, freshness), holds, "place {place} at the end");
        }
    }
    support::examine(&cluster.storage);
    report(&seen, kills.into_inner());
}

fn report(seen: &Seen, kills: usize) {
    let numbers = |of: &[AtomicUsize; 3]| of.each_ref().map(|count| count.load(Ordering::Relaxed));
    let (with_token, without) = (numbers(&seen.with_token), numbers(&seen.without));
    let (writes, unanswered) = (seen.writes.load(Ordering::Relaxed), seen.unanswered.load(Ordering::Relaxed));
    eprintln!(
        "{} seconds: {kills} kills, {writes} writes; right with a token {with_token:?}, asked without {without:?}, not \
         answered {unanswered} (server, server, edge); the oldest was {:?} behind",
        seconds(),
        seen.oldest.lock().unwrap()
    );
    let mut servers: Vec<Duration> =
        seen.visible[..EDGE].iter().flat_map(|times| times.lock().unwrap().clone()).collect();
    let mut edge = seen.visible[EDGE].lock().unwrap().clone();
    for (name, times) in [("the other server", &mut servers), ("the edge", &mut edge)] {
        times.sort_unstable();
        let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
        eprintln!(
            "a write is seen at {name} after p50 {:?}, p99 {:?}, of {} writes",
            at(50),
            at(99),
            times.len()
        );
    }
    assert!(writes > 0 && with_token.iter().all(|count| *count > 0), "the load was real");
}

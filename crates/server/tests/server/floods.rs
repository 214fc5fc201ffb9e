//! Floods: what is too much is told to come again, and the rest is answered.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::edges::{Edge, access_token, api_client};
use crate::support::{self, Node, Storage, create_operator};

const AT_ONCE: usize = 8;
const PER_SECOND: usize = 50;
/// Clients that flood, each as fast as it can.
const CLIENTS: usize = 32;
const FLOOD: Duration = Duration::from_secs(3);
/// Kilobytes by which a process may grow when it is flooded: what fits into the turns there are, many times.
const GROWTH: u64 = 96 * 1024;

/// A marketplace with small limits, an edge of it with the same, and two clients of a customer.
struct Flooded {
    node: Node,
    edge: Edge,
    tokens: [String; 2],
    admin: String,
    _folder: tempfile::TempDir,
}

impl Flooded {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::Sqlite(folder.path().to_owned());
        create_operator(&storage);
        let (at_once, per_second) = (AT_ONCE.to_string(), PER_SECOND.to_string());
        let keys = [
            ("SEATLINE_REQUESTS_AT_ONCE", at_once.as_str()),
            ("SEATLINE_CHECKS_PER_SECOND", per_second.as_str()),
        ];
        let node = Node::start_with(&storage, "127.0.0.1:0", &keys);
        support::sell(&node, 10);
        let operator = node.sign_in("operator@marketplace.example");
        let (id, secret) = api_client(&operator, &["rights.follow"]);
        let bounds = ["--listen", "127.0.0.1:0", "--at-once", &at_once, "--checks-per-second", &per_second];
        let edge = Edge::start_with(&node.address, (&id, &secret), &bounds);
        let admin = support::customer_admin(&node);
        let tokens = [(); 2].map(|()| {
            let (id, secret) = api_client(&admin, &["check.any"]);
            access_token(&node.address, &id, &secret)
        });
        edge.wait_for(|health| health["ready"] == true);
        Self { node, edge, tokens, admin: admin.token, _folder: folder }
    }

    /// Each place where checks are answered: its address, its process.
    fn places(&self) -> [(&str, u32); 2] {
        [(&self.node.address, self.node.process()), (&self.edge.url, self.edge.process())]
    }
}

/// Status and `Retry-After`; `None` if there was no answer.
fn check(url: &str, token: &str, body: &Value) -> Option<(u16, Option<String>)> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let asked =
        agent.post(format!("{url}/api/v1/checks{}", if body["checks"].is_null() { "" } else { "/batch" }));
    let answer = asked.header("authorization", format!("Bearer {token}")).send_json(body).ok()?;
    let wait = answer.headers().get("retry-after").map(|wait| wait.to_str().unwrap().to_owned());
    Some((answer.status().as_u16(), wait))
}

fn question() -> Value {
    json!({ "user": "usr_01890a5dac96774bbcceb302099a8057", "component": "anything" })
}

/// One client that asks too much is told when to come again, at the marketplace and at an edge; another one is
/// answered all the while, and so is the first once it has waited.
#[test]
fn one_client_that_floods_shuts_out_itself_alone() {
    let flooded = Flooded::start();
    let [loud, quiet] = &flooded.tokens;
    for (url, _) in flooded.places() {
        let (over, refused, answered) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while !over.load(Ordering::Relaxed) {
                        match check(url, loud, &question()).unwrap() {
                            (200, None) => answered.fetch_add(1, Ordering::Relaxed),
                            (429, Some(wait)) if wait == "1" => refused.fetch_add(1, Ordering::Relaxed),
                            other => panic!("{url}: {other:?}"),
                        };
                    }
                });
            }
            let until = Instant::now() + FLOOD;
            let mut others = 0;
            while Instant::now() < until || refused.load(Ordering::Relaxed) == 0 {
                if others < PER_SECOND {
                    assert_eq!(check(url, quiet, &question()), Some((200, None)), "{url}");
                    others += 1;
                }
                thread::yield_now();
            }
            over.store(true, Ordering::Relaxed);
        });
        // A second's worth at once, and then one second's in each.
        let bound = PER_SECOND * (1 + usize::try_from(FLOOD.as_secs()).unwrap() + 2);
        let answered = answered.into_inner();
        assert!((PER_SECOND..bound).contains(&answered), "{url}: {answered}");
    }
    flooded.node.stop();
}

/// Connections that begin requests to `path` and do not go on, one more until it is full: whoever looks whether it is
/// takes a turn as well.
fn fill(
    what: &str,
    (url, token, path): (&str, &str, &str),
    mut full: impl FnMut() -> bool,
) -> Vec<TcpStream> {
    let host = url.strip_prefix("http://").unwrap();
    let head = format!(
        "POST /api/v1{path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: 1000\r\n\r\n{{"
    );
    let mut lines = Vec::new();
    until(what, || {
        let mut line = TcpStream::connect(host).unwrap();
        line.write_all(head.as_bytes()).unwrap();
        lines.push(line);
        full()
    });
    lines
}

fn until(what: &str, mut reached: impl FnMut() -> bool) {
    let latest = Instant::now() + Duration::from_secs(20);
    while !reached() {
        assert!(Instant::now() < latest, "never came to: {what}");
        thread::yield_now();
    }
}

/// Questions that begin and do not go on, by either way, keep nobody out.
#[test]
fn half_a_question_takes_no_room() {
    let flooded = Flooded::start();
    let [slow, token] = &flooded.tokens;
    for (url, _) in flooded.places() {
        let asked = |path| {
            let mut left = 4 * AT_ONCE;
            let all_sent = || {
                left -= 1;
                left == 0
            };
            fill("questions that wait", (url, slow, path), all_sent)
        };
        let held = [asked("/checks"), asked("/checks?")];
        for _ in 0..PER_SECOND / 2 {
            assert_eq!(check(url, token, &question()), Some((200, None)), "{url}");
        }
        drop(held);
    }
    flooded.node.stop();
}

/// As many requests as may be are at work: more are told to come again, and are answered when there is room. Checks
/// have their own room.
#[test]
fn no_more_requests_are_at_work_than_may_be() {
    let flooded = Flooded::start();
    let token = &flooded.tokens[0];
    let status = |url: &str| check(url, token, &question()).unwrap();
    let admin = flooded.node.caller(&flooded.admin);
    let busy = || admin.send("GET", "/tenant", None).unwrap();
    let others = (flooded.node.address.as_str(), flooded.admin.as_str(), "/users");
    let lines = fill("no room for others", others, || busy().0 == 503);
    let (_, refused) = busy();
    assert_eq!(
        (&refused["code"], &refused["context"]["retry_after_seconds"]),
        (&json!("server.busy"), &json!(1))
    );
    until("checks are answered", || status(&flooded.node.address).0 == 200);
    drop(lines);
    until("room for others", || busy().0 == 200);
    flooded.node.stop();
}

/// Kilobytes of memory that a process has; `None` where nobody says.
fn resident(process: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

/// A flood of the largest batches makes nothing grow beyond what the requests at work need.
#[test]
fn a_flood_does_not_grow_the_memory() {
    let flooded = Flooded::start();
    let batch = json!({ "checks": vec![question(); 1000] });
    for (url, process) in flooded.places() {
        let Some(before) = resident(process) else { return };
        let (over, most, shed) = (AtomicBool::new(false), AtomicU64::new(before), AtomicUsize::new(0));
        thread::scope(|scope| {
            for client in 0..CLIENTS {
                let (over, shed, batch, token) = (&over, &shed, &batch, &flooded.tokens[client % 2]);
                scope.spawn(move || {
                    while !over.load(Ordering::Relaxed) {
                        match check(url, token, batch) {
                            Some((429 | 503, Some(_))) => _ = shed.fetch_add(1, Ordering::Relaxed),
                            // Who is refused before all was sent may not see it.
                            Some((200, None)) | None => {}
                            other => panic!("{url}: {other:?}"),
                        }
                    }
                });
            }
            let until = Instant::now() + FLOOD;
            while Instant::now() < until {
                most.fetch_max(resident(process).unwrap(), Ordering::Relaxed);
                thread::yield_now();
            }
            over.store(true, Ordering::Relaxed);
        });
        let (grown, shed) = (most.into_inner() - before, shed.into_inner());
        eprintln!("{url}: {before} kB, {grown} kB more when flooded, {shed} requests shed");
        assert!(shed > CLIENTS && grown < GROWTH, "{url}: {before} kB, {grown} kB more, {shed} shed");
    }
    flooded.node.stop();
}

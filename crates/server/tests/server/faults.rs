//! Faults: the real program killed at any moment under write load, and two nodes that race for seats.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{self, Caller, Node, SERVICE_ID, Storage};

/// How often each database is killed.
const KILLS: usize = 6;

/// EVT-01, LIC-06: `kill -9` under load, again and again: what was acknowledged is there, nothing is half
/// done, no log has a gap, no pool holds more than it was granted.
#[test]
fn killed_at_any_moment_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    kill_under_load(&Storage::Sqlite(folder.path().to_owned()));
}

/// EVT-01, LIC-06: the same on PostgreSQL.
#[test]
fn killed_at_any_moment_on_postgres() {
    let Some(url) = support::postgres("killed") else { return };
    kill_under_load(&Storage::Postgres(url));
}

fn kill_under_load(storage: &Storage) {
    support::create_operator(storage);
    let mut acknowledged: BTreeSet<String> = BTreeSet::new();
    let first = Node::start(storage);
    support::sell(&first, 100_000);
    first.stop();
    for round in 0..KILLS {
        let node = Node::start(storage);
        let admin = support::customer_admin(&node);
        acknowledged.extend(assign_until_killed(node, &admin.token, round));
        let node = Node::start(storage);
        check_everything(&support::customer_admin(&node), &acknowledged);
        node.stop();
    }
    assert!(acknowledged.len() > KILLS, "the load was real: {}", acknowledged.len());
}

/// Eight clients create users and give them seats until the program is killed; the addresses of those
/// whose seat was acknowledged.
fn assign_until_killed(node: Node, token: &str, round: usize) -> BTreeSet<String> {
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..8)
        .map(|client| {
            let (acknowledged, stop) = (Arc::clone(&acknowledged), Arc::clone(&stop));
            let caller = node.caller(token);
            let path = format!("/licenses/{SERVICE_ID}/assignments");
            thread::spawn(move || {
                for n in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let email = format!("r{round}-c{client}-n{n}@contoso.example");
                    if caller.post("/users", &json!({ "email": email, "name": "Somebody" })).is_none() {
                        return;
                    }
                    let assigned = caller.post(&path, &json!({ "users": [email] }));
                    if assigned.is_some_and(|(status, _)| status == 200) {
                        acknowledged.lock().unwrap().insert(email);
                    }
                }
            })
        })
        .collect();
    // Until there is something to lose, and a little further each round.
    while acknowledged.lock().unwrap().len() < 10 + round * 7 {
        thread::yield_now();
    }
    node.kill();
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.join().unwrap();
    }
    Arc::try_unwrap(acknowledged).unwrap().into_inner().unwrap()
}

fn check_everything(admin: &Caller, acknowledged: &BTreeSet<String>) {
    let seated: BTreeSet<String> = admin
        .all(&format!("/licenses/{SERVICE_ID}/seats"))
        .iter()
        .map(|seat| seat["user"]["email"].as_str().or(seat["email"].as_str()).unwrap_or_default().to_owned())
        .collect();
    let lost: Vec<&String> = acknowledged.difference(&seated).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let pool = admin.get(&format!("/licenses/{SERVICE_ID}"));
    assert_eq!(pool["assigned"].as_u64(), Some(seated.len() as u64), "the counter is the number of seats");
    let (mut after, mut taken) = (0, 0);
    loop {
        let page = admin.get(&format!("/events?after={after}&limit=1000"));
        let items = page["items"].as_array().unwrap().clone();
        if items.is_empty() {
            assert_eq!(page["head"].as_i64(), Some(after));
            break;
        }
        for event in items {
            after += 1;
            assert_eq!(event["position"].as_i64(), Some(after), "no gap");
            let users = event["data"]["users"].as_array().map_or(0, Vec::len);
            taken += if event["kind"] == "seats.taken" { users } else { 0 };
        }
    }
    assert_eq!(taken, seated.len(), "an event for every seat, a seat for every event");
}

/// LIC-06: 64 clients assign the last ten seats through two programs on one PostgreSQL: ten succeed.
#[test]
fn two_nodes_share_the_last_ten_seats() {
    let Some(url) = support::postgres("race") else { return };
    let storage = Storage::Postgres(url);
    support::create_operator(&storage);
    let nodes = [Node::start(&storage), Node::start(&storage)];
    support::sell(&nodes[0], 10);
    let admin = support::customer_admin(&nodes[0]);
    for client in 0..64 {
        let body = json!({ "email": format!("u{client}@contoso.example"), "name": "Somebody" });
        assert_eq!(admin.post("/users", &body).unwrap().0, 201);
    }
    for round in 0..5 {
        let clients: Vec<_> = (0..64)
            .map(|client| {
                let caller = nodes[client % 2].caller(&admin.token);
                let path = format!("/licenses/{SERVICE_ID}/assignments");
                thread::spawn(move || {
                    let body = json!({ "users": [format!("u{client}@contoso.example")] });
                    caller.post(&path, &body).unwrap()
                })
            })
            .collect();
        let answers: Vec<(u16, Value)> = clients.into_iter().map(|client| client.join().unwrap()).collect();
        let succeeded = answers.iter().filter(|(status, _)| *status == 200).count();
        let refused = answers.iter().filter(|(_, answer)| answer["code"] == "assignment.refused").count();
        assert_eq!((succeeded, refused), (10, 54), "round {round}");
        let pool = admin.get(&format!("/licenses/{SERVICE_ID}"));
        assert_eq!((&pool["assigned"], &pool["available"]), (&json!(10), &json!(0)));
        let everybody: Vec<String> = (0..64).map(|client| format!("u{client}@contoso.example")).collect();
        let path = format!("/licenses/{SERVICE_ID}/unassignments");
        assert_eq!(admin.post(&path, &json!({ "users": everybody })).unwrap().0, 200);
    }
    for node in nodes {
        node.stop();
    }
}

/// PKG-10: an upload is whole or not there, whether the client hangs up half way or the program is killed at
/// any moment of it.
#[test]
fn an_upload_is_whole_or_not_there_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    break_uploads(&Storage::Sqlite(folder.path().to_owned()));
}

/// PKG-10: the same on PostgreSQL.
#[test]
fn an_upload_is_whole_or_not_there_on_postgres() {
    let Some(url) = support::postgres("uploads") else { return };
    break_uploads(&Storage::Postgres(url));
}

const PACKAGE: &str = "/offers/f365/package";
const CONTENT: &str = "/offers/f365/package/content";

/// Another package of several pieces in every round.
fn package(round: usize) -> Vec<u8> {
    let noise = |n: u32| n.wrapping_mul(0x9E37_79B9).to_be_bytes()[0];
    let content: Vec<u8> = (0..5_000_000).map(|n| noise(n + u32::try_from(round).unwrap())).collect();
    ::package::samples::archive("large.bin", &content).unwrap()
}

fn break_uploads(storage: &Storage) {
    support::create_operator(storage);
    let node = Node::start(storage);
    support::sell(&node, 1);
    let publisher = node.sign_in("admin@fabrikam.example");
    let half = package(0);
    drop(publisher.begin_upload(PACKAGE, half.len(), &half[..half.len() / 2]));
    assert_eq!(publisher.send("GET", PACKAGE, None).unwrap().1["code"], "package.none");
    let line = publisher.begin_upload(PACKAGE, half.len(), &half[..half.len() / 2]);
    node.kill();
    drop(line);
    let mut present: Option<Vec<u8>> = None;
    for round in 0..KILLS {
        let sent = package(round);
        let node = Node::start(storage);
        let publisher = node.sign_in("admin@fabrikam.example");
        let mut line = publisher.begin_upload(PACKAGE, sent.len(), &sent);
        // All of it is there; how far the program has come with it when it is killed is another every time.
        line.set_read_timeout(Some(Duration::from_millis(1 << (2 * round)))).unwrap();
        let acknowledged = line.read(&mut [0; 12]).is_ok_and(|count| count > 0);
        node.kill();
        let node = Node::start(storage);
        let found = node.sign_in("admin@fabrikam.example").download(CONTENT);
        assert!(found == present || found.as_ref() == Some(&sent), "round {round}: neither before nor after");
        assert!(!acknowledged || found == Some(sent), "round {round}: acknowledged and lost");
        present = found;
        node.stop();
    }
    let node = Node::start(storage);
    let publisher = node.sign_in("admin@fabrikam.example");
    let mut line = publisher.begin_upload(PACKAGE, half.len(), &half);
    let mut answer = [0; 12];
    line.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 201");
    assert!(publisher.download(CONTENT) == Some(half), "the same bytes, sent again, are whole");
    node.stop();
}

/// An endpoint of a customer: the ids of the events that came.
fn endpoint() -> (String, Arc<Mutex<BTreeSet<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let came = Arc::new(Mutex::new(BTreeSet::new()));
    let kept = Arc::clone(&came);
    thread::spawn(move || {
        for line in listener.incoming() {
            let (mut line, kept) = (line.unwrap(), Arc::clone(&kept));
            thread::spawn(move || {
                let (mut reader, mut length) = (BufReader::new(line.try_clone().unwrap()), 0);
                let mut head = String::new();
                while reader.read_line(&mut head).unwrap() > 2 {
                    let (name, value) = head.split_once(':').unwrap_or_default();
                    match name.to_lowercase().as_str() {
                        "webhook-id" => _ = kept.lock().unwrap().insert(value.trim().to_owned()),
                        "content-length" => length = value.trim().parse().unwrap(),
                        _ => {}
                    }
                    head.clear();
                }
                reader.read_exact(&mut vec![0; length]).unwrap();
                let _ =
                    line.write_all(b"HTTP/1.1 204 Told\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            });
        }
    });
    (url, came)
}

/// What happened to requests so far.
#[derive(Default)]
struct Seen {
    acknowledged: BTreeSet<String>,
    refused: BTreeSet<String>,
    refusals: usize,
}

/// Assigns until told to stop, whatever the answers: each is an acknowledgement or a refusal for now.
fn assign_through(caller: &Caller, client: usize, stop: &AtomicBool, seen: &Mutex<Seen>) {
    for n in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let email = format!("c{client}-n{n}@contoso.example");
        let created = caller.post("/users", &json!({ "email": email, "name": "Somebody" })).unwrap();
        let path = format!("/licenses/{SERVICE_ID}/assignments");
        let (status, answer) = match created {
            (201, _) => caller.post(&path, &json!({ "users": [email] })).unwrap(),
            refused => refused,
        };
        let mut seen = seen.lock().unwrap();
        if status == 200 {
            seen.acknowledged.insert(email);
            continue;
        }
        assert_eq!(status, 503, "{answer}");
        assert!(answer["context"]["retry_after_seconds"].as_u64() > Some(0), "{answer}");
        seen.refused.insert(answer["code"].as_str().unwrap().to_owned());
        seen.refusals += 1;
    }
}

#[expect(clippy::disallowed_methods, reason = "another process is waited for")]
fn until(what: &str, mut reached: impl FnMut() -> bool) {
    for _ in 0..6000 {
        if reached() {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("never came to: {what}");
}

/// EVT-03: the database goes in the middle of everything and comes back: meanwhile requests are refused for now,
/// what was acknowledged is there, and jobs and readers go on by themselves.
#[test]
fn the_database_is_gone_for_a_while() {
    let Some(cluster) = support::own_cluster() else { return };
    let storage = Storage::Postgres(cluster.url("postgres"));
    support::create_operator(&storage);
    let node = Node::start(&storage);
    support::sell(&node, 100_000);
    let admin = support::customer_admin(&node);
    let (url, came) = endpoint();
    let made = admin.post("/webhooks", &json!({ "url": url, "kinds": ["seats.taken"] })).unwrap();
    assert_eq!(made.0, 201, "{}", made.1);
    let (seen, stop) = (Mutex::new(Seen::default()), AtomicBool::new(false));
    thread::scope(|scope| {
        for client in 0..4 {
            let (caller, seen, stop) = (node.caller(&admin.token), &seen, &stop);
            scope.spawn(move || assign_through(&caller, client, stop, seen));
        }
        until("load", || seen.lock().unwrap().acknowledged.len() >= 20);
        cluster.stop().unwrap();
        until("refusals", || seen.lock().unwrap().refusals >= 20);
        cluster.start_again().unwrap();
        let before = seen.lock().unwrap().acknowledged.len();
        until("acknowledgements again", || seen.lock().unwrap().acknowledged.len() >= before + 20);
        stop.store(true, Ordering::Relaxed);
    });
    let seen = seen.into_inner().unwrap();
    let known = ["server.outcome_unknown", "server.unavailable"].map(str::to_owned);
    assert!(seen.refused.is_subset(&BTreeSet::from(known)), "{:?}", seen.refused);
    let assigned = admin.get(&format!("/licenses/{SERVICE_ID}"))["assigned"].as_u64();
    until("an event for every seat", || Some(came.lock().unwrap().len() as u64) == assigned);
    let seats = admin.all(&format!("/licenses/{SERVICE_ID}/seats"));
    assert_eq!(assigned, Some(seats.len() as u64));
    let seated: BTreeSet<String> =
        seats.iter().filter_map(|seat| seat["user"]["email"].as_str().map(str::to_owned)).collect();
    let lost: Vec<_> = seen.acknowledged.difference(&seated).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    node.stop();
    support::examine(&storage);
}

/// A file system of a few megabytes, gone with this.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` where it cannot be mounted.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        let mounted = mount.args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"]).arg(folder.path()).output();
        mounted.is_ok_and(|mounted| mounted.status.success()).then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// LIC-06: no room on the disk: writes are refused with a reason of their own, reads go on, nothing is half
/// done, and with room again writes succeed without a restart.
#[test]
#[expect(clippy::print_stderr, reason = "what is skipped must be seen")]
fn the_disk_is_full_for_a_while() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("\n*** SKIPPED: no file system can be mounted here ***\n");
        return;
    };
    let storage = Storage::Sqlite(disk.0.path().to_owned());
    support::create_operator(&storage);
    let node = Node::start(&storage);
    support::sell(&node, 100_000);
    let admin = support::customer_admin(&node);
    let rest = disk.0.path().join("rest");
    let mut filling = std::fs::File::create(&rest).unwrap();
    while filling.write_all(&[0; 4096]).is_ok() {}
    let (seen, stop) = (Mutex::new(Seen::default()), AtomicBool::new(false));
    thread::scope(|scope| {
        for client in 0..4 {
            let (caller, seen, stop) = (node.caller(&admin.token), &seen, &stop);
            scope.spawn(move || assign_through(&caller, client, stop, seen));
        }
        until("refusals", || seen.lock().unwrap().refusals >= 20);
        assert_eq!(admin.get(&format!("/licenses/{SERVICE_ID}"))["granted"], 100_000, "reads go on");
        filling.set_len(0).unwrap();
        let before = seen.lock().unwrap().acknowledged.len();
        until("acknowledgements again", || seen.lock().unwrap().acknowledged.len() >= before + 20);
        stop.store(true, Ordering::Relaxed);
    });
    let seen = seen.into_inner().unwrap();
    assert_eq!(seen.refused, BTreeSet::from(["server.storage_full".to_owned()]));
    check_everything(&admin, &seen.acknowledged);
    node.stop();
    support::examine(&storage);
}

//! CHK-04, CHK-08, CHK-09: the client, with a server that is there, gone, slow, overloaded, or not ours.

use std::future::Future;
use std::io::Write as _;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use seatline::{
    AsyncClient, Client, Credentials, Error, FeatureValue, FileStore, How, LeaseFor, ME, Question, Settings,
};
use serde_json::{Value, json};

use crate::support::{Fake, Reply, gone, problem};

const T: i64 = 1_800_000_000;
const GOLD: &str = "fabrikam.f365.gold";

fn yes() -> Value {
    json!({ "allowed": true, "reason": "licensed", "service_ids": [GOLD], "features": { "export": true, "rows": 5 },
        "at": T, "fresh_seconds": 60, "grace_seconds": 3600 })
}

fn no() -> Value {
    let refusal = json!({ "title": "Invalid License", "code": "0x80050301", "message": "m", "details": "d" });
    let mut no = yes();
    (no["allowed"], no["reason"], no["refusal"]) = (json!(false), json!("no_seat"), refusal);
    no
}

fn gold(user: &str) -> Question {
    Question::service(user, GOLD).of("ten_1")
}

struct World {
    server: Fake,
    now: Arc<AtomicI64>,
    timeout: Duration,
}

impl World {
    fn new() -> Self {
        Self {
            server: Fake::new(|_| Reply::Json(200, yes())),
            now: Arc::new(AtomicI64::new(T)),
            timeout: Duration::from_secs(10),
        }
    }

    fn settings(&self) -> Settings {
        let now = Arc::clone(&self.now);
        Settings {
            publisher: Some("fabrikam".to_owned()),
            clock: Box::new(move || now.load(Ordering::Relaxed)),
            timeout: self.timeout,
            ..Settings::new(&self.server.address, Credentials::client("cli_1", "s/:é"))
        }
    }

    fn client(&self) -> Client {
        Client::new(self.settings()).unwrap()
    }

    /// What the server does now is as if it were not there: the last answer for its grace, then no.
    fn goes_on_with_the_last_answer(&self, does: impl Fn() -> Reply + Send + Clone + 'static) {
        let client = self.client();
        self.server.answers(|_| Reply::Json(200, yes()));
        assert_eq!(client.check(&gold("usr_1")).unwrap().how, How::Fresh);
        self.server.answers(move |_| does());
        self.now.fetch_add(61, Ordering::Relaxed);
        let decision = client.check(&gold("usr_1")).unwrap();
        assert_eq!((decision.allowed, decision.how), (true, How::Grace));
        let decision = client.check(&gold("usr_2")).unwrap();
        assert_eq!((decision.allowed, decision.reason.as_deref()), (false, Some("unknown")));
        let refusal = decision.refusal.unwrap();
        assert_eq!((refusal.title.as_str(), refusal.code.as_str()), ("Invalid License", "0x80050301"));
        assert!(refusal.details.contains(GOLD), "{}", refusal.details);
        self.now.fetch_add(3600, Ordering::Relaxed);
        let decision = client.check(&gold("usr_1")).unwrap();
        assert_eq!((decision.allowed, decision.reason.as_deref()), (false, Some("expired")));
        self.now.store(T, Ordering::Relaxed);
    }
}

/// CHK-03: what is sent, and what comes of it.
#[test]
fn who_asks_says_so_and_is_answered_with_all_that_the_server_said() {
    let world = World::new();
    let client = world.client();
    let decision = client.check(&gold("usr_1")).unwrap();
    assert_eq!((decision.how, decision.service_ids.as_slice()), (How::Fresh, [GOLD.to_owned()].as_slice()));
    assert_eq!(decision.features["rows"], FeatureValue::Limit(5));
    assert_eq!(client.check(&gold("usr_1")).unwrap().features, decision.features, "also from memory");
    client.check(&Question::component("usr_1", "fab_Forecast").in_offer("fabrikam.f365")).unwrap();
    client.check(&Question::service(ME, GOLD)).unwrap();
    let asked = world.server.asked();
    let paths: Vec<&str> = asked.iter().map(|asked| asked.path.as_str()).collect();
    assert_eq!(paths, ["/api/v1/customer-checks", "/api/v1/checks", "/api/v1/me/checks"]);
    assert_eq!(asked[0].method, "POST");
    assert_eq!(asked[0].json(), json!({ "tenant": "ten_1", "user": "usr_1", "service_id": GOLD }));
    assert_eq!(
        asked[1].json(),
        json!({ "user": "usr_1", "component": "fab_Forecast", "offer": "fabrikam.f365" })
    );
    assert_eq!(asked[2].json(), json!({ "service_id": GOLD }));
    assert!(asked[0].headers.contains("authorization: Bearer token-1"), "{}", asked[0].headers);
    assert_eq!(world.server.tokens(), 1);
    assert!(matches!(client.check(&gold("")), Err(Error::Malformed(_))), "nobody is not whoever asks");
}

/// CHK-04, CHK-05: a refusal brings its screen, and with a freshness token the server decides or nobody.
#[test]
fn with_freshness_the_server_decides_or_nobody() {
    let world = World::new();
    let client = world.client();
    assert!(client.check(&gold("usr_1")).unwrap().allowed);
    world.server.answers(|_| Reply::Json(200, no()));
    let decision = client.check_at(&gold("usr_1"), "ten_1@7").unwrap();
    assert_eq!(
        (decision.allowed, decision.how, decision.refusal.unwrap().message),
        (false, How::Fresh, "m".to_owned())
    );
    assert!(world.server.asked()[1].headers.contains("freshness-token: ten_1@7"));
    world.server.answers(|_| gone());
    let decision = client.check_at(&gold("usr_1"), "latest").unwrap();
    assert_eq!((decision.allowed, decision.how), (false, How::Refused));
}

/// CHK-07: in order, each once, and only what is not known.
#[test]
fn many_are_asked_at_once() {
    let world = World::new();
    let client = world.client();
    client.check(&gold("usr_1")).unwrap();
    world.server.answers(|asked| {
        let checks = asked.json()["checks"].as_array().unwrap().clone();
        let results: Vec<Value> =
            checks.iter().map(|it| if it["user"] == "usr_2" { no() } else { yes() }).collect();
        Reply::Json(200, json!({ "results": results }))
    });
    world.server.asked();
    let found = client.check_many(&["usr_2", "usr_1", "usr_3", "usr_2"].map(gold)).unwrap();
    let found: Vec<_> = found.iter().map(|decision| (decision.allowed, decision.how)).collect();
    assert_eq!(found, [(false, How::Fresh), (true, How::Cached), (true, How::Fresh), (false, How::Fresh)]);
    client.check_many(&(0..2500).map(|n| gold(&format!("u{n}"))).collect::<Vec<_>>()).unwrap();
    let asked = world.server.asked();
    let sizes: Vec<usize> =
        asked.iter().map(|asked| asked.json()["checks"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [2, 1000, 1000, 500]);
    world.server.answers(|_| Reply::Json(200, json!({ "results": [yes()] })));
    assert!(client.check_many(&["a", "b"].map(gold)).unwrap().iter().all(|decision| !decision.allowed));
}

/// CHK-09: whatever the server does.
#[test]
fn whatever_the_server_does_the_last_answer_holds_for_its_grace() {
    let world = World::new();
    for status in [500, 502, 503, 408] {
        world.goes_on_with_the_last_answer(move || Reply::Text(status, "", "…".to_owned()));
        world.goes_on_with_the_last_answer(move || problem(status, "server.failed"));
    }
    for status in [400, 401, 403, 404, 410] {
        world.goes_on_with_the_last_answer(move || Reply::Text(status, "", "<html>no</html>".to_owned()));
        world.goes_on_with_the_last_answer(move || {
            Reply::Json(status, json!({ "code": "resource.not_found" }))
        });
    }
    for body in
        ["", "<html>", "true", "[]", r#"{"allowed":"true"}"#, r#"{"allowed":1}"#, r#"{"allowed":true"#]
    {
        world.goes_on_with_the_last_answer(move || Reply::Text(200, "", body.to_owned()));
    }
    world.goes_on_with_the_last_answer(|| Reply::Text(200, "", "[".repeat(100_000)));
    world.goes_on_with_the_last_answer(|| Reply::Raw(Box::new(drop)));
    let elsewhere = Fake::new(|_| Reply::Json(200, yes()));
    let location: &'static str = Box::leak(format!("location: {}/x\r\n", elsewhere.address).into_boxed_str());
    for status in [301, 302, 307] {
        world.goes_on_with_the_last_answer(move || Reply::Text(status, location, String::new()));
    }
    assert!(elsewhere.asked().is_empty(), "no token goes to wherever an address points");
    let cut = "HTTP/1.1 200 X\r\ncontent-length: 9999\r\n\r\n{\"allowed\":true";
    world.goes_on_with_the_last_answer(|| Reply::Raw(Box::new(|mut to| _ = to.write_all(cut.as_bytes()))));
}

/// CHK-09: a server that is slow, also byte by byte, is waited for as long as is said.
#[test]
fn a_slow_server_is_as_one_that_is_gone() {
    let world = World { timeout: Duration::from_millis(500), ..World::new() };
    let began = Instant::now();
    world.goes_on_with_the_last_answer(|| {
        Reply::Raw(Box::new(|mut to| {
            let head = b"HTTP/1.1 200 X\r\ncontent-length: 9999\r\n\r\n";
            let mut bytes = head.iter().chain(std::iter::repeat(&b' '));
            let (_nobody, never) = std::sync::mpsc::channel::<()>();
            while bytes.next().is_some_and(|byte| to.write_all(&[*byte]).is_ok()) {
                // Somebody sends nothing, so this takes as long as it may.
                let _ = never.recv_timeout(Duration::from_millis(20));
            }
        }))
    });
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

/// One that says when to come again is left alone until then; a customer that is none is refused.
#[test]
fn what_the_server_says_of_the_call_is_told() {
    let world = World::new();
    world.server.answers(|_| Reply::Text(429, "retry-after: 100\r\n", String::new()));
    let client = world.client();
    for _ in 0..3 {
        assert!(!client.check(&gold("usr_1")).unwrap().allowed);
    }
    assert_eq!(world.server.asked().len(), 1);
    let client = world.client();
    world.server.answers(|_| problem(404, "resource.not_found"));
    let decision = client.check(&gold("usr_1")).unwrap();
    assert_eq!((decision.how, decision.reason.as_deref()), (How::Fresh, Some("resource.not_found")));
    assert!(decision.refusal.unwrap().message.contains("Ask your administrator"));
    world.server.answers(|_| problem(401, "identity.unauthenticated"));
    let tokens = world.server.tokens();
    let refused = client.check(&gold("usr_2")).unwrap_err();
    assert!(matches!(&refused, Error::Refused { status: 401, .. }), "{refused}");
    assert_eq!(world.server.tokens(), tokens + 1, "a token that is refused is renewed once");
}

fn case() -> (String, String, Question, Value) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/client-vectors.json");
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    let case = cases.iter().find(|case| case["name"] == "A list revokes a lease").unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let asked = serde_json::from_value(case["steps"][2]["ask"].clone()).unwrap();
    let (lease, list) = (text(&case["steps"][1]["lease"]), text(&case["steps"][3]["revocations"]));
    (lease, list, asked, vectors["key_sets"]["old"].clone())
}

/// CHK-08: a lease by file, carried through restarts until a list by file revokes it.
#[test]
fn a_lease_from_a_file_is_carried_until_a_list_revokes_it() {
    let (world, (lease, list, asked, keys)) = (World::new(), case());
    let folder = tempfile::tempdir().unwrap();
    let client = || {
        let store = FileStore::new(folder.path().join("license.json"));
        let issuer = Some("https://market.example".to_owned());
        Client::new(Settings { issuer, store: Some(Box::new(store)), ..world.settings() }).unwrap()
    };
    world.server.answers(|_| gone());
    let rejected = client().leases().load(&lease).unwrap_err();
    assert!(matches!(&rejected, Error::Rejected(why) if why.cause() == "key_unknown"), "{rejected}");
    client().load_keys(keys);
    client().leases().load(&format!("{lease}\n")).unwrap();
    let decision = client().check(&asked).unwrap();
    assert_eq!((decision.how, decision.lease.is_some()), (How::Leased, true));
    assert_eq!(decision.service_ids, [GOLD]);
    assert!(client().revocations().load(&list).unwrap().is_some());
    assert!(client().revocations().load(&list).unwrap().is_none(), "it is kept already");
    let decision = client().check(&asked).unwrap();
    assert_eq!((decision.allowed, decision.reason.as_deref()), (false, Some("revoked")));
    assert!(decision.refusal.unwrap().message.contains("taken back"));
}

/// CHK-08: a lease is acquired, used and given back.
#[test]
fn a_lease_is_acquired_and_given_back() {
    let (world, (lease, list, asked, keys)) = (World::new(), case());
    world.server.answers(move |asked| match asked.path.as_str() {
        "/.well-known/jwks.json" => Reply::Json(200, keys.clone()),
        path if path.contains("revocations") => Reply::Json(200, json!({ "token": list })),
        path if path.contains("check") => gone(),
        _ => Reply::Json(201, json!({ "token": lease })),
    });
    let issuer = Some("https://market.example".to_owned());
    let client = Client::new(Settings { issuer, ..world.settings() }).unwrap();
    let (tenant, user) = (asked.tenant.clone(), Some(asked.user.clone()));
    let services = vec![GOLD.to_owned()];
    let wanted = LeaseFor {
        tenant: tenant.clone(),
        user: user.clone(),
        services: services.clone(),
        ..LeaseFor::default()
    };
    let lease = client.leases().acquire(&wanted).unwrap();
    assert_eq!(client.check(&asked).unwrap().how, How::Leased);
    client.leases().give_back(&lease, user.as_deref(), tenant.as_deref()).unwrap();
    assert!(client.leases().list().is_empty());
    let own = LeaseFor { user: Some(ME.to_owned()), services: services.clone(), ..LeaseFor::default() };
    client.leases().acquire(&own).unwrap();
    client.leases().acquire(&LeaseFor { seats: Some(5), services, ..LeaseFor::default() }).unwrap();
    client.revocations().fetch(None, tenant.as_deref()).unwrap();
    client.revocations().fetch(Some(ME), None).unwrap();
    assert!(matches!(client.leases().acquire(&LeaseFor::default()), Err(Error::Malformed(_))));
    let asked = world.server.asked();
    let written: Vec<_> = asked.iter().filter(|it| it.path.contains("lease")).collect();
    let paths: Vec<&str> = written.iter().map(|asked| asked.path.as_str()).collect();
    let tenant = tenant.unwrap();
    let returned = format!("/api/v1/customer-leases/{}/return", lease.id);
    let list = format!("/api/v1/customer-lease-revocations?tenant={tenant}");
    let own = "/api/v1/me/lease-revocations?publisher=fabrikam";
    assert_eq!(
        paths,
        ["/api/v1/customer-leases", &returned, "/api/v1/me/leases", "/api/v1/leases", &list, own]
    );
    assert_eq!(written[0].json(), json!({ "tenant": tenant, "user": user, "service_ids": [GOLD] }));
    assert_eq!(written[3].json(), json!({ "seats": 5, "service_ids": [GOLD] }));
    assert!(written[..4].iter().all(|asked| asked.headers.contains("idempotency-key: ")));
}

/// Many threads that ask the same share one call; asynchronous code does as blocking code does.
#[test]
fn who_asks_the_same_meanwhile_shares_the_call() {
    let world = World::new();
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let mut wait = Some(wait);
    world.server.answers(move |_| {
        if let Some(wait) = wait.take() {
            let _ = wait.recv_timeout(Duration::from_millis(300));
        }
        Reply::Json(200, yes())
    });
    let client = AsyncClient::new(world.client());
    let asking: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            std::thread::spawn(move || block_on(client.check(&gold("usr_1"))).unwrap().allowed)
        })
        .collect();
    let allowed: Vec<bool> = asking.into_iter().map(|thread| thread.join().unwrap()).collect();
    drop(go);
    assert_eq!((allowed, world.server.asked().len()), (vec![true; 8], 1));
    assert_eq!(block_on(client.check(&gold("usr_1"))).unwrap().how, How::Cached);
    let many = block_on(client.check_many(&[gold("usr_1")])).unwrap();
    assert_eq!(many[0].how, How::Cached);
    world.server.answers(|_| gone());
    assert!(matches!(block_on(client.rights("usr_1", None)), Err(Error::Unreachable(_))));
}

struct Thread(std::thread::Thread);

impl Wake for Thread {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The smallest runtime.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let (mut future, waker) = (pin!(future), Waker::from(Arc::new(Thread(std::thread::current()))));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

//! The real program, started and stopped, and somebody who calls it.

pub mod edges;
pub mod storefront;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use db::testing::Cluster;
use serde_json::{Value, json};

/// The password of everybody.
pub const PASSWORD: &str = "correct horse battery";

/// Where a program keeps its rows.
pub enum Storage {
    /// A folder.
    Sqlite(PathBuf),
    /// An address.
    Postgres(String),
}

impl Storage {
    fn arguments(&self) -> Vec<String> {
        match self {
            Self::Sqlite(folder) => vec!["--data".to_owned(), folder.display().to_string()],
            Self::Postgres(url) => vec!["--database".to_owned(), url.clone()],
        }
    }
}

/// A database of its own in the test cluster; `None` where there is no PostgreSQL.
pub fn postgres(name: &str) -> Option<String> {
    let cluster = Cluster::shared()?;
    let name = format!("{name}_{}", std::process::id());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(cluster.create_database(&name)).unwrap();
    Some(cluster.url(&name))
}

pub fn create_operator(storage: &Storage) {
    let made = program()
        .args(["admin", "create-operator", "--email", "operator@marketplace.example", "--name", "Olga"])
        .args(storage.arguments())
        .env("SEATLINE_PASSWORD", PASSWORD)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_seatline"))
}

/// A cluster that may be stopped; `None` where PostgreSQL is not installed.
#[expect(clippy::disallowed_methods, reason = "tests are configured by the environment")]
pub fn own_cluster() -> Option<Cluster> {
    match Cluster::start(true) {
        Ok(cluster) => Some(cluster),
        Err(why) => {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL must be there under CI: {why}");
            None
        }
    }
}

/// What `seatline doctor` finds wrong fails the test.
pub fn examine(storage: &Storage) {
    let examined = program().arg("doctor").args(storage.arguments()).output().unwrap();
    let said = String::from_utf8_lossy(&examined.stdout);
    assert!(examined.status.success(), "{said}{}", String::from_utf8_lossy(&examined.stderr));
}

/// A running program, killed when it goes.
pub struct Node {
    child: Child,
    /// The address and port it is called at.
    pub address: String,
}

impl Node {
    pub fn start(storage: &Storage) -> Self {
        Self::start_at(storage, "127.0.0.1:0")
    }

    pub fn start_at(storage: &Storage, listen: &str) -> Self {
        Self::start_with(storage, listen, &[])
    }

    /// With these keys of the configuration.
    pub fn start_with(storage: &Storage, listen: &str, keys: &[(&str, &str)]) -> Self {
        let allowed =
            [("SEATLINE_OUTBOUND_ALLOW_HTTP", "true"), ("SEATLINE_OUTBOUND_ALLOW_NETWORKS", "127.0.0.0/8")];
        let mut child = program()
            .envs(allowed)
            .envs(keys.iter().copied())
            .args(["serve", "--listen", listen])
            .args(storage.arguments())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening on ").map(str::to_owned));
        Self { child, address: ready.expect("the program says where it listens") }
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    pub fn caller(&self, token: &str) -> Caller {
        Caller { address: self.address.clone(), token: token.to_owned() }
    }

    pub fn sign_in(&self, email: &str) -> Caller {
        let body = json!({ "email": email, "password": PASSWORD });
        let (status, session) = self.caller("").post("/sessions", &body).unwrap();
        assert_eq!(status, 201, "{session}");
        self.caller(session["token"].as_str().unwrap())
    }

    /// `kill -9`.
    pub fn kill(self) {
        drop(self);
    }

    /// As an operator would.
    pub fn stop(mut self) {
        let asked = Command::new("kill").arg(self.process().to_string()).status().unwrap();
        assert!(asked.success());
        assert!(self.child.wait().unwrap().success(), "a program that is asked to stop ends well");
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody with a token.
pub struct Caller {
    address: String,
    pub token: String,
}

impl Caller {
    /// Status and body; `None` if the program did not answer.
    pub fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Option<(u16, Value)> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/api/v1{path}", self.address))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json");
        let text = body.map(Value::to_string).unwrap_or_default();
        let mut response = agent.run(request.body(text).unwrap()).ok()?;
        let text = response.body_mut().with_config().limit(64 << 20).read_to_string().ok()?;
        Some((response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null)))
    }

    /// Begins to send a package of this length: the line, with these first bytes on it.
    pub fn begin_upload(&self, path: &str, length: usize, first: &[u8]) -> TcpStream {
        let host = self.address.strip_prefix("http://").unwrap();
        let mut line = TcpStream::connect(host).unwrap();
        let token = &self.token;
        let head = format!(
            "PUT /api/v1{path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/zip\r\ncontent-length: {length}\r\n\r\n"
        );
        line.write_all(head.as_bytes()).unwrap();
        line.write_all(first).unwrap();
        line
    }

    /// The body as it came; `None` unless the answer is 200.
    pub fn download(&self, path: &str) -> Option<Vec<u8>> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let request = agent.get(format!("{}/api/v1{path}", self.address));
        let mut response = request.header("authorization", format!("Bearer {}", self.token)).call().unwrap();
        let found = response.status() == 200;
        found.then(|| response.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap())
    }

    pub fn post(&self, path: &str, body: &Value) -> Option<(u16, Value)> {
        self.send("POST", path, Some(body))
    }

    pub fn get(&self, path: &str) -> Value {
        let (status, body) = self.send("GET", path, None).expect("an answer");
        assert_eq!(status, 200, "GET {path}: {body}");
        body
    }

    /// Every row of a list.
    pub fn all(&self, path: &str) -> Vec<Value> {
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("{path}?limit=100{cursor}"));
            rows.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next_cursor"].as_str() else { return rows };
            cursor = format!("&cursor={next}");
        }
    }

    fn done(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.send(method, path, Some(body)).expect("an answer");
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        answer
    }
}

/// What the customer bought.
pub const SERVICE_ID: &str = "fabrikam.f365.gold";

/// The admin of the customer that [`sell`] made.
pub fn customer_admin(node: &Node) -> Caller {
    node.sign_in("admin@contoso.example")
}

/// A publisher, an offer with one plan, a customer, and this many seats.
pub fn sell(node: &Node, seats: i64) {
    let operator = node.sign_in("operator@marketplace.example");
    for (slug, publisher_id) in [("fabrikam", Some("fabrikam")), ("contoso", None)] {
        let admin = json!({ "email": format!("admin@{slug}.example"), "name": "Alex", "password": PASSWORD });
        let body = json!({ "slug": slug, "name": slug, "country": "US", "publisher_id": publisher_id, "admin": admin });
        operator.done("POST", "/tenants", &body);
    }
    let (fabrikam, contoso) = (node.sign_in("admin@fabrikam.example"), node.sign_in("admin@contoso.example"));
    fabrikam.done("POST", "/offers", &json!({ "offer_id": "f365", "alias": "F" }));
    fabrikam.done("POST", "/offers/f365/plans", &json!({ "plan_id": "gold", "name": "Gold" }));
    let tenant = contoso.get("/tenant")["id"].clone();
    let deal = json!({
        "customer": { "company": "contoso", "country": "US" }, "offer": "f365", "contract_type": "new",
        "total_value": { "amount": 100, "currency": "USD" }, "solution_value": { "amount": 100, "currency": "USD" },
        "hosting": "other", "consumption_tenant": "partner", "signed_on": "2026-01-01", "starts_on": "2026-01-01",
        "contact": { "first_name": "Rae", "last_name": "F", "phone": "1", "email": "rae@fabrikam.example" },
    });
    let deal = fabrikam.done("POST", "/deals", &deal)["id"].as_str().unwrap().to_owned();
    fabrikam.done("POST", &format!("/deals/{deal}/submit"), &json!({}));
    let invitation = fabrikam.done("POST", "/invitations", &json!({}));
    contoso.done("POST", "/relationships", &json!({ "token": invitation["token"] }));
    let rows = json!({ "customer": tenant, "plans": [{ "plan": "gold", "quantity": seats }], "remove": [] });
    fabrikam.done("PUT", &format!("/deals/{deal}/licenses"), &rows);
}

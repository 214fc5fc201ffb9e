//! A real server and a real edge of it.

#![expect(clippy::unwrap_used, reason = "what cannot be done fails the test")]

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Node, Storage, create_operator};

/// A running edge.
struct Edge {
    child: Child,
    url: String,
}

impl Edge {
    fn start(upstream: &str, id: &str, secret: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_seatline"))
            .args(["edge", "--upstream", upstream, "--client-id", id, "--listen", "127.0.0.1:0"])
            .env("SEATLINE_CLIENT_SECRET", secret)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").expect(&line).to_owned();
        Self { child, url }
    }

    fn ask(&self, token: &str, freshness: &str, body: &Value) -> (u16, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut asked = agent
            .post(format!("{}/api/v1/checks", self.url))
            .header("authorization", format!("Bearer {token}"));
        if !freshness.is_empty() {
            asked = asked.header("freshness-token", freshness);
        }
        let mut answer = asked.send_json(body).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_json().unwrap_or_default())
    }

    fn health(&self) -> Value {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent.get(format!("{}/healthz", self.url)).call().unwrap();
        answer.body_mut().read_json().unwrap()
    }

    fn wait_for(&self, what: impl Fn(&Value) -> bool) {
        let until = Instant::now() + Duration::from_mins(1);
        while !what(&self.health()) {
            assert!(Instant::now() < until, "{}", self.health());
            std::thread::yield_now();
        }
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn access_token(url: &str, id: &str, secret: &str) -> String {
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    let mut answer = ureq::post(format!("{url}/oauth2/token")).send_form(form).unwrap();
    let answer: Value = answer.body_mut().read_json().unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

/// CHK-05, CHK-09: what was written is answered at the edge as of its token; with the server gone the edge goes on,
/// and after it has come back the edge catches up.
#[test]
fn an_edge_answers_as_its_server_does_and_without_it() {
    let folder = tempfile::TempDir::new().unwrap();
    let storage = Storage::Sqlite(folder.path().to_owned());
    create_operator(&storage);
    let node = Node::start(&storage);
    let operator = node.sign_in("operator@marketplace.example");
    let client = |scopes: &[&str]| {
        let (status, made) =
            operator.post("/api-clients", &json!({ "name": "edge", "scopes": scopes })).unwrap();
        assert_eq!(status, 201, "{made}");
        (made["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
    };
    let (id, secret) = client(&["rights.follow"]);
    let admin = json!({ "email": "ada@contoso.example", "name": "Ada", "password": support::PASSWORD });
    let contoso = json!({ "slug": "contoso", "name": "Contoso", "country": "KR", "publisher_id": null, "admin": admin });
    assert_eq!(operator.post("/tenants", &contoso).unwrap().0, 201);
    let ada = node.sign_in("ada@contoso.example");
    let (status, made) =
        ada.post("/api-clients", &json!({ "name": "app", "scopes": ["check.any"] })).unwrap();
    assert_eq!(status, 201, "{made}");
    let url = node.address.clone();
    let token = access_token(&url, made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());

    let edge = Edge::start(&url, &id, &secret);
    edge.wait_for(|health| health["ready"] == true);
    let (status, user) =
        ada.post("/users", &json!({ "email": "bob@contoso.example", "name": "Bob" })).unwrap();
    assert_eq!(status, 201, "{user}");
    let head = ada.get("/events")["head"].as_i64().unwrap();
    let tenant = ada.get("/tenant")["id"].as_str().unwrap().to_owned();
    let question = json!({ "user": user["id"], "component": "anything" });
    let (status, answer) = edge.ask(&token, &format!("{tenant}@{head}"), &question);
    assert_eq!((status, &answer["reason"]), (200, &json!("unrestricted")), "{answer}");
    let (status, same) = node.caller(&token).post("/checks", &question).unwrap();
    assert_eq!(status, 200);
    for key in ["allowed", "state", "reason", "service_ids", "enforcement", "features", "version", "refusal"]
    {
        assert_eq!(answer[key], same[key], "{key}");
    }
    assert_eq!(edge.ask("nobody.at.all", "", &question).0, 401);
    let by_address = json!({ "user": "bob@contoso.example", "component": "anything" });
    assert_eq!(edge.ask(&token, "", &by_address).1["code"], "check.edge_knows_no_address");
    let (status, refused) = edge.ask(&token, &format!("{tenant}@{}", head + 1000), &question);
    assert_eq!((status, &refused["code"]), (409, &json!("check.freshness_unknown")));

    node.kill();
    let (status, alone) = edge.ask(&token, "", &question);
    assert_eq!((status, &alone["allowed"]), (200, &json!(true)), "{alone}");
    edge.wait_for(|health| health["age_seconds"].as_f64().unwrap() > 2.5);
    let (status, alone) = edge.ask(&token, "", &question);
    assert_eq!(status, 200);
    assert!(alone["grace_seconds"].as_i64() < same["grace_seconds"].as_i64(), "{alone}");

    let node = Node::start_at(&storage, url.strip_prefix("http://").unwrap());
    let ada = node.sign_in("ada@contoso.example");
    let (status, _) = ada.send("DELETE", "/users/bob@contoso.example", None).unwrap();
    assert_eq!(status, 200);
    edge.wait_for(|health| health["age_seconds"].as_f64().unwrap() < 1.0);
    let head = ada.get("/events")["head"].as_i64().unwrap();
    let (status, answer) = edge.ask(&token, &format!("{tenant}@{head}"), &question);
    assert_eq!((status, &answer["reason"]), (200, &json!("user_unknown")), "{answer}");
}

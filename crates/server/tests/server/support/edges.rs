//! A running edge.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::Caller;

/// An edge, killed when it goes.
pub struct Edge {
    child: Child,
    pub url: String,
}

impl Edge {
    pub fn start(upstream: &str, id: &str, secret: &str) -> Self {
        Self::start_with(upstream, (id, secret), &["--listen", "127.0.0.1:0"])
    }

    pub fn start_with(upstream: &str, (id, secret): (&str, &str), arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_seatline"))
            .args(["edge", "--upstream", upstream, "--client-id", id])
            .args(arguments)
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

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    pub fn ask(&self, token: &str, freshness: &str, body: &Value) -> (u16, Value) {
        self.ask_at("checks", token, freshness, body)
    }

    pub fn ask_at(&self, route: &str, token: &str, freshness: &str, body: &Value) -> (u16, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut asked = agent
            .post(format!("{}/api/v1/{route}", self.url))
            .header("authorization", format!("Bearer {token}"));
        if !freshness.is_empty() {
            asked = asked.header("freshness-token", freshness);
        }
        let mut answer = asked.send_json(body).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_json().unwrap_or_default())
    }

    pub fn health(&self) -> Value {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent.get(format!("{}/healthz", self.url)).call().unwrap();
        answer.body_mut().read_json().unwrap()
    }

    /// Its health, once it is as wanted.
    pub fn wait_for(&self, what: impl Fn(&Value) -> bool) -> Value {
        let until = Instant::now() + Duration::from_mins(1);
        loop {
            let health = self.health();
            if what(&health) {
                return health;
            }
            assert!(Instant::now() < until, "{health}");
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

pub fn access_token(url: &str, id: &str, secret: &str) -> String {
    let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
    let mut answer = ureq::post(format!("{url}/oauth2/token")).send_form(form).unwrap();
    let answer: Value = answer.body_mut().read_json().unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

/// An API client of somebody with these scopes: its id and secret.
pub fn api_client(of: &Caller, scopes: &[&str]) -> (String, String) {
    let (status, made) = of.post("/api-clients", &json!({ "name": "app", "scopes": scopes })).unwrap();
    assert_eq!(status, 201, "{made}");
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    (text("id"), text("secret"))
}

//! A real edge, and a marketplace that lies to it.

#[expect(dead_code, reason = "the tests of the SDK use the rest of it")]
#[path = "../../../sdk/tests/sdk/support/mod.rs"]
mod support;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use support::lies::{GRACE, LIES, liar};

struct Edge(Child, String);

impl Edge {
    fn start(upstream: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_seatline"))
            .args(["edge", "--upstream", upstream, "--client-id", "cli_1", "--listen", "127.0.0.1:0"])
            .env("SEATLINE_CLIENT_SECRET", "secret")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").expect(&line).to_owned();
        Self(child, url)
    }

    fn health(&self) -> Value {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        agent.get(format!("{}/healthz", self.1)).call().unwrap().body_mut().read_json().unwrap()
    }

    fn wait_for(&self, what: impl Fn(&Value) -> bool) -> Value {
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
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// CHK-09: an edge that is lied to shows what is wrong, knows no tenant that it should not, and answers nobody once
/// the declared grace is over.
#[test]
fn an_edge_that_is_lied_to_says_so_and_answers_no_longer_than_the_grace() {
    let edges = LIES.map(|(lie, _)| (lie, liar(lie)));
    let edges = edges.map(|(lie, server)| (lie, Edge::start(&server.address), server));
    for (_, edge, _) in &edges {
        edge.wait_for(|health| health["at"].is_i64());
    }
    for (lie, edge, _) in &edges {
        let health = edge.wait_for(|health| health["ready"] == false);
        assert!(health["age_seconds"].as_f64() >= Some(f64::from(GRACE)), "{lie}: {health}");
        assert_eq!(health["tenants"], 1, "{lie}: {health}");
        let of_lines = ["steps", "gap", "snapshot", "tenant", "marketplace", "clock"];
        let of_a_line = of_lines.iter().any(|kind| lie.contains(kind));
        assert_eq!(health["last_fault"].is_string(), of_a_line, "{lie}: {health}");
    }
}

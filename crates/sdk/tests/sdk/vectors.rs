//! The cases that every client of the marketplace runs (`docs/client-vectors.md`), over HTTP and through the store.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use seatline::{Client, Credentials, Error, FileStore, Question, Settings};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{Fake, Reply, gone};

struct World {
    vectors: Value,
    server: Fake,
    clock: Arc<AtomicI64>,
}

impl World {
    fn client(&self, store: &std::path::Path) -> Client {
        let clock = Arc::clone(&self.clock);
        let text = |name: &str| self.vectors[name].as_str().map(str::to_owned);
        Client::new(Settings {
            publisher: text("audience"),
            issuer: text("issuer"),
            store: Some(Box::new(FileStore::new(store))),
            clock: Box::new(move || clock.load(Ordering::Relaxed)),
            ..Settings::new(&self.server.address, Credentials::client("cli_1", "secret"))
        })
        .unwrap()
    }

    /// What came of a step.
    fn step(&self, client: &Client, step: &Value) -> Option<Value> {
        let server = if step["answer"].is_object() { &step["answer"] } else { &step["server"] }.clone();
        self.server.answers(move |asked| match &server {
            Value::Null => gone(),
            _ if asked.path.contains("jwks") => gone(),
            server => Reply::Json(200, server.clone()),
        });
        if let Some(lease) = step["lease"].as_str() {
            return Some(kept(client.leases().load(lease)));
        }
        if let Some(list) = step["revocations"].as_str() {
            let older = json!({ "kept": false, "cause": "older" });
            return Some(client.revocations().load(list).map_or_else(
                |error| kept::<()>(Err(error)),
                |list| list.map_or(older, |_| json!({ "kept": true })),
            ));
        }
        if step["answer"].is_object() {
            let question = Question::deserialize(&step["for"]).unwrap();
            client.check_at(&question, "latest").unwrap();
            return None;
        }
        if let Some(keys) = step["keys"].as_str() {
            client.load_keys(self.vectors["key_sets"][keys].clone());
            return None;
        }
        let question = Question::deserialize(&step["ask"]).unwrap();
        let decision = client.check(&question).unwrap();
        assert_eq!(decision.refusal.is_some(), !decision.allowed, "CHK-04: who is refused reads why");
        let how = decision.how.as_str();
        Some(json!({ "allowed": decision.allowed, "how": how, "reason": decision.reason }))
    }
}

fn kept<T>(outcome: Result<T, Error>) -> Value {
    match outcome {
        Ok(_) => json!({ "kept": true }),
        Err(Error::Rejected(why)) => json!({ "kept": false, "cause": why.cause() }),
        Err(error) => panic!("{error}"),
    }
}

/// CHK-08, CHK-09: fresh, cached, leased, grace, expired, revoked, clock set back, keys changed, forged.
#[test]
fn every_case_that_all_clients_share_is_decided_as_it_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/client-vectors.json");
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(vectors["format"], 1);
    let folder = tempfile::tempdir().unwrap();
    let world = World { vectors, server: Fake::new(|_| gone()), clock: Arc::default() };
    let mut wrong = Vec::new();
    for (number, case) in world.vectors["cases"].as_array().unwrap().iter().enumerate() {
        let store = folder.path().join(number.to_string());
        let mut client = world.client(&store);
        for (at, step) in case["steps"].as_array().unwrap().iter().enumerate() {
            world.clock.store(step["at"].as_i64().unwrap(), Ordering::Relaxed);
            // The ends of files are trimmed here; `entitlement` proves what the machine says of such a text.
            if step["lease"].as_str().is_some_and(|text| text.trim() != text) {
                continue;
            }
            if step["restart"] == true {
                drop(client);
                client = world.client(&store);
                continue;
            }
            let (found, expected) = (world.step(&client, step).unwrap_or_default(), &step["expect"]);
            let has = |(name, value): (&String, &Value)| found.get(name) == Some(value);
            if !expected.as_object().is_none_or(|expected| expected.iter().all(has)) {
                wrong.push(format!("{}, step {}: {found} instead of {expected}", case["name"], at + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

//! The cases that every client of the marketplace runs: `docs/client-vectors.json`.

use serde::Deserialize;
use serde_json::Value;

use crate::client::{Answer, Client, Question, Stored};

#[derive(Deserialize)]
struct Vectors {
    format: u32,
    issuer: String,
    audience: String,
    key_sets: std::collections::BTreeMap<String, Value>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    at: i64,
    #[serde(flatten)]
    what: What,
    expect: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum What {
    Ask {
        ask: Value,
        server: Value,
    },
    Answer {
        answer: Value,
        r#for: Question,
    },
    Lease {
        lease: String,
    },
    Revocations {
        revocations: String,
    },
    Keys {
        keys: String,
    },
    Restart {
        #[expect(dead_code, reason = "it is told by its name")]
        restart: bool,
    },
}

fn ask(client: &mut Client, question: &Value, server: Value, now: i64) -> Value {
    let question = &Question::deserialize(question).unwrap();
    let verdict = match (client.ask(question, now), Answer::read(server)) {
        (Some(verdict), _) => verdict,
        (None, Some(answer)) => client.answered(question, &answer, now),
        (None, None) => client.unreachable(question, now),
    };
    serde_json::json!({ "allowed": verdict.allowed, "how": verdict.how.as_str(), "reason": verdict.reason })
}

fn kept<T>(outcome: Result<T, super::super::NotKept>) -> Value {
    match outcome {
        Ok(_) => serde_json::json!({ "kept": true }),
        Err(why) => serde_json::json!({ "kept": false, "cause": why.cause() }),
    }
}

/// Whether it has all that is expected; an expectation may leave things open.
fn has(found: &Value, expected: &Value) -> bool {
    let expected = expected.as_object().unwrap();
    expected.iter().all(|(name, value)| found.get(name) == Some(value))
}

fn run(vectors: &Vectors, case: &Case) -> Result<(), String> {
    let mut client = Client::new(vectors.issuer.clone(), vectors.audience.clone());
    for (number, step) in case.steps.iter().enumerate() {
        let found = match &step.what {
            What::Ask { ask: question, server } => Some(ask(&mut client, question, server.clone(), step.at)),
            What::Answer { answer, r#for } => {
                let answer = Answer::read(answer.clone()).unwrap();
                client.take_answer(r#for, &answer, step.at);
                None
            }
            What::Lease { lease } => Some(kept(client.take_lease(lease))),
            What::Revocations { revocations } => Some(kept(client.take_revocations(revocations))),
            What::Keys { keys } => {
                client.take_keys(vectors.key_sets[keys].clone());
                None
            }
            What::Restart { .. } => {
                let text = serde_json::to_string(&client.stored()).unwrap();
                let stored: Stored = serde_json::from_str(&text).unwrap();
                client = Client::restored(vectors.issuer.clone(), vectors.audience.clone(), stored);
                None
            }
        };
        if let (Some(found), Some(expected)) = (&found, &step.expect)
            && !has(found, expected)
        {
            return Err(format!("{}, step {}: {found} instead of {expected}", case.name, number + 1));
        }
    }
    Ok(())
}

/// CHK-08, CHK-09: fresh, cached, leased, grace, expired, revoked, clock set back, keys changed, forged.
#[test]
fn every_case_that_all_clients_share_is_decided_as_it_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/client-vectors.json");
    let text = std::fs::read_to_string(path).unwrap();
    let vectors: Vectors = serde_json::from_str(&text).unwrap();
    assert_eq!(vectors.format, 1);
    let wrong: Vec<String> = vectors.cases.iter().filter_map(|case| run(&vectors, case).err()).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.cases.len(), wrong.join("\n"));
}

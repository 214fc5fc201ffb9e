//! A real server and a real edge of it.

#![expect(clippy::unwrap_used, reason = "what cannot be done fails the test")]

#[expect(dead_code, reason = "other tests use the rest of it")]
mod support;
#[expect(dead_code, reason = "other tests use the rest of it")]
#[path = "support/edge.rs"]
mod edges;

use edges::{Edge, access_token};
use serde_json::json;
use support::{Node, Storage, create_operator};

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

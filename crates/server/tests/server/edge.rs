//! A real server and a real edge of it.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use crate::support::edges::{Edge, access_token, api_client};
use crate::support::{self, Caller, Node, Storage, create_operator, storefront};

fn marketplace() -> (TempDir, Storage, Node, Caller) {
    let folder = TempDir::new().unwrap();
    let storage = Storage::Sqlite(folder.path().to_owned());
    create_operator(&storage);
    let node = Node::start(&storage);
    let operator = node.sign_in("operator@marketplace.example");
    (folder, storage, node, operator)
}

/// CHK-05, CHK-09: what was written is answered at the edge as of its token; with the server gone the edge goes on,
/// and after it has come back the edge catches up.
#[test]
fn an_edge_answers_as_its_server_does_and_without_it() {
    let (_folder, storage, node, operator) = marketplace();
    let (id, secret) = api_client(&operator, &["rights.follow"]);
    let admin = json!({ "email": "ada@contoso.example", "name": "Ada", "password": support::PASSWORD });
    let contoso = json!({ "slug": "contoso", "name": "Contoso", "country": "KR", "publisher_id": null, "admin": admin });
    assert_eq!(operator.post("/tenants", &contoso).unwrap().0, 201);
    let ada = node.sign_in("ada@contoso.example");
    let (app, app_secret) = api_client(&ada, &["check.any"]);
    let url = node.address.clone();
    let token = access_token(&url, &app, &app_secret);

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
    let late = Edge::start(&url, &id, &secret);
    let (status, refused) = late.ask(&token, "", &question);
    assert_eq!(
        (status, &refused["code"]),
        (503, &json!("check.edge_not_ready")),
        "not that the token is wrong"
    );
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

/// ASG-10, PLN-07: what is answered at an edge counts at the marketplace, whosever rights the edge follows: uses of
/// seats, and who was let in without one.
#[test]
fn what_edges_answer_is_noted_by_the_marketplace() {
    let (_folder, _storage, node, operator) = marketplace();
    support::sell(&node, 1);
    let (admin, publisher) = (support::customer_admin(&node), node.sign_in("admin@fabrikam.example"));
    let audit = json!({ "enforcement": "audit" });
    assert_eq!(publisher.send("PATCH", "/offers/f365/plans/gold", Some(&audit)).unwrap().0, 200);
    storefront::go_live(&node);
    let user = |name: &str| {
        let body = json!({ "email": format!("{name}@contoso.example"), "name": name });
        admin.post("/users", &body).unwrap().1["id"].clone()
    };
    let (tenant, ana) = (admin.get("/tenant")["id"].clone(), user("ana"));
    let seats = format!("/licenses/{}/assignments", support::SERVICE_ID);
    assert_eq!(admin.post(&seats, &json!({ "users": ["ana@contoso.example"] })).unwrap().0, 200);

    let (mut let_in, mut edges) = (Vec::new(), Vec::new());
    for (follows, scope, asks) in [
        (&operator, "rights.follow", "checks"),
        (&publisher, "check.customers", "customer-checks"),
        (&admin, "check.any", "checks"),
    ] {
        let (id, secret) = api_client(follows, &[scope]);
        let edge = Edge::start(&node.address, &id, &secret);
        edge.wait_for(|health| health["ready"] == true);
        let (asker, scope) =
            if asks == "checks" { (&admin, "check.any") } else { (&publisher, "check.customers") };
        let (id, secret) = api_client(asker, &[scope]);
        let token = access_token(&node.address, &id, &secret);
        let visitor = user(&format!("visitor-of-{asks}-{}", let_in.len()));
        for who in [&ana, &visitor] {
            let mut question = json!({ "user": who, "component": "gold_app" });
            if asks == "customer-checks" {
                question["tenant"] = tenant.clone();
            }
            // A user who was made a moment ago is on the way.
            eventually(|| match edge.ask_at(asks, &token, "", &question).1 {
                answer if answer["allowed"] == true => Ok(()),
                other => Err(other),
            });
        }
        let_in.push(visitor);
        edges.push(edge);
    }
    let known = eventually(|| {
        let known = admin.all("/waived-checks");
        if known.len() == let_in.len() { Ok(known) } else { Err(known) }
    });
    for noted in known {
        assert!(let_in.contains(&noted["user_id"]), "{noted}");
        assert_eq!((&noted["component"], &noted["reason"]), (&json!("gold_app"), &json!("no_seat")));
    }
    for edge in edges {
        assert_eq!(edge.health()["untold"], 0, "uses are told before those who were let in");
    }
}

/// CHK-09, LIC-06: a marketplace that goes on from a backup has other entries at the positions that an edge knows; what it
/// never gave is not answered for longer than the edge needs to ask.
#[test]
fn an_edge_drops_what_a_restored_marketplace_never_gave() {
    let (folder, storage, node, operator) = marketplace();
    support::sell(&node, 1);
    storefront::go_live(&node);
    let admin = support::customer_admin(&node);
    let user = |admin: &Caller, name: &str| {
        let body = json!({ "email": format!("{name}@contoso.example"), "name": name });
        admin.post("/users", &body).unwrap().1["id"].clone()
    };
    let bob = user(&admin, "bob");
    let (id, secret) = api_client(&operator, &["rights.follow"]);
    let (app, app_secret) = api_client(&admin, &["check.any"]);
    let (url, listen) = (node.address.clone(), node.address.strip_prefix("http://").unwrap().to_owned());
    let token = access_token(&url, &app, &app_secret);
    node.stop();
    let backup = TempDir::new().unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), backup.path().join(file.file_name())).unwrap();
    }

    let node = Node::start_at(&storage, &listen);
    let edge = Edge::start(&url, &id, &secret);
    edge.wait_for(|health| health["ready"] == true);
    let seats = format!("/licenses/{}/assignments", support::SERVICE_ID);
    let admin = support::customer_admin(&node);
    assert_eq!(admin.post(&seats, &json!({ "users": ["bob@contoso.example"] })).unwrap().0, 200);
    let question = json!({ "user": bob, "component": "gold_app" });
    let is = |allowed: bool| {
        eventually(|| match edge.ask(&token, "", &question) {
            (200, answer) if answer["allowed"] == allowed => Ok(()),
            other => Err((other, edge.health())),
        });
    };
    is(true);
    node.kill();

    let restored = Storage::Sqlite(backup.path().to_owned());
    let node = Node::start(&restored);
    let admin = support::customer_admin(&node);
    for name in ["carl", "dora", "emil", "fay"] {
        user(&admin, name);
    }
    node.stop();
    let _node = Node::start_at(&restored, &listen);
    is(false);
}

/// What this gives once it gives something, within half a minute.
fn eventually<T, E: std::fmt::Debug>(look: impl Fn() -> Result<T, E>) -> T {
    let until = Instant::now() + Duration::from_secs(30);
    let (_open, nobody) = mpsc::channel::<()>();
    loop {
        match look() {
            Ok(found) => return found,
            Err(other) => assert!(Instant::now() < until, "{other:?}"),
        }
        // Looking costs what those who are looked at need.
        let _ = nobody.recv_timeout(Duration::from_millis(20));
    }
}

/// A question that is sent as simply as can be takes a way of its own through the program (see `app::serve`). It is
/// answered as one that asks to be the last on its connection, which hyper reads.
#[test]
fn questions_are_answered_the_same_by_both_ways() {
    let (_folder, _storage, node, operator) = marketplace();
    support::sell(&node, 3);
    let (id, secret) = api_client(&operator, &["rights.follow"]);
    let edge = Edge::start(&node.address, &id, &secret);
    edge.wait_for(|health| health["ready"] == true);
    let (admin, publisher) = (support::customer_admin(&node), node.sign_in("admin@fabrikam.example"));
    let client = |of: &Caller, scope| {
        let (id, secret) = api_client(of, &[scope]);
        access_token(&node.address, &id, &secret)
    };
    let tokens = [
        client(&admin, "check.any"),
        client(&publisher, "check.customers"),
        admin.token.clone(),
        "no".to_owned(),
    ];
    let (tenant, user) = (admin.get("/tenant")["id"].clone(), admin.all("/users")[0]["id"].clone());
    let own = json!({ "user": user, "service_id": support::SERVICE_ID });
    let customers = json!({ "tenant": tenant, "user": user, "service_id": support::SERVICE_ID });
    let evaluation = json!({
        "subject": { "type": "user", "id": user }, "action": { "name": "use" },
        "resource": { "type": "service", "id": support::SERVICE_ID },
    });
    let bodies = [
        own.to_string(),
        customers.to_string(),
        json!({ "service_id": support::SERVICE_ID }).to_string(),
        json!({ "checks": [own, { "user": "?" }] }).to_string(),
        json!({ "checks": [customers, customers] }).to_string(),
        evaluation.to_string(),
        json!({ "evaluations": [evaluation, {}] }).to_string(),
        "{".to_owned(),
    ];
    let routes = [
        "checks",
        "me/checks",
        "customer-checks",
        "checks/batch",
        "me/checks/batch",
        "customer-checks/batch",
    ];
    let routes = routes.map(|route| format!("/api/v1/{route}"));
    let evaluations = ["/access/v1/evaluation", "/access/v1/evaluations"].map(str::to_owned);
    let mut statuses = std::collections::BTreeSet::new();
    for (place, routes) in
        [(&node.address, [&routes[..], &evaluations].concat()), (&edge.url, routes.to_vec())]
    {
        for ((route, token), body) in routes
            .iter()
            .flat_map(|route| tokens.iter().map(move |token| (route, token)))
            .flat_map(|asked| bodies.iter().map(move |body| (asked, body)))
        {
            let head = format!(
                "POST {route} HTTP/1.1\r\nhost: here\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\naccept-language: ko\r\nx-request-id: one\r\n"
            );
            let ways = ["keep-alive", "close"].map(|connection| {
                answer(
                    place,
                    &format!(
                        "{head}connection: {connection}\r\ncontent-length: {}\r\n\r\n{body}",
                        body.len()
                    ),
                )
            });
            assert_eq!(ways[0], ways[1], "{route} {body}");
            statuses.extend(ways[0].lines().next().map(|line| line[9..12].to_owned()));
        }
    }
    let statuses: Vec<&str> = statuses.iter().map(String::as_str).collect();
    assert_eq!(statuses, ["200", "400", "401", "403", "422"]);
}

/// What is answered, without what time and the connection change: its lines in order of their names, then the body.
fn answer(place: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(place.strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<&str> = head
        .lines()
        .filter(|line| !line.starts_with("date: ") && !line.starts_with("connection: "))
        .collect();
    lines[1..].sort_unstable();
    let mut body = body.to_owned();
    for name in ["\"at\":", "\"fresh_seconds\":", "\"grace_seconds\":"] {
        let digits = |digit: char| digit.is_ascii_digit();
        body = body.split(name).map(|part| part.trim_start_matches(digits)).collect();
    }
    format!("{}\n{body}", lines.join("\n"))
}

//! A marketplace that tells the truth once and lies ever after.

use std::io::Write as _;
use std::net::TcpStream;

use serde_json::{Value, json};

use super::{Asked, Fake, Reply};

pub(crate) const TENANT: &str = "ten_0000000000000000000000000000c0c0";
pub(crate) const STRANGER: &str = "ten_0000000000000000000000000000dead";
/// Has a seat.
pub(crate) const ANA: &str = "usr_0000000000000000000000000000a1a1";
/// Has none, and is given one by every lie.
pub(crate) const BOB: &str = "usr_0000000000000000000000000000b0b0";
pub(crate) const GOLD: &str = "fabrikam.f365.gold";
/// Seconds.
pub(crate) const GRACE: u32 = 4;

/// Every lie by its name, with what is told of it; nothing where it is only that nothing comes.
pub(crate) const LIES: [(&str, Option<&str>); 11] = [
    ("replayed steps", Some("was sent steps from 3")),
    ("a gap", Some("was sent steps from 90")),
    ("an older snapshot", Some("was sent as it was at 2")),
    ("a foreign tenant", Some("another marketplace answers, or for somebody else")),
    ("another marketplace", Some("another marketplace answers, or for somebody else")),
    ("an old clock", Some("a time that was over")),
    ("a hasty clock", Some("runs too fast")),
    ("a cut line", Some("broke off in a line")),
    ("an endless line", Some("the line is too long")),
    ("wrong gzip", Some("broke off")),
    ("silence", None),
];

/// Seconds of the marketplace's clock.
fn at(second: i64) -> String {
    format!("2026-11-26T12:{:02}:{:02}Z", second / 60, second % 60)
}

fn hello(second: i64) -> Value {
    json!({ "hello": { "at": at(second), "issuer": "https://market.example", "publisher": null, "tenant": TENANT,
        "fresh_seconds": 1, "grace_seconds": GRACE } })
}

fn seats(user: &str) -> Value {
    json!({ "seats": { "service": GOLD, "users": [user], "seat": "taken" } })
}

fn whole(tenant: &str, version: i64, user: &str) -> Vec<Value> {
    let part = |change: Value| json!({ "part": { "tenant": tenant, "changes": [change] } });
    vec![
        json!({ "begin": { "tenant": tenant, "version": version } }),
        part(json!({ "users": { "users": [ANA, BOB], "status": "active" } })),
        part(json!({ "license": { "service": GOLD, "license": {} } })),
        part(seats(user)),
        json!({ "end": { "tenant": tenant, "version": version } }),
    ]
}

fn steps(from: i64) -> Value {
    json!({ "steps": { "tenant": TENANT, "from": from, "to": from + 1, "changes": [seats(BOB)] } })
}

fn catalog() -> Value {
    json!({ "catalog": { "version": 1, "services": [{ "id": GOLD, "display_name": "Gold", "more_info_url": null,
        "enforcement": "block", "features": {} }], "components": [] } })
}

fn alive(second: i64) -> Value {
    json!({ "alive": { "at": at(second) } })
}

/// Starts a marketplace whose second connection, and each after it, is this lie.
pub(crate) fn liar(lie: &'static str) -> Fake {
    let mut told = false;
    Fake::new(move |asked| {
        if !asked.path.ends_with("/follow") {
            return Reply::Json(200, json!({ "keys": [] }));
        }
        let truth = [vec![hello(600), catalog()], whole(TENANT, 5, ANA), vec![alive(600)]].concat();
        let lines = if std::mem::replace(&mut told, true) { told_by(lie) } else { truth };
        let lie = if lines.last() == Some(&alive(600)) { "" } else { lie };
        Reply::Raw(Box::new(move |stream| send(stream, &lines, lie)))
    })
}

/// Starts a marketplace that tells the truth to a client of this scope, about a plan that only records refusals; all
/// else that it is asked is answered by the script.
pub(crate) fn honest(scope: &'static str, script: impl FnMut(&Asked) -> Reply + Send + 'static) -> Fake {
    let (mut hello, mut catalog) = (hello(600), catalog());
    if scope != "check.any" {
        hello["hello"]["tenant"] = Value::Null;
    }
    if scope == "check.customers" {
        hello["hello"]["publisher"] = json!("fabrikam");
    }
    catalog["catalog"]["services"][0]["enforcement"] = json!("audit");
    catalog["catalog"]["components"] = json!([{ "offer": "fabrikam.f365", "publisher": "fabrikam",
        "unique_name": "gold_app", "id": "", "services": [GOLD] }]);
    let mut lines = [vec![hello, catalog], whole(TENANT, 5, ANA), vec![alive(600)]].concat();
    let related = json!({ "publisher": { "publisher": "fabrikam", "related": true } });
    lines.insert(4, json!({ "part": { "tenant": TENANT, "changes": [related] } }));
    let fake = Fake::scoped(scope, script);
    fake.tells(move |asked| {
        if asked.path.ends_with("/follow") {
            let lines = lines.clone();
            return Some(Reply::Raw(Box::new(move |stream| send(stream, &lines, "silence"))));
        }
        asked.path.ends_with("/jwks.json").then(|| Reply::Json(200, json!({ "keys": [] })))
    });
    fake
}

fn told_by(lie: &str) -> Vec<Value> {
    let (now, mut elsewhere) = (hello(601), hello(601));
    elsewhere["hello"]["issuer"] = json!("https://elsewhere.example");
    match lie {
        "replayed steps" => vec![now, steps(3), alive(601)],
        "a gap" => vec![now, steps(90), alive(601)],
        "an older snapshot" => [vec![now], whole(TENANT, 2, BOB), vec![alive(601)]].concat(),
        "a foreign tenant" => [vec![now], whole(STRANGER, 9, BOB), vec![alive(601)]].concat(),
        "another marketplace" => [vec![elsewhere], whole(TENANT, 9, BOB), vec![alive(601)]].concat(),
        "an old clock" => [vec![hello(0)], whole(TENANT, 9, BOB), vec![alive(1)]].concat(),
        "a hasty clock" => vec![now, alive(3000)],
        "a cut line" | "an endless line" | "silence" => vec![now],
        _ => Vec::new(),
    }
}

fn send(mut stream: TcpStream, lines: &[Value], lie: &str) {
    let coding = if lie == "wrong gzip" { "content-encoding: gzip\r\n" } else { "" };
    let mut text =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\nconnection: close\r\n{coding}\r\n");
    for line in lines {
        text += &format!("{line}\n");
    }
    match lie {
        "a cut line" => text += &steps(5).to_string()[..40],
        "wrong gzip" => text += "this is no gzip at all, however long it is looked at",
        _ => {}
    }
    // Whoever ends the connection is right to.
    let mut open = stream.write_all(text.as_bytes()).is_ok();
    let part = vec![b'x'; 64 * 1024];
    while open && lie == "an endless line" {
        open = stream.write_all(&part).is_ok();
    }
    if lie == "silence" {
        let _ = std::io::Read::read(&mut stream, &mut [0]);
    }
}

//! What an app that decides in memory tells the marketplace of it.

use std::time::Duration;

use seatline::{Account, Seatline, Target};
use serde_json::json;

use crate::support::lies::{ANA, BOB, GOLD, TENANT, honest};
use crate::support::{Asked, Fake, Reply, gone};

fn told(server: &Fake) -> Vec<Asked> {
    server.asked().into_iter().filter(|asked| asked.path.ends_with("/batch")).collect()
}

/// ASG-10, PLN-07: whoever used a seat or was let in without one is told where the client may ask about them, once a day
/// each, and again where the marketplace could not take it.
#[test]
fn uses_are_told_once_where_the_client_may_ask() {
    for (scope, path) in [
        ("check.any", "/api/v1/checks/batch"),
        ("rights.follow offer.view", "/api/v1/all-checks/batch"),
        ("check.customers", "/api/v1/customer-checks/batch"),
    ] {
        let server = honest(scope, |_| gone());
        let (client_id, client_secret) = ("cli_1".to_owned(), "secret".to_owned());
        let seatline = Seatline::start(Account { url: server.address.clone(), client_id, client_secret });
        seatline.ready(Duration::from_secs(30)).unwrap();
        let (tenant, [ana, bob]) =
            (seatline::tenant(TENANT).unwrap(), [ANA, BOB].map(|it| seatline::user(it).unwrap()));
        let app = Target::Component { unique_name: "gold_app", offer: None };
        for (user, target) in [(ana, Target::Service(GOLD)), (ana, app), (bob, app), (bob, app)] {
            assert!(seatline.allows(tenant, user, target), "{scope}");
        }
        seatline.tell_uses().unwrap_err();
        let refused = told(&server);
        server.answers(|_| Reply::Json(200, json!({ "results": [] })));
        seatline.tell_uses().unwrap();
        let of = |mut question: serde_json::Value| {
            if scope != "check.any" {
                question["tenant"] = json!(TENANT);
            }
            json!({ "checks": [question] })
        };
        let expected = [
            of(json!({ "user": ANA, "service_id": GOLD })),
            of(json!({ "user": BOB, "component": "gold_app", "offer": "fabrikam.f365" })),
        ];
        let sent: Vec<_> = told(&server).iter().map(|asked| (asked.path.clone(), asked.json())).collect();
        assert_eq!(sent, expected.clone().map(|body| (path.to_owned(), body)));
        assert_eq!(refused.iter().map(Asked::json).collect::<Vec<_>>(), expected[..1], "the rest waits");
        assert!(seatline.allows(tenant, ana, app));
        seatline.tell_uses().unwrap();
        assert!(told(&server).is_empty(), "once a day");
    }
}

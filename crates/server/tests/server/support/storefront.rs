//! An offer on its way to the storefront: what is not there is known to no check.

use package::samples::{App, GUIDE, LOGO, SCREENSHOT, store_package};
use serde_json::{Value, json};

use crate::support::{Caller, Node, SERVICE_ID};

/// A file, as it is; what is answered.
fn upload(node: &Node, by: &Caller, (method, path): (&str, &str), bytes: &[u8]) -> Value {
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{}/api/v1/offers/f365/{path}", node.address))
        .header("authorization", format!("Bearer {}", by.token))
        .header(
            "content-type",
            if path == "package" { "application/zip" } else { "application/octet-stream" },
        );
    ureq::run(request.body(bytes).unwrap()).unwrap().body_mut().read_json().unwrap()
}

fn done(by: &Caller, method: &str, path: &str, body: &Value) -> Value {
    let (status, answer) = by.send(method, path, Some(body)).unwrap();
    assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
    answer
}

/// Puts on sale what [`crate::support::sell`] sold.
pub fn go_live(node: &Node) {
    let fabrikam = node.sign_in("admin@fabrikam.example");
    let file = |bytes: &[u8]| upload(node, &fabrikam, ("POST", "files"), bytes)["sha256"].clone();
    let contact = json!({ "name": "Sam", "email": "sam@fabrikam.example", "phone": "+1 555 0100" });
    let guide = file(GUIDE);
    let listing = json!({
        "name": "F", "summary": "In one line", "description": "At length", "keywords": ["work"],
        "help_url": "https://fabrikam.example/help", "support_url": "https://fabrikam.example/support",
        "privacy_url": "https://fabrikam.example/privacy", "support_contact": contact,
        "engineering_contact": contact, "logo": file(LOGO),
        "screenshots": [{ "file": file(SCREENSHOT), "caption": "At work" }],
        "documents": [{ "file": guide, "caption": "How to begin" }],
    });
    let pages = [
        ("setup", json!({ "license_management": true })),
        (
            "properties",
            json!({ "primary_category": "operations", "app_version": "1.0", "terms_text": "Be nice." }),
        ),
        ("listing", listing),
        ("availability", json!({ "markets": ["US"] })),
        ("technical-configuration", json!({ "base_license_model": "user" })),
        ("supplemental-content", json!({ "key_usage_scenarios": guide })),
    ];
    for (page, body) in &pages {
        done(&fabrikam, "PUT", &format!("/offers/f365/{page}"), body);
    }
    let apps = [App { unique_name: "gold_app", title: "Gold", opened_by: &[SERVICE_ID] }];
    let plans = [(SERVICE_ID, "Gold")];
    let package = store_package("Fabrikam", &apps, &plans, "https://fabrikam.example/plans").unwrap();
    upload(node, &fabrikam, ("PUT", "package"), &package);
    done(&fabrikam, "POST", "/offers/f365/publish", &json!({}));
    let operator = node.sign_in("operator@marketplace.example");
    let id = operator.get("/certifications")["items"][0]["id"].as_str().unwrap().to_owned();
    done(&operator, "POST", &format!("/certifications/{id}/approve"), &json!({}));
    let live = done(&fabrikam, "POST", "/offers/f365/go-live", &json!({}));
    assert_eq!(live["status"], "live");
}

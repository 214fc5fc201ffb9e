//! The one offer that there is, on its way to the storefront: a service of which no offer is live is known to no check.

use package::samples::{App, GUIDE, LOGO, SCREENSHOT, store_package};
use serde_json::{Value, json};

use crate::Outcome;
use crate::market::Caller;

/// Has the publisher complete and publish it, and the operator certify it.
pub(crate) async fn go_live(operator: &Caller, publisher: &Caller) -> Outcome<()> {
    let file = async |bytes: &[u8]| -> Outcome<Value> {
        let kind = "application/octet-stream";
        let kept = publisher.send("POST", "/offers/offer/files", kind, bytes.to_vec()).await?;
        Ok(kept["sha256"].clone())
    };
    let (logo, screenshot, guide) = (file(LOGO).await?, file(SCREENSHOT).await?, file(GUIDE).await?);
    for (page, body) in pages(&logo, &screenshot, &guide) {
        publisher.call("PUT", &format!("/offers/offer/{page}"), body).await?;
    }
    let (service, source) = ("bench.offer.plan", "https://bench.example/plans");
    let apps = [App { unique_name: "bench_app", title: "Bench", opened_by: &[service] }];
    let package = store_package("Bench", &apps, &[(service, "Plan")], source)?;
    publisher.send("PUT", "/offers/offer/package", "application/zip", package).await?;
    publisher.call("POST", "/offers/offer/publish", json!({})).await?;
    let queue = operator.send("GET", "/certifications", "application/json", Vec::new()).await?;
    let id = queue["items"][0]["id"].as_str().ok_or("nothing is to be certified")?;
    operator.call("POST", &format!("/certifications/{id}/approve"), json!({})).await?;
    publisher.call("POST", "/offers/offer/go-live", json!({})).await?;
    Ok(())
}

/// What a live offer must say of itself.
fn pages(logo: &Value, screenshot: &Value, guide: &Value) -> [(&'static str, Value); 6] {
    let contact = json!({ "name": "B", "email": "b@bench.example", "phone": "1" });
    let address = "https://bench.example";
    let listing = json!({
        "name": "Bench", "summary": "S", "description": "D", "keywords": ["k"],
        "help_url": format!("{address}/help"),
        "support_url": address, "privacy_url": address, "support_contact": contact, "engineering_contact": contact,
        "logo": logo, "screenshots": [{ "file": screenshot, "caption": "C" }],
        "documents": [{ "file": guide, "caption": "C" }],
    });
    let properties = json!({ "primary_category": "operations", "app_version": "1.0", "terms_text": "T" });
    [
        ("setup", json!({ "license_management": true })),
        ("properties", properties),
        ("listing", listing),
        ("availability", json!({ "markets": ["US"] })),
        ("technical-configuration", json!({ "base_license_model": "user" })),
        ("supplemental-content", json!({ "key_usage_scenarios": guide })),
    ]
}

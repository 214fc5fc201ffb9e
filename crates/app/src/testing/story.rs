//! An offer on its way from a draft to the storefront, through public operations only.

use ::package::samples::{App as PackagedApp, GUIDE, LOGO, SCREENSHOT, store_package};
use axum::http::Method;
use serde_json::{Value, json};

use super::{Client, World};

/// A contact, as listings want it.
pub(crate) fn contact() -> Value {
    json!({ "name": "Sam Support", "email": "support@fabrikam.example", "phone": "+1 555 0100" })
}

/// A listing that is complete but for its files.
pub(crate) fn listing(name: &str) -> Value {
    json!({
        "name": name, "summary": "In one line", "description": "**At length**", "keywords": ["work"],
        "help_url": "https://fabrikam.example/help", "support_url": "https://fabrikam.example/support",
        "privacy_url": "https://fabrikam.example/privacy", "support_contact": contact(),
        "engineering_contact": contact(),
    })
}

/// A package with one app per plan, in the manner of Russian dolls: the last plan opens every app.
pub(crate) fn package_for(service_ids: &[String]) -> Vec<u8> {
    let names: Vec<String> =
        service_ids.iter().map(|id| format!("{}_app", id.rsplit('.').next().unwrap())).collect();
    let openers: Vec<Vec<&str>> =
        (0..names.len()).map(|at| service_ids[at..].iter().map(String::as_str).collect()).collect();
    let apps: Vec<PackagedApp<'_>> = names
        .iter()
        .zip(&openers)
        .map(|(name, opened_by)| PackagedApp { unique_name: name, title: name, opened_by })
        .collect();
    let plans: Vec<(&str, &str)> = service_ids.iter().map(|id| (id.as_str(), id.as_str())).collect();
    store_package("Fabrikam", &apps, &plans, "https://fabrikam.example/plans").unwrap()
}

impl World {
    /// Creates the offer, saves every page, creates the plans, uploads a package: ready to publish.
    pub(crate) async fn complete_draft(&self, publisher: &Client, offer: &str, plans: &[&str]) {
        publisher
            .post("/offers", json!({ "offer_id": offer, "alias": format!("{offer} alias") }))
            .await
            .created();
        let page = |page: &str| format!("/offers/{offer}/{page}");
        publisher.put(&page("setup"), json!({ "license_management": true })).await.ok();
        let properties =
            json!({ "primary_category": "operations", "app_version": "1.0", "terms_text": "Be nice." });
        publisher.put(&page("properties"), properties).await.ok();
        let mut texts = listing(offer);
        publisher.add_files(offer, &mut texts).await;
        publisher.put(&page("listing"), texts).await.ok();
        publisher.put(&page("availability"), json!({ "markets": ["US", "KR"] })).await.ok();
        publisher.put(&page("technical-configuration"), json!({ "base_license_model": "user" })).await.ok();
        let scenarios = json!({ "key_usage_scenarios": publisher.upload_file(offer, GUIDE).await });
        publisher.put(&page("supplemental-content"), scenarios).await.ok();
        let mut service_ids = Vec::new();
        for plan in plans {
            let made =
                publisher.post(&page("plans"), json!({ "plan_id": plan, "name": plan })).await.created();
            service_ids.push(made["service_id"].as_str().unwrap().to_owned());
        }
        publisher.upload(offer, package_for(&service_ids)).await;
    }

    /// Lets the operator approve whatever waits of this offer.
    pub(crate) async fn approve(&self, address: &str) {
        let id = self.pending(address).await;
        self.operator().await.post(&format!("/certifications/{id}/approve"), json!({})).await.ok();
    }

    /// The submission of this offer in the operator's queue.
    pub(crate) async fn pending(&self, address: &str) -> String {
        let queue = self.operator().await.get("/certifications").await.ok();
        let found = queue["items"].as_array().unwrap().iter().find(|item| item["address"] == address);
        found.expect("a submission in the queue")["id"].as_str().unwrap().to_owned()
    }

    /// From nothing to live; the apps are `<plan>_app`, each opened by its plan and every later one.
    pub(crate) async fn live_offer(&self, publisher: &Client, offer: &str, plans: &[&str]) {
        self.complete_draft(publisher, offer, plans).await;
        let published = publisher.post(&format!("/offers/{offer}/publish"), json!({})).await.ok();
        self.approve(&format!("{}.{offer}", published["publisher_id"].as_str().unwrap())).await;
        let live = publisher.post(&format!("/offers/{offer}/go-live"), json!({})).await.ok();
        assert_eq!(live["status"], "live");
    }
}

impl Client {
    /// Uploads a file for an offer's draft; its hash.
    pub(crate) async fn upload_file(&self, offer: &str, bytes: &[u8]) -> String {
        let path = format!("/offers/{offer}/files");
        let body = ("application/octet-stream", bytes.to_vec());
        let file = self.send(Method::POST, &path, Some(body)).await.created();
        file["sha256"].as_str().unwrap().to_owned()
    }

    /// Uploads what a listing has to show, and names it there.
    pub(crate) async fn add_files(&self, offer: &str, listing: &mut Value) {
        listing["logo"] = self.upload_file(offer, LOGO).await.into();
        let screenshot = self.upload_file(offer, SCREENSHOT).await;
        listing["screenshots"] = json!([{ "file": screenshot, "caption": "At work" }]);
        let guide = self.upload_file(offer, GUIDE).await;
        listing["documents"] = json!([{ "file": guide, "caption": "How to begin" }]);
    }

    /// Uploads a package into an offer's draft.
    pub(crate) async fn upload(&self, offer: &str, bytes: Vec<u8>) -> Value {
        let path = format!("/offers/{offer}/package");
        self.send(Method::PUT, &path, Some(("application/zip", bytes))).await.created()
    }
}

//! The story: who sells what, who bought it, who has a seat.

use ::package::samples::{self, store_package};
use app::App;
use axum::Router;
use serde_json::{Value, json};

use super::caller::{Caller, StoryError};
use super::sequel;

/// Everybody's password in the demo.
pub(crate) const PASSWORD: &str = "seatline demo";

const OPERATOR: &str = "operator@marketplace.example";

/// Whether those of the story can sign in as it says.
pub(crate) async fn is_told(router: &Router) -> bool {
    Caller::anonymous(router.clone()).sign_in(OPERATOR, PASSWORD).await.is_ok()
}

/// Tells the story to an empty marketplace.
pub(crate) async fn tell(app: &App, router: &Router, today: &str) -> Result<(), Box<dyn std::error::Error>> {
    app::bootstrap::create_operator(app, OPERATOR, "Olga Operator", PASSWORD)
        .await
        .map_err(|refused| refused.into_problem().detail)?;
    let anonymous = Caller::anonymous(router.clone());
    let operator = anonymous.sign_in(OPERATOR, PASSWORD).await?;
    for (slug, name, country, sells) in [
        ("fabrikam", "Fabrikam Inc.", "US", true),
        ("litware", "Litware GmbH", "DE", true),
        ("contoso", "Contoso Ltd.", "KR", false),
        ("northwind", "Northwind Traders", "US", false),
    ] {
        admit(&operator, slug, name, country, sells).await?;
    }
    let fabrikam = anonymous.sign_in("admin@fabrikam.example", PASSWORD).await?;
    let litware = anonymous.sign_in("admin@litware.example", PASSWORD).await?;
    let contoso = anonymous.sign_in("admin@contoso.example", PASSWORD).await?;
    fabrikam_365(&fabrikam, &operator, &contoso).await?;
    campus(&fabrikam).await?;
    ledger(&litware, &operator).await?;
    litware.post("/offers", json!({ "offer_id": "notes", "alias": "Litware Notes, an idea" })).await?;
    let northwind = anonymous.sign_in("admin@northwind.example", PASSWORD).await?;
    sell(&fabrikam, &contoso, &[("gold", 5), ("bronze", 20)], today).await?;
    let northwinds_deal = sell(&fabrikam, &northwind, &[("silver", 10)], today).await?;
    people(&contoso, "contoso").await?;
    people(&northwind, "northwind").await?;
    // Five gold seats, five people: this pool is full. Two more have bronze.
    assign(&contoso, "fabrikam.f365.gold", "contoso", &["ana", "bora", "chris", "dana", "eun"]).await?;
    assign(&contoso, "fabrikam.f365.bronze", "contoso", &["finn", "gita"]).await?;
    assign(&northwind, "fabrikam.f365.silver", "northwind", &["ana", "bora", "chris"]).await?;
    sequel::nested_groups(&contoso).await?;
    sequel::reduction(&fabrikam, &northwind, &northwinds_deal).await?;
    let hana = anonymous.sign_in("hana@northwind.example", PASSWORD).await?;
    sequel::leads(&fabrikam, &contoso, &hana).await?;
    sequel::webhook(&contoso).await?;
    sequel::update(&fabrikam).await?;
    Ok(())
}

async fn admit(
    operator: &Caller,
    slug: &str,
    name: &str,
    country: &str,
    sells: bool,
) -> Result<Value, StoryError> {
    let admin = json!({
        "email": format!("admin@{slug}.example"), "name": format!("Alex Admin of {name}"), "password": PASSWORD,
    });
    let publisher_id = sells.then_some(slug);
    let body = json!({ "slug": slug, "name": name, "country": country, "publisher_id": publisher_id, "admin": admin });
    operator.post("/tenants", body).await
}

/// Live, with three plans in the manner of Russian dolls: gold opens everything; a fourth is for Contoso alone.
async fn fabrikam_365(
    fabrikam: &Caller,
    operator: &Caller,
    contoso: &Caller,
) -> Result<(), Box<dyn std::error::Error>> {
    draft(fabrikam, "f365", "Fabrikam 365", "Field service from first call to last invoice").await?;
    for (plan, name) in [("bronze", "Bronze"), ("silver", "Silver"), ("gold", "Gold")] {
        let body = json!({ "plan_id": plan, "name": name, "description": format!("The {name} edition.") });
        fabrikam.post("/offers/f365/plans", body).await?;
    }
    let pilot = json!({ "plan_id": "pilot", "name": "Pilot", "visibility": "private",
        "description": "What comes next, for those who try it first." });
    fabrikam.post("/offers/f365/plans", pilot).await?;
    let audience =
        json!({ "tenants": [{ "id": contoso.get("/tenant").await?["id"], "description": "Contoso" }] });
    fabrikam.put("/offers/f365/plans/pilot/audience", audience).await?;
    let pilot = "fabrikam.f365.pilot";
    let (bronze, silver, gold) = ("fabrikam.f365.bronze", "fabrikam.f365.silver", "fabrikam.f365.gold");
    let apps = [
        samples::App {
            unique_name: "fab_Scheduling",
            title: "Scheduling",
            opened_by: &[bronze, silver, gold, pilot],
        },
        samples::App { unique_name: "fab_Inventory", title: "Inventory", opened_by: &[silver, gold, pilot] },
        samples::App { unique_name: "fab_Forecast", title: "Forecast", opened_by: &[gold, pilot] },
    ];
    let plans = [
        (bronze, "Fabrikam 365 Bronze"),
        (silver, "Fabrikam 365 Silver"),
        (gold, "Fabrikam 365 Gold"),
        (pilot, "Fabrikam 365 Pilot"),
    ];
    let zip = store_package("Fabrikam365", &apps, &plans, "https://fabrikam.example/365/plans")?;
    fabrikam.upload("/offers/f365/package", zip).await?;
    fabrikam.post("/offers/f365/publish", json!({})).await?;
    let submission = pending(operator, "fabrikam.f365").await?;
    operator.post(&format!("/certifications/{submission}/approve"), json!({})).await?;
    fabrikam.post("/offers/f365/go-live", json!({})).await?;
    Ok(())
}

/// Waits in the operator's queue.
async fn campus(fabrikam: &Caller) -> Result<(), Box<dyn std::error::Error>> {
    draft(fabrikam, "campus", "Fabrikam Campus", "Admissions, courses and alumni in one place").await?;
    fabrikam.post("/offers/campus/plans", json!({ "plan_id": "basic", "name": "Basic" })).await?;
    let basic = "fabrikam.campus.basic";
    let apps = [samples::App { unique_name: "fab_Campus", title: "Campus", opened_by: &[basic] }];
    let zip = store_package(
        "FabrikamCampus",
        &apps,
        &[(basic, "Campus Basic")],
        "https://fabrikam.example/campus",
    )?;
    fabrikam.upload("/offers/campus/package", zip).await?;
    fabrikam.post("/offers/campus/publish", json!({})).await?;
    Ok(())
}

/// Sent back with findings.
async fn ledger(litware: &Caller, operator: &Caller) -> Result<(), Box<dyn std::error::Error>> {
    draft(litware, "ledger", "Litware Ledger", "Double-entry bookkeeping that explains itself").await?;
    litware.post("/offers/ledger/plans", json!({ "plan_id": "team", "name": "Team" })).await?;
    let team = "litware.ledger.team";
    let apps = [samples::App { unique_name: "lit_Ledger", title: "Ledger", opened_by: &[team] }];
    let zip =
        store_package("LitwareLedger", &apps, &[(team, "Ledger Team")], "https://litware.example/ledger")?;
    litware.upload("/offers/ledger/package", zip).await?;
    litware.post("/offers/ledger/publish", json!({})).await?;
    let submission = pending(operator, "litware.ledger").await?;
    let findings = json!({ "findings": [
        { "message": "The listing promises bank feeds; the app has none.", "mend": "Take the sentence out or add the feature." },
        { "message": "The support address answers with an error.", "mend": "Give an address that opens." },
    ] });
    operator.post(&format!("/certifications/{submission}/send-back"), findings).await?;
    Ok(())
}

/// The pages of an offer.
async fn draft(publisher: &Caller, offer: &str, name: &str, summary: &str) -> Result<(), StoryError> {
    publisher.post("/offers", json!({ "offer_id": offer, "alias": format!("{name} (internal)") })).await?;
    let page = |page: &str| format!("/offers/{offer}/{page}");
    publisher.put(&page("setup"), json!({ "license_management": true })).await?;
    let properties = json!({ "primary_category": "operations", "app_version": "1.0", "terms_url": "https://terms.example/" });
    publisher.put(&page("properties"), properties).await?;
    let contact =
        json!({ "name": "Sam Support", "email": "support@publisher.example", "phone": "+1 555 0100" });
    let mut hashes = Vec::new();
    for bytes in [samples::LOGO, samples::SCREENSHOT, samples::GUIDE] {
        let file = publisher.upload_file(&page("files"), bytes.to_vec()).await?;
        hashes.push(file["sha256"].clone());
    }
    let listing = json!({
        "name": name, "summary": summary,
        "description": format!("**{name}**: {summary}. Made for teams that would rather work than configure."),
        "keywords": ["operations"], "help_url": "https://help.example/", "support_url": "https://support.example/",
        "privacy_url": "https://privacy.example/", "support_contact": contact, "engineering_contact": contact,
        "logo": hashes[0], "screenshots": [{ "file": hashes[1], "caption": "The first page" }],
        "documents": [{ "file": hashes[2], "caption": "How to begin" }],
    });
    publisher.put(&page("listing"), listing).await?;
    publisher.put(&page("availability"), json!({ "markets": ["US", "DE", "KR"] })).await?;
    publisher.put(&page("technical-configuration"), json!({ "base_license_model": "user" })).await?;
    publisher.put(&page("supplemental-content"), json!({ "key_usage_scenarios": hashes[2] })).await?;
    Ok(())
}

async fn pending(operator: &Caller, address: &str) -> Result<String, Box<dyn std::error::Error>> {
    let queue = operator.get("/certifications").await?;
    let found = queue["items"].as_array().into_iter().flatten().find(|item| item["address"] == address);
    let id = found.and_then(|item| item["id"].as_str()).ok_or("the submission is not in the queue")?;
    Ok(id.to_owned())
}

/// A deal, an invitation that the customer accepts, and licenses.
async fn sell(
    publisher: &Caller,
    customer: &Caller,
    plans: &[(&str, i64)],
    today: &str,
) -> Result<String, Box<dyn std::error::Error>> {
    let tenant = customer.get("/tenant").await?;
    let deal = json!({
        "customer": { "company": tenant["name"], "country": tenant["country"] }, "offer": "f365",
        "contract_type": "new", "total_value": { "amount": 1_200_000, "currency": "USD" },
        "solution_value": { "amount": 900_000, "currency": "USD" }, "hosting": "customer_cloud",
        "consumption_tenant": "customer", "consumption_tenant_id": tenant["id"],
        "signed_on": today, "starts_on": today,
        "contact": { "first_name": "Rae", "last_name": "Ferral", "phone": "+1 555 0101", "email": "rae@fabrikam.example" },
    });
    let deal = publisher.post("/deals", deal).await?;
    let id = deal["id"].as_str().ok_or("a deal without an id")?;
    publisher.post(&format!("/deals/{id}/submit"), json!({})).await?;
    let invitation = publisher.post("/invitations", json!({ "note": "Fabrikam 365" })).await?;
    customer.post("/relationships", json!({ "token": invitation["token"] })).await?;
    let rows: Vec<Value> =
        plans.iter().map(|(plan, quantity)| json!({ "plan": plan, "quantity": quantity })).collect();
    let body = json!({ "customer": tenant["id"], "plans": rows, "remove": [] });
    publisher.put(&format!("/deals/{id}/licenses"), body).await?;
    Ok(id.to_owned())
}

async fn people(admin: &Caller, slug: &str) -> Result<(), StoryError> {
    for (first, name) in [
        ("ana", "Ana Alvarez"),
        ("bora", "보라 Kim"),
        ("chris", "Chris Carter"),
        ("dana", "Dana Dietrich"),
        ("eun", "은 Park"),
        ("finn", "Finn Fischer"),
        ("gita", "Gita Gupta"),
        ("hana", "Hana Hughes"),
    ] {
        // Only two of them sign in: hashing a password takes a moment on purpose.
        let password = matches!(first, "ana" | "hana").then_some(PASSWORD);
        let body = json!({ "email": format!("{first}@{slug}.example"), "name": name, "password": password });
        admin.post("/users", body).await?;
    }
    Ok(())
}

async fn assign(admin: &Caller, service_id: &str, slug: &str, people: &[&str]) -> Result<Value, StoryError> {
    let users: Vec<String> = people.iter().map(|first| format!("{first}@{slug}.example")).collect();
    admin.post(&format!("/licenses/{service_id}/assignments"), json!({ "users": users })).await
}

//! What happened after the sale: people ask, organise themselves, change their minds.

use serde_json::{Value, json};

use super::caller::{Caller, StoryError};

/// Two leads: a user of Northwind asks to be contacted, and Contoso asks for more under its deal. Neither
/// publisher nor customer needs a server for it: mails are kept until the marketplace has one.
pub(super) async fn leads(
    fabrikam: &Caller,
    contoso: &Caller,
    northwind_user: &Caller,
) -> Result<(), StoryError> {
    fabrikam.post("/lead-destinations", json!({ "email": "sales@fabrikam.example" })).await?;
    northwind_user.post("/storefront/offers/fabrikam.f365/contact", json!({ "consent": true })).await?;
    let more = json!({ "seats": 3, "note": "The Busan office opens in spring." });
    contoso.post("/licenses/fabrikam.f365.gold/requests", more).await?;
    Ok(())
}

/// Bronze for a group that holds another one: its members have seats by two steps.
pub(super) async fn nested_groups(contoso: &Caller) -> Result<(), StoryError> {
    let everybody = contoso.post("/groups", json!({ "name": "Field service" })).await?;
    let seoul = contoso.post("/groups", json!({ "name": "Field service, Seoul" })).await?;
    let (everybody, seoul) = (id(&everybody), id(&seoul));
    let members = json!({ "users": ["bora@contoso.example", "eun@contoso.example"] });
    contoso.post(&format!("/groups/{seoul}/members"), members).await?;
    let members = json!({ "users": ["chris@contoso.example"], "groups": [seoul] });
    contoso.post(&format!("/groups/{everybody}/members"), members).await?;
    contoso.put(&format!("/groups/{everybody}/licenses/fabrikam.f365.bronze"), json!({})).await?;
    Ok(())
}

/// Three have a seat, two are granted from now on: one seat is in its grace.
pub(super) async fn reduction(fabrikam: &Caller, northwind: &Caller, deal: &str) -> Result<(), StoryError> {
    let tenant = northwind.get("/tenant").await?;
    let fewer = json!({ "customer": tenant["id"], "plans": [{ "plan": "silver", "quantity": 2 }] });
    fabrikam.put(&format!("/deals/{deal}/licenses"), fewer).await?;
    Ok(())
}

/// Nobody answers at this address: what is sent there fails, visibly, and is tried again for days.
pub(super) async fn webhook(contoso: &Caller) -> Result<(), StoryError> {
    let body = json!({
        "url": "https://hooks.contoso.example/seatline", "kinds": ["seats.*", "license.*"],
        "description": "Nobody answers there: see its deliveries.",
    });
    let made = contoso.post("/webhooks", body).await?;
    contoso.post(&format!("/webhooks/{}/test", id(&made)), json!({})).await?;
    Ok(())
}

/// The next version waits for certification; the one that is live stays as it is.
pub(super) async fn update(fabrikam: &Caller) -> Result<(), StoryError> {
    let properties = json!({ "primary_category": "operations", "app_version": "1.1", "terms_url": "https://terms.example/" });
    fabrikam.put("/offers/f365/properties", properties).await?;
    let notes = json!({ "notes": "Version 1.1: invoices in two currencies." });
    fabrikam.post("/offers/f365/publish", notes).await?;
    Ok(())
}

fn id(made: &Value) -> &str {
    made["id"].as_str().unwrap_or_default()
}

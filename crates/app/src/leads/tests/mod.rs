mod destinations;
mod pages;
mod pressing;
mod validation;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Value, json};

use crate::testing::{Client, Received, World};

const CONTACT: &str = "/storefront/offers/fabrikam.f365/contact";

/// A publisher whose offer is live, and a customer.
async fn market(world: &World) -> (Client, Client) {
    let fabrikam = world.publisher("fabrikam").await;
    world.live_offer(&fabrikam, "f365", &["gold"]).await;
    (fabrikam, world.customer("contoso").await)
}

async fn press(client: &Client) -> Value {
    client.post(CONTACT, json!({ "consent": true })).await.ok()
}

async fn leads(publisher: &Client, query: &str) -> Vec<Value> {
    let list = publisher.get(&format!("/leads{query}")).await.ok();
    list["items"].as_array().unwrap().clone()
}

async fn deliveries(publisher: &Client, lead: &Value) -> Vec<Value> {
    let path = format!("/leads/{}/deliveries", lead.as_str().unwrap());
    publisher.get(&path).await.ok()["items"].as_array().unwrap().clone()
}

/// By what Standard Webhooks say.
fn verifies(received: &Received, secret: &Value) -> bool {
    let header = |name: &str| received.headers[name].as_str();
    let signed = format!("{}.{}.{}", header("webhook-id"), header("webhook-timestamp"), received.body);
    let key = STANDARD.decode(secret.as_str().unwrap().strip_prefix("whsec_").unwrap()).unwrap();
    let tag = STANDARD.decode(header("webhook-signature").strip_prefix("v1,").unwrap()).unwrap();
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes(), &tag).is_ok()
}

mod endpoints;
mod pages;
mod sending;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Value, json};

use crate::testing::{Client, Received, Receiver};

/// A webhook of this client for these kinds: its id and its secret.
async fn hook(client: &Client, receiver: &Receiver, kinds: Value) -> (String, String) {
    let made = client.post("/webhooks", json!({ "url": receiver.url, "kinds": kinds })).await.created();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    (text("id"), text("secret"))
}

async fn add_user(client: &Client, name: &str) -> Value {
    let email = format!("{name}@contoso.example");
    client.post("/users", json!({ "email": email, "name": name })).await.created()
}

/// Verifies as a receiver would, by what Standard Webhooks say: any of the signatures will do.
fn verifies(received: &Received, secret: &str) -> bool {
    let header = |name: &str| received.headers[name].as_str();
    let signed = format!("{}.{}.{}", header("webhook-id"), header("webhook-timestamp"), received.body);
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    assert!(key.len() >= 24, "the specification wants 24 to 64 bytes");
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    header("webhook-signature").split(' ').any(|signature| {
        let tag = STANDARD.decode(signature.strip_prefix("v1,").unwrap()).unwrap();
        hmac::verify(&key, signed.as_bytes(), &tag).is_ok()
    })
}

fn event(received: &Received) -> Value {
    serde_json::from_str(&received.body).unwrap()
}

async fn deliveries(client: &Client, hook: &str) -> Vec<Value> {
    let list = client.get(&format!("/webhooks/{hook}/deliveries?limit=100")).await.ok();
    list["items"].as_array().unwrap().clone()
}

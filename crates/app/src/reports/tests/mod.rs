mod enforcement;
mod held;
mod pages;
mod sold;

use serde_json::Value;

use crate::testing::{Client, World};

/// The clock of the world begins on 2026-09-21.
async fn days_later(world: &World, days: i64) -> (Client, Client) {
    world.pass_seconds(days * 86_400);
    let fabrikam = world.sign_in("admin@fabrikam.example").await;
    let contoso = world.sign_in("admin@contoso.example").await;
    // That they signed in is in their logs.
    world.run_jobs().await;
    (fabrikam, contoso)
}

async fn csv(client: &Client, path: &str) -> String {
    let reply = client.get(path).await;
    assert_eq!(reply.status, 200, "{path}");
    assert!(reply.header("content-type").unwrap().starts_with("text/csv; charset=utf-8"));
    assert!(reply.header("refreshed-at").is_some(), "RPT-03: the refresh time is shown");
    String::from_utf8(reply.bytes).unwrap()
}

fn numbers<const N: usize>(value: &Value, names: [&str; N]) -> [i64; N] {
    names.map(|name| value[name].as_i64().unwrap_or_else(|| panic!("{name} of {value:#}")))
}

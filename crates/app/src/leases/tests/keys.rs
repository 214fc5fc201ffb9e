//! Keys change, and everything that was signed goes on.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::leases::{GOLD, Story, story, trust, verified};
use crate::testing::{World, flow};
use crate::{Settings, bootstrap};

fn key_of(token: &str) -> String {
    let head = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let head: serde_json::Value = serde_json::from_slice(&head).unwrap();
    head["kid"].as_str().unwrap().to_owned()
}

flow!(
    /// CHK-08: a new key is published first and signs after a while; an old one is published until the last lease that
    /// it signed is over. Access tokens go on; another node learns of it without a restart.
    keys_change_and_nothing_that_was_signed_breaks,
    |world: World| async move {
        let Story { fabrikam, contoso, .. } = story(&world).await;
        let other = world.another_node(Settings::default()).await;
        let published = || async { world.anonymous().get("//.well-known/jwks.json").await.ok() };
        let count = |set: &serde_json::Value| set["keys"].as_array().unwrap().len();
        assert_eq!(count(&published().await), 2, "one of each algorithm");
        let scopes = json!({ "name": "app", "scopes": ["check.customers", "lease.customers"] });
        let client = fabrikam.post("/api-clients", scopes).await.created();
        let token = |world: &World| {
            let (anonymous, client) = (world.anonymous(), client.clone());
            async move {
                let form = format!(
                    "grant_type=client_credentials&client_id={}&client_secret={}",
                    client["id"].as_str().unwrap(),
                    client["secret"].as_str().unwrap()
                );
                let form = Some(("application/x-www-form-urlencoded", form.into_bytes()));
                let answer = anonymous.send(axum::http::Method::POST, "//oauth2/token", form).await.ok();
                answer["access_token"].as_str().unwrap().to_owned()
            }
        };
        let month = json!({ "user": "ana@contoso.example", "service_ids": [GOLD], "seconds": 30 * 86_400 });
        let before = contoso.post("/leases", month.clone()).await.created();
        let early = token(&world).await;

        bootstrap::rotate_keys(&world.app).await.unwrap();
        world.run_jobs().await;
        assert_eq!(count(&published().await), 4);
        let still = contoso.post("/leases", month.clone()).await.created();
        let token_of = |issued: &serde_json::Value| issued["token"].as_str().unwrap().to_owned();
        let (old, same) = (key_of(&token_of(&before)), key_of(&token_of(&still)));
        assert_eq!(old, same, "the new one is published, and does not sign yet");

        world.pass_seconds(590);
        let path = format!("/customer-leases?tenant={}", world.tenant_id(&contoso).await.as_str().unwrap());
        world.with_token(&early).get(&path).await.ok();
        world.pass_seconds(3600 - 590);
        let late = token(&world).await;
        assert_ne!(key_of(&late), old);
        other.with_token(&late).get(&path).await.refused(401, "identity.unauthenticated");
        other.run_jobs().await;
        other.with_token(&late).get(&path).await.ok();
        let contoso = world.sign_in("admin@contoso.example").await;
        let after = contoso.post("/leases", month).await.created();
        assert_ne!(key_of(&token_of(&after)), old);

        // The last second of the last lease that the old key signed.
        world.pass_seconds(30 * 86_400 - 1);
        world.run_jobs().await;
        for issued in [&before, &still, &after] {
            verified(&world, issued).await;
        }
        world.pass_seconds(2 * 86_400);
        world.run_jobs().await;
        assert_eq!(count(&published().await), 2, "the old ones are gone");
        assert!(trust(&world).await.lease(before["token"].as_str().unwrap()).is_err());
        verified(&world, &after).await;
    }
);

flow!(
    /// CHK-08: no lease is good for longer than its key is published, whatever is configured meanwhile.
    no_lease_outlives_its_key,
    |world: World| async move {
        story(&world).await;
        bootstrap::rotate_keys(&world.app).await.unwrap();
        let year = Settings { lease_seconds_max: 365 * 86_400, ..Settings::default() };
        let generous = world.another_node(year).await;
        let body = json!({ "user": "ana@contoso.example", "service_ids": [GOLD], "seconds": 365 * 86_400 });
        let contoso = generous.sign_in("admin@contoso.example").await;
        let issued = contoso.post("/leases", body).await.created();
        let lease = verified(&generous, &issued).await;
        assert_eq!(lease.expires_at - lease.issued_at, 3600 + 31 * 86_400);
    }
);

flow!(
    /// CHK-08: leases that were given when longer ones were allowed keep the key that signed them.
    a_key_outlives_what_it_signed_though_leases_are_shorter_now,
    |world: World| async move {
        let Story { contoso, .. } = story(&world).await;
        let month = json!({ "user": "ana@contoso.example", "service_ids": [GOLD], "seconds": 30 * 86_400 });
        let issued = contoso.post("/leases", month).await.created();
        world.operator().await.patch("/settings", json!({ "lease_days_max": 1 })).await.ok();
        bootstrap::rotate_keys(&world.app).await.unwrap();
        world.pass_seconds(30 * 86_400 - 1);
        world.run_jobs().await;
        verified(&world, &issued).await;
        world.pass_seconds(2 * 86_400);
        world.run_jobs().await;
        assert_eq!(world.anonymous().get("//.well-known/jwks.json").await.ok()["keys"].as_array().unwrap().len(), 2);
    }
);

flow!(
    /// CHK-08: a node that has not heard of a rotation yet gives no lease that outlives its key, though longer ones may
    /// be given from now on.
    no_lease_outlives_a_key_whose_end_is_not_known_yet,
    |world: World| async move {
        let Story { contoso, .. } = story(&world).await;
        let other = world.another_node(Settings::default()).await;
        bootstrap::rotate_keys(&other.app).await.unwrap();
        world.operator().await.patch("/settings", json!({ "lease_days_max": 365 })).await.ok();
        let year = json!({ "user": "ana@contoso.example", "service_ids": [GOLD], "seconds": 365 * 86_400 });
        let issued = contoso.post("/leases", year).await.created();
        let lease = verified(&world, &issued).await;
        assert_eq!(lease.expires_at - lease.issued_at, 3600 + 31 * 86_400);
    }
);

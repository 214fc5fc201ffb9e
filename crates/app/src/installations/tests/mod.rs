use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::testing::{Client, World, flow};

const OFFER: &str = "fabrikam.f365";

/// A live offer that requires a license, and a customer with an environment.
async fn story(world: &World) -> (Client, Client, String) {
    let fabrikam = world.publisher("fabrikam").await;
    world.live_offer(&fabrikam, "f365", &["gold"]).await;
    let contoso = world.customer("contoso").await;
    let made = contoso.post("/environments", json!({ "name": "Main", "kind": "production" })).await.created();
    (fabrikam, contoso, made["id"].as_str().unwrap().to_owned())
}

fn order(environment: &str) -> Value {
    json!({ "offer": OFFER, "environment": environment, "accept_terms": true })
}

fn reasons(problem: &Value) -> Vec<&str> {
    let reasons = problem["context"]["reasons"].as_array().unwrap();
    reasons.iter().map(|reason| reason["code"].as_str().unwrap()).collect()
}

flow!(
    /// INS-01: what stands in the way is said all at once; with an administrator, a ready environment, the
    /// terms and a seat it is installed.
    everything_that_is_missing_is_named,
    |world: World| async move {
        let (fabrikam, contoso, environment) = story(&world).await;
        contoso.post(&format!("/environments/{environment}/disable"), json!({})).await.ok();
        let hasty = json!({ "offer": OFFER, "environment": environment, "accept_terms": false });
        let refused = contoso.post("/installations", hasty).await.refused(409, "installation.refused");
        assert_eq!(reasons(&refused), ["terms.not_accepted", "license.none", "environment.not_ready"]);
        world.sold(&fabrikam, "f365", &contoso, &[("gold", 1)]).await;
        contoso.post(&format!("/environments/{environment}/enable"), json!({})).await.ok();
        let user = world.user(&contoso, "ana@contoso.example", &["license_admin"]).await;
        user.post("/installations", order(&environment)).await.refused(403, "access.forbidden");
        let installed = contoso.post("/installations", order(&environment)).await.created();
        assert_eq!((&installed["version"], &installed["update"]), (&json!("1.0"), &Value::Null));
        contoso.post("/installations", order(&environment)).await.refused(409, "installation.installed");
        contoso.delete(&format!("/environments/{environment}")).await.refused(409, "environment.not_empty");
    }
);

flow!(
    /// INS-01, OFF-07: where the offer allows it, no seat is needed; in another market nothing is installed.
    what_the_offer_allows_decides,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        let setup = json!({ "license_management": true, "allow_install_without_license": true });
        fabrikam.put("/offers/f365/setup", setup).await.ok();
        fabrikam.put("/offers/f365/availability", json!({ "markets": ["US"] })).await.ok();
        let contoso = world.customer("contoso").await;
        let made = contoso.post("/environments", json!({ "name": "Test", "kind": "sandbox" })).await.created();
        let environment = made["id"].as_str().unwrap();
        contoso.post("/installations", order(environment)).await.refused(404, "resource.not_found");
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve(OFFER).await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        let refused =
            contoso.post("/installations", order(environment)).await.refused(409, "installation.refused");
        assert_eq!(reasons(&refused), ["offer.not_in_market"]);
    }
);

flow!(
    /// INS-02, PKG-10: an installation records version and hash; when a newer one is live, an update appears;
    /// what is installed is what was certified, byte for byte.
    an_update_appears_and_is_installed,
    |world: World| async move {
        let (fabrikam, contoso, environment) = story(&world).await;
        world.sold(&fabrikam, "f365", &contoso, &[("gold", 1)]).await;
        let first = fabrikam.get("/offers/f365/package/content").await;
        let installed = contoso.post("/installations", order(&environment)).await.created();
        let path = format!("/installations/{}", installed["id"].as_str().unwrap());
        contoso.post(&format!("{path}/update"), json!({ "accept_terms": true })).await.refused(409, "installation.current");

        let properties = json!({ "primary_category": "operations", "app_version": "2.0", "terms_text": "Be nicer." });
        fabrikam.put("/offers/f365/properties", properties).await.ok();
        fabrikam.upload("f365", crate::testing::story::package_for(&["fabrikam.f365.gold".to_owned()])).await;
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve(OFFER).await;
        assert_eq!(contoso.get(&path).await.ok()["update"], Value::Null, "it is not live yet");
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        assert_eq!(contoso.get(&path).await.ok()["update"]["version"], "2.0");

        let package = contoso.get(&format!("{path}/package")).await;
        assert_eq!((package.status, &package.bytes), (StatusCode::OK, &first.bytes), "still the first one");
        let refused = contoso.post(&format!("{path}/update"), json!({ "accept_terms": false })).await;
        assert_eq!(reasons(&refused.refused(409, "installation.refused")), ["terms.not_accepted"]);
        let updated = contoso.post(&format!("{path}/update"), json!({ "accept_terms": true })).await.ok();
        assert_eq!((&updated["version"], &updated["update"]), (&json!("2.0"), &Value::Null));
        contoso.delete(&path).await.ok();
        contoso.get(&path).await.refused(404, "resource.not_found");
    }
);

use axum::http::Method;
use serde_json::{Value, json};

use crate::testing::{Client, World, flow};

async fn client_token(world: &World, client: &Value, scope: &str) -> (u16, Value) {
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope={scope}",
        client["id"].as_str().unwrap(),
        client["secret"].as_str().unwrap()
    );
    let body = Some(("application/x-www-form-urlencoded", form.into_bytes()));
    let reply = world.anonymous().send(Method::POST, "//oauth2/token", body).await;
    (reply.status.as_u16(), reply.body())
}

async fn make(admin: &Client, scopes: &[&str]) -> Value {
    admin.post("/api-clients", json!({ "name": "Sync", "scopes": scopes })).await.created()
}

flow!(
    /// ROL-03: a client belongs to a tenant and may do what its scopes say, no more.
    a_client_may_do_what_its_scopes_say,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let client = make(&contoso, &["user.view"]).await;
        let (status, issued) = client_token(&world, &client, "").await;
        assert_eq!((status, issued["scope"].as_str()), (200, Some("user.view")));
        let machine = world.with_token(issued["access_token"].as_str().unwrap());
        assert_eq!(machine.get("/users").await.ok()["items"].as_array().unwrap().len(), 1);
        machine.post("/users", json!({ "email": "a@b.example", "name": "A" })).await.refused(403, "access.forbidden");
        world.pass_seconds(600);
        machine.get("/users").await.refused(401, "identity.unauthenticated");
    }
);

flow!(
    /// ROL-03: nobody gives a client more than the tenant has or a machine may hold.
    a_scope_beyond_the_tenant_is_refused,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        for scope in ["offer.edit", "submission.certify", "self.view", "everything"] {
            let body = json!({ "name": "Sync", "scopes": [scope] });
            contoso.post("/api-clients", body).await.refused(422, "api_client.scope_unknown");
        }
        let client = make(&contoso, &["user.view"]).await;
        assert_eq!(client_token(&world, &client, "user.edit").await.1["error"], "invalid_scope");
        let forged = json!({ "id": client["id"], "secret": "slc_wrong" });
        let (status, refusal) = client_token(&world, &forged, "").await;
        assert_eq!((status, refusal["error"].as_str()), (401, Some("invalid_client")));
        let (_, issued) = client_token(&world, &client, "").await;
        let machine = world.with_token(issued["access_token"].as_str().unwrap());
        machine.get("/users").await.ok();
        contoso.delete(&format!("/api-clients/{}", client["id"].as_str().unwrap())).await.no_content();
        assert_eq!(client_token(&world, &client, "").await.0, 401);
        machine.get("/users").await.refused(401, "identity.unauthenticated");
    }
);

flow!(a_token_that_was_tampered_with_is_refused, |world: World| async move {
    let contoso = world.customer("contoso").await;
    let client = make(&contoso, &["user.view"]).await;
    let (_, issued) = client_token(&world, &client, "").await;
    let token = issued["access_token"].as_str().unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let other = make(&world.customer("litware").await, &["user.view"]).await;
    let (_, issued) = client_token(&world, &other, "").await;
    let foreign: Vec<&str> = issued["access_token"].as_str().unwrap().split('.').collect();
    for forged in [
        format!("{}.{}.{}", parts[0], foreign[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{token}x"),
        "..".to_owned(),
    ] {
        world.with_token(&forged).get("/users").await.refused(401, "identity.unauthenticated");
    }
    let keys = world.anonymous().get("//.well-known/jwks.json").await.ok();
    assert_eq!((&keys["keys"][0]["crv"], &keys["keys"][0]["alg"]), (&json!("P-256"), &json!("ES256")));
});

flow!(a_personal_token_acts_as_its_owner_until_it_ends, |world: World| async move {
    let contoso = world.customer("contoso").await;
    let made = contoso.post("/me/tokens", json!({ "name": "laptop", "days": 1 })).await.created();
    let laptop = world.with_token(made["secret"].as_str().unwrap());
    assert_eq!(laptop.get("/me").await.ok()["user"]["email"], "admin@contoso.example");
    world.pass_seconds(86_401);
    laptop.get("/me").await.refused(401, "identity.unauthenticated");
    let contoso = world.sign_in("admin@contoso.example").await;
    let path = format!("/me/tokens/{}", made["id"].as_str().unwrap());
    contoso.delete(&path).await.no_content();
    contoso.delete(&path).await.refused(404, "resource.not_found");
});

flow!(a_new_password_ends_every_session, |world: World| async move {
    let contoso = world.customer("contoso").await;
    let present = crate::testing::PASSWORD;
    let body = json!({ "present": "not the password", "new": "a brand new one" });
    contoso.put("/me/password", body).await.refused(401, "identity.sign_in_failed");
    contoso.put("/me/password", json!({ "present": present, "new": "a brand new one" })).await.no_content();
    contoso.get("/me").await.refused(401, "identity.unauthenticated");
    let again = json!({ "email": "admin@contoso.example", "password": "a brand new one" });
    world.anonymous().post("/sessions", again).await.created();
});

flow!(signing_out_ends_the_session, |world: World| async move {
    let contoso = world.customer("contoso").await;
    contoso.delete("/sessions/current").await.no_content();
    contoso.get("/me").await.refused(401, "identity.unauthenticated");
});

flow!(
    /// ROL-03: a personal access token acts as its owner and makes nothing that outlives it: no token, no
    /// API client, no password of anybody.
    a_personal_token_makes_no_credential,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        world.user(&contoso, "ana@contoso.example", &[]).await;
        let made = contoso.post("/me/tokens", json!({ "name": "laptop", "days": 1 })).await.created();
        let laptop = world.with_token(made["secret"].as_str().unwrap());
        let password = "a brand new one";
        let present = crate::testing::PASSWORD;
        let user = json!({ "email": "bob@contoso.example", "name": "Bob", "password": password });
        for (method, path, body) in [
            (Method::POST, "/me/tokens", json!({ "name": "another", "days": 366 })),
            (Method::PUT, "/me/password", json!({ "present": present, "new": password })),
            (Method::PUT, "/users/admin@contoso.example/password", json!({ "password": password })),
            (Method::PUT, "/users/ana@contoso.example/password", json!({ "password": password })),
            (Method::POST, "/users", user),
            (Method::POST, "/api-clients", json!({ "name": "Sync", "scopes": ["user.view"] })),
        ] {
            laptop.json(method, path, &body).await.refused(403, "access.personal_token");
        }
        assert_eq!(contoso.get("/me/tokens").await.ok()["items"].as_array().unwrap().len(), 1);
        laptop.post("/users", json!({ "email": "bob@contoso.example", "name": "Bob" })).await.created();
        laptop.delete(&format!("/me/tokens/{}", made["id"].as_str().unwrap())).await.no_content();
        laptop.get("/me").await.refused(401, "identity.unauthenticated");

        let session = world.sign_in("operator@marketplace.example").await;
        let made = session.post("/me/tokens", json!({ "name": "laptop", "days": 1 })).await.created();
        let admin = json!({ "email": "admin@litware.example", "name": "Lea", "password": password });
        let tenant = json!({ "slug": "litware", "name": "Litware", "country": "KR", "admin": admin });
        let laptop = world.with_token(made["secret"].as_str().unwrap());
        laptop.post("/tenants", tenant).await.refused(403, "access.personal_token");
    }
);

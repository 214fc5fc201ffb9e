use serde_json::json;

use crate::testing::{PASSWORD, World, flow, together};

flow!(
    /// ROL-02: a user may hold several roles; the last global admin stays one.
    a_tenant_keeps_a_global_admin,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        world.user(&contoso, "ana@contoso.example", &["license_admin", "billing_admin"]).await;
        let ana = contoso.get("/users/ana@contoso.example").await.ok();
        assert_eq!(ana["roles"], json!(["billing_admin", "license_admin"]));
        let alone = "/users/admin@contoso.example/roles";
        contoso.put(alone, json!({ "roles": ["user_admin"] })).await.refused(409, "user.last_global_admin");
        contoso.put("/users/ana@contoso.example/roles", json!({ "roles": ["global_admin"] })).await.ok();
        contoso.put(alone, json!({ "roles": ["user_admin"] })).await.ok();
    }
);

flow!(
    /// ROL-02: the last operator stays one, too: nobody else could make another.
    the_marketplace_keeps_an_operator,
    |world: World| async move {
        let operator = world.operator().await;
        let alone = "/users/operator@marketplace.example";
        let second = json!({ "email": "olaf@marketplace.example", "name": "Olaf", "roles": ["global_admin"] });
        operator.post("/users", second).await.created();
        let no_more = json!({ "roles": ["global_admin"] });
        operator.put(&format!("{alone}/roles"), no_more.clone()).await.refused(409, "user.last_operator");
        operator.delete(alone).await.refused(409, "user.last_operator");
        let both = json!({ "roles": ["global_admin", "operator"] });
        operator.put("/users/olaf@marketplace.example/roles", both).await.ok();
        operator.put(&format!("{alone}/roles"), no_more).await.ok();
    }
);

flow!(
    /// ROL-01: a user admin cannot make itself an administrator, nor take over one's account.
    a_user_admin_does_not_reach_beyond_plain_users,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let uma = world.user(&contoso, "uma@contoso.example", &["user_admin"]).await;
        let body = json!({ "email": "x@contoso.example", "name": "X", "roles": ["global_admin"] });
        uma.post("/users", body).await.refused(403, "access.forbidden");
        let password = json!({ "password": "another password" });
        let path = "/users/admin@contoso.example/password";
        uma.put(path, password.clone()).await.refused(403, "user.role_needs_grant");
        uma.post("/users", json!({ "email": "y@contoso.example", "name": "Y" })).await.created();
        uma.put("/users/y@contoso.example/password", password).await.no_content();
    }
);

flow!(
    /// ROL-01: another tenant's user is not found, whatever is asked.
    a_foreign_user_does_not_exist,
    |world: World| async move {
        let (contoso, litware) = (world.customer("contoso").await, world.customer("litware").await);
        let me = litware.get("/me").await.ok();
        let path = format!("/users/{}", me["user"]["id"].as_str().unwrap());
        contoso.get(&path).await.refused(404, "resource.not_found");
        contoso.patch(&path, json!({ "name": "Z" })).await.refused(404, "resource.not_found");
        contoso.get("/users/admin@litware.example").await.refused(404, "resource.not_found");
        let users = contoso.get("/users").await.ok();
        assert_eq!(users["items"].as_array().unwrap().len(), 1);
    }
);

flow!(every_wrong_field_of_a_user_is_named_at_once, |world: World| async move {
    let contoso = world.customer("contoso").await;
    let body = json!({ "email": "nobody", "name": "", "password": "short" });
    let fields = contoso.post("/users", body).await.wrong_fields();
    let fields: Vec<&str> = fields.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["email", "name", "password"]);
    let shape = contoso.post("/users", json!({ "email": 1, "colour": "red" })).await.wrong_fields();
    assert!(shape.len() >= 3, "wrong type, missing and unknown: {shape:?}");
    contoso
        .post("/users", json!({ "email": "admin@contoso.example", "name": "A" }))
        .await
        .refused(409, "user.email_taken");
});

flow!(a_stale_revision_changes_nothing, |world: World| async move {
    let contoso = world.customer("contoso").await;
    let reply = contoso.get("/users/admin@contoso.example").await;
    let etag = reply.header("etag").unwrap().to_owned();
    let first = contoso.with("if-match", etag.clone());
    first.patch("/users/admin@contoso.example", json!({ "name": "First" })).await.ok();
    first
        .patch("/users/admin@contoso.example", json!({ "name": "Second" }))
        .await
        .refused(412, "resource.changed");
    assert_eq!(contoso.get("/users/admin@contoso.example").await.ok()["name"], "First");
    let nonsense = contoso.with("if-match", "abc");
    nonsense
        .patch("/users/admin@contoso.example", json!({ "name": "Third" }))
        .await
        .refused(400, "request.malformed_header");
});

flow!(a_repeated_key_is_answered_again_and_done_once, |world: World| async move {
    let contoso = world.customer("contoso").await;
    let keyed = contoso.with("idempotency-key", "one");
    let body = json!({ "email": "ana@contoso.example", "name": "Ana" });
    let first = keyed.post("/users", body.clone()).await;
    assert!(first.header("freshness-token").is_some());
    let again = keyed.post("/users", body).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert!(again.header("freshness-token").is_some());
    assert_eq!(first.created(), again.created());
    let other = json!({ "email": "bob@contoso.example", "name": "Bob" });
    keyed.post("/users", other).await.refused(422, "request.idempotency_key_reused");
    assert_eq!(contoso.get("/users").await.ok()["items"].as_array().unwrap().len(), 2);
});

flow!(lists_are_cut_into_pages_that_follow_each_other, |world: World| async move {
    let contoso = world.customer("contoso").await;
    for n in 0..5 {
        contoso
            .post("/users", json!({ "email": format!("u{n}@contoso.example"), "name": "U" }))
            .await
            .created();
    }
    let (mut seen, mut path) = (0, "/users?limit=2".to_owned());
    loop {
        let page = contoso.get(&path).await.ok();
        seen += page["items"].as_array().unwrap().len();
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/users?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, 6);
    contoso.get("/users?limit=101").await.refused(422, "request.invalid");
    contoso.get("/users?cursor=zz").await.refused(422, "request.invalid");
    contoso.get("/users?colour=red").await.refused(400, "request.malformed_query");
});

flow!(an_address_in_two_tenants_signs_in_by_tenant, |world: World| async move {
    let (contoso, litware) = (world.customer("contoso").await, world.customer("litware").await);
    let body = json!({ "email": "ana@both.example", "name": "Ana", "password": PASSWORD });
    contoso.post("/users", body.clone()).await.created();
    litware.post("/users", body).await.created();
    let sign_in = json!({ "email": "ana@both.example", "password": PASSWORD });
    world.anonymous().post("/sessions", sign_in).await.refused(409, "identity.tenant_ambiguous");
    let sign_in = json!({ "email": "ana@both.example", "password": PASSWORD, "tenant": "litware" });
    world.anonymous().post("/sessions", sign_in).await.created();
    let wrong = json!({ "email": "ana@both.example", "password": "not the password" });
    world.anonymous().post("/sessions", wrong).await.refused(401, "identity.sign_in_failed");
});

flow!(an_address_in_two_tenants_is_no_way_to_guess_at_the_other, |world: World| async move {
    let (contoso, litware) = (world.customer("contoso").await, world.customer("litware").await);
    let user = |password: &str| json!({ "email": "ana@both.example", "name": "Ana", "password": password });
    litware.post("/users", user(PASSWORD)).await.created();
    contoso.post("/users", user("the password of a shadow")).await.created();
    let from = world.anonymous().at("203.0.113.9");
    for guess in 0..5 {
        let password = format!("guess number {guess} at the other");
        let set = json!({ "password": password });
        contoso.put("/users/ana@both.example/password", set).await.no_content();
        let sign_in = json!({ "email": "ana@both.example", "password": password });
        from.post("/sessions", sign_in).await.created();
    }
    contoso.put("/users/ana@both.example/password", json!({ "password": PASSWORD })).await.no_content();
    let right = json!({ "email": "ana@both.example", "password": PASSWORD });
    let session = from.post("/sessions", right.clone()).await.created();
    let shadow = world.with_token(session["token"].as_str().unwrap());
    assert_eq!(shadow.get("/tenant").await.ok()["slug"], "contoso", "it says nothing about the other one");
    world.anonymous().post("/sessions", right).await.refused(409, "identity.tenant_ambiguous");
});

flow!(
    /// Of several who decided by one revision, one changes it: the others are told, whichever is first.
    one_revision_is_changed_once,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let made = json!({ "email": "ana@contoso.example", "name": "Ana" });
        let etag = contoso.post("/users", made).await.header("etag").unwrap().to_owned();
        let rename = |n: usize| {
            let client = contoso.with("if-match", etag.clone());
            async move { client.patch("/users/ana@contoso.example", json!({ "name": format!("Ana {n}") })).await }
        };
        let replies = together((0..8).map(rename)).await;
        let count = |status: u16| replies.iter().filter(|reply| reply.status.as_u16() == status).count();
        assert_eq!((count(200), count(412)), (1, 7));
        let stale = contoso.with("if-match", etag);
        let roles = stale.put("/users/ana@contoso.example/roles", json!({ "roles": [] })).await;
        roles.refused(412, "resource.changed");
        stale.post("/users/ana@contoso.example/activate", json!({})).await.refused(412, "resource.changed");
    }
);

flow!(
    /// A user who is deleted while somebody renames it stays deleted.
    a_deleted_user_does_not_come_back,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        for n in 0..8 {
            let path = format!("/users/u{n}@contoso.example");
            contoso.post("/users", json!({ "email": path[7..], "name": "U" })).await.created();
            let client = contoso.clone();
            let both = (0..4).map(|m| {
                let (client, path) = (client.clone(), path.clone());
                async move {
                    if m == 2 {
                        client.delete(&path).await.status
                    } else {
                        client.patch(&path, json!({ "name": "V" })).await.status
                    }
                }
            });
            together(both).await;
            contoso.get(&path).await.refused(404, "resource.not_found");
        }
    }
);

//! Requests as no well-behaved client sends them.

use std::io::Read as _;

use axum::body::{Body, to_bytes};
use axum::http::header::ACCEPT_ENCODING;
use axum::http::{Method, Request};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::testing::{World, flow};

flow!(
    /// An address with bytes that are no text, or with a NUL, is refused by a problem, whoever asks.
    an_address_that_is_no_text_is_a_problem,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        for path in ["/users/%ff", "/users/a%00b", "/storefront/offers/%C3%28", "/licenses/a%00.b.c/seats"] {
            contoso.get(path).await.refused(400, "request.malformed_path");
        }
        world.anonymous().get("/storefront/offers/%00").await.refused(400, "request.malformed_path");
        contoso.get("/users?search=a%00b").await.refused(400, "request.malformed_query");
    }
);

flow!(
    /// Whatever is not there is refused by a problem, and the token endpoint in the words of RFC 6749.
    every_refusal_has_a_form,
    |world: World| async move {
        let anonymous = world.anonymous();
        for path in ["//api/docs/nothing", "//api/docs/../x", "//nothing", "//api/v1/offers/"] {
            anonymous.get(path).await.refused(404, "request.no_route");
        }
        let form = Some(("application/x-www-form-urlencoded", vec![b'a'; 20_000]));
        let refused = anonymous.send(Method::POST, "//oauth2/token", form).await;
        assert_eq!((refused.status.as_u16(), &refused.body()["error"]), (400, &json!("invalid_request")));
    }
);

flow!(
    /// The viewer reads the description of this very program.
    the_api_is_described_where_its_viewer_looks,
    |world: World| async move {
        let read = |path: &str, accepts: &str| {
            let request = Request::get(path).header(ACCEPT_ENCODING, accepts).body(Body::empty()).unwrap();
            let answer = crate::router(world.app.clone()).oneshot(request);
            async { to_bytes(answer.await.unwrap().into_body(), usize::MAX).await.unwrap() }
        };
        let plain = read("/api/v1/openapi.json", "identity").await;
        let described: Value = serde_json::from_slice(&plain).unwrap();
        assert_eq!(described, serde_json::to_value(crate::document()).unwrap());
        let (compressed, mut same) = (read("/api/v1/openapi.json", "gzip").await, Vec::new());
        GzDecoder::new(&*compressed).read_to_end(&mut same).unwrap();
        assert!(same == plain && compressed.len() < plain.len() / 10);
        let viewer = read("/api/docs/swagger-initializer.js", "identity").await;
        assert!(String::from_utf8_lossy(&viewer).contains("/api/v1/openapi.json"));
    }
);

flow!(
    /// What is searched for has a limit, and characters that search for anything are searched for.
    a_search_is_text_within_its_limit,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let long = contoso.get(&format!("/users?search={}", "a".repeat(201))).await.wrong_fields();
        assert_eq!(long, [("search".to_owned(), "text.too_long".to_owned())]);
        let found = |search: &str| {
            let (contoso, path) = (contoso.clone(), format!("/users?search={search}"));
            async move { contoso.get(&path).await.ok()["items"].as_array().unwrap().len() }
        };
        assert_eq!((found("ADMIN").await, found("%25").await, found("%20").await), (1, 0, 1));
        let fabrikam = world.publisher("fabrikam").await;
        let path = format!("/deals?search={0}&customer={0}", "a".repeat(201));
        assert_eq!(fabrikam.get(&path).await.wrong_fields().len(), 2, "all at once");
    }
);

flow!(
    /// A body that gives a key twice says two things: it is refused, and the key is named.
    a_key_given_twice_is_refused,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        for text in [
            r#"{"email":"a@contoso.example","name":"A","name":"B"}"#,
            r#"{"email":"a@contoso.example","n\u0061me":"A","name":"A"}"#,
        ] {
            let body = Some(("application/json", text.as_bytes().to_vec()));
            let refused = contoso.send(Method::POST, "/users", body).await;
            let refused = refused.refused(400, "request.duplicate_key");
            assert!(refused["detail"].as_str().unwrap().contains("\"name\""), "{refused}");
        }
        assert_eq!(contoso.get("/users").await.ok()["items"].as_array().unwrap().len(), 1);
    }
);

flow!(
    /// `If-Match` is a list: one tag that is the present one is enough; weak and foreign tags never match.
    if_match_takes_lists,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let path = "/users/admin@contoso.example";
        let etag = contoso.get(path).await.header("etag").unwrap().to_owned();
        let rename = |tags: String| {
            let client = contoso.with("if-match", tags);
            async move { client.patch(path, json!({ "name": "Alex" })).await }
        };
        for tags in [format!("W/{etag}"), "\"777\", \"someone else's\"".to_owned(), format!("W/{etag}, \"777\"")] {
            rename(tags).await.refused(412, "resource.changed");
        }
        for tags in ["777".to_owned(), format!("{etag} {etag}"), format!("*, {etag}"), "\"".to_owned()] {
            rename(tags).await.refused(400, "request.malformed_header");
        }
        rename(format!("\"777\", {etag}")).await.ok();
        rename(etag).await.refused(412, "resource.changed");
        rename("*".to_owned()).await.ok();
    }
);

flow!(
    /// Nothing is called by a name that nobody can see, or that turns the writing around it.
    a_name_can_be_seen,
    |world: World| async move {
        let (operator, fabrikam) = (world.operator().await, world.publisher("fabrikam").await);
        fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
        for (name, code) in [
            ("\u{200b}\u{2060}", "text.invisible"),
            ("\u{3164}", "text.invisible"),
            ("Gro\u{202e}tfosorciM", "text.direction_override"),
            ("two\nlines", "text.control_character"),
        ] {
            let wrong = |client: &crate::testing::Client, path: &str, body: serde_json::Value| {
                let (client, path) = (client.clone(), path.to_owned());
                async move { client.post(&path, body).await.wrong_fields() }
            };
            let named = |field: &str| vec![(field.to_owned(), code.to_owned())];
            let user = json!({ "email": "a@fabrikam.example", "name": name });
            assert_eq!(wrong(&fabrikam, "/users", user).await, named("name"));
            let offer = json!({ "offer_id": "other", "alias": name });
            assert_eq!(wrong(&fabrikam, "/offers", offer).await, named("alias"));
            let plan = json!({ "plan_id": "gold", "name": name });
            assert_eq!(wrong(&fabrikam, "/offers/f365/plans", plan).await, named("name"));
            let token = json!({ "name": name, "days": 1 });
            assert_eq!(wrong(&fabrikam, "/me/tokens", token).await, named("name"));
            let client = json!({ "name": name, "scopes": ["user.view"] });
            assert_eq!(wrong(&fabrikam, "/api-clients", client).await, named("name"));
            let admin = json!({ "email": "a@litware.example", "name": name, "password": crate::testing::PASSWORD });
            let tenant = json!({ "slug": "litware", "name": name, "country": "KR", "admin": admin });
            let both = [named("name"), named("admin.name")].concat();
            assert_eq!(wrong(&operator, "/tenants", tenant).await, both);
        }
        let written = "👩\u{200d}🚀 می\u{200c}خواهم שלום 골드";
        fabrikam.post("/offers/f365/plans", json!({ "plan_id": "gold", "name": written })).await.created();
    }
);

flow!(
    /// LIC-03: a retry of a request whose answer showed a secret does nothing twice, and is told what the
    /// first one made; the secret is not kept.
    a_secret_is_made_once_and_shown_once,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let keyed = fabrikam.with("idempotency-key", "one");
        for (at, (path, body)) in [
            ("/me/tokens", json!({ "name": "laptop", "days": 1 })),
            ("/api-clients", json!({ "name": "Sync", "scopes": ["user.view"] })),
            ("/invitations", json!({ "note": "For Contoso" })),
        ]
        .into_iter()
        .enumerate()
        {
            let keyed = fabrikam.with("idempotency-key", format!("key-{at}"));
            let made = keyed.post(path, body.clone()).await.created();
            let again = keyed.post(path, body).await.refused(409, "request.secret_shown");
            assert_eq!(again["context"]["id"], made["id"]);
            let secret = made["secret"].as_str().or(made["token"].as_str()).unwrap();
            assert!(!again.to_string().contains(secret));
            assert_eq!(fabrikam.get(path).await.ok()["items"].as_array().unwrap().len(), 1);
        }
        let invitation = fabrikam.get("/invitations").await.ok()["items"][0]["id"].clone();
        let reissue = format!("/invitations/{}/reissue", invitation.as_str().unwrap());
        let first = keyed.post(&reissue, json!({})).await.ok();
        let again = keyed.post(&reissue, json!({})).await.refused(409, "request.secret_shown");
        assert_eq!(again["context"]["id"], invitation);
        let contoso = world.customer("contoso").await;
        contoso.post("/relationships", json!({ "token": first["token"] })).await.ok();
        keyed.post("/me/tokens", json!({ "name": "x", "days": 1 })).await.refused(422, "request.idempotency_key_reused");
    }
);

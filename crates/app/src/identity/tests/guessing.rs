use axum::http::Method;
use serde_json::{Value, json};

use crate::testing::{Client, PASSWORD, Reply, World, flow};

const ATTACKER: &str = "203.0.113.9";
const HOME: &str = "198.51.100.7";

async fn sign_in(world: &World, address: &str, email: &str, password: &str) -> Reply {
    world.anonymous().at(address).post("/sessions", json!({ "email": email, "password": password })).await
}

/// Refused until so many seconds have passed, in the body as in the header.
fn seconds_to_wait(reply: Reply) -> i64 {
    let header = reply.header("retry-after").map(str::to_owned);
    let problem = reply.refused(429, "identity.too_many_attempts");
    let seconds = problem["context"]["retry_after_seconds"].as_i64().unwrap();
    assert_eq!(header, Some(seconds.to_string()));
    seconds
}

flow!(who_guesses_at_a_password_waits_and_its_owner_does_not, |world: World| async move {
    world.customer("contoso").await;
    let email = "admin@contoso.example";
    for _ in 0..5 {
        sign_in(&world, ATTACKER, email, "a wrong guess").await.refused(401, "identity.sign_in_failed");
    }
    // Even the right password is of no use to who comes upon it now.
    assert_eq!(seconds_to_wait(sign_in(&world, ATTACKER, email, PASSWORD).await), 60);
    sign_in(&world, HOME, email, PASSWORD).await.created();
    sign_in(&world, ATTACKER, "nobody@contoso.example", PASSWORD)
        .await
        .refused(401, "identity.sign_in_failed");
    world.pass_seconds(60);
    sign_in(&world, ATTACKER, email, "a wrong guess").await.refused(401, "identity.sign_in_failed");
    assert_eq!(seconds_to_wait(sign_in(&world, ATTACKER, email, "a wrong guess").await), 60);
    world.pass_seconds(60);
    sign_in(&world, ATTACKER, email, PASSWORD).await.created();
});

flow!(guesses_that_are_sent_at_once_are_counted, |world: World| async move {
    world.customer("contoso").await;
    let anonymous = world.anonymous().at(ATTACKER);
    let guess = |n: usize| {
        let (client, body) =
            (anonymous.clone(), json!({ "email": "admin@contoso.example", "password": n.to_string() }));
        async move { client.post("/sessions", body).await.status.as_u16() }
    };
    let mut statuses = crate::testing::together((0..20).map(guess)).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [[401; 5].as_slice(), &[429; 15]].concat());
});

flow!(many_places_that_guess_together_do_not_shut_the_owner_out, |world: World| async move {
    world.customer("contoso").await;
    let email = "admin@contoso.example";
    sign_in(&world, HOME, email, PASSWORD).await.created();
    let mut guesses = 0;
    for place in 0..11 {
        let address = format!("192.0.2.{place}");
        while sign_in(&world, &address, email, "a wrong guess").await.status == 401 {
            guesses += 1;
        }
    }
    assert_eq!(guesses, 50);
    sign_in(&world, HOME, email, PASSWORD).await.created();
    assert_eq!(seconds_to_wait(sign_in(&world, "192.0.2.99", email, PASSWORD).await), 10);
});

async fn trade(client: &Client, id: &Value, secret: &str) -> Reply {
    let id = id.as_str().unwrap();
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let body = Some(("application/x-www-form-urlencoded", form.into_bytes()));
    client.send(Method::POST, "//oauth2/token", body).await
}

flow!(who_guesses_at_the_secret_of_a_client_waits, |world: World| async move {
    let contoso = world.customer("contoso").await;
    let body = json!({ "name": "Sync", "scopes": ["user.view"] });
    let (one, other) = (
        contoso.post("/api-clients", body.clone()).await.created(),
        contoso.post("/api-clients", body).await.created(),
    );
    let place = world.anonymous().at(ATTACKER);
    for _ in 0..5 {
        assert_eq!(trade(&place, &one["id"], "slc_wrong").await.status, 401);
    }
    assert_eq!(seconds_to_wait(trade(&place, &one["id"], one["secret"].as_str().unwrap()).await), 60);
    // Others at the same address go on, as behind one gateway.
    for _ in 0..60 {
        trade(&place, &other["id"], other["secret"].as_str().unwrap()).await.ok();
    }
    trade(&world.anonymous().at(HOME), &one["id"], one["secret"].as_str().unwrap()).await.ok();
});

flow!(who_has_found_a_session_does_not_find_the_password_with_it, |world: World| async move {
    let contoso = world.customer("contoso").await.at(ATTACKER);
    let change = |present: &str| json!({ "present": present, "new": "a brand new one" });
    for _ in 0..5 {
        let reply = contoso.put("/me/password", change("a wrong guess")).await;
        reply.refused(401, "identity.sign_in_failed");
    }
    assert_eq!(seconds_to_wait(contoso.put("/me/password", change(PASSWORD)).await), 60);
    contoso.at(HOME).put("/me/password", change(PASSWORD)).await.no_content();
});

flow!(
    /// The page of signing in says when to try again as the API does.
    a_page_says_when_to_try_again,
    |world: World| async move {
        world.customer("contoso").await;
        let mut browser = world.browser();
        let page = browser.get("/sign-in").await.ok();
        let typed = [("email", "admin@contoso.example"), ("password", "a wrong guess")];
        for _ in 0..5 {
            let wrong = browser.submit(&page, "/sign-in", &typed).await;
            assert_eq!((wrong.status.as_u16(), wrong.headers.get("retry-after")), (401, None));
        }
        let waits = browser.submit(&page, "/sign-in", &typed).await;
        assert_eq!(waits.status, 429);
        assert_eq!(waits.headers["retry-after"], "60");
    }
);

use serde_json::{Value, json};

use crate::Settings;
use crate::entitlements::feed::catch_up;
use crate::testing::{Client, World, flow};

/// fabrikam sells f365; contoso holds two gold seats, Ana has one of them, Bob has none.
pub(super) async fn story(world: &World) -> (Client, Client) {
    let fabrikam = world.publisher("fabrikam").await;
    world.live_offer(&fabrikam, "f365", &["bronze", "silver", "gold"]).await;
    let contoso = world.customer("contoso").await;
    world.sold(&fabrikam, "f365", &contoso, &[("gold", 2)]).await;
    for name in ["ana", "bob"] {
        let body = json!({ "email": format!("{name}@contoso.example"), "name": name });
        contoso.post("/users", body).await.created();
    }
    assign(&contoso, "ana").await;
    (fabrikam, contoso)
}

pub(super) async fn assign(contoso: &Client, user: &str) -> String {
    let body = json!({ "users": [format!("{user}@contoso.example")] });
    let reply = contoso.post("/licenses/fabrikam.f365.gold/assignments", body).await;
    let token = reply.header("freshness-token").unwrap().to_owned();
    reply.ok();
    token
}

pub(super) async fn unassign(contoso: &Client, user: &str) {
    let body = json!({ "users": [format!("{user}@contoso.example")] });
    contoso.post("/licenses/fabrikam.f365.gold/unassignments", body).await.ok();
}

pub(super) async fn check(client: &Client, user: &str, target: Value) -> Value {
    let mut body = target;
    body["user"] = format!("{user}@contoso.example").into();
    client.post("/checks", body).await.ok()
}

pub(super) fn component(name: &str) -> Value {
    json!({ "component": name })
}

flow!(
    /// CHK-01: any plan mapped to a component opens it (gold opens bronze's app, too); a component that is
    /// mapped to nothing is open.
    a_seat_opens_the_components_of_its_plan,
    |world: World| async move {
        let (_, contoso) = story(&world).await;
        for app in ["bronze_app", "silver_app", "gold_app"] {
            assert_eq!(check(&contoso, "ana", component(app)).await["allowed"], true, "{app}");
            assert_eq!(check(&contoso, "bob", component(app)).await["allowed"], false, "{app}");
        }
        let open = check(&contoso, "bob", component("something_else")).await;
        assert_eq!((&open["allowed"], &open["reason"]), (&json!(true), &json!("unrestricted")));
    }
);

flow!(
    /// CHK-02: by service id, exactly the right held counts.
    a_service_is_open_to_who_holds_it,
    |world: World| async move {
        let (_, contoso) = story(&world).await;
        let gold = json!({ "service_id": "fabrikam.f365.gold" });
        let held = check(&contoso, "ana", gold.clone()).await;
        assert_eq!((&held["allowed"], &held["state"]), (&json!(true), &json!("active")));
        assert_eq!(check(&contoso, "bob", gold.clone()).await["reason"], "no_seat");
        let silver = json!({ "service_id": "fabrikam.f365.silver" });
        assert_eq!(check(&contoso, "ana", silver).await["reason"], "no_license");
        unassign(&contoso, "ana").await;
        assert_eq!(check(&contoso, "ana", gold).await["allowed"], false, "the very next check knows");
    }
);

flow!(
    /// CHK-03: a check takes no seat and writes nothing, and says at which version it was decided.
    a_check_changes_nothing_and_names_its_version,
    |world: World| async move {
        let (_, contoso) = story(&world).await;
        let head = contoso.get("/events").await.ok()["head"].clone();
        for _ in 0..3 {
            assert_eq!(check(&contoso, "bob", component("gold_app")).await["version"], head);
        }
        assert_eq!(contoso.get("/events").await.ok()["head"], head);
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["assigned"], 1);
        let answer = check(&contoso, "ana", component("silver_app")).await;
        assert_eq!(answer["service_ids"], json!(["fabrikam.f365.silver", "fabrikam.f365.gold"]));
        assert_eq!((&answer["enforcement"], &answer["refusal"]), (&json!("block"), &Value::Null));
    }
);

flow!(
    /// CHK-04: the refusal names the component, its publisher, every plan that would do; in Korean, too.
    a_refusal_can_be_shown,
    |world: World| async move {
        let (_, contoso) = story(&world).await;
        let refusal = check(&contoso, "bob", component("bronze_app")).await["refusal"].clone();
        assert_eq!((&refusal["title"], &refusal["code"]), (&json!("Invalid License"), &json!("0x80050301")));
        let details = refusal["details"].as_str().unwrap();
        for part in ["bronze_app", "fabrikam", "fabrikam.f365.bronze", "fabrikam.f365.silver", "fabrikam.f365.gold"] {
            assert!(details.contains(part), "{part} in {details}");
        }
        let korean = contoso.with("accept-language", "ko-KR,ko;q=0.9");
        assert_eq!(check(&korean, "bob", component("bronze_app")).await["refusal"]["title"], "잘못된 라이선스");
    }
);

flow!(
    /// CHK-05: another node decides at the token of the write, or at what it has learned by itself.
    another_node_decides_at_the_token_of_the_write,
    |world: World| async move {
        let (_, contoso) = story(&world).await;
        let other = world.another_node(Settings::default()).await;
        let there = other.sign_in("admin@contoso.example").await;
        assert_eq!(check(&there, "bob", component("gold_app")).await["allowed"], false);
        let token = assign(&contoso, "bob").await;
        let answer = check(&there.with("freshness-token", token), "bob", component("gold_app")).await;
        assert_eq!(answer["allowed"], true);
        unassign(&contoso, "bob").await;
        other.app.db.reconcile_heads(0).await.unwrap();
        catch_up(&other.app).await;
        assert_eq!(check(&there, "bob", component("gold_app")).await["allowed"], false);
        let future = there.with("freshness-token", format!("{}@99999", there.get("/tenant").await.ok()["id"].as_str().unwrap()));
        let body = json!({ "user": "bob@contoso.example", "component": "gold_app" });
        future.post("/checks", body).await.refused(409, "check.freshness_unknown");
    }
);

flow!(
    /// REL-06: a publisher's client asks about its customers' users by id, and about its own services only.
    a_publisher_checks_its_own_services_for_its_customers,
    |world: World| async move {
        let (fabrikam, contoso) = story(&world).await;
        let litware = world.publisher("litware").await;
        let tenant = contoso.get("/tenant").await.ok()["id"].clone();
        let ana = contoso.get("/users/ana@contoso.example").await.ok()["id"].clone();
        let body = json!({ "tenant": tenant, "user": ana, "service_id": "fabrikam.f365.gold" });
        assert_eq!(fabrikam.post("/customer-checks", body.clone()).await.ok()["allowed"], true);
        litware.post("/customer-checks", body).await.refused(404, "resource.not_found");
    }
);

flow!(a_question_must_name_one_thing, |world: World| async move {
    let (_, contoso) = story(&world).await;
    let both =
        json!({ "user": "ana@contoso.example", "component": "gold_app", "service_id": "fabrikam.f365.gold" });
    contoso.post("/checks", both).await.refused(422, "check.target_missing");
    contoso
        .post("/checks", json!({ "user": "ana@contoso.example" }))
        .await
        .refused(422, "check.target_missing");
    let broken = contoso.with("freshness-token", "yesterday");
    let body = json!({ "user": "ana@contoso.example", "component": "gold_app" });
    broken.post("/checks", body).await.refused(422, "request.invalid");
});

flow!(
    /// CHK-05: a token that says nothing of whom is asked about is refused, for whoever sends it relies on it.
    a_token_of_another_tenant_is_refused,
    |world: World| async move {
        let (fabrikam, contoso) = story(&world).await;
        let stranger = world.customer("stranger").await;
        let theirs = stranger.post("/groups", json!({ "name": "Sales" })).await;
        let theirs = theirs.header("freshness-token").unwrap().to_owned();
        let gone = stranger.post("/groups", json!({ "name": "Gone" })).await.created()["id"].clone();
        let gone = stranger.delete(&format!("/groups/{}", gone.as_str().unwrap())).await;
        assert!(gone.header("freshness-token").is_some(), "a write that has nothing to tell has moved the log, too");
        let ours = assign(&contoso, "bob").await;
        let own = json!({ "user": "bob@contoso.example", "component": "gold_app" });
        let sent = |token: &str| contoso.with("freshness-token", token.to_owned());
        assert_eq!(sent(&ours).post("/checks", own.clone()).await.ok()["allowed"], true);
        let refused = sent(&theirs).post("/checks", own.clone()).await.refused(422, "request.invalid");
        assert_eq!(refused["errors"][0]["code"], "freshness.foreign");
        let many = json!({ "checks": [own] });
        sent(&theirs).post("/checks/batch", many).await.refused(422, "request.invalid");
        let both = format!("{theirs},{ours}");
        assert_eq!(sent(&both).post("/me/checks", json!({ "component": "gold_app" })).await.ok()["allowed"], false);

        let tenant = contoso.get("/tenant").await.ok()["id"].clone();
        let bob = contoso.get("/users/bob@contoso.example").await.ok()["id"].clone();
        let of_customer = json!({ "tenant": tenant, "user": bob, "service_id": "fabrikam.f365.gold" });
        let write = fabrikam.post("/offers", json!({ "offer_id": "other", "alias": "Other" })).await;
        for (token, status) in [(ours, 200), (write.header("freshness-token").unwrap().to_owned(), 200), (theirs, 422)] {
            let asked = fabrikam.with("freshness-token", token);
            let alone = asked.post("/customer-checks", of_customer.clone()).await.status;
            let many = asked.post("/customer-checks/batch", json!({ "checks": [of_customer] })).await.status;
            assert_eq!((alone.as_u16(), many.as_u16()), (status, status));
        }
    }
);

flow!(a_user_that_leaves_has_no_rights, |world: World| async move {
    let (_, contoso) = story(&world).await;
    let ana = contoso.get("/users/ana@contoso.example").await.ok()["id"].clone();
    assert_eq!(check(&contoso, "ana", component("gold_app")).await["allowed"], true);
    contoso.delete("/users/ana@contoso.example").await;
    for user in [&ana, &json!("ana@contoso.example"), &json!("nobody@contoso.example")] {
        let body = json!({ "user": user, "component": "something_else" });
        let many = contoso.post("/checks/batch", json!({ "checks": [body] })).await.ok();
        let alone = contoso.post("/checks", body).await.ok();
        assert_eq!((&alone["allowed"], &alone["reason"]), (&json!(false), &json!("user_unknown")), "{user}");
        assert_eq!(many["results"][0]["reason"], "user_unknown", "{user}");
    }
});

flow!(
    /// CHK-05: three levels: as this node has it, at a write at least, and the latest of all nodes.
    an_answer_is_as_fresh_as_is_asked_for,
    |world: World| async move {
        let (_, contoso) = story(&world).await;
        let other = world.another_node(Settings::default()).await;
        let there = other.sign_in("admin@contoso.example").await;
        let asked = |client: Client| async move { check(&client, "bob", component("gold_app")).await["allowed"].clone() };
        assert_eq!(asked(there.clone()).await, false);
        assign(&contoso, "bob").await;
        assert_eq!(asked(contoso.clone()).await, true, "the node that took it knows at once");
        assert_eq!(asked(there.with("freshness-token", "latest")).await, true);
        unassign(&contoso, "bob").await;
        assert_eq!(asked(there.with("freshness-token", "Latest")).await, false);
    }
);

flow!(
    /// CHK-07: many are answered in order, each as it would be alone; what is wrong with any of them is told of all.
    a_batch_is_answered_in_order,
    |world: World| async move {
        let (fabrikam, contoso) = story(&world).await;
        let (ana, bob) = ("ana@contoso.example", "bob@contoso.example");
        let checks = json!([
            { "user": ana, "component": "gold_app" },
            { "user": bob, "component": "gold_app" },
            { "user": "nobody@contoso.example", "component": "gold_app" },
            { "user": ana, "service_id": "fabrikam.f365.gold" },
            { "user": ana, "service_id": "fabrikam.f365.platinum" },
        ]);
        let answer = contoso.post("/checks/batch", json!({ "checks": checks })).await.ok();
        let reasons: Vec<&str> =
            answer["results"].as_array().unwrap().iter().map(|it| it["reason"].as_str().unwrap()).collect();
        assert_eq!(reasons, ["licensed", "no_seat", "user_unknown", "licensed", "service_unknown"]);
        let (first, alone) = (&answer["results"][0], check(&contoso, "ana", component("gold_app")).await);
        assert_eq!(*first, alone, "as it would be alone");
        assert_eq!((&first["fresh_seconds"], &first["grace_seconds"]), (&json!(60), &json!(86400)), "CHK-09");
        let own = json!({ "checks": [{ "component": "gold_app" }, { "component": "anything" }] });
        let own = contoso.post("/me/checks/batch", own).await.ok();
        assert_eq!((&own["results"][0]["allowed"], &own["results"][1]["allowed"]), (&json!(false), &json!(true)));

        let tenant = contoso.get("/tenant").await.ok()["id"].clone();
        let ana = contoso.get("/users/ana@contoso.example").await.ok()["id"].clone();
        let stranger = world.customer("stranger").await.get("/tenant").await.ok()["id"].clone();
        let of = |tenant: &Value| json!({ "tenant": tenant, "user": ana, "component": "gold_app" });
        let answer =
            fabrikam.post("/customer-checks/batch", json!({ "checks": [of(&tenant), of(&stranger)] })).await.ok();
        assert_eq!(answer["results"][0]["allowed"], true);
        assert_eq!(answer["results"][1]["reason"], "customer_unknown", "REL-06");

        let wrong = json!({ "checks": [{ "user": "?", "service_id": "x" }, { "user": ana, "component": "a" }, { "user": ana }] });
        let problem = contoso.post("/checks/batch", wrong).await.refused(422, "request.invalid");
        let fields: Vec<&str> =
            problem["errors"].as_array().unwrap().iter().map(|it| it["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["checks[0].user", "checks[0].service_id", "checks[2]"]);
        for checks in [json!([]), json!(vec![json!({ "user": ana, "component": "a" }); 1001])] {
            contoso.post("/checks/batch", json!({ "checks": checks })).await.refused(422, "request.invalid");
        }
    }
);

//! AuthZEN as its certification scenario asks for it, with users and services in place of its records.

use axum::http::Method;
use serde_json::{Value, json};

use crate::testing::{Client, Reply, World, flow};

const GOLD: &str = "fabrikam.f365.gold";

/// Ana has a seat of gold, Bob has none; the client is contoso's administrator.
struct Story {
    fabrikam: Client,
    contoso: Client,
    ana: Value,
    bob: Value,
}

async fn story(world: &World) -> Story {
    let fabrikam = world.publisher("fabrikam").await;
    world.live_offer(&fabrikam, "f365", &["silver", "gold"]).await;
    let contoso = world.customer("contoso").await;
    world.sold(&fabrikam, "f365", &contoso, &[("gold", 2)]).await;
    let mut ids = Vec::new();
    for name in ["ana", "bob"] {
        let email = format!("{name}@contoso.example");
        world.user(&contoso, &email, &[]).await;
        ids.push(contoso.get(&format!("/users/{email}")).await.ok()["id"].clone());
    }
    let body = json!({ "users": ["ana@contoso.example"] });
    contoso.post(&format!("/licenses/{GOLD}/assignments"), body).await.ok();
    let bob = ids.pop().unwrap();
    Story { fabrikam, contoso, ana: ids.pop().unwrap(), bob }
}

async fn ask(client: &Client, what: &str, body: &Value) -> Reply {
    client.json(Method::POST, &format!("//access/v1/{what}"), body).await
}

fn subject(id: &Value) -> Value {
    json!({ "type": "user", "id": id })
}

fn question(user: &Value, kind: &str, id: &str) -> Value {
    json!({ "subject": subject(user), "action": { "name": "use" }, "resource": { "type": kind, "id": id } })
}

/// The same with one member set, or taken away.
fn with(body: &Value, pointer: &str, value: Value) -> Value {
    let mut body = body.clone();
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        parent.remove(member);
    } else {
        parent.insert(member.to_owned(), value);
    }
    body
}

flow!(
    /// CHK-01, CHK-02: one evaluation is decided as a check is; what is not known is no, with the reason.
    an_evaluation_is_decided_as_a_check_is,
    |world: World| async move {
        let Story { contoso, ana, bob, .. } = story(&world).await;
        let yes = question(&ana, "service", GOLD);
        let nobody = json!("usr_00000000000000000000000000000000");
        let table = [
            (yes.clone(), true, "licensed"),
            (question(&ana, "sku", GOLD), true, "licensed"),
            (question(&ana, "component", "silver_app"), true, "licensed"),
            (question(&json!("ana@contoso.example"), "sku", GOLD), true, "licensed"),
            (question(&bob, "service", GOLD), false, "no_seat"),
            (question(&bob, "component", "gold_app"), false, "no_seat"),
            (question(&ana, "service", "fabrikam.f365.silver"), false, "no_license"),
            (with(&yes, "/foo", json!({ "nested": true })), true, "licensed"),
            (with(&yes, "/context", json!({ "time": "2026-06-27T18:03-07:00" })), true, "licensed"),
            (with(&yes, "/subject/properties", json!({ "role": "x" })), true, "licensed"),
            (question(&nobody, "service", GOLD), false, "user_unknown"),
            (question(&json!("alice"), "service", GOLD), false, "user_unknown"),
            (question(&json!("nobody@contoso.example"), "service", GOLD), false, "user_unknown"),
            (question(&ana, "service", "no.such.plan"), false, "service_unknown"),
            (question(&ana, "service", "nonsense"), false, "service_unknown"),
            (question(&ana, "component", "no_such_app"), false, "component_unknown"),
            (question(&ana, "record", "record-1"), false, "resource_type_unknown"),
            (with(&yes, "/subject/type", json!("spaceship")), false, "subject_type_unknown"),
            (with(&yes, "/action/name", json!("read")), false, "action_unknown"),
            (with(&yes, "/context", json!({ "tenant": "nonsense" })), false, "tenant_unknown"),
        ];
        for (body, decision, reason) in table {
            let answer = ask(&contoso, "evaluation", &body).await.ok();
            assert_eq!((&answer["decision"], &answer["context"]["reason"]), (&json!(decision), &json!(reason)), "{body}");
        }
        for offer in [json!("a.b"), json!(["fabrikam.f365"])] {
            let of = with(&question(&ana, "component", "gold_app"), "/resource/properties", json!({ "offer": offer }));
            assert_eq!(ask(&contoso, "evaluation", &of).await.ok()["context"]["reason"], "component_unknown");
        }
    }
);

flow!(
    /// CHK-01: what is missing or of another type is 400; the request's id comes back whatever the answer is.
    what_does_not_fit_is_a_bad_request,
    |world: World| async move {
        let Story { contoso, ana, .. } = story(&world).await;
        let whole = question(&ana, "service", GOLD);
        let without = ["/subject", "/action", "/resource", "/subject/type", "/subject/id", "/action/name",
            "/resource/type", "/resource/id"];
        for pointer in without {
            let body = with(&whole, pointer, Value::Null);
            ask(&contoso, "evaluation", &body).await.refused(400, "authzen.malformed");
            ask(&contoso, "evaluations", &body).await.refused(400, "authzen.malformed");
        }
        for (pointer, value) in [("/subject", json!("alice")), ("/action/name", json!(123)), ("/context", json!("x"))] {
            ask(&contoso, "evaluation", &with(&whole, pointer, value)).await.refused(400, "authzen.malformed");
        }
        let write = world.customer("stranger").await.post("/groups", json!({ "name": "Sales" })).await;
        for token in ["yesterday", write.header("freshness-token").unwrap()] {
            let stale = with(&whole, "/context", json!({ "freshness_token": token }));
            ask(&contoso, "evaluation", &stale).await.refused(400, "authzen.malformed");
        }
        let many = json!({ "evaluations": [whole] });
        let foreign = contoso.with("freshness-token", write.header("freshness-token").unwrap());
        ask(&foreign, "evaluations", &many).await.refused(400, "authzen.malformed");
        for (kind, bytes) in [("text/plain", whole.to_string()), ("application/json", "{".to_owned()), ("application/json", String::new())] {
            let reply = contoso.send(Method::POST, "//access/v1/evaluation", Some((kind, bytes.into_bytes()))).await;
            assert_eq!(reply.status.as_u16(), 400, "{kind}");
        }
        let named = contoso.with("x-request-id", "bfe9eb29-ab87");
        for body in [&whole, &json!({})] {
            assert_eq!(ask(&named, "evaluation", body).await.header("x-request-id"), Some("bfe9eb29-ab87"));
        }
        assert_eq!(ask(&contoso, "evaluation", &whole).await.header("x-request-id"), None);
        ask(&world.anonymous(), "evaluation", &whole).await.refused(401, "request.no_token");
    }
);

flow!(
    /// CHK-07: a batch is answered in order, with the defaults merged in; a bad item is no in its place.
    a_batch_is_answered_in_order,
    |world: World| async move {
        let Story { contoso, ana, bob, .. } = story(&world).await;
        let decisions = |answer: &Value| -> Vec<bool> {
            answer["evaluations"].as_array().unwrap().iter().map(|it| it["decision"].as_bool().unwrap()).collect()
        };
        let gold = json!({ "type": "sku", "id": GOLD });
        let items = json!([
            { "subject": subject(&bob) }, { "subject": subject(&ana) }, {}, { "subject": "x" },
            { "subject": { "id": ana } }, { "subject": subject(&ana), "resource": { "id": "no.such.plan" } },
        ]);
        let mut batch = json!({ "action": { "name": "use" }, "resource": gold, "evaluations": items });
        let answer = ask(&contoso, "evaluations", &batch).await.ok();
        assert_eq!(decisions(&answer), [false, true, false, false, false, false]);
        let reasons: Vec<&Value> = answer["evaluations"].as_array().unwrap().iter().map(|it| &it["context"]["reason"]).collect();
        let malformed = json!("malformed");
        assert_eq!(reasons[2..5], [&malformed, &malformed, &malformed]);
        assert_eq!((reasons[0], reasons[5]), (&json!("no_seat"), &json!("service_unknown")));
        for (semantic, expected) in
            [("execute_all", 6), ("deny_on_first_deny", 1), ("permit_on_first_permit", 2)]
        {
            batch["options"] = json!({ "evaluations_semantic": semantic });
            let answer = ask(&contoso, "evaluations", &batch).await.ok();
            assert_eq!(decisions(&answer).len(), expected, "{semantic}");
        }
        batch["options"] = json!({ "evaluations_semantic": "sometimes" });
        ask(&contoso, "evaluations", &batch).await.refused(400, "authzen.malformed");
        let too_many: Vec<Value> = vec![json!({}); 1001];
        ask(&contoso, "evaluations", &json!({ "evaluations": too_many })).await.refused(400, "authzen.malformed");
        let one = with(&question(&ana, "sku", GOLD), "/evaluations", json!([]));
        assert_eq!(ask(&contoso, "evaluations", &one).await.ok()["decision"], true);
    }
);

flow!(
    /// CHK-07: searches find what evaluations allow, page by page, count as no use, and find nothing of what is
    /// not known.
    searches_find_what_evaluations_allow,
    |world: World| async move {
        let Story { contoso, ana, bob, .. } = story(&world).await;
        let found = |answer: &Value| -> Vec<Value> {
            answer["results"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect()
        };
        let mut who = with(&question(&ana, "sku", GOLD), "/subject/id", Value::Null);
        assert_eq!(found(&ask(&contoso, "search/subject", &who).await.ok()), std::slice::from_ref(&ana));
        let body = json!({ "users": ["bob@contoso.example"] });
        contoso.post(&format!("/licenses/{GOLD}/assignments"), body).await.ok();
        let mut pages = Vec::new();
        who["page"] = json!({ "limit": 1 });
        loop {
            let answer = ask(&contoso, "search/subject", &who).await.ok();
            pages.extend(found(&answer));
            let token = answer["page"]["next_token"].as_str().unwrap();
            assert_eq!(answer["page"]["count"], 1);
            if token.is_empty() {
                break;
            }
            who["page"]["token"] = token.into();
        }
        assert_eq!(pages, [ana.clone(), bob.clone()]);
        who["page"]["limit"] = 0.into();
        ask(&contoso, "search/subject", &who).await.refused(400, "authzen.malformed");
        let what = |kind: &str| json!({ "subject": subject(&ana), "action": { "name": "use" }, "resource": { "type": kind } });
        assert_eq!(found(&ask(&contoso, "search/resource", &what("service")).await.ok()), [json!(GOLD)]);
        let answer = ask(&contoso, "search/resource", &what("component")).await.ok();
        assert_eq!(found(&answer), [json!("gold_app"), json!("silver_app")]);
        assert_eq!(answer["results"][0]["properties"]["offer"], "fabrikam.f365");
        let deed = json!({ "subject": subject(&ana), "resource": { "type": "sku", "id": GOLD } });
        assert_eq!(ask(&contoso, "search/action", &deed).await.ok()["results"], json!([{ "name": "use" }]));
        let unknown = [
            ("subject", with(&who, "/page", Value::Null), "/subject/type", "spaceship"),
            ("subject", with(&who, "/page", Value::Null), "/resource/id", "no.such.plan"),
            ("resource", what("service"), "/subject/id", "nobody"),
            ("resource", what("service"), "/resource/type", "record"),
            ("action", deed.clone(), "/subject/id", "nobody"),
            ("action", deed.clone(), "/resource/type", "record"),
        ];
        for (search, body, pointer, value) in unknown {
            let answer = ask(&contoso, &format!("search/{search}"), &with(&body, pointer, json!(value))).await.ok();
            assert_eq!((&answer["results"], &answer["page"]["next_token"]), (&json!([]), &json!("")), "{search} {value}");
        }
        let short = [("subject", "/action"), ("subject", "/resource/id"), ("resource", "/subject/id"), ("resource", "/subject"), ("action", "/resource")];
        for (search, pointer) in short {
            let whole = match search {
                "subject" => with(&who, "/page", Value::Null),
                "resource" => what("service"),
                _ => deed.clone(),
            };
            let body = with(&whole, pointer, Value::Null);
            ask(&contoso, &format!("search/{search}"), &body).await.refused(400, "authzen.malformed");
        }
        crate::entitlements::write_uses(&world.app).await.unwrap();
        world.pass_seconds(2 * 86_400);
        let contoso = world.sign_in("admin@contoso.example").await;
        let idle = contoso.get(&format!("/licenses/{GOLD}/idle?days=1")).await.ok();
        assert_eq!(idle["items"][0]["last_used_on"], Value::Null, "a search is no use");
    }
);

flow!(
    /// ROL-01, REL-06: the same rights as a check needs; a publisher asks about its customers' users by id, about
    /// its own services, and lists nobody.
    who_may_check_may_evaluate,
    |world: World| async move {
        let Story { fabrikam, contoso, ana, bob } = story(&world).await;
        let tenant = world.tenant_id(&contoso).await;
        let of_contoso = |body: &Value| with(body, "/context", json!({ "tenant": tenant }));
        let gold = of_contoso(&question(&ana, "sku", GOLD));
        assert_eq!(ask(&fabrikam, "evaluation", &gold).await.ok()["decision"], true);
        let by_email = of_contoso(&question(&json!("ana@contoso.example"), "sku", GOLD));
        assert_eq!(ask(&fabrikam, "evaluation", &by_email).await.ok()["context"]["reason"], "user_unknown");
        ask(&fabrikam, "search/subject", &gold).await.refused(403, "access.forbidden");
        let answer = ask(&fabrikam, "search/resource", &gold).await.ok();
        assert_eq!(answer["results"], json!([{ "type": "sku", "id": GOLD }]));
        let litware = world.publisher("litware").await;
        assert_eq!(ask(&litware, "evaluation", &gold).await.ok()["context"]["reason"], "tenant_unknown");
        world.consent(&litware, &contoso).await;
        assert_eq!(ask(&litware, "evaluation", &gold).await.ok()["context"]["reason"], "service_unknown");
        let own = world.sign_in("ana@contoso.example").await;
        assert_eq!(ask(&own, "evaluation", &question(&ana, "sku", GOLD)).await.ok()["decision"], true);
        ask(&own, "evaluation", &question(&bob, "sku", GOLD)).await.refused(403, "access.forbidden");
        ask(&own, "evaluation", &gold).await.ok();
        let batch = json!({ "evaluations": [question(&ana, "sku", GOLD), question(&bob, "sku", GOLD)] });
        let answer = ask(&own, "evaluations", &batch).await.ok();
        assert_eq!(answer["evaluations"][0]["decision"], true);
        assert_eq!(answer["evaluations"][1]["context"]["reason"], "access.forbidden");
    }
);

/// An API client's access token, as gateways have it.
async fn machine(world: &World, admin: &Client, scope: &str) -> Client {
    let made = admin.post("/api-clients", json!({ "name": "Gateway", "scopes": [scope] })).await.created();
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let body = Some(("application/x-www-form-urlencoded", form.into_bytes()));
    let token = world.anonymous().send(Method::POST, "//oauth2/token", body).await.ok();
    world.with_token(token["access_token"].as_str().unwrap())
}

flow!(
    /// ROL-03: machines ask with the scope that a check needs, and no other.
    a_machine_evaluates_with_the_scope_of_a_check,
    |world: World| async move {
        let Story { fabrikam, contoso, ana, .. } = story(&world).await;
        let own = question(&ana, "sku", GOLD);
        let gateway = machine(&world, &contoso, "check.any").await;
        assert_eq!(ask(&gateway, "evaluation", &own).await.ok()["decision"], true);
        let other = machine(&world, &contoso, "user.view").await;
        ask(&other, "evaluation", &own).await.refused(403, "access.forbidden");
        let app = machine(&world, &fabrikam, "check.customers").await;
        let tenant = world.tenant_id(&contoso).await;
        let theirs = with(&own, "/context", json!({ "tenant": tenant }));
        assert_eq!(ask(&app, "evaluation", &theirs).await.ok()["decision"], true);
        ask(&app, "evaluation", &own).await.refused(403, "access.forbidden");
        ask(&gateway, "evaluation", &theirs).await.ok();
    }
);

flow!(
    /// CHK-05: an evaluation that carries a token is decided at it, in the context or the header.
    an_evaluation_is_as_fresh_as_its_token,
    |world: World| async move {
        let Story { contoso, bob, .. } = story(&world).await;
        let other = world.another_node(crate::Settings::default()).await;
        let there = other.sign_in("admin@contoso.example").await;
        let mut asked = question(&bob, "sku", GOLD);
        assert_eq!(ask(&there, "evaluation", &asked).await.ok()["decision"], false);
        let body = json!({ "users": ["bob@contoso.example"] });
        let reply = contoso.post(&format!("/licenses/{GOLD}/assignments"), body).await;
        asked["context"] = json!({ "freshness_token": reply.header("freshness-token").unwrap() });
        assert_eq!(ask(&there, "evaluation", &asked).await.ok()["decision"], true);
        let future = format!("{}@99999", world.tenant_id(&contoso).await.as_str().unwrap());
        asked["context"] = json!({ "freshness_token": future });
        ask(&there, "evaluation", &asked).await.refused(409, "check.freshness_unknown");
    }
);

flow!(what_is_there_is_told_at_the_well_known_place, |world: World| async move {
    let told = world.anonymous().get("//.well-known/authzen-configuration").await.ok();
    assert_eq!(told["policy_decision_point"], "http://127.0.0.1:8080");
    assert_eq!(told["access_evaluation_endpoint"], "http://127.0.0.1:8080/access/v1/evaluation");
    assert_eq!(told["search_subject_endpoint"], "http://127.0.0.1:8080/access/v1/search/subject");
});

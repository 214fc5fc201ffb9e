//! The whole chain, as each side sees it.

use serde_json::{Value, json};

use crate::testing::{Client, World, flow};

const GOLD: &str = "fabrikam.f365.gold";

/// fabrikam sells f365; contoso holds these many gold seats; Ana and Bob are its users.
async fn story(world: &World, seats: i64) -> (Client, Client, String) {
    let fabrikam = world.publisher("fabrikam").await;
    world.live_offer(&fabrikam, "f365", &["bronze", "silver", "gold"]).await;
    let contoso = world.customer("contoso").await;
    let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", seats)]).await;
    for name in ["ana", "bob"] {
        world.user(&contoso, &format!("{name}@contoso.example"), &[]).await;
    }
    (fabrikam, contoso, deal)
}

async fn assign(contoso: &Client, users: &[&str]) {
    let users: Vec<String> = users.iter().map(|user| format!("{user}@contoso.example")).collect();
    contoso.post(&format!("/licenses/{GOLD}/assignments"), json!({ "users": users })).await.ok();
}

/// The groups `all` and, in it, `sales`; `all` has gold. Their ids.
async fn licensed_groups(contoso: &Client) -> (String, String) {
    let mut ids = Vec::new();
    for name in ["all", "sales"] {
        let made = contoso.post("/groups", json!({ "name": name })).await.created();
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    let (all, sales) = (ids.swap_remove(0), ids.swap_remove(0));
    contoso.post(&format!("/groups/{all}/members"), json!({ "users": [], "groups": [sales] })).await.ok();
    contoso.put(&format!("/groups/{all}/licenses/{GOLD}"), json!({})).await.ok();
    (all, sales)
}

async fn remove(fabrikam: &Client, contoso: &Client, deal: &str, plan: &str) {
    let customer = contoso.get("/tenant").await.ok()["id"].clone();
    let body = json!({ "customer": customer, "remove": [plan] });
    fabrikam.put(&format!("/deals/{deal}/licenses"), body).await.ok();
}

async fn join(contoso: &Client, group: &str, user: &str) {
    let body = json!({ "users": [format!("{user}@contoso.example")], "groups": [] });
    contoso.post(&format!("/groups/{group}/members"), body).await.ok();
}

async fn explain(client: &Client, user: &str, query: &str) -> Value {
    client.get(&format!("/users/{user}@contoso.example/rights/explain?{query}")).await.ok()
}

fn gold(explanation: &Value) -> Value {
    let plans = explanation["plans"].as_array().unwrap();
    plans.iter().find(|plan| plan["service_id"] == GOLD).unwrap().clone()
}

flow!(
    /// CHK-06: from the deal to the component, with dates and who did it; memory says the same.
    the_whole_chain_is_told,
    |world: World| async move {
        let (_, contoso, deal) = story(&world, 2).await;
        assign(&contoso, &["ana"]).await;
        let body = json!({ "user": "ana@contoso.example", "component": "bronze_app" });
        assert_eq!(contoso.post("/checks", body).await.ok()["allowed"], true);
        let told = explain(&contoso, "ana", "component=bronze_app").await;
        assert_eq!((&told["allowed"], &told["reason"]), (&json!(true), &json!("licensed")));
        assert_eq!((&told["component"]["offer"], &told["missing"]), (&json!("fabrikam.f365"), &json!([])));
        let chain = gold(&told);
        assert_eq!((&chain["licenses"][0]["deal"]["id"], &chain["licenses"][0]["quantity"]), (&json!(deal), &json!(2)));
        assert_eq!(chain["pool"], json!({ "granted": 2, "in_use": 1, "available": 1, "waiting": 0 }));
        assert_eq!((&chain["seat"]["state"], &chain["seat"]["since"]), (&json!("active"), &json!(world.now())));
        let assigned = &chain["assignments"][0];
        assert_eq!((&assigned["kind"], &assigned["assigned_by"]["name"]), (&json!("direct"), &json!("Admin of contoso")));
        assert_eq!((&told["memory"]["differs"], &told["memory"]["version"]), (&json!(false), &told["version"]));
        assert_eq!(told["plans"].as_array().unwrap().len(), 3, "a chain for each plan that would do");
    }
);

flow!(
    /// CHK-06: through groups, the nested way is named; who waits is told the place.
    a_seat_by_nested_groups_names_the_way,
    |world: World| async move {
        let (_, contoso, _) = story(&world, 1).await;
        let (all, sales) = licensed_groups(&contoso).await;
        join(&contoso, &sales, "ana").await;
        world.pass_seconds(60);
        join(&contoso, &all, "bob").await;
        let chain = gold(&explain(&contoso, "ana", &format!("service_id={GOLD}")).await);
        let assigned = &chain["assignments"][0];
        assert_eq!((&assigned["kind"], &assigned["group"]["name"]), (&json!("group"), &json!("all")));
        let way: Vec<&Value> = assigned["way"].as_array().unwrap().iter().map(|step| &step["id"]).collect();
        assert_eq!(way, [&json!(sales), &json!(all)]);
        let told = explain(&contoso, "bob", &format!("service_id={GOLD}")).await;
        assert_eq!((&told["allowed"], &told["reason"]), (&json!(false), &json!("waiting")));
        assert_eq!((&gold(&told)["seat"]["position"], &told["missing"][0]["link"]), (&json!(1), &json!("seat")));
        assert!(told["missing"][0]["what"].as_str().unwrap().contains("place 1"));
    }
);

flow!(
    /// CHK-06: a refusal says what is missing at which link, and who could mend it.
    a_refusal_says_what_is_missing_and_who_could_mend_it,
    |world: World| async move {
        let (fabrikam, contoso, deal) = story(&world, 1).await;
        let told = explain(&contoso, "ana", &format!("service_id={GOLD}")).await;
        let missing = &told["missing"][0];
        assert_eq!((&told["reason"], &missing["link"]), (&json!("no_seat"), &json!("assignment")));
        assert_eq!(missing["mend"][0]["roles"], json!(["global_admin", "license_admin", "user_admin"]));
        let told = explain(&contoso, "ana", "service_id=fabrikam.f365.silver").await;
        let missing = &told["missing"][0];
        assert_eq!((&told["reason"], &missing["link"]), (&json!("no_license"), &json!("license")));
        assert_eq!(missing["mend"][1]["side"], "publisher");
        assign(&contoso, &["ana"]).await;
        remove(&fabrikam, &contoso, &deal, "gold").await;
        let told = explain(&contoso, "ana", &format!("service_id={GOLD}")).await;
        assert_eq!((&told["allowed"], &told["state"]), (&json!(true), &json!("warning")));
        world.pass_seconds(40 * 86_400);
        let contoso = world.sign_in("admin@contoso.example").await;
        let told = explain(&contoso, "ana", &format!("service_id={GOLD}")).await;
        assert_eq!((&told["reason"], &told["missing"][0]["link"]), (&json!("suspended"), &json!("license")));
        assert!(gold(&told)["seat"]["kept_until"].is_string());
        let body = json!({ "users": ["ana@contoso.example"] });
        contoso.post(&format!("/licenses/{GOLD}/unassignments"), body).await.ok();
        let told = explain(&contoso, "ana", &format!("service_id={GOLD}")).await;
        assert_eq!(gold(&told)["ended"]["ended_by"]["name"], "Admin of contoso");
        let told = explain(&contoso, "ana", "service_id=fabrikam.f365.platinum").await;
        assert_eq!((&told["reason"], &told["missing"][0]["link"]), (&json!("service_unknown"), &json!("plan")));
        assert_eq!(explain(&contoso, "ana", "component=nothing").await["reason"], "unrestricted");
    }
);

flow!(
    /// CHK-06: whatever happens, the tables and memory say the same.
    tables_and_memory_agree,
    |world: World| async move {
        let (fabrikam, contoso, deal) = story(&world, 1).await;
        let (all, _) = licensed_groups(&contoso).await;
        for step in 0..6 {
            match step {
                1 => assign(&contoso, &["ana"]).await,
                2 => join(&contoso, &all, "bob").await,
                3 => remove(&fabrikam, &contoso, &deal, "gold").await,
                4 => world.pass_seconds(31 * 86_400),
                5 => world.pass_seconds(100 * 86_400),
                _ => {}
            }
            let contoso = world.sign_in("admin@contoso.example").await;
            for user in ["ana", "bob"] {
                let target = json!({ "user": format!("{user}@contoso.example"), "component": "silver_app" });
                let checked = contoso.post("/checks", target).await.ok();
                let told = explain(&contoso, user, "component=silver_app").await;
                assert_eq!(told["memory"]["differs"], false, "{user} at {step}: {told:#}");
                assert_eq!((&told["reason"], &told["state"]), (&checked["reason"], &checked["state"]), "{user} at {step}");
            }
        }
    }
);

flow!(
    /// CHK-06, REL-06: a publisher sees its own services and no names; a user not what was bought.
    everybody_sees_what_is_their_business,
    |world: World| async move {
        let (fabrikam, contoso, _) = story(&world, 2).await;
        let (_, sales) = licensed_groups(&contoso).await;
        join(&contoso, &sales, "ana").await;
        let tenant = world.tenant_id(&contoso).await;
        let ana = contoso.get("/users/ana@contoso.example").await.ok()["id"].clone();
        let (tenant, ana) = (tenant.as_str().unwrap(), ana.as_str().unwrap());
        let at = |path: &str| format!("/customers/{tenant}/users/{ana}/rights{path}");
        let told = fabrikam.get(&at("/explain?component=gold_app")).await.ok();
        let chain = gold(&told);
        assert_eq!((&told["user"]["name"], &told["allowed"]), (&Value::Null, &json!(true)));
        assert_eq!((&chain["pool"]["granted"], &chain["licenses"][0]["deal"]["status"]), (&json!(2), &json!("submitted")));
        let assigned = &chain["assignments"][0];
        assert_eq!((&assigned["kind"], &assigned["group"], &assigned["assigned_by"]), (&json!("group"), &Value::Null, &Value::Null));
        for name in ["ana@", "sales", "Admin of contoso"] {
            assert!(!told.to_string().contains(name), "{name}");
        }
        assert_eq!(fabrikam.get(&at("")).await.ok()["items"][0]["service_id"], GOLD);
        let litware = world.publisher("litware").await;
        litware.get(&at("/explain?component=gold_app")).await.refused(404, "resource.not_found");
        litware.get(&at("")).await.refused(404, "resource.not_found");
        world.consent(&litware, &contoso).await;
        let told = litware.get(&at(&format!("/explain?service_id={GOLD}"))).await.ok();
        assert_eq!((&told["reason"], &told["plans"]), (&json!("service_unknown"), &json!([])));
        assert_eq!(litware.get(&at("")).await.ok()["items"], json!([]));
        let own = world.sign_in("ana@contoso.example").await;
        let told = own.get(&format!("/me/rights/explain?service_id={GOLD}")).await.ok();
        let chain = gold(&told);
        assert_eq!((&chain["pool"], &chain["licenses"][0]["quantity"]), (&Value::Null, &Value::Null));
        assert_eq!(chain["assignments"][0]["way"][0]["name"], "sales");
        own.get("/me/rights/explain").await.refused(422, "check.target_missing");
        own.get(&format!("/users/{ana}/rights/explain?service_id={GOLD}")).await.refused(403, "access.forbidden");
    }
);

flow!(
    /// CHK-07: the listing gives all service ids of a user, with state, features and since; usable or not.
    all_service_ids_of_a_user_are_listed,
    |world: World| async move {
        let (fabrikam, contoso, _) = story(&world, 2).await;
        let northwind = world.sold(&fabrikam, "f365", &contoso, &[("silver", 1)]).await;
        assign(&contoso, &["ana"]).await;
        let since = json!(world.now());
        world.pass_seconds(60);
        let body = json!({ "users": ["ana@contoso.example"] });
        contoso.post("/licenses/fabrikam.f365.silver/assignments", body).await.ok();
        let own = world.sign_in("ana@contoso.example").await;
        let mine = own.get("/me/rights").await.ok();
        assert_eq!(mine, contoso.get("/users/ana@contoso.example/rights").await.ok());
        let ids: Vec<&Value> = mine["items"].as_array().unwrap().iter().map(|it| &it["service_id"]).collect();
        assert_eq!(ids, [&json!(GOLD), &json!("fabrikam.f365.silver")]);
        assert_eq!((&mine["items"][0]["since"], &mine["items"][0]["usable"]), (&since, &json!(true)));
        remove(&fabrikam, &contoso, &northwind, "silver").await;
        let silver = own.get("/me/rights").await.ok()["items"][1].clone();
        assert_eq!((&silver["state"], &silver["usable"]), (&json!("warning"), &json!(true)));
        world.pass_seconds(40 * 86_400);
        let contoso = world.sign_in("admin@contoso.example").await;
        let silver = contoso.get("/users/ana@contoso.example/rights").await.ok()["items"][1].clone();
        assert_eq!((&silver["state"], &silver["usable"]), (&json!("suspended"), &json!(false)));
        contoso.get("/users/nobody@contoso.example/rights").await.refused(404, "resource.not_found");
    }
);

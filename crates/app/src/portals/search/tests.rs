//! Who finds what, and who does not.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::{Value, json};

use crate::testing::{Browser, Client, Receiver, World, flow};

const WORDS: [&str; 11] = [
    "fabrikam",
    "contoso",
    "f365",
    "gold",
    "campus",
    "jiwoo",
    "admin",
    "deal",
    "production",
    "users",
    "store",
];

/// Fabrikam sells gold of F365 to Contoso, where somebody asks for a seat and to be contacted; an update of the offer
/// and a deal wait for the operator. Northwind and Tailspin are beside them.
struct Market {
    fabrikam: Client,
    contoso: Client,
}

async fn market(world: &World) -> Market {
    let fabrikam = world.publisher("fabrikam").await;
    let contoso = world.customer("contoso").await;
    world.live_offer(&fabrikam, "f365", &["gold"]).await;
    world.sold(&fabrikam, "f365", &contoso, &[("gold", 5)]).await;
    contoso.post("/storefront/offers/fabrikam.f365/contact", json!({ "consent": true })).await.ok();
    contoso
        .post("/environments", json!({ "name": "Contoso production", "kind": "production" }))
        .await
        .created();
    contoso.post("/groups", json!({ "name": "Campus staff" })).await.created();
    world.user(&contoso, "jiwoo@contoso.example", &[]).await;
    contoso.patch("/users/jiwoo@contoso.example", json!({ "name": "김지우 Seoyeon" })).await.ok();
    let jiwoo = world.sign_in("jiwoo@contoso.example").await;
    jiwoo.post("/me/seat-requests", json!({ "service_id": "fabrikam.f365.gold" })).await.created();
    world.submitted_deal(&fabrikam, "f365").await;
    fabrikam.put("/offers/f365/availability", json!({ "markets": ["DE"] })).await.ok();
    fabrikam.post("/offers/f365/publish", json!({})).await.ok();
    Market { fabrikam, contoso }
}

async fn suggested(browser: &mut Browser, words: &str) -> Vec<Value> {
    let query = serde_urlencoded::to_string([("q", words)]).unwrap();
    let seen = browser.once(&Method::GET, &format!("/search/suggest?{query}"), "").await.ok();
    let told: Value = serde_json::from_str(&seen.html).unwrap();
    told["items"].as_array().unwrap().clone()
}

async fn kinds(browser: &mut Browser, words: &str) -> Vec<String> {
    let mut kinds: Vec<String> =
        suggested(browser, words).await.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect();
    kinds.dedup();
    kinds
}

/// What is found by every word, and that every way from there is open.
async fn found(browser: &mut Browser, who: &str) -> Vec<String> {
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    for words in WORDS {
        let page = browser.get(&format!("/search?q={words}")).await.ok();
        for link in page.links().into_iter().filter(|link| seen.insert(link.clone())) {
            let led = browser.get(&link).await;
            assert!(led.status.is_success(), "{who} is led from {words} to {link}: {}", led.status);
        }
        found.extend(kinds(browser, words).await);
    }
    found.sort();
    found.dedup();
    found
}

flow!(
    /// ROL-01: everybody finds what the lists of their portals show, and nothing else; every hit leads to a page
    /// that is there for them.
    everybody_finds_what_their_lists_show,
    |world: World| async move {
        let Market { fabrikam, contoso } = market(&world).await;
        world.user(&fabrikam, "dev@fabrikam.example", &["developer"]).await;
        world.user(&fabrikam, "sales@fabrikam.example", &["referrals_admin"]).await;
        world.user(&contoso, "license@contoso.example", &["license_admin"]).await;
        let store = "In the storefront";
        let (publisher, admin) = (
            ["Customers", "Deals", "Leads", "Offers", "Pages", "Users", store],
            ["Environments", "Groups", "Licenses", "Pages", "Requests", "Users", store],
        );
        let operator = ["Deals to review", "Organisations", "Pages", "To be certified", store];
        for (who, expected) in [
            ("operator@marketplace.example", operator.as_slice()),
            ("admin@fabrikam.example", &publisher),
            ("dev@fabrikam.example", &["Offers", "Pages", store]),
            ("sales@fabrikam.example", &["Customers", "Deals", "Leads", "Pages", store]),
            ("admin@contoso.example", &admin),
            ("license@contoso.example", &admin),
            ("jiwoo@contoso.example", &["Pages", store]),
        ] {
            let mut browser = world.browser_of(who).await;
            let found = found(&mut browser, who).await;
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(found, expected, "{who}");
        }
        let asked = world.browser().once(&Method::GET, "/search/suggest?q=fabrikam", "").await;
        assert_eq!(asked.status, 303, "nobody is told anything");
        let page = world.browser().get("/search?q=fabrikam").await.ok();
        assert!(page.path.starts_with("/sign-in?back="), "{}", page.path);
    }
);

flow!(
    /// ROL-01, REL-06: what belongs to another tenant is not found, neither by words nor by its id.
    nothing_of_another_tenant_is_found,
    |world: World| async move {
        let Market { fabrikam, contoso } = market(&world).await;
        world.publisher("northwind").await;
        world.customer("tailspin").await;
        let id = |reply: Value, at: &str| reply["items"][0][at].as_str().unwrap().to_owned();
        let ids = [
            id(fabrikam.get("/offers").await.ok(), "id"),
            id(fabrikam.get("/deals").await.ok(), "id"),
            id(fabrikam.get("/leads").await.ok(), "id"),
            id(contoso.get("/users").await.ok(), "id"),
            id(contoso.get("/groups").await.ok(), "id"),
            id(contoso.get("/environments").await.ok(), "id"),
            id(contoso.get("/seat-requests").await.ok(), "id"),
            world.tenant_id(&contoso).await.as_str().unwrap().to_owned(),
            "campus".to_owned(),
            "jiwoo".to_owned(),
            "seoyeon".to_owned(),
            "contoso".to_owned(),
        ];
        for who in ["admin@northwind.example", "admin@tailspin.example"] {
            let mut browser = world.browser_of(who).await;
            for words in &ids {
                assert_eq!(suggested(&mut browser, words).await, [Value::Null; 0], "{who} finds {words}");
                browser.get(&format!("/search?q={words}")).await.ok().says("Nothing that you can see fits");
            }
        }
    }
);

flow!(
    /// An id or a service id leads at once to what it names; what two things are named by leads to both.
    an_id_leads_to_what_it_names,
    |world: World| async move {
        let Market { fabrikam, contoso } = market(&world).await;
        let (offers, deals) = (fabrikam.get("/offers").await.ok(), fabrikam.get("/deals").await.ok());
        let users = contoso.get("/users?search=jiwoo").await.ok();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (offer, deal, user) =
            (text(&offers["items"][0]["id"]), text(&deals["items"][0]["id"]), text(&users["items"][0]["id"]));
        let tenant = text(&world.tenant_id(&contoso).await);
        for (who, words, leads) in [
            ("admin@fabrikam.example", offer.clone(), "/publisher/offers/f365".to_owned()),
            ("admin@fabrikam.example", deal.clone(), format!("/publisher/deals/{deal}")),
            ("admin@fabrikam.example", tenant.clone(), "/publisher/customers?search=contoso".to_owned()),
            ("admin@contoso.example", user.clone(), format!("/admin/users/{user}")),
            ("operator@marketplace.example", tenant.clone(), format!("/operator/tenants/{tenant}")),
            ("jiwoo@contoso.example", "fabrikam.f365.gold".to_owned(), "/product/fabrikam.f365".to_owned()),
        ] {
            let mut browser = world.browser_of(who).await;
            let seen = browser.once(&Method::GET, &format!("/search?q=+{words}+"), "").await;
            assert_eq!(seen.headers["location"], leads, "{who}: {words}");
            browser.get(&leads).await.ok();
        }
        let mut admin = world.browser_of("admin@contoso.example").await;
        let page = admin.get("/search?q=fabrikam.f365.gold").await.ok();
        let links = page.links();
        assert!(links.contains("/admin/licenses/fabrikam.f365.gold") && links.contains("/product/fabrikam.f365"));
    }
);

flow!(
    /// People are found by how their name, the rest of it, or their address begins, in whatever case and script,
    /// also after they were renamed; odd words mean what they say; what is too long finds nothing.
    words_mean_what_they_say,
    |world: World| async move {
        let Market { contoso, .. } = market(&world).await;
        let user = json!({ "email": "elodie_x@contoso.example", "name": "Élodie O'Brien 100%", "roles": [] });
        contoso.post("/users", user).await.created();
        let mut admin = world.browser_of("admin@contoso.example").await;
        for (words, name) in [
            ("김지", "김지우 Seoyeon"),
            ("SEOYEON", "김지우 Seoyeon"),
            ("jiwoo@", "김지우 Seoyeon"),
            ("élodie", "Élodie O'Brien 100%"),
            ("ÉLODIE O'", "Élodie O'Brien 100%"),
            ("o'brien 100%", "Élodie O'Brien 100%"),
            ("elodie_", "Élodie O'Brien 100%"),
        ] {
            let found = suggested(&mut admin, words).await;
            let mut names: Vec<&str> = found.iter().map(|one| one["name"].as_str().unwrap()).collect();
            names.dedup();
            assert_eq!(names, [name], "{words}");
            admin.get(&format!("/search?{}", serde_urlencoded::to_string([("q", words)]).unwrap())).await.ok();
        }
        let long = "a".repeat(201);
        for words in ["", "  ", "%", "_", "%%", "'", "\\", "!", "<script>", "elodie%", "elodiexx", &long] {
            assert_eq!(suggested(&mut admin, words).await, [Value::Null; 0], "{words:?}");
            let query = serde_urlencoded::to_string([("q", words)]).unwrap();
            let page = admin.get(&format!("/search?{query}")).await.ok();
            assert!(!page.html.contains("<script>"), "{words:?} is shown as it is");
        }
        contoso.patch("/users/elodie_x@contoso.example", json!({ "name": "Ada Byron" })).await.ok();
        assert_eq!(suggested(&mut admin, "byr").await[0]["name"], "Ada Byron");
        assert_eq!(suggested(&mut admin, "élo").await, [Value::Null; 0]);
        contoso.delete("/users/elodie_x@contoso.example").await.ok();
        assert_eq!(suggested(&mut admin, "byr").await, [Value::Null; 0]);
        let mut korean = world.browser_of("admin@contoso.example").await.reading("ko");
        korean.get("/search?q=%EC%82%AC%EC%9A%A9").await.ok().says("href=\"/admin/users\"");
    }
);

flow!(
    /// What is suggested to a page of ours is never kept and never told to a page of others.
    suggestions_are_for_our_own_pages,
    |world: World| async move {
        market(&world).await;
        let admin = world.browser_of("admin@contoso.example").await;
        let publisher = world.browser_of("admin@fabrikam.example").await;
        for (mut browser, path, says) in [
            (admin.clone(), "/search/suggest?q=jiw", "/admin/users/usr_"),
            (admin.clone(), "/admin/users/suggest?q=jiw", "jiwoo@contoso.example"),
            (admin.clone(), "/admin/licenses/fabrikam.f365.gold/assign/suggest?q=jiw", "\"id\":\"usr_"),
            (world.browser(), "/suggest?q=fabri", "/product/fabrikam.f365"),
            (publisher, "/publisher/new-offer/check?offer_id=new", "Free"),
        ] {
            let seen = browser.once(&Method::GET, path, "").await.ok();
            seen.says(says);
            assert_eq!(seen.headers["cache-control"], "no-store", "{path}");
            assert_eq!(seen.headers["content-type"], "application/json", "{path}");
            let seen = browser.send(&Method::GET, path, "", "cross-site").await;
            assert_eq!(seen.status, 403, "{path}");
            assert!(!seen.html.contains(says), "{path}");
        }
        for path in ["/admin/users/suggest?q=a", "/publisher/new-offer/check?offer_id=new"] {
            let mut user = world.browser_of("jiwoo@contoso.example").await;
            assert_eq!(user.get(path).await.status, 404, "{path}");
        }
    }
);

flow!(
    /// ASG-02: whoever has a seat already is shown and cannot be picked; who is not active is not suggested.
    candidates_are_suggested,
    |world: World| async move {
        let Market { contoso, .. } = market(&world).await;
        let assign = json!({ "users": ["jiwoo@contoso.example"] });
        contoso.post("/licenses/fabrikam.f365.gold/assignments", assign).await.ok();
        let mut admin = world.browser_of("admin@contoso.example").await;
        let path = "/admin/licenses/fabrikam.f365.gold/assign/suggest?q=";
        let seen = admin.once(&Method::GET, &format!("{path}jiw"), "").await.ok();
        seen.says("\"off\":true");
        let seen = admin.once(&Method::GET, &format!("{path}admin"), "").await.ok();
        assert!(!seen.html.contains("\"off\""), "{}", seen.html);
        contoso.post("/users/jiwoo@contoso.example/deactivate", json!({})).await.ok();
        let seen = admin.once(&Method::GET, "/admin/users/suggest?q=jiw", "").await.ok();
        seen.says("Nothing suggested");
    }
);

flow!(
    /// OFF-01, PLN-01: an id is told to be free, taken or wrong while it is typed, as its form would say it.
    an_id_is_checked_while_it_is_typed,
    |world: World| async move {
        market(&world).await;
        let mut publisher = world.browser_of("admin@fabrikam.example").await;
        let (offer, plan) =
            ("/publisher/new-offer/check?offer_id=", "/publisher/offers/f365/new-plan/check?plan_id=");
        for (path, id, good, says) in [
            (offer, "crm", true, "/product/fabrikam.crm"),
            (offer, "f365", false, "already"),
            (offer, "CRM", false, "only a-z"),
            (offer, "a-name-that-is-much-too-long-for-its-place", false, "at most 40"),
            (plan, "silver", true, "fabrikam.f365.silver"),
            (plan, "gold", false, "already"),
            (plan, "-", false, "must start"),
        ] {
            let seen = publisher.once(&Method::GET, &format!("{path}{id}"), "").await.ok();
            let told: Value = serde_json::from_str(&seen.html).unwrap();
            assert_eq!(told["good"], good, "{id}: {told}");
            assert!(told["said"].as_str().unwrap().contains(says), "{id}: {told}");
        }
        let mut korean = publisher.clone().reading("ko");
        korean.once(&Method::GET, &format!("{offer}f365"), "").await.ok().says("이미 사용 중인 제품 ID입니다");
        world.publisher("northwind").await;
        let mut other = world.browser_of("admin@northwind.example").await;
        other.once(&Method::GET, &format!("{offer}f365"), "").await.ok().says("/product/northwind.f365");
        assert_eq!(other.get(&format!("{plan}silver")).await.status, 404);
    }
);

flow!(
    /// Those who left do not stand in the way of those who are there.
    only_active_users_are_suggested,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        for number in 0..9 {
            let user = json!({ "email": format!("long{number}@contoso.example"), "name": format!("Long {number}") });
            contoso.post("/users", user).await.created();
        }
        for number in 0..8 {
            contoso.post(&format!("/users/long{number}@contoso.example/deactivate"), json!({})).await.ok();
        }
        let mut admin = world.browser_of("admin@contoso.example").await;
        let told = admin.once(&Method::GET, "/admin/users/suggest?q=long", "").await;
        told.says("long8@contoso.example");
        assert!(!told.html.contains("long0@"), "{}", told.html);
    }
);

flow!(
    /// ROL-01: webhooks, their deliveries, relationships and notices are found by their ids, by those whose they are.
    an_id_of_what_tells_of_events_leads_to_it,
    |world: World| async move {
        let Market { contoso, .. } = market(&world).await;
        let receiver = Receiver::start();
        let hook = contoso.post("/webhooks", json!({ "url": receiver.url, "description": "Our phone book" })).await.created();
        let hook = hook["id"].as_str().unwrap().to_owned();
        let sent = contoso.post(&format!("/webhooks/{hook}/test"), json!({})).await.created();
        let delivery = sent["id"].as_str().unwrap().to_owned();
        world.run_jobs().await;
        let first = |reply: Value| reply["items"][0]["id"].as_str().unwrap().to_owned();
        let relationship = first(contoso.get("/relationships").await.ok());
        let notice = first(contoso.get("/notices").await.ok());
        let page = contoso.get("/notices").await.ok()["items"][0]["url"].as_str().unwrap().to_owned();
        let page = page.strip_prefix(world.app.settings.base_url.as_str()).unwrap().to_owned();
        let (admin, sales) = ("admin@contoso.example", "admin@fabrikam.example");
        for (who, id, leads) in [
            (admin, &hook, format!("/admin/webhooks/{hook}")),
            (admin, &delivery, format!("/admin/webhooks/{hook}/deliveries/{delivery}")),
            (admin, &relationship, format!("/admin/relationships#{relationship}")),
            (admin, &notice, page),
            (sales, &relationship, "/publisher/customers?search=contoso".to_owned()),
        ] {
            let seen = world.browser_of(who).await.once(&Method::GET, &format!("/search?q={id}"), "").await;
            assert_eq!(seen.headers["location"], leads, "{who}: {id}");
        }
        assert_eq!(kinds(&mut world.browser_of(admin).await, "phone book").await, ["Webhooks"]);
        world.customer("tailspin").await;
        for who in ["jiwoo@contoso.example", "admin@tailspin.example"] {
            let mut browser = world.browser_of(who).await;
            for id in [&hook, &delivery, &relationship, &notice] {
                assert_eq!(suggested(&mut browser, id).await, [Value::Null; 0], "{who} finds {id}");
            }
        }
    }
);

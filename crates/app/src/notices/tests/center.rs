//! What people find in the marketplace itself.

use serde_json::{Value, json};

use crate::events::forget_places;
use crate::kit::Refused;
use crate::notices::{READER, store};
use crate::testing::{Client, World, flow};

const CENTER: &str = "/account/notices";

/// Sells to Contoso, which is told; who sells, and the deal.
async fn told(world: &World) -> (Client, Client, String) {
    let (fabrikam, contoso) = (world.publisher("fabrikam").await, world.customer("contoso").await);
    world.live_offer(&fabrikam, "f365", &["gold"]).await;
    let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 10)]).await;
    world.run_jobs().await;
    (fabrikam, contoso, deal)
}

/// Contoso gets another number of licenses, some time later.
async fn grant(world: &World, (fabrikam, contoso, deal): &(Client, Client, String), quantity: i64) {
    world.pass_seconds(1);
    let customer = world.tenant_id(contoso).await;
    let body = json!({ "customer": customer, "plans": [{ "plan": "gold", "quantity": quantity }] });
    fabrikam.put(&format!("/deals/{deal}/licenses"), body).await.ok();
}

async fn notices(client: &Client) -> Vec<Value> {
    client.get("/notices").await.ok()["items"].as_array().unwrap().clone()
}

fn id(notice: &Value) -> String {
    notice["id"].as_str().unwrap().to_owned()
}

flow!(
    /// PUB-07, LIC-10: what people are told of they also find in the marketplace, each thing once, even where the
    /// logs are read from the beginning again.
    what_was_told_is_there_once,
    |world: World| async move {
        let (fabrikam, contoso, _) = told(&world).await;
        let at_fabrikam: Vec<Value> = notices(&fabrikam).await.iter().map(|notice| notice["kind"].clone()).collect();
        for kind in ["submission_certified", "offer_live", "license_granted_publisher"] {
            assert!(at_fabrikam.contains(&json!(kind)), "{at_fabrikam:?}");
        }
        let at_contoso = notices(&contoso).await;
        assert_eq!(at_contoso.len(), 1);
        assert_eq!(at_contoso[0]["topic"], "licenses");
        assert_eq!(at_contoso[0]["subject"], "fabrikam Ltd.에서 f365 · gold 라이선스 10개를 부여했습니다");
        let url = at_contoso[0]["url"].as_str().unwrap();
        assert!(url.ends_with("/admin/licenses/fabrikam.f365.gold"), "{url}");
        let again = world.app.db.write(|tx| {
            Box::pin(async move { forget_places(tx, &READER).await.map_err(Refused::from) })
        });
        again.await.map_err(Refused::into_problem).unwrap();
        world.app.places.start_over(READER.name);
        assert_eq!(world.run_jobs().await, 0, "there are mails to send: somebody is told twice");
        assert_eq!(notices(&contoso).await, at_contoso);
        assert_eq!(notices(&fabrikam).await.len(), at_fabrikam.len());
    }
);

flow!(
    /// Every page says how much is unread; a notice leads to where something can be done about it, and is read then.
    /// It is in the language of whoever reads.
    the_bell_counts_what_is_unread,
    |world: World| async move {
        let story = told(&world).await;
        grant(&world, &story, 12).await;
        world.run_jobs().await;
        let mut browser = world.browser_of("admin@contoso.example").await;
        browser.get("/").await.ok().says("Notices, 2 unread");
        let page = browser.get(CENTER).await.ok();
        page.says("fabrikam Ltd. granted you 12 licenses of f365 · gold");
        let newest = id(&notices(&story.1).await[0]);
        let opened = browser.submit(&page, &format!("{CENTER}/{newest}/open"), &[]).await.ok();
        assert_eq!(opened.path, "/admin/licenses/fabrikam.f365.gold");
        opened.says("Notices, 1 unread");
        let page = browser.get(CENTER).await.ok();
        assert!(page.links().contains("/admin/licenses/fabrikam.f365.gold"), "what was read is a link");
        let mut browser = browser.reading("ko");
        let page = browser.get("/account/notices?unread=true").await.ok();
        page.says("알림, 읽지 않음 1개");
        page.says("라이선스 10개를 부여했습니다");
        assert!(!page.html.contains("라이선스 12개를"));
        let oldest = id(&notices(&story.1).await[1]);
        let page = browser.submit(&page, &format!("{CENTER}/{oldest}/read"), &[]).await.ok();
        assert_eq!(page.path, "/account/notices?unread=true");
        page.says("읽지 않은 알림이 없습니다");
        browser.get(CENTER).await.ok().says("라이선스 12개를 부여했습니다");
    }
);

flow!(
    /// A list of any length is paged; more than 99 unread are said to be just that; all are marked at once, but not
    /// what came after the page was looked at.
    a_long_list_is_paged_and_marked_at_once,
    |world: World| async move {
        let story = told(&world).await;
        for quantity in 11..111 {
            grant(&world, &story, quantity).await;
        }
        world.run_jobs().await;
        let (_, contoso, _) = &story;
        let (mut kinds, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = contoso.get(&format!("/notices?limit=40{cursor}")).await.ok();
            kinds.extend(page["items"].as_array().unwrap().iter().map(|notice| notice["subject"].clone()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(kinds.len(), 101);
        assert!(kinds[0].as_str().unwrap().contains("110개"), "{}", kinds[0]);
        assert!(kinds[100].as_str().unwrap().contains("10개"), "{}", kinds[100]);
        let mut browser = world.browser_of("admin@contoso.example").await;
        let seen = browser.get(CENTER).await.ok();
        seen.says("Notices, more than 99 unread");
        seen.says(">99+<");
        let next = seen.links().into_iter().find(|link| link.contains("cursor=")).unwrap();
        browser.get(&next).await.ok().says("85 licenses");
        grant(&world, &story, 7).await;
        world.run_jobs().await;
        let marked = browser.submit(&seen, "/account/notices/read", &[]).await.ok();
        marked.says("All are marked as read.");
        marked.says("Notices, 1 unread");
        let left = contoso.get("/notices?unread=true").await.ok();
        assert_eq!(left["items"].as_array().unwrap().len(), 1);
        let all = contoso.post("/notices/read", json!({ "all": true })).await.ok();
        assert_eq!(all, json!({ "unread": 0 }));
    }
);

flow!(
    /// ROL-01: notices are their reader's alone: another user and another tenant neither see nor mark them.
    nobody_sees_or_marks_the_notices_of_others,
    |world: World| async move {
        let (_, contoso, _) = told(&world).await;
        let ana = world.user(&contoso, "ana@contoso.example", &["license_admin"]).await;
        let northwind = world.customer("northwind").await;
        world.run_jobs().await;
        let mine = id(&notices(&contoso).await[0]);
        for other in [&ana, &northwind] {
            assert!(notices(other).await.is_empty());
            other.post("/notices/read", json!({ "notices": [mine] })).await.refused(404, "resource.not_found");
            other.post("/notices/read", json!({ "all": true })).await.ok();
        }
        assert_eq!(notices(&contoso).await[0]["read_at"], Value::Null);
        let mut browser = world.browser_of("ana@contoso.example").await;
        let page = browser.get(CENTER).await.ok();
        page.says("Nothing yet");
        let token = page.form("/sign-out").into_iter().find(|(name, _)| name == "_token").unwrap().1;
        let body = serde_urlencoded::to_string([("_token", token)]).unwrap();
        let seen = browser.once(&axum::http::Method::POST, &format!("{CENTER}/{mine}/open"), &body).await;
        assert_eq!(seen.status, 404);
        let left = contoso.post("/notices/read", json!({ "notices": [mine, mine] })).await.ok();
        assert_eq!(left, json!({ "unread": 0 }));
        let both = json!({ "notices": [mine], "all": true });
        contoso.post("/notices/read", both).await.refused(422, "request.invalid");
        contoso.post("/notices/read", json!({})).await.refused(422, "request.invalid");
    }
);

flow!(
    /// Whoever lost a role still reads what they were told, and is led nowhere that they may not go.
    what_was_told_stays_when_the_role_is_gone,
    |world: World| async move {
        let (fabrikam, contoso) = (world.publisher("fabrikam").await, world.customer("contoso").await);
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let lea = world.user(&contoso, "lea@contoso.example", &["license_admin"]).await;
        world.sold(&fabrikam, "f365", &contoso, &[("gold", 10)]).await;
        world.run_jobs().await;
        lea.post("/notices/read", json!({ "all": true })).await.ok();
        let path = "/admin/licenses/fabrikam.f365.gold";
        let mut browser = world.browser_of("lea@contoso.example").await;
        assert!(browser.get(CENTER).await.ok().links().contains(path));
        contoso.put("/users/lea@contoso.example/roles", json!({ "roles": [] })).await.ok();
        let mut browser = world.browser_of("lea@contoso.example").await;
        let page = browser.get(CENTER).await.ok();
        page.says("granted you 10 licenses");
        assert!(!page.links().contains(path));
        let lea = world.sign_in("lea@contoso.example").await;
        assert_eq!(notices(&lea).await.len(), 1);
    }
);

flow!(
    /// Notices are forgotten 90 days after they were read, unread ones after a year.
    old_notices_are_forgotten,
    |world: World| async move {
        let story = told(&world).await;
        let read = id(&notices(&story.1).await[0]);
        grant(&world, &story, 12).await;
        world.run_jobs().await;
        story.1.post("/notices/read", json!({ "notices": [read] })).await.ok();
        let unread = id(&notices(&story.1).await[0]);
        let there = |ids: Vec<Value>, id: &str| ids.iter().any(|notice| notice["id"] == id);
        for (days, read_is_there, unread_is_there) in [(89, true, true), (2, false, true), (275, false, false)] {
            world.pass_seconds(days * 86_400);
            world.run_jobs().await;
            let contoso = world.sign_in("admin@contoso.example").await;
            let found = contoso.get("/notices?limit=100").await.ok()["items"].as_array().unwrap().clone();
            assert_eq!(there(found.clone(), &read), read_is_there, "{days}");
            assert_eq!(there(found, &unread), unread_is_there, "{days}");
        }
    }
);

flow!(
    /// What somebody was told and chose goes with them; nobody else loses anything, and nothing comes after.
    the_notices_of_a_deleted_user_are_gone,
    |world: World| async move {
        let story = told(&world).await;
        let (_, contoso, _) = &story;
        let lea = world.user(contoso, "lea@contoso.example", &["license_admin"]).await;
        let id = contoso.get("/users/lea@contoso.example").await.ok()["id"].as_str().unwrap().to_owned();
        grant(&world, &story, 12).await;
        world.run_jobs().await;
        lea.put("/notices/preferences", json!({ "by_mail": [] })).await.ok();
        let user = types::UserId::parse(&id).unwrap();
        let kept = |world: &World| {
            let app = world.app.clone();
            async move {
                let kept = app.db.read(move |tx| {
                    Box::pin(async move {
                        let unread = store::count_unread(tx, &user).await?;
                        Ok::<_, Refused>((unread, store::find_choice(tx, &user).await?.revision))
                    })
                });
                kept.await.map_err(Refused::into_problem).unwrap()
            }
        };
        assert_eq!(kept(&world).await, (1, 1));
        contoso.delete(&format!("/users/{id}")).await;
        grant(&world, &story, 13).await;
        world.run_jobs().await;
        assert_eq!(kept(&world).await, (0, 0));
        assert_eq!(notices(contoso).await.len(), 3);
    }
);

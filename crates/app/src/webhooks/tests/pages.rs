use serde_json::json;

use super::{add_user, hook, verifies};
use crate::testing::{Browser, Receiver, World, flow};

const WEBHOOKS: &str = "/admin/webhooks";

/// What stands between these two.
fn between<'h>(html: &'h str, before: &str, after: &str) -> &'h str {
    html.split(before).nth(1).and_then(|rest| rest.split(after).next()).unwrap_or_default()
}

async fn admin(world: &World) -> Browser {
    world.browser_of("admin@contoso.example").await
}

flow!(
    /// EVT-03: a webhook is made by hand, its secret shown once; wrong input comes back with what was typed; a test
    /// and every event that arrives are seen with their attempts, and sent again by a button.
    a_webhook_is_looked_after_by_hand,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let (receiver, mut admin) = (Receiver::start(), admin(&world).await);
        admin.get(WEBHOOKS).await.ok().says("No webhook yet");
        let at = "/admin/webhooks/new";
        let new = admin.get(at).await.ok();
        new.says("<legend>Licenses</legend>");
        let inside = [("url", "https://169.254.169.254/latest"), ("description", "Ours"), ("kinds", "user.*")];
        let wrong = admin.submit(&new, at, &inside).await;
        assert_eq!(wrong.status, 422);
        wrong.says("id=\"url-error\"");
        wrong.says("value=\"Ours\"");
        assert!(wrong.form(at).contains(&("kinds".to_owned(), "user.*".to_owned())));
        let unknown = admin.submit(&new, at, &[("url", &receiver.url), ("kinds", "nothing.*")]).await;
        assert_eq!(unknown.status, 422);
        unknown.says("id=\"kinds-error\"");
        let made = admin.submit(&wrong, at, &[("url", &receiver.url)]).await.ok();
        let secret = between(&made.html, "<code>whsec_", "<");
        assert!(secret.len() >= 32, "{}", made.html);
        let secret = format!("whsec_{secret}");
        let id = contoso.get("/webhooks").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        let page = format!("{WEBHOOKS}/{id}");
        let seen = admin.get(&page).await.ok();
        seen.says("<code>user.*</code>");
        assert!(!seen.html.contains(&secret), "a secret is shown twice");
        admin.submit(&seen, &format!("{page}/test"), &[]).await.ok().says("A test event is on its way.");
        add_user(&contoso, "ada").await;
        world.run_jobs().await;
        let got = receiver.take();
        assert_eq!(got.len(), 2);
        assert!(got.iter().all(|got| verifies(got, &secret)));
        let seen = admin.get(&format!("{page}?state=delivered")).await.ok();
        let delivery = seen.links().into_iter().find(|link| link.contains("/deliveries/")).unwrap();
        let delivered = admin.get(&delivery).await.ok();
        delivered.says("user.created");
        delivered.says("specversion");
        delivered.says(">204</span>");
        admin.submit(&delivered, &format!("{delivery}/resend"), &[]).await.ok().says("sent once more");
        world.run_jobs().await;
        assert_eq!(receiver.take().len(), 1);
        let seen = admin.get(&page).await.ok();
        let replay = format!("{page}/replay");
        let wrong = admin.submit(&seen, &replay, &[("since", "some day")]).await;
        assert_eq!(wrong.status, 422);
        wrong.says("id=\"since-error\"");
        let (today, tomorrow) = (world.now().day(), world.now().plus_days(1).day());
        let wrong = admin.submit(&wrong, &replay, &[("since", &tomorrow)]).await;
        assert_eq!(wrong.status, 422);
        wrong.says("must not be in the future");
        admin.submit(&wrong, &replay, &[("since", &today)]).await.ok().says("sent again, in order");
        let twice = admin.submit(&wrong, &replay, &[("since", &today)]).await;
        assert_eq!(twice.status, 409, "pressed once");
        world.run_jobs().await;
        let replays = contoso.get("/events?limit=1000").await.ok().to_string().matches("webhook.replayed").count();
        assert_eq!(replays, 1);
        assert!(!receiver.take().is_empty());
    }
);

flow!(
    /// EVT-03: it is changed, disabled, enabled, given a new secret and deleted by hand; of two who change it the
    /// second is told; nobody else finds it.
    a_webhook_is_changed_by_hand,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        world.customer("litware").await;
        let (receiver, mut admin) = (Receiver::start(), admin(&world).await);
        let (id, old) = hook(&contoso, &receiver, json!(["user.created"])).await;
        let (page, edit) = (format!("{WEBHOOKS}/{id}"), format!("{WEBHOOKS}/{id}/edit"));
        let (one, other) = (admin.get(&edit).await.ok(), admin.get(&edit).await.ok());
        admin.submit(&one, &edit, &[("description", "First")]).await.ok().says("First");
        let late = admin.submit(&other, &edit, &[("description", "Second")]).await;
        assert_eq!(late.status, 412);
        late.says("First");
        late.says("value=\"Second\"");
        let seen = admin.get(&page).await.ok();
        let off = admin.submit(&seen, &format!("{page}/state"), &[]).await.ok();
        off.says("The webhook was disabled.");
        // A page from before sends a test that cannot be sent.
        let refused = admin.submit(&seen, &format!("{page}/test"), &[]).await;
        assert_eq!(refused.status, 409);
        refused.says("role=\"alert\"");
        admin.submit(&off, &format!("{page}/state"), &[]).await.ok().says("The webhook was enabled.");
        let rotated = admin.submit(&off, &format!("{page}/secret"), &[]).await.ok();
        let new = format!("whsec_{}", between(&rotated.html, "<code>whsec_", "<"));
        add_user(&contoso, "ada").await;
        world.run_jobs().await;
        let got = receiver.take().remove(0);
        assert!(new != old && verifies(&got, &old) && verifies(&got, &new));
        let mut stranger = world.browser_of("admin@litware.example").await;
        let mut user = {
            world.user(&contoso, "ben@contoso.example", &["license_admin"]).await;
            world.browser_of("ben@contoso.example").await
        };
        for path in [&page, &edit] {
            assert_eq!(stranger.get(path).await.status, 404);
            assert_eq!(user.get(path).await.status, 404);
        }
        let forged = stranger.get(WEBHOOKS).await.ok();
        assert!(!forged.html.contains(&receiver.url));
        admin.submit(&off, &format!("{page}/delete"), &[]).await.ok().says("The webhook was deleted.");
        assert_eq!(admin.get(&page).await.status, 404);
        let mut korean = admin.clone().reading("ko");
        korean.get(WEBHOOKS).await.ok().says("웹후크가 아직 없습니다");
    }
);

flow!(
    /// EVT-03: what waits at an endpoint that fails is shown to be tried when the endpoint is, and what is due as due.
    the_next_attempt_is_when_it_is_made,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let (receiver, mut admin) = (Receiver::start(), admin(&world).await);
        receiver.answer(500);
        let (id, _) = hook(&contoso, &receiver, json!(["user.created"])).await;
        for name in ["ada", "ben"] {
            add_user(&contoso, name).await;
        }
        world.run_jobs().await;
        let waiting = contoso.get(&format!("/webhooks/{id}/deliveries?state=pending")).await.ok();
        let due: Vec<_> = waiting["items"].as_array().unwrap().iter().map(|one| one["due_at"].clone()).collect();
        assert_eq!(due.len(), 2);
        let now = json!(world.now());
        assert!(due.iter().all(|due| due.as_str() > now.as_str()), "{due:?} and it is {now}");
        let page = format!("{WEBHOOKS}/{id}");
        let seen = admin.get(&page).await.ok();
        assert!(!seen.html.contains("Due now"));
        let first = waiting["items"].as_array().unwrap().iter().find(|one| one["attempts"] == 1).unwrap();
        let first = format!("{page}/deliveries/{}", first["id"].as_str().unwrap());
        admin.get(&first).await.ok().says("It answered 500.");
        admin.clone().reading("ko").get(&first).await.ok().says("500(으)로 응답했습니다.");
        world.pass_seconds(3600);
        let late = admin.get(&page).await.ok();
        late.says("Due now");
        admin.submit(&late, &format!("{page}/state"), &[]).await.ok().says("Once it is enabled");
    }
);

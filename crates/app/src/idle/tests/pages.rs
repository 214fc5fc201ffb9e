use axum::http::Method;
use serde_json::json;

use super::{days_later, story, use_it, user, write};
use crate::testing::{Client, World, flow};

const LICENSE: &str = "/admin/licenses/fabrikam.f365.gold";
const IDLE: &str = "/admin/licenses/fabrikam.f365.gold/idle";
const UNASSIGN: &str = "/admin/licenses/fabrikam.f365.gold/unassign";

async fn id_of(contoso: &Client, n: usize) -> String {
    contoso.get(&format!("/users/{}", user(n))).await.ok()["id"].as_str().unwrap().to_owned()
}

/// u2 has its seat by being in a group, and no longer by itself.
async fn through_a_group(world: &World, contoso: &Client) {
    let group = contoso.post("/groups", json!({ "name": "Sales" })).await.created();
    let group = group["id"].as_str().unwrap();
    contoso.post(&format!("/groups/{group}/members"), json!({ "users": [user(2)] })).await.ok();
    contoso.put(&format!("/groups/{group}/licenses/fabrikam.f365.gold"), json!({})).await.ok();
    world.run_jobs().await;
    let body = json!({ "users": [user(2)] });
    contoso.post("/licenses/fabrikam.f365.gold/unassignments", body).await.ok();
}

flow!(
    /// ASG-10: seats that nobody uses are listed by how long they were not; a person chooses whose is taken back. One
    /// that comes by a group is told as such, and cannot be chosen; people on leave are left out.
    unused_seats_are_taken_back_by_hand,
    |world: World| async move {
        let (_, contoso, _) = story(&world).await;
        through_a_group(&world, &contoso).await;
        let mut admin = world.browser_of("admin@contoso.example").await;
        admin.get(LICENSE).await.ok().says(&format!("href=\"{IDLE}\""));
        admin.get(IDLE).await.ok().says("Every license is used");
        let contoso = days_later(&world, 40).await;
        use_it(&contoso, 0).await;
        write(&world).await;
        let contoso = days_later(&world, 55).await;
        let (u0, u1, u2) = (id_of(&contoso, 0).await, id_of(&contoso, 1).await, id_of(&contoso, 2).await);
        let mut admin = world.browser_of("admin@contoso.example").await;
        let page = admin.get(IDLE).await.ok();
        page.says("People on leave are left out");
        page.says("Never");
        page.says("take the user out of the group instead");
        assert!(!page.html.contains(&u0), "it was used 55 days ago");
        assert!(page.html.contains(&format!("value=\"{u1}\"")) && !page.html.contains(&format!("value=\"{u2}\"")));
        admin.get(&format!("{IDLE}?days=30")).await.ok().says(&user(0));
        assert_eq!(admin.get(&format!("{IDLE}?days=17")).await.status, 422);
        contoso.put(&format!("/users/{}/leave", user(1)), json!({})).await.no_content();
        assert!(!admin.get(IDLE).await.ok().html.contains(&u1), "on leave");
        contoso.delete(&format!("/users/{}/leave", user(1))).await.no_content();
        let asked = admin.get(&format!("{UNASSIGN}?user={u1}")).await.ok();
        admin.submit(&asked, UNASSIGN, &[]).await.ok().says("One license was unassigned.");
        assert!(!admin.get(IDLE).await.ok().html.contains(&u1));
        admin.reading("ko").get(IDLE).await.ok().says("미사용");
    }
);

flow!(
    /// ASG-10, ROL-01: who pays sees what is unused and cannot choose; nobody else finds the page.
    unused_seats_are_for_those_who_look_after_licenses,
    |world: World| async move {
        let (_, contoso, _) = story(&world).await;
        world.customer("litware").await;
        world.user(&contoso, "bill@contoso.example", &["billing_admin"]).await;
        world.user(&contoso, "zoe@contoso.example", &[]).await;
        world.pass_seconds(95 * 86_400);
        let mut bill = world.browser_of("bill@contoso.example").await;
        let page = bill.get(IDLE).await.ok();
        page.says(&user(1));
        assert!(!page.html.contains("type=\"checkbox\""));
        for email in ["zoe@contoso.example", "admin@litware.example"] {
            assert_eq!(world.browser_of(email).await.get(IDLE).await.status, 404, "{email}");
        }
    }
);

flow!(
    /// LIC-07: which seats go first is chosen on the license's page, by whoever assigns.
    which_seats_go_first_is_chosen_by_hand,
    |world: World| async move {
        let (_, contoso, _) = story(&world).await;
        let policy = format!("{LICENSE}/policy");
        let now = || async { contoso.get("/licenses/fabrikam.f365.gold").await.ok()["policy"].clone() };
        let mut admin = world.browser_of("admin@contoso.example").await;
        let page = admin.get(LICENSE).await.ok();
        assert!(page.form(&policy).contains(&("policy".to_owned(), "newest_first".to_owned())));
        let wrong = admin.submit(&page, &policy, &[("policy", "alphabet")]).await;
        assert_eq!(wrong.status, 422);
        wrong.says("id=\"policy-error\"");
        let stale = admin.submit(&page, &policy, &[("policy", "oldest_first"), ("_token", "old")]).await;
        assert_eq!(stale.status, 403);
        assert!(stale.form(&policy).contains(&("policy".to_owned(), "oldest_first".to_owned())));
        assert_eq!(now().await, "newest_first");
        let typed = [("policy", "least_recently_used")];
        admin.submit(&stale, &policy, &typed).await.ok().says("Your choice was saved.");
        assert_eq!(now().await, "least_recently_used");
        world.user(&contoso, "bill@contoso.example", &["billing_admin"]).await;
        let mut bill = world.browser_of("bill@contoso.example").await;
        let page = bill.get(LICENSE).await.ok();
        page.says("The least recently used go first");
        assert!(!page.html.contains(&policy));
        assert_eq!(bill.once(&Method::POST, &policy, "policy=oldest_first").await.status, 404);
        admin.reading("ko").get(LICENSE).await.ok().says("오래 사용하지 않은 라이선스부터");
    }
);

flow!(
    /// ASG-10: on a user's page it is said that the user is on leave, from when, until when, and that it is back.
    a_leave_is_said_by_hand,
    |world: World| async move {
        let (_, contoso, _) = story(&world).await;
        let here = format!("/admin/users/{}", id_of(&contoso, 1).await);
        let (leave, end) = (format!("{here}/leave"), format!("{here}/leave/end"));
        let mut admin = world.browser_of("admin@contoso.example").await;
        let page = admin.get(&here).await.ok();
        let (today, before) = (world.now().day(), world.now().plus_days(-1).day());
        for (typed, field) in [(("until", before.as_str()), "until"), (("from", "some day"), "from")] {
            let wrong = admin.submit(&page, &leave, &[typed]).await;
            assert_eq!(wrong.status, 422);
            wrong.says(&format!("id=\"{field}-error\""));
            wrong.says(&format!("value=\"{}\"", typed.1));
        }
        // Its last day is a day of it.
        let set = admin.submit(&page, &leave, &[("until", &today)]).await.ok();
        set.says("The leave was saved.");
        set.says("On leave");
        assert!(set.form(&leave).contains(&("until".to_owned(), today.clone())));
        admin.submit(&set, &end, &[]).await.ok().says("The leave is over.");
        let later = world.now().plus_days(10).day();
        let planned = admin.submit(&page, &leave, &[("from", &later), ("until", "")]).await.ok();
        assert!(planned.form(&leave).contains(&("from".to_owned(), later)));
        assert!(!planned.html.contains(">On leave<"), "not yet");
        let stale = admin.submit(&page, &leave, &[("from", &today), ("_token", "old")]).await;
        assert_eq!(stale.status, 403);
        world.user(&contoso, "lia@contoso.example", &["license_admin"]).await;
        let mut lia = world.browser_of("lia@contoso.example").await;
        let seen = lia.get(&here).await.ok();
        assert!(!seen.html.contains(&leave), "who assigns does not say who is away");
        assert_eq!(lia.once(&Method::POST, &leave, "").await.status, 404);
        world.customer("litware").await;
        let mut stranger = world.browser_of("admin@litware.example").await;
        let page = stranger.get("/admin/users/new").await.ok();
        let token = page.form("/admin/users/new").into_iter().find(|(name, _)| name == "_token").unwrap().1;
        let body = serde_urlencoded::to_string([("_token", token)]).unwrap();
        assert_eq!(stranger.once(&Method::POST, &leave, &body).await.status, 404);
        admin.reading("ko").get(&here).await.ok().says("부터 종료할 때까지");
    }
);

flow!(
    /// ASG-10, ROL-01: of whoever holds a role a user admin says no leave, as it changes nothing else of them, and the
    /// page offers nothing that would be refused; what is over replaces no leave.
    a_leave_is_of_those_whom_one_may_edit_and_not_over,
    |world: World| async move {
        let (_, contoso, _) = story(&world).await;
        let uma = world.user(&contoso, "uma@contoso.example", &["user_admin"]).await;
        let refused = uma.put("/users/admin@contoso.example/leave", json!({})).await;
        refused.refused(403, "user.role_needs_grant");
        uma.delete("/users/admin@contoso.example/leave").await.refused(403, "user.role_needs_grant");
        let admin = contoso.get("/users/admin@contoso.example").await.ok()["id"].as_str().unwrap().to_owned();
        let here = format!("/admin/users/{admin}");
        let seen = world.browser_of("uma@contoso.example").await.get(&here).await.ok();
        for action in ["leave", "password", "status"] {
            assert!(!seen.html.contains(&format!("{here}/{action}")), "{action}");
        }
        assert!(!seen.html.contains("<button disabled"));
        let mut own = world.browser_of("admin@contoso.example").await;
        let seen = own.get(&here).await.ok();
        seen.says("Nobody else is global admin");
        assert!(!seen.html.contains(&format!("{here}/status")));
        contoso.put("/users/uma@contoso.example/roles", json!({ "roles": ["global_admin"] })).await.ok();
        assert!(own.get(&here).await.ok().html.contains(&format!("{here}/status")));
        let leave = format!("/users/{}/leave", user(1));
        contoso.put(&leave, json!({ "from": world.now().plus_days(3) })).await.no_content();
        let past = json!({ "from": world.now().plus_days(-9), "until": world.now().plus_days(-3) });
        let wrong = contoso.put(&leave, past).await.wrong_fields();
        assert_eq!(wrong, [("until".to_owned(), "leave.over".to_owned())]);
        let here = format!("/admin/users/{}", id_of(&contoso, 1).await);
        let page = own.get(&here).await.ok();
        let (from, until) = (world.now().plus_days(-9).day(), world.now().plus_days(-3).day());
        let typed = [("from", from.as_str()), ("until", until.as_str())];
        let wrong = own.submit(&page, &format!("{here}/leave"), &typed).await;
        assert_eq!(wrong.status, 422);
        wrong.says("id=\"until-error\"");
        let kept = ("from".to_owned(), world.now().plus_days(3).day());
        assert!(own.get(&here).await.ok().form(&format!("{here}/leave")).contains(&kept));
    }
);

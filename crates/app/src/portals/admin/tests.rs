//! The admin center, as its people use it.

use axum::http::Method;
use serde_json::json;

use crate::testing::{Client, PASSWORD, World, flow};

const LICENSE: &str = "/admin/licenses/fabrikam.f365.gold";
const ASSIGN: &str = "/admin/licenses/fabrikam.f365.gold/assign";
const UNASSIGN: &str = "/admin/licenses/fabrikam.f365.gold/unassign";

/// Contoso holds seats of gold and has three users.
async fn contoso(world: &World, seats: i64) -> Client {
    let fabrikam = world.publisher("fabrikam").await;
    let contoso = world.customer("contoso").await;
    world.live_offer(&fabrikam, "f365", &["gold"]).await;
    world.sold(&fabrikam, "f365", &contoso, &[("gold", seats)]).await;
    for name in ["ann", "bob", "cid"] {
        world.user(&contoso, &format!("{name}@contoso.example"), &[]).await;
    }
    contoso
}

/// The id of a user or group of this page.
fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

flow!(
    /// ASG-02, ASG-09: people are found and assigned several at once; beyond the seats the form names who cannot
    /// and why, and nothing changes; taking a seat back asks first, and the history tells both.
    seats_are_given_and_taken_in_the_browser,
    |world: World| async move {
        let contoso = contoso(&world, 2).await;
        let mut admin = world.browser_of("admin@contoso.example").await;
        admin.get("/admin/licenses").await.ok().says("href=\"/admin/licenses/fabrikam.f365.gold\"");
        admin.get(LICENSE).await.ok().says("Nobody has this license yet");
        let page = admin.get(ASSIGN).await.ok();
        let found = admin.submit(&page, ASSIGN, &[("search", "ANN@"), ("find", "1")]).await.ok();
        found.says("ann@contoso.example");
        assert!(!found.html.contains("bob@contoso.example"), "only who was searched for is found");
        let everybody = "Ann <ann@contoso.example>, bob@contoso.example\ncid@contoso.example";
        let refused = admin.submit(&page, ASSIGN, &[("addresses", everybody)]).await;
        assert_eq!(refused.status, 409);
        refused.says("CountViolation");
        refused.says("bob@contoso.example\ncid@contoso.example");
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["assigned"], 0);
        let nobody = admin.submit(&page, ASSIGN, &[("addresses", "zoe@contoso.example")]).await;
        nobody.says("No user of your organisation has this address");
        let empty = admin.submit(&page, ASSIGN, &[]).await;
        assert_eq!(empty.status, 422);
        empty.says("href=\"#addresses\"");
        let ann = contoso.get("/users/ann@contoso.example").await.ok()["id"].as_str().unwrap().to_owned();
        let two = [("user", ann.as_str()), ("addresses", "bob@contoso.example")];
        let done = admin.submit(&page, ASSIGN, &two).await.ok();
        assert_eq!(done.path, LICENSE);
        done.says("2 licenses were assigned.");
        let again = admin.get(ASSIGN).await.ok();
        let fits = [("addresses", "cid@contoso.example"), ("partial", "1")];
        admin.submit(&again, ASSIGN, &fits).await.ok().says("One user got none");
        let asked = admin.get(&format!("{UNASSIGN}?user={ann}")).await.ok();
        asked.says("Unassign one user?");
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["assigned"], 2);
        let taken = admin.submit(&asked, UNASSIGN, &[]).await.ok();
        taken.says("One license was unassigned.");
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["assigned"], 1);
        let history = admin.get(&format!("{LICENSE}/users/{ann}")).await.ok();
        history.says("Assigned directly");
        history.says("Unassigned");
        history.says("Admin of contoso");
        assert_eq!(admin.get("/admin/licenses/fabrikam.f365.none").await.status, 404);
    }
);

flow!(
    /// ASG-04, ASG-05, ASG-06: a group is made, filled and licensed; who is beyond the seats waits visibly; what
    /// comes from a group is not taken off the user, and the group is not deleted.
    a_group_has_a_license_and_the_last_one_waits,
    |world: World| async move {
        let contoso = contoso(&world, 2).await;
        let mut admin = world.browser_of("admin@contoso.example").await;
        admin.get("/admin/groups").await.ok().says("No groups yet");
        let page = admin.get("/admin/groups/new").await.ok();
        let group = admin.submit(&page, "/admin/groups/new", &[("group_name", "Sales")]).await.ok();
        let (here, id) = (group.path.clone(), id_of(&group.path).to_owned());
        let members = format!("{here}/members");
        let unknown = admin.submit(&group, &members, &[("addresses", "zoe@contoso.example")]).await;
        assert_eq!(unknown.status, 409);
        unknown.says("zoe@contoso.example");
        for name in ["ann", "bob", "cid"] {
            let address = format!("{name}@contoso.example");
            admin.submit(&group, &members, &[("addresses", &address)]).await.ok().says(&address);
            world.pass_seconds(60);
        }
        let groups = format!("{LICENSE}/groups");
        let page = admin.get(&groups).await.ok();
        let licensed = admin.submit(&page, &groups, &[("group", &id)]).await.ok();
        licensed.says("Sales has the license.");
        let queue = admin.get(&format!("{LICENSE}/waiting")).await.ok();
        queue.says("cid@contoso.example");
        assert!(!queue.html.contains("ann@contoso.example"), "only who waits is in the queue");
        admin.get(LICENSE).await.ok().says(&format!("href=\"/admin/groups/{id}\""));
        admin.get("/admin").await.ok().says("one user waits");
        let bob = contoso.get("/users/bob@contoso.example").await.ok()["id"].as_str().unwrap().to_owned();
        let asked = admin.get(&format!("{UNASSIGN}?user={bob}")).await.ok();
        let refused = admin.submit(&asked, UNASSIGN, &[]).await;
        assert_eq!(refused.status, 409);
        refused.says("Comes from a group");
        admin.get(&here).await.ok().says("cannot be deleted");
        let why = format!("/admin/explain?user={bob}&what=fabrikam.f365.gold");
        admin.get(&why).await.ok().says("Through Sales");
        let off = admin.submit(&licensed, &format!("{groups}/remove"), &[]).await.ok();
        off.says("taken off Sales");
        world.run_jobs().await;
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["assigned"], 0);
        let page = admin.get(&here).await.ok();
        let gone = admin.submit(&page, &format!("{here}/delete"), &[]).await.ok();
        assert_eq!(gone.path, "/admin/groups");
        gone.says("No groups yet");
    }
);

flow!(
    /// ASG-06, ROL-02: people are made, given roles and deactivated, and their seats are free then; whatever is
    /// refused is said on the page, with what was typed.
    people_are_looked_after_in_the_browser,
    |world: World| async move {
        let contoso = contoso(&world, 2).await;
        let mut admin = world.browser_of("admin@contoso.example").await;
        let page = admin.get("/admin/users/new").await.ok();
        let wrong = [("name", " "), ("email", "nobody"), ("password", "short")];
        let refused = admin.submit(&page, "/admin/users/new", &wrong).await;
        assert_eq!(refused.status, 422);
        for field in ["name", "email", "password"] {
            refused.says(&format!("id=\"{field}-error\""));
        }
        refused.says("value=\"nobody\"");
        let typed = [("name", "Dee Dunn"), ("email", "dee@contoso.example"), ("password", PASSWORD)];
        let made = admin.submit(&refused, "/admin/users/new", &typed).await.ok();
        made.says("Dee Dunn was created.");
        let (here, roles) = (made.path.clone(), format!("{}/roles", made.path));
        admin.submit(&made, &roles, &[("roles", "license_admin")]).await.ok().says("The roles were saved.");
        let stale = admin.submit(&made, &here, &[("name", "Dee Danvers")]).await;
        assert_eq!(stale.status, 412, "the user was changed meanwhile");
        stale.says("value=\"Dee Danvers\"");
        let mut dee = world.browser_of("dee@contoso.example").await;
        assert_eq!(dee.get(ASSIGN).await.ok().path, ASSIGN);
        assert_eq!(dee.get("/admin/users/new").await.status, 404, "who assigns makes no users");
        let body = json!({ "users": ["dee@contoso.example"] });
        contoso.post("/licenses/fabrikam.f365.gold/assignments", body).await.ok();
        let page = admin.get(&here).await.ok();
        page.says("f365 · gold");
        let status = format!("{here}/status");
        admin.submit(&page, &status, &[("status", "inactive")]).await.ok().says("The user was deactivated");
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["assigned"], 0);
        let found = admin.get("/admin/users?search=dunn").await.ok();
        found.says("Deactivated");
        assert!(!found.html.contains("ann@contoso.example"));
        let me = contoso.get("/users/admin@contoso.example").await.ok()["id"].as_str().unwrap().to_owned();
        let roles = |roles: serde_json::Value| contoso.put("/users/ann@contoso.example/roles", json!({ "roles": roles }));
        roles(json!(["global_admin"])).await.ok();
        let mine = admin.get(&format!("/admin/users/{me}")).await.ok();
        roles(json!([])).await.ok();
        let last = admin.submit(&mine, &format!("/admin/users/{me}/status"), &[("status", "inactive")]).await;
        assert_eq!(last.status, 409);
        last.says("global admin");
    }
);

flow!(
    /// ASG-08: a user asks for a seat on the own page; an administrator sees it at home and approves or declines it
    /// with a reason, which the user sees.
    a_seat_is_asked_for_and_decided_in_the_browser,
    |world: World| async move {
        contoso(&world, 1).await;
        let mut ann = world.browser_of("ann@contoso.example").await;
        let own = ann.get("/account/licenses").await.ok();
        own.says("You have no license yet");
        let typed = [("service", "fabrikam.f365.gold"), ("note", "For the <audit>")];
        let asked = ann.submit(&own, "/account/licenses", &typed).await.ok();
        asked.says("Your administrators have your request.");
        let twice = ann.submit(&own, "/account/licenses", &typed).await;
        assert_eq!(twice.status, 409);
        let mut admin = world.browser_of("admin@contoso.example").await;
        admin.get("/admin").await.ok().says("One user asks for a license");
        let list = admin.get("/admin/requests").await.ok();
        list.says("ann@contoso.example");
        assert!(!list.html.contains("<audit>"), "what people wrote is text");
        admin.submit(&list, "/admin/requests/grant", &[]).await.ok().says("the license is assigned");
        ann.get("/account/licenses").await.ok().says("Active");
        let mut bob = world.browser_of("bob@contoso.example").await;
        let own = bob.get("/account/licenses").await.ok();
        bob.submit(&own, "/account/licenses", &typed).await.ok();
        let list = admin.get("/admin/requests").await.ok();
        assert!(!list.html.contains("action=\"/admin/requests/grant\""), "there is no seat to approve with");
        let reason = [("reason", "Next quarter")];
        admin.submit(&list, "/admin/requests/decline", &reason).await.ok().says("The request was declined.");
        bob.get("/account/licenses").await.ok().says("Next quarter");
        admin.get("/admin").await.ok().says("every license is assigned");
    }
);

flow!(
    /// ASG-01, LIC-09: who pays sees licenses and asks for more, and is neither shown nor given the pages that
    /// assign.
    a_billing_admin_sees_and_does_not_assign,
    |world: World| async move {
        let contoso = contoso(&world, 1).await;
        world.user(&contoso, "bill@contoso.example", &["billing_admin"]).await;
        let mut bill = world.browser_of("bill@contoso.example").await;
        let page = bill.get(LICENSE).await.ok();
        assert!(!page.links().contains(ASSIGN));
        for path in [ASSIGN, UNASSIGN, "/admin/users/new", "/admin/explain"] {
            assert_eq!(bill.get(path).await.status, 404, "{path}");
        }
        assert_eq!(bill.once(&Method::POST, ASSIGN, "addresses=ann@contoso.example").await.status, 404);
        let more = "/admin/requests/licenses?service=fabrikam.f365.gold";
        assert!(page.links().contains(more));
        let page = bill.get(more).await.ok();
        let wrong = bill.submit(&page, "/admin/requests/licenses", &[("seats", "0")]).await;
        assert_eq!(wrong.status, 422);
        wrong.says("id=\"seats-error\"");
        let asked = bill.submit(&wrong, "/admin/requests/licenses", &[("seats", "3")]).await.ok();
        asked.says("The publisher has your request.");
        let chosen = bill.get("/admin/requests/licenses").await.ok();
        assert_eq!(chosen.path, "/admin/licenses", "more of what is chosen there");
    }
);

flow!(
    /// CHK-06: the chain shows the link that is missing, and after assigning that it holds.
    access_is_explained_in_the_browser,
    |world: World| async move {
        let contoso = contoso(&world, 1).await;
        let mut admin = world.browser_of("admin@contoso.example").await;
        let why = "/admin/explain?user=ann@contoso.example&what=gold_app";
        let refused = admin.get(why).await.ok();
        refused.says("the user has no license of a plan that would do");
        refused.says("The user has no license assigned");
        refused.says("whoever is global admin, license admin, user admin can assign a license");
        refused.says("Not looked at");
        let body = json!({ "users": ["ann@contoso.example"] });
        contoso.post("/licenses/fabrikam.f365.gold/assignments", body).await.ok();
        let allowed = admin.get(why).await.ok();
        allowed.says("Allowed: the user has a license.");
        allowed.says("Assigned by Admin of contoso");
        allowed.says("1 of 1 in use");
        let nobody = admin.get("/admin/explain?user=zoe@contoso.example&what=gold_app").await.ok();
        nobody.says("Your organisation has no user zoe@contoso.example.");
    }
);

flow!(
    /// RPT-02: what is held and used, as a table and a chart, and the same as CSV.
    what_is_held_is_reported_in_the_browser,
    |world: World| async move {
        let contoso = contoso(&world, 4).await;
        let body = json!({ "users": ["ann@contoso.example"] });
        contoso.post("/licenses/fabrikam.f365.gold/assignments", body).await.ok();
        let mut admin = world.browser_of("admin@contoso.example").await;
        world.run_jobs().await;
        let page = admin.get("/admin/reports").await.ok();
        page.says("<svg viewBox");
        page.says("nothing is missing");
        let csv = admin.once(&Method::GET, "/admin/reports/licenses.csv", "").await.ok();
        csv.says("fabrikam.f365.gold,f365,gold,4,1,3,0,0,0");
        assert_eq!(csv.headers["cache-control"], "no-store");
        assert_eq!(csv.headers["x-content-type-options"], "nosniff");
        admin.get("/admin/reports?months=1").await.ok();
    }
);

flow!(
    /// ASG-07: a list is checked before anything changes, applied, and taken back as a whole.
    a_list_is_checked_applied_and_undone_in_the_browser,
    |world: World| async move {
        let contoso = contoso(&world, 2).await;
        let mut admin = world.browser_of("admin@contoso.example").await;
        admin.get("/admin/bulk").await.ok().says("No list was applied yet");
        let page = admin.get("/admin/bulk/new").await.ok();
        let wrong = admin.submit(&page, "/admin/bulk/new", &[("list", "user\nann")]).await;
        assert_eq!(wrong.status, 422);
        wrong.says("id=\"list-error\"");
        let names = ["ann", "bob", "cid", "zoe"];
        let rows = names.map(|name| format!("{name}@contoso.example,fabrikam.f365.gold\n")).concat();
        let list = format!("user,service_id\n{rows}");
        let checked = admin.submit(&wrong, "/admin/bulk/new", &[("list", &list)]).await.ok();
        checked.says("CountViolation");
        checked.says("No such user");
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["assigned"], 0);
        let begun = admin.submit(&checked, "/admin/bulk/new", &[("apply", "1")]).await.ok();
        begun.says("The list is being applied.");
        world.run_jobs().await;
        let done = admin.get(&begun.path).await.ok();
        done.says("Applied");
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["assigned"], 2);
        admin.get(&format!("{}?outcome=failed", begun.path)).await.ok().says("cid@contoso.example");
        admin.submit(&done, &format!("{}/undo", begun.path), &[]).await.ok().says("The list is being undone.");
        world.run_jobs().await;
        admin.get(&begun.path).await.ok().says("taken back");
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["assigned"], 0);
    }
);

flow!(
    /// INS-01: an app is installed where and as the form says; what stands in the way is said at its field.
    an_app_is_installed_in_the_browser,
    |world: World| async move {
        let contoso = contoso(&world, 1).await;
        let mut admin = world.browser_of("admin@contoso.example").await;
        let product = admin.get("/product/fabrikam.f365").await.ok();
        let install = "/admin/apps/install?offer=fabrikam.f365";
        assert!(product.links().contains(install), "Get it now leads to the install page");
        admin.get(install).await.ok().says("No environment yet");
        let page = admin.get("/admin/environments").await.ok();
        let typed = [("name", "Main"), ("kind", "production")];
        admin.submit(&page, "/admin/environments", &typed).await.ok().says("Main was created.");
        let all = contoso.get("/environments").await.ok();
        let id = all["items"][0]["id"].as_str().unwrap();
        let page = admin.get(install).await.ok();
        let refused = admin.submit(&page, "/admin/apps/install", &[("environment", id)]).await;
        assert_eq!(refused.status, 409);
        refused.says("The terms must be accepted.");
        let typed = [("environment", id), ("accept_terms", "1")];
        let done = admin.submit(&refused, "/admin/apps/install", &typed).await.ok();
        assert_eq!(done.path, "/admin/apps");
        done.says("f365 was installed.");
        let places = admin.get("/admin/environments").await.ok();
        let full = admin.submit(&places, &format!("/admin/environments/{id}/delete"), &[]).await;
        assert_eq!(full.status, 409);
        let installed = contoso.get("/installations").await.ok();
        let app = format!("/admin/apps/{}", installed["items"][0]["id"].as_str().unwrap());
        admin.get(&format!("{app}/update")).await.ok().says("The newest version is installed.");
        admin.submit(&done, &format!("{app}/uninstall"), &[]).await.ok().says("f365 was uninstalled.");
    }
);

flow!(
    /// EVT-04: the trail is read back page by page, and only by who may.
    the_audit_trail_is_read_in_the_browser,
    |world: World| async move {
        let contoso = contoso(&world, 1).await;
        for n in 0..30 {
            contoso.post("/groups", json!({ "name": format!("Group {n}") })).await.created();
        }
        let mut admin = world.browser_of("admin@contoso.example").await;
        let page = admin.get("/admin/audit").await.ok();
        page.says("Group 29");
        page.says("Admin of contoso");
        assert!(!page.html.contains("&#34;Group 2&#34;"), "what is older is on the next page");
        let earlier = page.links().into_iter().find(|link| link.starts_with("/admin/audit?before=")).unwrap();
        admin.get(&earlier).await.ok().says("&#34;Group 2&#34;");
        page.says("Created a group");
        assert!(!page.html.contains("<summary>Signed in</summary>"), "sign-ins would hide everything else");
        let all = admin.get("/admin/audit?kind=all").await.ok();
        all.says("<summary>Signed in</summary>");
        let groups = admin.get("/admin/audit?kind=group.created&who=admin@contoso.example").await.ok();
        assert_eq!(groups.html.matches("<summary>").count() - groups.html.matches("<summary><svg").count(), 25);
        let earlier = groups.links().into_iter().find(|link| link.contains("before=")).unwrap();
        assert!(earlier.contains("kind=group.created") && earlier.contains("who="), "{earlier}");
        admin.get("/admin/audit?kind=offer.created").await.ok().says("No entry fits");
        admin.get("/admin/audit?who=nobody@contoso.example").await.ok().says("has no user nobody@contoso.example");
        world.user(&contoso, "lia@contoso.example", &["license_admin"]).await;
        assert_eq!(world.browser_of("lia@contoso.example").await.get("/admin/audit").await.status, 404);
    }
);

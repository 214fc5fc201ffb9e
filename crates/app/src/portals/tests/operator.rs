//! The operator console, by its links and forms.

use serde_json::json;

use crate::Settings;
use crate::testing::{Client, PASSWORD, World, flow};

const EMAIL: &str = "operator@marketplace.example";

/// An offer that waits for certification; the address of its page.
async fn waiting(world: &World, publisher: &Client) -> String {
    world.complete_draft(publisher, "f365", &["silver", "gold"]).await;
    publisher.post("/offers/f365/publish", json!({ "notes": "Ask for Sam." })).await.ok();
    format!("/operator/certifications/{}", world.pending("fabrikam.f365").await)
}

flow!(
    /// PUB-03: the operator finds a submission in the queue, sees what it is judged by, and sends it back with
    /// several findings, which its publisher gets.
    a_submission_is_sent_back_with_findings,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let path = waiting(&world, &fabrikam).await;
        world.pass_seconds(3 * 3600);
        let mut browser = world.browser_of(EMAIL).await;
        let home = browser.get("/operator").await.ok();
        home.says("Submissions to certify");
        home.says("The first was submitted 3 hours ago");
        let queue = browser.get("/operator/certifications").await.ok();
        queue.says("fabrikam.f365");
        queue.says("3 hours ago");
        assert!(queue.links().contains(&path), "{:?}", queue.links());
        let page = browser.get(&path).await.ok();
        page.says("Number 1 in the queue.");
        page.says("Ask for Sam.");
        browser.get(&format!("{path}/offer")).await.ok().says("Key usage scenarios");
        let package = browser.get(&format!("{path}/package")).await.ok();
        package.says("fabrikam.f365.gold");
        browser.get(&format!("{path}/package/files")).await.ok().says("ImportConfig.xml");
        let action = format!("{path}/send-back");
        let form = browser.get(&action).await.ok();
        let empty = browser.submit(&form, &action, &[]).await;
        assert_eq!(empty.status, 422);
        let more = [("message[0]", "The help page is empty."), ("more", "1")];
        let more = browser.submit(&form, &action, &more).await.ok();
        more.says("The help page is empty.");
        more.says("Finding 2");
        let typed = [("message[1]", ""), ("mend[1]", "Write one.")];
        let wrong = browser.submit(&more, &action, &typed).await;
        assert_eq!(wrong.status, 422);
        wrong.says("message[1]-error");
        wrong.says("Write one.");
        let typed = [("message[1]", "There is no price."), ("mend[1]", "Say one.")];
        let left = browser.submit(&wrong, &action, &typed).await.ok();
        assert_eq!(left.path, "/operator/certifications");
        left.says("was sent back");
        left.says("Nothing waits for certification");
        let submissions = fabrikam.get("/offers/f365/submissions").await.ok();
        let findings = submissions["items"][0]["phases"][1]["findings"].as_array().unwrap().clone();
        let said: Vec<_> = findings.iter().map(|finding| finding["message"].as_str().unwrap()).collect();
        assert_eq!(said, ["The help page is empty.", "There is no price."]);
        browser.get(&path).await.ok().says("no longer waits");
    }
);

flow!(
    /// PUB-03: a certified submission is its publisher's to go live with; a decision is taken once.
    a_submission_is_certified,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let path = waiting(&world, &fabrikam).await;
        let mut browser = world.browser_of(EMAIL).await;
        let page = browser.get(&path).await.ok();
        let left = browser.submit(&page, &format!("{path}/approve"), &[("notes", "Well done.")]).await.ok();
        left.says("is certified");
        assert_eq!(fabrikam.get("/offers/f365").await.ok()["status"], "preview");
        let history = fabrikam.get("/offers/f365/history").await.ok();
        assert!(history.to_string().contains("Well done."), "{history:#}");
        let late = browser.submit(&page, &format!("{path}/approve"), &[]).await;
        assert_eq!(late.status, 409);
        late.says("role=\"alert\"");
    }
);

flow!(
    /// OFF-13: of an update, the operator sees what is not as customers see it now, beside that.
    an_update_is_shown_beside_what_is_live,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        fabrikam.put("/offers/f365/availability", json!({ "markets": ["DE"] })).await.ok();
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        let path = format!("/operator/certifications/{}", world.pending("fabrikam.f365").await);
        let mut browser = world.browser_of(EMAIL).await;
        browser.get(&path).await.ok().says("Update");
        let changed = browser.get(&format!("{path}/offer?show=changed")).await.ok();
        changed.says("1 field is not as customers see it now.");
        changed.says("South Korea, United States");
        assert!(!changed.html.contains("Primary category"), "{}", changed.html);
        browser.get(&format!("{path}/offer")).await.ok().says("Primary category");
    }
);

flow!(
    /// DEA-02: the operator asks for an update, approves or rejects; a reason is needed where the publisher has to
    /// do something, and what was typed is not lost.
    deals_are_reviewed,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        let draft = fabrikam.post("/deals", crate::testing::customers::deal("f365")).await.created();
        let id = world.submitted_deal(&fabrikam, "f365").await;
        let path = format!("/operator/deals/{id}");
        let mut browser = world.browser_of(EMAIL).await;
        let list = browser.get("/operator/deals").await.ok();
        assert!(list.links().contains(&path));
        let page = browser.get(&path).await.ok();
        page.says("1,200.00 USD");
        let drafted = browser.get(&format!("/operator/deals/{}", draft["id"].as_str().unwrap())).await;
        assert_eq!(drafted.status, 404, "a draft is its publisher's alone");
        let wrong = browser.submit(&page, &format!("{path}/reject"), &[]).await;
        assert_eq!(wrong.status, 422);
        wrong.says("rejection-error");
        let left = browser.submit(&page, &format!("{path}/request-update"), &[("reason", "Which city?")]).await.ok();
        left.says("was asked to update");
        let deal = fabrikam.get(&format!("/deals/{id}")).await.ok();
        assert_eq!((&deal["status"], &deal["review_reason"]), (&json!("update_required"), &json!("Which city?")));
        fabrikam.post(&format!("/deals/{id}/submit"), json!({})).await.ok();
        let page = browser.get(&path).await.ok();
        browser.submit(&page, &format!("{path}/approve"), &[]).await.ok().says("is approved");
        assert_eq!(fabrikam.get(&format!("/deals/{id}")).await.ok()["status"], "approved");
    }
);

flow!(
    /// ROL-01: an organisation is admitted with its first administrator, found by search, and shown; every wrong
    /// field is named at once and no password is shown again.
    organisations_are_admitted_and_found,
    |world: World| async move {
        world.customer("contoso").await;
        let mut browser = world.browser_of(EMAIL).await;
        let action = "/operator/tenants/new";
        let page = browser.get(action).await.ok();
        let typed = [("name", "Litware"), ("slug", "Lit ware"), ("country", "XX"), ("admin_password", "secret")];
        let wrong = browser.submit(&page, action, &typed).await;
        assert_eq!(wrong.status, 422);
        for field in ["slug", "country", "admin_name", "admin_email", "admin_password"] {
            wrong.says(&format!("{field}-error"));
        }
        wrong.says("value=\"Litware\"");
        assert!(!wrong.html.contains("secret"), "a password is shown");
        let typed = [
            ("slug", "litware"), ("country", "de"), ("publisher_id", "litware"), ("admin_name", "Lou"),
            ("admin_email", "lou@litware.example"), ("admin_password", PASSWORD),
        ];
        let left = browser.submit(&wrong, action, &typed).await.ok();
        left.says("Litware is admitted.");
        world.sign_in("lou@litware.example").await.get("/me").await.ok();
        let taken = browser.submit(&wrong, action, &typed).await;
        assert_eq!(taken.status, 409);
        let found = browser.get("/operator/tenants?search=LITW&kind=publisher").await.ok();
        assert!(found.html.contains("Litware") && !found.html.contains("contoso Ltd."));
        browser.get("/operator/tenants?search=nobody").await.ok().says("No organisation fits");
    }
);

flow!(
    /// Work that is done later and mails are seen by state; a mail that is held can be sent again.
    jobs_mails_health_and_settings_are_seen,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        fabrikam.post("/invitations", json!({ "mail_to": "kim@contoso.example" })).await.created();
        world.run_jobs().await;
        let mut browser = world.browser_of(EMAIL).await;
        browser.get("/operator/jobs?state=done&kind=mail.send").await.ok().says("Send a mail");
        browser.get("/operator/jobs?state=dead").await.ok().says("No job fits");
        let list = browser.get("/operator/mails?state=held").await.ok();
        list.says("No mail server is configured");
        let path = list.links().into_iter().find(|link| link.starts_with("/operator/mails/")).unwrap();
        let mail = browser.get(&path).await.ok();
        browser.submit(&mail, &format!("{path}/send"), &[]).await.ok().says("The mail is sent again.");
        let queued = browser.get("/operator/jobs?state=queued").await.ok();
        let job = queued.links().into_iter().find(|link| link.starts_with("/operator/jobs/job_")).unwrap();
        let page = browser.get(&job).await.ok();
        browser.submit(&page, &format!("{job}/retry"), &[]).await.ok().says("The job is tried again.");
        browser.get("/operator/health").await.ok().says("reports.follow");
        let examined = browser.get("/operator/health/examination").await.ok();
        assert!(!examined.html.contains("badge bad"), "{}", examined.html);
        browser.get("/operator/settings").await.ok().says("grace_reduced_days");
        assert_eq!(browser.get("/operator/jobs?state=asleep").await.status, 422);
    }
);

flow!(
    /// ROL-01: of the operator console, nobody else learns that there is one.
    nobody_else_finds_the_console,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let path = waiting(&world, &fabrikam).await;
        let mut browser = world.browser_of("admin@fabrikam.example").await;
        for below in ["", "/offer", "/package", "/package/files", "/package/content", "/send-back"] {
            assert_eq!(browser.get(&format!("{path}{below}")).await.status, 404, "{below}");
        }
        for page in ["certifications", "deals", "tenants", "tenants/new", "jobs", "mails", "health", "settings"] {
            assert_eq!(browser.get(&format!("/operator/{page}")).await.status, 404, "{page}");
        }
    }
);

flow!(
    /// Whoever runs a marketplace gives it a name, which stands on every page as it is.
    a_marketplace_has_a_name_of_its_own,
    |world: World| async move {
        let marketplace_name = "<b>한빛</b> 마켓".to_owned();
        let node = world.another_node(Settings { marketplace_name, ..Settings::default() }).await;
        let home = node.browser().get("/").await.ok();
        home.says(" · &#60;b&#62;한빛&#60;/b&#62; 마켓</title>");
        home.says("<span>&#60;b&#62;한빛&#60;/b&#62; 마켓</span></a>");
        assert!(!home.html.contains("Seatline"), "{}", home.html);
    }
);

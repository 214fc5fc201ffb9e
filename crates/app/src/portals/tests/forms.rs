//! Sessions, forms and headers.

use axum::http::Method;
use serde_json::json;

use crate::testing::{PASSWORD, World, flow};

flow!(
    /// A session is a cookie that no script reads and that is another one after each sign-in; signing out ends it.
    a_session_is_new_with_each_sign_in_and_ends,
    |world: World| async move {
        world.customer("contoso").await;
        let mut browser = world.browser();
        let page = browser.get("/sign-in?back=/account/password").await.ok();
        let wrong = browser.submit(&page, "/sign-in", &[("email", "admin@contoso.example"), ("password", "no")]).await;
        assert_eq!(wrong.status, 401);
        wrong.says("admin@contoso.example");
        assert!(browser.cookie("session").is_none());
        let typed = [("email", "admin@contoso.example"), ("password", PASSWORD)];
        let there = browser.submit(&wrong, "/sign-in", &typed).await.ok();
        assert_eq!(there.path, "/account/password");
        let first = browser.cookie("session").unwrap().to_owned();
        let again = browser.get("/sign-in?switch=1").await.ok();
        browser.submit(&again, "/sign-in", &typed).await.ok();
        assert_ne!(browser.cookie("session"), Some(first.as_str()));
        let second = browser.clone();
        let out = browser.submit(&again, "/sign-out", &[]).await;
        assert_eq!(out.status, 403, "a page of another session");
        let home = browser.get("/").await.ok();
        browser.submit(&home, "/sign-out", &[]).await.ok().says("You are signed out.");
        let mut stolen = second;
        assert!(stolen.get("/account/password").await.path.starts_with("/sign-in"));
    }
);

flow!(
    /// A form is taken from our own pages alone: not from another site, not without the token of this session.
    a_form_from_elsewhere_changes_nothing,
    |world: World| async move {
        world.customer("contoso").await;
        let mut browser = world.browser_of("admin@contoso.example").await;
        let body = "language=ko&back=/";
        let foreign = browser.send(&Method::POST, "/preferences", body, "cross-site").await;
        assert_eq!(foreign.status, 403);
        assert_eq!(browser.once(&Method::POST, "/preferences", body).await.status, 403);
        browser.get("/").await.ok().says("lang=\"en\"");
        let page = browser.get("/account/password").await.ok();
        browser.submit(&page, "/preferences", &[("language", "ko")]).await.ok().says("lang=\"ko\"");
        browser.submit(&page, "/preferences", &[("theme", "dark"), ("back", "//evil.example")]).await.ok();
        let seen = browser.get("/").await.ok();
        seen.says("data-theme=\"dark\"");
        seen.says("data-key");
        browser.submit(&page, "/preferences", &[("keys", "off")]).await.ok();
        assert!(!browser.get("/").await.ok().html.contains("data-key"), "the key is switched off");
        assert_eq!(world.sign_in("admin@contoso.example").await.get("/me/language").await.ok()["language"], "ko");
    }
);

flow!(
    /// Wrong input comes back in the form: what was typed, each error at its field, all at once, and a summary.
    wrong_input_comes_back_with_every_error,
    |world: World| async move {
        world.customer("contoso").await;
        let mut browser = world.browser_of("admin@contoso.example").await;
        let page = browser.get("/account/password").await.ok();
        let typed = [("new_password", "short"), ("repeated_password", "other")];
        let refused = browser.submit(&page, "/account/password", &typed).await;
        assert_eq!(refused.status, 422);
        refused.says("id=\"new_password-error\"");
        refused.says("id=\"repeated_password-error\"");
        refused.says("href=\"#new_password\"");
        assert!(!refused.html.contains("short"), "a password is not shown again");
        let guessed = [("present_password", "not this one"), ("new_password", "a better one"), ("repeated_password", "a better one")];
        let refused = browser.submit(&refused, "/account/password", &guessed).await;
        assert_eq!(refused.status, 422);
        refused.says("id=\"present_password-error\"");
        let mended = [("present_password", PASSWORD), ("new_password", "a better one"), ("repeated_password", "a better one")];
        let done = browser.submit(&refused, "/account/password", &mended).await.ok();
        done.says("Your password was changed.");
        assert!(browser.cookie("session").is_none());
    }
);

flow!(
    /// An expired session returns to the same page after signing in, with the form as it was typed; secrets are
    /// not kept, and nothing is done that was not sent again.
    what_was_typed_survives_the_end_of_a_session,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.customer("contoso").await;
        let invitation = fabrikam.post("/invitations", json!({})).await.created();
        let token = invitation["token"].as_str().unwrap();
        let mut browser = world.browser_of("admin@contoso.example").await;
        let page = browser.get(&format!("/invitations/accept?token={token}")).await.ok();
        world.pass_seconds(13 * 3600);
        let sign_in = browser.submit(&page, "/invitations/accept", &[("password", "secret")]).await;
        assert_eq!(sign_in.status, 401);
        assert!(!sign_in.html.contains("value=\"secret\""));
        let typed = [("email", "admin@contoso.example"), ("password", PASSWORD)];
        let kept = browser.submit(&sign_in, "/sign-in", &typed).await.ok();
        let shown = browser.submit(&kept, "/invitations/accept", &[]).await;
        assert_eq!(shown.status, 403);
        shown.says("fabrikam Ltd.");
        let contoso = world.sign_in("admin@contoso.example").await;
        assert_eq!(contoso.get("/relationships").await.ok()["items"], json!([]));
        let done = browser.submit(&shown, "/invitations/accept", &[]).await.ok();
        assert_eq!(done.path, "/admin/relationships");
        done.says("fabrikam Ltd.");
    }
);

flow!(
    /// What one person typed is not shown to the next; a file cannot be kept, and whoever sent one is told so.
    what_was_typed_is_kept_for_its_author_alone,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        world.publisher("litware").await;
        let mut browser = world.browser_of("admin@fabrikam.example").await;
        let new = browser.get("/publisher/new-offer").await.ok();
        world.pass_seconds(13 * 3600);
        let typed = [("offer_id", "secret-plans"), ("alias", "Secret plans")];
        let sign_in = browser.submit(&new, "/publisher/new-offer", &typed).await;
        let theirs = [("email", "admin@litware.example"), ("password", PASSWORD)];
        let gone_on = browser.submit(&sign_in, "/sign-in", &theirs).await.ok();
        assert!(gone_on.path == "/" && !gone_on.html.contains("Secret plans"), "{}", gone_on.path);
        let mut browser = world.browser_of("admin@fabrikam.example").await;
        let files = browser.get("/publisher/offers/f365/files").await.ok();
        world.pass_seconds(13 * 3600);
        let file = ("file", b"x".as_slice());
        let sent = browser.send_file(&files, "/publisher/offers/f365/files", &[("place", "logo")], file).await;
        assert_eq!(sent.status, 401);
        sent.says("choose the file once more");
    }
);

flow!(
    /// No page can be framed, sniffed or made to run what is not ours; what is a person's is not stored.
    every_page_says_what_browsers_may_do_with_it,
    |world: World| async move {
        world.customer("contoso").await;
        let mut browser = world.browser_of("admin@contoso.example").await;
        for path in ["/", "/admin", "/nothing", "/account/password", "/sign-out"] {
            let page = browser.get(path).await;
            let policy = page.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
            assert!(!policy.contains("unsafe"));
            assert_eq!(page.headers["x-content-type-options"], "nosniff");
            assert_eq!(page.headers["referrer-policy"], "same-origin");
            assert_eq!(page.headers["cache-control"], "no-store");
        }
        let posted = browser.get("/sign-out").await;
        assert_eq!(posted.status, 404);
        posted.says("There is no such page");
        let style = browser.get(crate::kit::assets::style()).await.ok();
        assert_eq!(style.headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(browser.once(&Method::GET, "/assets/style-old.css", "").await.status, 404);
    }
);

flow!(
    /// A form that makes something anew is carried out once: of two posts at once one is refused, and so is a page that
    /// is loaded again; one that was refused can be mended and sent.
    a_form_that_makes_something_is_carried_out_once,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let (mut one, at) = (world.browser_of("admin@fabrikam.example").await, "/publisher/new-deal");
        let wrong = one.submit(&one.clone().get(at).await.ok(), at, &[("customer.company", "Contoso Ltd.")]).await;
        assert_eq!(wrong.status, 422);
        let typed = [
            ("customer.country", "KR"),
            ("offer", "f365"),
            ("hosting", "customer_cloud"),
            ("total_value", "100"),
            ("solution_value", "50"),
            ("signed_on", "2026-09-20"),
            ("starts_on", "2026-09-20"),
            ("contact.first_name", "Sam"),
            ("contact.last_name", "Sales"),
            ("contact.phone", "+1 555 0100"),
        ];
        let mut other = one.clone();
        let (first, second) = tokio::join!(one.submit(&wrong, at, &typed), other.submit(&wrong, at, &typed));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let refused = if first.status == 409 { first } else { second };
        refused.says("To do it once more, open the page anew.");
        refused.says("Contoso Ltd.");
        assert_eq!(fabrikam.get("/deals").await.ok()["items"].as_array().unwrap().len(), 1);
        let at = "/publisher/invitations";
        let page = one.get(at).await.ok();
        one.submit(&page, at, &[("language", "en")]).await.ok().says("token=");
        let again = one.submit(&page, at, &[("language", "en")]).await;
        assert_eq!(again.status, 409);
        assert!(!again.html.contains("token="), "{}", again.html);
        assert_eq!(fabrikam.get("/invitations").await.ok()["items"].as_array().unwrap().len(), 1);
        // The refused page has another token.
        let again = one.submit(&again, at, &[("language", "en")]).await;
        again.ok().says("token=");
    }
);

flow!(
    /// Links that are shared carry parameters of others: a page is led to all the same, and what it is asked for it does.
    /// The API knows every parameter, or refuses.
    a_page_passes_over_what_it_does_not_know,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let mut admin = world.browser_of("admin@contoso.example").await;
        for page in ["/admin/users", "/admin/users.csv", "/account/notices", "/admin/webhooks", "/admin/audit"] {
            assert_eq!(admin.get(&format!("{page}?utm_source=mail&serch=x")).await.status, 200, "{page}");
        }
        let found = admin.get("/admin/users?search=nobody&utm_source=mail").await.ok();
        assert!(!found.html.contains("admin@contoso.example</td>"), "it is searched");
        let unread = admin.get("/account/notices?unread=true&unread=true").await.ok();
        unread.says("Nothing is unread");
        assert_eq!(admin.get("/account/notices?unread=perhaps").await.status, 400);
        contoso.get("/users?utm_source=mail").await.refused(400, "request.malformed_query");
    }
);

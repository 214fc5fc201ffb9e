//! Every page that a link leads to, for every role.

use std::collections::BTreeSet;

use serde_json::json;

use crate::testing::{Browser, World, flow};

/// Pages somebody can reach at most, so that a list without end does not make a test without end.
const PAGES: usize = 400;

/// Follows every link from the storefront on; each page is held against what every page must be.
async fn crawl(browser: &mut Browser, who: &str) -> BTreeSet<String> {
    let (mut seen, mut waiting) = (BTreeSet::new(), vec!["/".to_owned(), "/styleguide".to_owned()]);
    while let Some(path) = waiting.pop() {
        if seen.len() > PAGES || path.starts_with("/api/") || !seen.insert(path.clone()) {
            continue;
        }
        let page = browser.get(&path).await;
        assert!(page.status.is_success(), "{who} was led to {path}, which answers {}", page.status);
        waiting.extend(page.links().into_iter().filter(|link| !seen.contains(link)));
    }
    seen
}

flow!(
    /// ROL-01 in a browser: no link that somebody is shown is dead, in either language, whoever they are.
    no_role_is_shown_a_dead_link,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let contoso = world.customer("contoso").await;
        world.live_offer(&fabrikam, "f365", &["bronze", "gold"]).await;
        world.sold(&fabrikam, "f365", &contoso, &[("gold", 5)]).await;
        contoso.post("/storefront/offers/fabrikam.f365/contact", json!({ "consent": true })).await.ok();
        let client = json!({ "name": "Build server", "scopes": ["offer.view"] });
        fabrikam.post("/api-clients", client).await.created();
        fabrikam.put("/offers/f365/availability", json!({ "markets": ["DE"] })).await.ok();
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.run_jobs().await;
        for told in [&fabrikam, &contoso] {
            told.post("/notices/read", json!({ "all": true })).await.ok();
        }
        for role in ["account_admin", "developer", "referrals_admin"] {
            world.user(&fabrikam, &format!("{role}@fabrikam.example"), &[role]).await;
        }
        for role in ["billing_admin", "license_admin", "user_admin", "user"] {
            let roles: &[&str] = if role == "user" { &[] } else { &[role] };
            world.user(&contoso, &format!("{role}@contoso.example"), roles).await;
        }
        let mut anybody = world.browser();
        assert!(crawl(&mut anybody, "anybody").await.contains("/product/fabrikam.f365"));
        for (email, expected) in [
            ("operator@marketplace.example", "/operator"),
            ("admin@fabrikam.example", "/publisher"),
            ("account_admin@fabrikam.example", "/publisher"),
            ("developer@fabrikam.example", "/publisher"),
            ("referrals_admin@fabrikam.example", "/publisher"),
            ("admin@contoso.example", "/admin"),
            ("billing_admin@contoso.example", "/admin/relationships"),
            ("license_admin@contoso.example", "/admin"),
            ("user_admin@contoso.example", "/admin"),
            ("user@contoso.example", "/account/password"),
        ] {
            for language in ["en", "ko"] {
                let mut browser = world.browser_of(email).await.reading(language);
                let seen = crawl(&mut browser, email).await;
                for expected in [expected, "/account/notices", "/account/notices/preferences"] {
                    assert!(seen.contains(expected), "{email} does not find {expected}: {seen:?}");
                }
            }
        }
    }
);

flow!(
    /// ROL-01: a page that a role may not see is not there, and says the way back; nobody is led to sign in.
    a_page_of_others_is_not_there,
    |world: World| async move {
        world.publisher("fabrikam").await;
        let contoso = world.customer("contoso").await;
        world.user(&contoso, "user@contoso.example", &[]).await;
        let mut user = world.browser_of("user@contoso.example").await;
        for path in ["/publisher", "/admin", "/operator", "/admin/relationships", "/nothing", "/product/a.b"] {
            let page = user.get(path).await;
            assert_eq!(page.status, 404, "{path}");
            assert!(page.links().contains("/"), "{path} has no way back");
            assert!(!page.html.contains("permission"), "{path} tells what is there");
        }
        for path in ["/publisher", "/admin/relationships", "/account/password"] {
            let page = world.browser().get(path).await.ok();
            assert!(page.path.starts_with("/sign-in?back="), "{path} leads to {}", page.path);
        }
        world.anonymous().get("//nothing").await.refused(404, "request.no_route");
    }
);

//! Offers in the publisher portal: from nothing to live, by hand.

use ::package::samples::{GUIDE, LOGO, SCREENSHOT};

use crate::testing::story::package_for;
use crate::testing::{Browser, World, flow};

const OFFER: &str = "/publisher/offers/f365";

/// Fills in one page of the offer and saves it.
async fn save(browser: &mut Browser, page: &str, typed: &[(&str, &str)]) {
    let at = format!("{OFFER}/{page}");
    let seen = browser.get(&at).await.ok();
    browser.submit(&seen, &at, typed).await.ok().says("The draft was saved.");
}

async fn upload(browser: &mut Browser, place: &str, caption: Option<&str>, file: &[u8]) {
    let at = format!("{OFFER}/files");
    let seen = browser.get(&at).await.ok();
    let mut typed = vec![("place", place)];
    typed.extend(caption.map(|caption| ("caption", caption)));
    let done = browser.send_file(&seen, &at, &typed, ("file", file)).await.ok();
    done.says("The file was uploaded and is in the draft.");
}

/// Every page of the draft, as a person fills it in.
async fn fill_in(browser: &mut Browser) {
    save(browser, "setup", &[("license_management", "yes")]).await;
    let typed = [("primary_category", "operations"), ("app_version", "1.0"), ("terms_text", "Be nice.")];
    save(browser, "properties", &typed).await;
    let typed = [
        ("language", "en"),
        ("name", "<Fabrikam> 365"),
        ("summary", "In one line"),
        ("description", "**At length**"),
        ("keywords", "work, people"),
        ("help_url", "https://fabrikam.example/help"),
        ("support_url", "https://fabrikam.example/support"),
        ("privacy_url", "https://fabrikam.example/privacy"),
        ("support_contact.name", "Sam Support"),
        ("support_contact.email", "support@fabrikam.example"),
        ("support_contact.phone", "+1 555 0100"),
        ("engineering_contact.name", "Eve Engineer"),
        ("engineering_contact.email", "engineering@fabrikam.example"),
        ("engineering_contact.phone", "+1 555 0101"),
    ];
    save(browser, "listing", &typed).await;
    upload(browser, "logo", None, LOGO).await;
    upload(browser, "screenshots", Some("At work"), SCREENSHOT).await;
    upload(browser, "documents", Some("How to begin"), GUIDE).await;
    upload(browser, "key_usage_scenarios", None, GUIDE).await;
    let typed = [("markets", "US"), ("markets", "KR"), ("hide_key", "abcdefgh1")];
    save(browser, "availability", &typed).await;
    save(browser, "supplemental-content", &[("notes", "Nothing special")]).await;
    for (plan, name) in [("bronze", "Bronze"), ("gold", "Gold")] {
        let at = format!("{OFFER}/new-plan");
        let seen = browser.get(&at).await.ok();
        let made = browser.submit(&seen, &at, &[("plan_id", plan), ("name", name)]).await.ok();
        made.says(&format!("fabrikam.f365.{plan}"));
        let at = format!("{OFFER}/plans/{plan}");
        let described = [("description", "Our *cheap* one")];
        browser.submit(&made, &at, &described).await.ok();
    }
    save(browser, "technical-configuration", &[("base_license_model", "user")]).await;
    let seen = browser.get(&format!("{OFFER}/technical-configuration")).await.ok();
    let package = package_for(&["fabrikam.f365.bronze".to_owned(), "fabrikam.f365.gold".to_owned()]);
    let done = browser.send_file(&seen, &format!("{OFFER}/package"), &[], ("package", &package)).await.ok();
    done.says("bronze_app");
}

flow!(
    /// OFF-01, OFF-09, PUB-02, PUB-03: an offer is created, filled in, published, certified and taken live without
    /// anything but pages; what is missing is said and led to; what was typed wrong comes back.
    an_offer_goes_live_by_hand,
    |world: World| async move {
        world.publisher("fabrikam").await;
        let mut browser = world.browser_of("admin@fabrikam.example").await;
        browser.get("/publisher/offers").await.ok().says("No offer yet");
        let new = browser.get("/publisher/new-offer").await.ok();
        new.says("/product/fabrikam.");
        let typed = [("offer_id", "F 365"), ("alias", "Our 365")];
        let refused = browser.submit(&new, "/publisher/new-offer", &typed).await;
        assert_eq!(refused.status, 422);
        refused.says("id=\"offer_id-error\"");
        refused.says("Our 365");
        let typed = [("offer_id", "f365")];
        let made = browser.submit(&refused, "/publisher/new-offer", &typed).await.ok();
        assert_eq!(made.path, format!("{OFFER}/setup"));
        let review = browser.get(&format!("{OFFER}/review")).await.ok();
        review.says("Fill in what is missing first.");
        review.says(&format!("{OFFER}/properties#primary_category"));
        fill_in(&mut browser).await;
        let review = browser.get(&format!("{OFFER}/review")).await.ok();
        let typed = [("notes", "Please hurry")];
        let published = browser.submit(&review, &format!("{OFFER}/review"), &typed).await.ok();
        assert_eq!(published.path, OFFER);
        published.says("Publish in progress");
        published.says("Please hurry");
        world.approve("fabrikam.f365").await;
        let overview = browser.get(OFFER).await.ok();
        let preview = "/product/fabrikam.f365/preview?key=abcdefgh1";
        overview.says(preview);
        let mut stranger = world.browser();
        let shown = stranger.get(preview).await.ok();
        shown.says("This is a preview.");
        shown.says("<strong>At length</strong>");
        assert_eq!(stranger.get("/product/fabrikam.f365/preview?key=abcdefgh2").await.status, 404);
        let live = browser.submit(&overview, &format!("{OFFER}/go-live"), &[]).await.ok();
        live.says("The offer is on sale.");
        let product = browser.get("/product/fabrikam.f365").await.ok();
        product.says("<em>cheap</em>");
        product.says("<script type=\"application/ld+json\">{");
        product.says("\"@type\":\"SoftwareApplication\"");
        product.says("\"name\":\"\\u003cFabrikam\\u003e 365\"");
        let definitions = browser.get(&format!("{OFFER}/plan-definitions.csv")).await.ok();
        assert_eq!(definitions.headers["cache-control"], "no-store");
        assert_eq!(definitions.headers["x-content-type-options"], "nosniff");
        save(&mut browser, "listing", &[("summary", "In other words")]).await;
        browser.get(&format!("{OFFER}/compare")).await.ok().says("In other words");
        browser.get(&format!("{OFFER}/history")).await.ok().says("published");
        browser.get("/publisher/offers").await.ok().says("Unpublished changes");
        let stopped = browser.get(OFFER).await.ok();
        browser.submit(&stopped, &format!("{OFFER}/stop-distribution"), &[]).await.ok();
        assert_eq!(browser.get("/product/fabrikam.f365").await.status, 404);
    }
);

flow!(
    /// OFF-10: whoever saves after somebody else is told, and has what was typed; a file of the wrong kind is
    /// refused where it was chosen.
    the_second_of_two_editors_loses_nothing,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        world.user(&fabrikam, "dev@fabrikam.example", &["developer"]).await;
        let mut first = world.browser_of("admin@fabrikam.example").await;
        let mut second = world.browser_of("dev@fabrikam.example").await;
        let at = format!("{OFFER}/listing");
        let (mine, theirs) = (first.get(&at).await.ok(), second.get(&at).await.ok());
        first.submit(&mine, &at, &[("summary", "From the first")]).await.ok();
        let refused = second.submit(&theirs, &at, &[("summary", "From the second")]).await;
        assert_eq!(refused.status, 412);
        refused.says("From the second");
        refused.says("<span class=\"typed\">From the first</span>");
        second.submit(&refused, &at, &[]).await.ok().says("From the second");
        let files = format!("{OFFER}/files");
        let seen = first.get(&files).await.ok();
        let wrong = first.send_file(&seen, &files, &[("place", "logo")], ("file", b"no image")).await;
        assert_eq!(wrong.status, 422);
        wrong.says("role=\"alert\"");
        let small = first.send_file(&seen, &files, &[("place", "screenshots"), ("caption", "x")], ("file", LOGO)).await;
        assert_eq!(small.status, 422);
    }
);

flow!(
    /// PLN-02, PLN-05, PLN-06, PLN-07: a plan is edited with its features, given an audience, and deleted; its
    /// service id can be taken along as a file.
    a_plan_is_looked_after_by_hand,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let contoso = world.customer("contoso").await;
        world.complete_draft(&fabrikam, "f365", &["bronze", "gold"]).await;
        let tenant = contoso.get("/me").await.ok()["tenant"]["id"].clone();
        let mut browser = world.browser_of("admin@fabrikam.example").await;
        let at = format!("{OFFER}/plans/gold");
        let seen = browser.get(&at).await.ok();
        let typed = [
            ("visibility", "private"),
            ("enforcement", "warn"),
            ("features", "seats.max | Seats in a project | 25\nWrong Key | x | yes"),
        ];
        let refused = browser.submit(&seen, &at, &typed).await;
        assert_eq!(refused.status, 422);
        refused.says("id=\"features-error\"");
        let typed = [("features", "seats.max | Seats in a project | 25\nsso | Single sign-on | yes")];
        browser.submit(&refused, &at, &typed).await.ok().says("Single sign-on | yes");
        let audience = format!("{at}/audience");
        let seen = browser.get(&audience).await.ok();
        let csv = format!("ID,Description,Type\n{},Contoso,TenantID\n", tenant.as_str().unwrap_or_default());
        let file = ("file", csv.as_bytes());
        let done = browser.send_file(&seen, &format!("{audience}-file"), &[], file).await.ok();
        done.says("Contoso");
        let wrong = browser.send_file(&seen, &format!("{audience}-file"), &[], ("file", b"ID\nx\n")).await;
        assert_eq!(wrong.status, 422);
        let csv = browser.get(&format!("{OFFER}/plan-definitions.csv")).await.ok();
        csv.says("fabrikam.f365.gold");
        let seen = browser.get(&format!("{OFFER}/plans/bronze")).await.ok();
        let left = browser.submit(&seen, &format!("{OFFER}/plans/bronze/delete"), &[]).await.ok();
        assert_eq!(left.path, format!("{OFFER}/plans"));
        assert!(!left.html.contains("fabrikam.f365.bronze"));
    }
);

//! The publisher portal apart from offers and deals: what needs somebody, leads, the account.

use axum::http::Method;
use serde_json::{Value, json};

use crate::testing::{Receiver, World, flow};

const CONTACT: &str = "/storefront/offers/fabrikam.f365/contact";

flow!(
    /// ROL-01, PUB-01, DEA-02, LIC-09: the home names what waits for whom: offers for who publishes, deals and leads
    /// for who sells, and says so where nothing does.
    the_home_says_what_needs_somebody,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let contoso = world.customer("contoso").await;
        let mut admin = world.browser_of("admin@fabrikam.example").await;
        admin.get("/publisher").await.ok().says("Begin with an offer");
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        admin.get("/publisher").await.ok().says("Nothing needs your attention.");
        let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 1)]).await;
        fabrikam.post("/offers", json!({ "offer_id": "draft", "alias": "Our draft" })).await.created();
        world.complete_draft(&fabrikam, "other", &["gold"]).await;
        fabrikam.post("/offers/other/publish", json!({})).await.ok();
        let operator = world.operator().await;
        let submission = world.pending("fabrikam.other").await;
        let findings = json!({ "findings": [{ "message": "There is no price." }] });
        operator.post(&format!("/certifications/{submission}/send-back"), findings).await.ok();
        operator.post(&format!("/deal-reviews/{deal}/request-update"), json!({ "reason": "Which city?" })).await.ok();
        contoso.post(CONTACT, json!({ "consent": true })).await.ok();
        contoso.post("/licenses/fabrikam.f365.gold/requests", json!({ "seats": 3 })).await.created();
        let home = admin.get("/publisher").await.ok();
        home.says("was sent back by certification: mend 1 finding");
        home.says("Our draft is a draft:");
        home.says("Contoso Ltd.: the deal has to be updated");
        home.says("1 new lead");
        home.says("1 request for more licenses");
        for role in ["developer", "referrals_admin"] {
            world.user(&fabrikam, &format!("{role}@fabrikam.example"), &[role]).await;
        }
        let offers = world.browser_of("developer@fabrikam.example").await.get("/publisher").await.ok();
        offers.says("Our draft is a draft:");
        let sales = world.browser_of("referrals_admin@fabrikam.example").await.get("/publisher").await.ok();
        sales.says("1 new lead");
        assert!(!offers.html.contains("new lead") && !sales.html.contains("Our draft"), "who may not see, sees");
    }
);

flow!(
    /// STO-04: leads are found by what they did, how far one is and by search; the status is set by hand, once, and
    /// what was given up at a destination is sent again.
    leads_are_looked_after_by_hand,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let contoso = world.customer("contoso").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        world.user(&fabrikam, "sales@fabrikam.example", &["referrals_admin"]).await;
        let mut sales = world.browser_of("sales@fabrikam.example").await;
        sales.get("/publisher/leads").await.ok().says("No lead yet");
        let receiver = Receiver::start();
        receiver.answer(500);
        fabrikam.post("/lead-destinations", json!({ "url": receiver.url })).await.created();
        let given = json!({ "consent": true, "first_name": "Åsa", "last_name": "Öberg", "company": "100% Wood" });
        let lead: Value = contoso.post(CONTACT, given).await.ok()["lead"].clone();
        let at = format!("/publisher/leads/{}", lead.as_str().unwrap());
        for (query, found) in [
            ("", true),
            ("?status=new", true),
            ("?status=won", false),
            ("?action=PLT", true),
            ("?action=LIC", false),
            ("?search=100%25+wood", true),
            ("?search=ADMIN%40contoso", true),
            ("?search=F365&status=new", true),
            ("?search=first_name", false),
        ] {
            let list = sales.get(&format!("/publisher/leads{query}")).await.ok();
            assert_eq!(list.links().contains(&at), found, "{query}");
            if !found {
                list.says("Nothing found");
            }
        }
        let listed = fabrikam.get("/leads?search=wood&action=PLT").await.ok();
        assert_eq!(listed["items"][0]["id"], lead);
        for _ in 0..10 {
            world.run_jobs().await;
            world.pass_seconds(100_000);
        }
        let mut sales = world.browser_of("sales@fabrikam.example").await;
        let page = sales.get(&at).await.ok();
        page.says("100% Wood");
        page.says("It answered 500.");
        let action = page.html.split("action=\"").find(|rest| rest.contains("/resend\"")).unwrap();
        let action = action.split('"').next().unwrap().to_owned();
        receiver.answer(200);
        sales.submit(&page, &action, &[]).await.ok().says("The lead is sent again");
        world.run_jobs().await;
        let page = sales.get(&at).await.ok();
        page.says("Arrived");
        sales.submit(&page, &at, &[("status", "contacted")]).await.ok().says("The lead was saved.");
        let late = sales.submit(&page, &at, &[("status", "won")]).await;
        assert_eq!(late.status, 412);
        late.says("role=\"alert\"");
        let again = sales.submit(&late, &at, &[("status", "won")]).await.ok();
        again.says("Won");
        let path = format!("/leads/{}", lead.as_str().unwrap());
        let fabrikam = world.sign_in("admin@fabrikam.example").await;
        assert_eq!(fabrikam.get(&path).await.ok()["status"], "won");
        world.user(&fabrikam, "dev@fabrikam.example", &["developer"]).await;
        world.publisher("litware").await;
        for email in ["dev@fabrikam.example", "admin@litware.example"] {
            assert_eq!(world.browser_of(email).await.get(&at).await.status, 404, "{email}");
        }
    }
);

flow!(
    /// PUB-06: the history of an offer says who by name and what in the reader's language; who certified is not named
    /// to the publisher.
    the_history_of_an_offer_is_read,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let mut browser = world.browser_of("admin@fabrikam.example").await;
        let history = browser.get("/publisher/offers/f365/history").await.ok();
        history.says("Plan gold was created");
        history.says("Signed off to go live");
        history.says("Admin of fabrikam");
        history.says("Certification");
        assert!(!history.html.contains("usr_") && !history.html.contains(">system<"), "{}", history.html);
        let mut korean = world.browser_of("admin@fabrikam.example").await.reading("ko");
        let history = korean.get("/publisher/offers/f365/history").await.ok();
        history.says("게시를 승인했습니다");
        assert!(!history.html.contains("Signed off"), "{}", history.html);
    }
);

flow!(
    /// ROL-03: an API client is made with scopes that its maker has, its secret shown once, and revoked; it is named
    /// in the audit trail; nobody but a global admin finds any of it; a customer's has the scopes of customers, and no publisher's account.
    api_clients_are_looked_after_by_hand,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.customer("contoso").await;
        let mut admin = world.browser_of("admin@fabrikam.example").await;
        let account = admin.get("/publisher/account").await.ok();
        for to in ["/admin/clients", "/admin/users", "/admin/audit"] {
            assert!(account.links().contains(to), "{to}");
        }
        admin.get("/admin/clients").await.ok().says("No API client yet");
        let at = "/admin/clients/new";
        let new = admin.get(at).await.ok();
        let refused = admin.submit(&new, at, &[("name", "Build server")]).await;
        assert_eq!(refused.status, 422);
        refused.says("id=\"scopes-error\"");
        refused.says("value=\"Build server\"");
        let typed = [("scopes", "offer.view"), ("scopes", "offer.edit")];
        let made = admin.submit(&refused, at, &typed).await.ok();
        let secret = made.html.split("<code>slc_").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let address = made.html.split("<code>http").nth(1).unwrap().split('<').next().unwrap();
        let path = address.split_once("//").unwrap().1.split_once('/').unwrap().1;
        let clients = fabrikam.get("/api-clients").await.ok();
        let id = clients["items"][0]["id"].as_str().unwrap().to_owned();
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret=slc_{secret}");
        let form = Some(("application/x-www-form-urlencoded", form.into_bytes()));
        let token = world.anonymous().send(Method::POST, &format!("//{path}"), form).await.ok();
        assert_eq!(token["scope"], "offer.view offer.edit");
        let list = admin.get("/admin/clients").await.ok();
        list.says("Build server");
        list.says("offer.edit");
        assert!(!list.html.contains(&secret), "a secret is shown twice");
        let forged = admin.submit(&new, at, &[("name", "Forged"), ("scopes", "tenant.admit")]).await;
        assert_eq!(forged.status, 422);
        let revoke = format!("/admin/clients/{id}/revoke");
        admin.submit(&list, &revoke, &[]).await.ok().says("The API client was revoked.");
        assert_eq!(fabrikam.get("/api-clients").await.ok()["items"], json!([]));
        world.user(&fabrikam, "dev@fabrikam.example", &["developer"]).await;
        let mut developer = world.browser_of("dev@fabrikam.example").await;
        let account = developer.get("/publisher/account").await.ok();
        assert!(!account.links().contains("/admin/clients"));
        let mut customer = world.browser_of("admin@contoso.example").await;
        for path in ["/admin/clients", at] {
            assert_eq!(developer.get(path).await.status, 404, "{path}");
        }
        let new = customer.get(at).await.ok();
        assert!(new.html.contains("check.any") && !new.html.contains("As a publisher"), "{}", new.html);
        assert_eq!(customer.get("/publisher/account").await.status, 404);
    }
);

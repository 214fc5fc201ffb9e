use axum::http::Method;
use serde_json::{Value, json};

use super::leases::{GOLD, LIST, Story, list, story, trust};
use crate::testing::{Client, World, flow};

const LEASES: &str = "/admin/leases";

/// A lease of Ana's gold seat for these seconds.
async fn lease(ana: &Client, seconds: i64) -> String {
    let body = json!({ "service_ids": [GOLD], "seconds": seconds });
    ana.post("/me/leases", body).await.created()["id"].as_str().unwrap().to_owned()
}

async fn status(contoso: &Client, id: &str) -> Value {
    let all = contoso.get("/leases").await.ok();
    all["items"].as_array().unwrap().iter().find(|lease| lease["id"] == id).unwrap()["status"].clone()
}

flow!(
    /// CHK-08: whoever administers licenses sees whose leases there are, of what and until when, revokes one, being
    /// told that its seat is held until then, and returns one that is not used any more.
    leases_are_looked_after_by_hand,
    |world: World| async move {
        let Story { contoso, ana, .. } = story(&world).await;
        let mut admin = world.browser_of("admin@contoso.example").await;
        admin.get(LEASES).await.ok().says("No leases");
        lease(&ana, 60).await;
        world.pass_seconds(120);
        let long = lease(&ana, 3600).await;
        contoso.post("/leases", json!({ "service_ids": [GOLD], "seats": 2 })).await.created();
        let page = admin.get(LEASES).await.ok();
        page.says("ana@contoso.example");
        page.says("f365 · gold");
        page.says("Block of 2 licenses");
        page.says("The license stays held until the lease ends");
        assert!(!page.html.contains(">Over<"), "its time is over");
        admin.get(&format!("{LEASES}?show=all")).await.ok().says(">Over<");
        let held = admin.get("/admin/licenses/fabrikam.f365.gold").await.ok();
        held.says("Held for leases");
        assert!(held.links().contains(LEASES));
        let of_bob = admin.get(&format!("{LEASES}?user=bob@contoso.example")).await.ok();
        of_bob.says("Leases of bob@contoso.example");
        of_bob.says("No leases");
        let revoke = format!("{LEASES}/{long}/revoke");
        assert_eq!(admin.once(&Method::POST, &revoke, "_token=old").await.status, 403);
        assert_eq!(status(&contoso, &long).await, "active");
        let revoked = admin.submit(&page, &revoke, &[]).await.ok();
        revoked.says("The lease was revoked.");
        revoked.says(">Revoked<");
        assert!(!revoked.html.contains(&revoke), "it is not revoked twice");
        assert_eq!(list(&world, &contoso, LIST).await.len(), 1);
        let file = format!("{LEASES}/revocations/fabrikam");
        assert!(revoked.links().contains(&file));
        let saved = admin.get(&file).await.ok();
        assert_eq!(saved.headers["content-disposition"], "attachment; filename=\"fabrikam.revocations\"");
        let saved = trust(&world).await.revocations(&saved.html).unwrap();
        assert_eq!((saved.len(), saved.sequence), (1, 1));
        assert_eq!(admin.get(&format!("{LEASES}/revocations/nobody")).await.status, 404);
        let give_back = format!("{LEASES}/{long}/return");
        admin.submit(&revoked, &give_back, &[]).await.ok().says("The lease was returned.");
        assert_eq!(status(&contoso, &long).await, "returned");
        admin.reading("ko").get(LEASES).await.ok().says("반납됨");
    }
);

flow!(
    /// CHK-08, REL-06: a publisher sees the leases of a customer for its own services, without names, and ends them;
    /// without a relationship there is no such page, nor for who sells but leases nothing.
    a_publisher_ends_a_customers_lease_by_hand,
    |world: World| async move {
        let Story { fabrikam, contoso, ana, .. } = story(&world).await;
        let long = lease(&ana, 3600).await;
        let customer = world.tenant_id(&contoso).await;
        let here = format!("/publisher/customers/{}/leases", customer.as_str().unwrap());
        let mut admin = world.browser_of("admin@fabrikam.example").await;
        assert!(admin.get("/publisher/customers").await.ok().links().contains(&here));
        let page = admin.get(&here).await.ok();
        page.says("Leases of contoso Ltd.");
        assert!(page.html.contains(&long) && !page.html.contains("ana@"), "an id, no name");
        let revoked = admin.submit(&page, &format!("{here}/{long}/revoke"), &[]).await.ok();
        revoked.says("The lease was revoked.");
        assert_eq!(status(&contoso, &long).await, "revoked");
        let file = format!("{here}.revocations");
        assert!(revoked.links().contains(&file));
        let list = admin.get(&file).await.ok();
        assert_eq!(trust(&world).await.revocations(&list.html).unwrap().len(), 1);
        world.publisher("litware").await;
        world.user(&fabrikam, "rita@fabrikam.example", &["referrals_admin"]).await;
        let mut rita = world.browser_of("rita@fabrikam.example").await;
        assert!(!rita.get("/publisher/customers").await.ok().links().contains(&here));
        assert_eq!(rita.get(&here).await.status, 404);
        let mut stranger = world.browser_of("admin@litware.example").await;
        for page in [&here, &file] {
            assert_eq!(stranger.get(page).await.status, 404);
        }
        let mut plain = world.browser_of("ana@contoso.example").await;
        assert_eq!(plain.get(LEASES).await.status, 404);
        admin.reading("ko").get(&here).await.ok().says("회수됨");
    }
);

flow!(
    /// ROL-01: a lease of another organisation is none.
    nobody_ends_a_lease_of_others,
    |world: World| async move {
        let Story { contoso, ana, .. } = story(&world).await;
        let long = lease(&ana, 3600).await;
        let litware = world.customer("litware").await;
        world.user(&litware, "lia@litware.example", &["license_admin"]).await;
        let mut lia = world.browser_of("lia@litware.example").await;
        let token = lia.get("/account/tokens/new").await.ok().form("/account/tokens/new").remove(0).1;
        let body = serde_urlencoded::to_string([("_token", token)]).unwrap();
        for how in ["revoke", "return"] {
            let path = format!("{LEASES}/{long}/{how}");
            assert_eq!(lia.once(&Method::POST, &path, &body).await.status, 404);
        }
        assert_eq!(status(&contoso, &long).await, "active");
    }
);

use axum::http::Method;
use serde_json::json;

use crate::entitlements::waived;
use crate::testing::{World, flow};

const OWN: &str = "/admin/reports/enforcement";
const OF_CUSTOMERS: &str = "/publisher/insights/enforcement";

flow!(
    /// PLN-07, REL-06: who would be refused tomorrow is read in a browser, by name by the customer, in counts by its
    /// publisher, and taken along as CSV; nobody else finds either page.
    who_would_be_refused_is_read_in_a_browser,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        fabrikam.patch("/offers/f365/plans/gold", json!({ "enforcement": "audit" })).await.ok();
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        let contoso = world.customer("contoso").await;
        let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 2)]).await;
        let mut admin = world.browser_of("admin@contoso.example").await;
        let mut publisher = world.browser_of("admin@fabrikam.example").await;
        admin.get(OWN).await.ok().says("Nobody would be refused");
        publisher.get(OF_CUSTOMERS).await.ok().says("Nobody would be refused");
        for name in ["ana", "bob"] {
            let own = world.user(&contoso, &format!("{name}@contoso.example"), &[]).await;
            own.post("/me/checks", json!({ "component": "gold_app" })).await.ok();
        }
        waived::write_down(&world.app).await.unwrap();
        let assign = json!({ "users": ["ana@contoso.example"] });
        contoso.post("/licenses/fabrikam.f365.gold/assignments", assign).await.ok();
        let customer = world.tenant_id(&contoso).await;
        let remove = json!({ "customer": customer, "remove": ["gold"] });
        fabrikam.put(&format!("/deals/{deal}/licenses"), remove).await.ok();
        assert!(admin.get("/admin/reports").await.ok().links().contains(OWN));
        let page = admin.get(&format!("{OWN}?days=90&since_days=30")).await.ok();
        page.says("bob@contoso.example");
        page.says("One user got in without a license.");
        page.says("One user’s use of a license ends.");
        page.says("Usable for a time only");
        let csv = page.links().into_iter().find(|link| link.starts_with(&format!("{OWN}.csv"))).unwrap();
        let csv = admin.once(&Method::GET, &csv.replace("&#38;", "&"), "").await.ok();
        csv.says("bob@contoso.example,waived,");
        csv.says("ana@contoso.example,ending,warning");
        assert_eq!(admin.get(&format!("{OWN}?days=0")).await.status, 422);
        assert!(publisher.get("/publisher/insights").await.ok().links().contains(OF_CUSTOMERS));
        let page = publisher.get(OF_CUSTOMERS).await.ok();
        page.says("contoso Ltd.");
        assert!(!page.html.contains("bob@"), "counts, no names");
        let csv = publisher.once(&Method::GET, &format!("{OF_CUSTOMERS}.csv"), "").await.ok();
        csv.says("contoso Ltd.");
        world.publisher("litware").await;
        let mut stranger = world.browser_of("admin@litware.example").await;
        stranger.get(OF_CUSTOMERS).await.ok().says("Nobody would be refused");
        let mut bob = world.browser_of("bob@contoso.example").await;
        for path in [OWN, OF_CUSTOMERS] {
            assert_eq!(bob.get(path).await.status, 404);
            assert_eq!(bob.get(&format!("{path}.csv")).await.status, 404);
        }
        admin.reading("ko").get(OWN).await.ok().says("라이선스 없이 사용한 사람이 1명입니다.");
        publisher.reading("ko").get(OF_CUSTOMERS).await.ok().says("거부될 사용자");
    }
);

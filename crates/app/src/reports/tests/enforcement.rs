//! Who would be refused tomorrow.

use serde_json::{Value, json};

use crate::entitlements::waived;
use crate::testing::{World, flow};

const GOLD: &str = "fabrikam.f365.gold";

flow!(
    /// PLN-07, REL-06: a customer sees by plan who got in without a license and whose right ends; its publisher
    /// sees how many. Who has a seat by now is in no danger.
    it_is_told_who_would_be_refused_tomorrow,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["silver", "gold"]).await;
        for plan in ["silver", "gold"] {
            fabrikam.patch(&format!("/offers/f365/plans/{plan}"), json!({ "enforcement": "audit" })).await.ok();
        }
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        let contoso = world.customer("contoso").await;
        let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 2)]).await;
        for name in ["ana", "bob", "cy"] {
            let own = world.user(&contoso, &format!("{name}@contoso.example"), &[]).await;
            own.post("/me/checks", json!({ "component": "gold_app" })).await.ok();
        }
        waived::write_down(&world.app).await.unwrap();
        let assign = json!({ "users": ["ana@contoso.example"] });
        contoso.post(&format!("/licenses/{GOLD}/assignments"), assign).await.ok();
        contoso.delete("/users/cy@contoso.example").await;
        let report = contoso.get("/reports/enforcement").await.ok();
        let gold = &report["items"][0];
        assert_eq!((&gold["service_id"], &gold["waived"], &gold["ending"]), (&json!(GOLD), &json!(1), &json!(0)));
        assert_eq!((&gold["users"][0]["email"], &gold["users"][0]["kind"]), (&json!("bob@contoso.example"), &json!("waived")));
        assert_eq!(gold["users"][0]["reason"], "no_seat");
        let sold = fabrikam.get("/reports/enforcement/customers").await.ok();
        assert_eq!((&sold["items"][0]["customer_name"], &sold["items"][0]["waived"]), (&json!("contoso Ltd."), &json!(1)));
        assert!(!sold.to_string().contains("bob@"), "counts, no names");
        let customer = world.tenant_id(&contoso).await;
        fabrikam.put(&format!("/deals/{deal}/licenses"), json!({ "customer": customer, "remove": ["gold"] })).await.ok();
        let gold = contoso.get("/reports/enforcement?days=31").await.ok()["items"][0].clone();
        assert_eq!((&gold["waived"], &gold["ending"], &gold["first_ends_at"]), (&json!(1), &json!(1), &json!(world.now().plus_days(30))));
        assert_eq!(contoso.get("/reports/enforcement?days=29").await.ok()["items"][0]["ending"], 0);
        let table = contoso.get("/reports/enforcement.csv").await;
        let table = String::from_utf8(table.bytes).unwrap();
        assert_eq!(table.lines().count(), 3, "{table}");
        assert!(table.starts_with("Service ID,Product,Plan,User ID,Email,Kind,Reason,At\r\n"));
        let table = String::from_utf8(fabrikam.get("/reports/enforcement/customers.csv").await.bytes).unwrap();
        assert!(table.contains("contoso Ltd.") && !table.contains('@'), "{table}");
        assert_eq!(contoso.get("/reports/enforcement?days=0").await.wrong_fields()[0].0, "days");
        let litware = world.publisher("litware").await;
        world.consent(&litware, &contoso).await;
        assert_eq!(litware.get("/reports/enforcement/customers").await.ok()["items"], json!([]));
        world.pass_seconds(31 * 86_400);
        let contoso = world.sign_in("admin@contoso.example").await;
        assert_eq!(contoso.get("/reports/enforcement").await.ok()["items"], Value::Array(Vec::new()));
    }
);

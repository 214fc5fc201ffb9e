//! Private plans, features, enforcement.

use axum::http::Method;
use serde_json::{Value, json};

use crate::testing::{Client, Reply, World, flow};

async fn offer(world: &World) -> Client {
    let fabrikam = world.publisher("fabrikam").await;
    fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
    fabrikam
}

async fn private_plan(fabrikam: &Client, plan: &str) {
    let body = json!({ "plan_id": plan, "name": plan, "visibility": "private" });
    fabrikam.post("/offers/f365/plans", body).await.created();
}

async fn upload(fabrikam: &Client, csv: String) -> Reply {
    let path = "/offers/f365/plans/vip/audience.csv";
    fabrikam.send(Method::PUT, path, Some(("text/csv", csv.into_bytes()))).await
}

fn tenant(number: u64) -> String {
    types::TenantId::new(types::Timestamp::from_micros(1_790_000_000_000_000), {
        let mut bytes = [0; 10];
        bytes[2..].copy_from_slice(&number.to_be_bytes());
        bytes
    })
    .to_string()
}

flow!(
    /// PLN-05: an audience is named by hand, up to ten, or by file, up to twenty thousand; the file's errors
    /// are named row by row.
    an_audience_comes_by_hand_or_by_file,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        private_plan(&fabrikam, "vip").await;
        let by_hand = |count: u64| {
            let tenants: Vec<Value> = (0..count).map(|n| json!({ "id": tenant(n), "description": format!("No. {n}") })).collect();
            json!({ "tenants": tenants })
        };
        let path = "/offers/f365/plans/vip/audience";
        assert_eq!(fabrikam.put(path, by_hand(11)).await.wrong_fields()[0].1, "field.too_many");
        let ten = fabrikam.put(path, by_hand(10)).await.ok();
        assert_eq!((&ten["audience_size"], &ten["audience_changed"]), (&json!(10), &json!(true)));
        let listed = fabrikam.get(path).await.ok()["items"].clone();
        assert_eq!(listed[3], json!({ "id": tenant(3), "description": "No. 3" }));
        let rows = |count: u64| (0..count).map(|n| format!("{},Customer {n},TenantID\r\n", tenant(n))).collect::<String>();
        let file = |rows: String| format!("\u{feff}ID,Description,Type\r\n{rows}");
        assert_eq!(upload(&fabrikam, file(rows(20_000))).await.ok()["audience_size"], 20_000);
        assert_eq!(upload(&fabrikam, file(rows(20_001))).await.wrong_fields()[0].0, "file");
        let twice = file(format!("{}{}", rows(2), rows(2)));
        assert_eq!(upload(&fabrikam, twice).await.ok()["audience_size"], 2);
        let broken = file(format!("{},A,SubscriptionID\nnobody,B,TenantID\n{},C\n", tenant(1), tenant(2)));
        let wrong = upload(&fabrikam, broken).await.wrong_fields();
        let wrong: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(wrong, ["row 2", "row 3", "row 4"]);
        assert_eq!(upload(&fabrikam, "Tenant\n".to_owned()).await.wrong_fields()[0].1, "audience.header");
        fabrikam.post("/offers/f365/plans", json!({ "plan_id": "gold", "name": "Gold" })).await.created();
        fabrikam.put("/offers/f365/plans/gold/audience", by_hand(1)).await.refused(409, "plan.public");
        world.publisher("litware").await.get(path).await.refused(404, "resource.not_found");
        fabrikam.delete("/offers/f365/plans/vip").await.no_content();
    }
);

flow!(
    /// PLN-05: private may become public; what was published for everybody never is private again.
    public_never_becomes_private_again,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        let edit = |visibility: &'static str| {
            let fabrikam = fabrikam.clone();
            async move { fabrikam.patch("/offers/f365/plans/gold", json!({ "visibility": visibility })).await }
        };
        assert_eq!(edit("private").await.ok()["visibility"], "private");
        assert_eq!(edit("public").await.ok()["visibility"], "public", "nobody has seen it yet");
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        edit("private").await.refused(409, "plan.public");
        world.approve("fabrikam.f365").await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        edit("private").await.refused(409, "plan.public");
    }
);

flow!(
    /// PLN-04: of the plans of an offer at most 45 are private.
    the_forty_sixth_private_plan_is_refused,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        for n in 0..45 {
            private_plan(&fabrikam, &format!("p{n}")).await;
        }
        let one_more = json!({ "plan_id": "more", "name": "More", "visibility": "private" });
        fabrikam.post("/offers/f365/plans", one_more).await.refused(409, "plan.too_many");
        fabrikam.post("/offers/f365/plans", json!({ "plan_id": "more", "name": "More" })).await.created();
        let private = json!({ "visibility": "private" });
        fabrikam.patch("/offers/f365/plans/more", private).await.refused(409, "plan.too_many");
    }
);

flow!(
    /// PLN-07: features are a boolean, a whole number or a text under a key of their own; the mode is block
    /// unless said otherwise.
    a_plan_has_features_and_a_mode,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        let features = json!([
            { "key": "export", "name": "Export", "value": true },
            { "key": "projects.max", "name": "Projects", "value": 25 },
            { "key": "tone", "name": "Tone", "value": "friendly" },
        ]);
        let gold = json!({ "plan_id": "gold", "name": "Gold", "features": features });
        let made = fabrikam.post("/offers/f365/plans", gold).await.created();
        assert_eq!((&made["enforcement"], &made["features"]), (&json!("block"), &features));
        let edited = fabrikam.patch("/offers/f365/plans/gold", json!({ "enforcement": "audit" })).await.ok();
        assert_eq!((&edited["enforcement"], &edited["features"]), (&json!("audit"), &features), "the rest stays");
        let wrong = json!({ "features": [
            { "key": "Export", "name": "", "value": true }, { "key": "a", "name": "A", "value": 1 }, { "key": "a", "name": "B", "value": 2 },
        ] });
        let wrong = fabrikam.patch("/offers/f365/plans/gold", wrong).await.wrong_fields();
        let wrong: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(wrong, ["features[0].key", "features[0].name", "features[2].key"]);
        let half = json!({ "features": [{ "key": "a", "name": "A", "value": 1.5 }] });
        fabrikam.patch("/offers/f365/plans/gold", half).await.refused(422, "request.invalid");
        let none = json!({ "enforcement": "never" });
        assert_eq!(fabrikam.patch("/offers/f365/plans/gold", none).await.wrong_fields()[0].0, "enforcement");
    }
);

use serde_json::{Value, json};

use crate::Settings;
use crate::testing::story::listing;
use crate::testing::{Client, World, flow};

/// A live offer with these texts and properties.
async fn sell(world: &World, publisher: &Client, offer: &str, texts: Value, properties: Value) {
    world.complete_draft(publisher, offer, &["gold"]).await;
    let mut body = listing(offer);
    publisher.add_files(offer, &mut body).await;
    for (field, value) in texts.as_object().unwrap() {
        body[field] = value.clone();
    }
    publisher.put(&format!("/offers/{offer}/listing"), body).await.ok();
    let mut page = json!({ "primary_category": "operations", "app_version": "1", "terms_text": "Be nice." });
    for (field, value) in properties.as_object().unwrap() {
        page[field] = value.clone();
    }
    publisher.put(&format!("/offers/{offer}/properties"), page).await.ok();
    let published = publisher.post(&format!("/offers/{offer}/publish"), json!({})).await.ok();
    world.approve(&format!("{}.{offer}", published["publisher_id"].as_str().unwrap())).await;
    publisher.post(&format!("/offers/{offer}/go-live"), json!({})).await.ok();
}

async fn found(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/storefront/offers?{query}")).await.ok();
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["address"].as_str().unwrap().to_owned())
        .collect()
}

flow!(
    /// STO-01: search covers name, summary, description, keywords and publisher of what is live, best first,
    /// with typos; filters and their counts; page by page.
    what_is_live_is_searched,
    |world: World| async move {
        let (fabrikam, litware) = (world.publisher("fabrikam").await, world.publisher("litware").await);
        let dispatch = json!({ "name": "Dispatch", "summary": "Technicians on time", "description": "Plans *routes*.", "keywords": ["field service"], "products": ["Teams"] });
        sell(&world, &fabrikam, "dispatch", dispatch, json!({ "industries": ["utilities"] })).await;
        let ledger = json!({ "name": "Ledger", "summary": "Books that explain themselves", "description": "For technicians of numbers.", "keywords": ["accounting"] });
        sell(&world, &litware, "ledger", ledger, json!({ "primary_category": "finance", "secondary_category": "operations" })).await;
        let anybody = world.anonymous();
        for (query, expected) in [
            ("q=ledger", vec!["litware.ledger"]),
            ("q=explain", vec!["litware.ledger"]),
            ("q=routes", vec!["fabrikam.dispatch"]),
            ("q=field+service", vec!["fabrikam.dispatch"]),
            ("q=litware", vec!["litware.ledger"]),
            ("q=tecnicians", vec!["fabrikam.dispatch", "litware.ledger"]),
            ("q=dispa", vec!["fabrikam.dispatch"]),
            ("category=finance", vec!["litware.ledger"]),
            ("q=technicians&category=finance", vec!["litware.ledger"]),
            ("industry=utilities", vec!["fabrikam.dispatch"]),
            ("product=Teams", vec!["fabrikam.dispatch"]),
            ("market=DE", vec![]),
            ("licensing_option=free_trial", vec![]),
            ("q=unheard", vec![]),
        ] {
            assert_eq!(found(&anybody, query).await, expected, "{query}");
        }
        let all = anybody.get("/storefront/offers?limit=1&licensing_option=license_management&market=KR").await.ok();
        assert_eq!((&all["total"], &all["facets"]["categories"]), (&json!(2), &json!({ "finance": 1, "operations": 2 })));
        assert_eq!(all["facets"]["markets"], json!({ "KR": 2, "US": 2 }));
        let next = format!("limit=1&cursor={}", all["next_cursor"].as_str().unwrap());
        let second = found(&anybody, &next).await;
        assert_ne!(json!(second[0]), all["items"][0]["address"]);
        assert_eq!(anybody.get(&format!("/storefront/offers?{next}")).await.ok()["next_cursor"], Value::Null);
        for wrong in ["colour=red", "limit=0", "market=XX", "licensing_option=theft", "cursor=zz"] {
            let status = anybody.get(&format!("/storefront/offers?{wrong}")).await.status.as_u16();
            assert!(status == 400 || status == 422, "{wrong}: {status}");
        }
    }
);

flow!(
    /// STO-01: only live versions are found: not a draft, not an edit, not what was stopped; another node learns
    /// of it by itself.
    only_live_versions_are_found,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        let anybody = world.anonymous();
        assert_eq!(found(&anybody, "q=f365").await, [""; 0]);
        let other = world.another_node(Settings::default()).await;
        assert_eq!(found(&other.anonymous(), "q=f365").await, [""; 0]);
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        assert_eq!(found(&anybody, "q=f365").await, ["fabrikam.f365"]);
        other.app.db.reconcile_heads(0).await.unwrap();
        assert_eq!(found(&other.anonymous(), "q=f365").await, ["fabrikam.f365"]);
        let mut renamed = listing("Renamed");
        fabrikam.add_files("f365", &mut renamed).await;
        fabrikam.put("/offers/f365/listing", renamed).await.ok();
        assert_eq!(found(&anybody, "q=renamed").await, [""; 0]);
        fabrikam.post("/offers/f365/stop-distribution", json!({})).await.ok();
        assert_eq!(found(&anybody, "q=f365").await, [""; 0]);
    }
);

flow!(
    /// STO-01: a link that was shared carries parameters of others and leads to the page; a program is told of its
    /// mistake.
    parameters_of_others_do_no_harm_on_a_page,
    |world: World| async move {
        world.browser().get("/?utm_source=mail").await.ok();
        let query = "/storefront/offers?utm_source=mail";
        world.anonymous().get(query).await.refused(400, "request.malformed_query");
    }
);

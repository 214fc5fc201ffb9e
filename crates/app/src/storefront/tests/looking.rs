//! Files, languages and previews.

use ::package::samples::{GUIDE, SCREENSHOT};
use axum::http::StatusCode;
use serde_json::json;

use crate::testing::story::listing;
use crate::testing::{World, flow};

flow!(
    /// OFF-10: the files of a live listing are there for everybody, of their type and no other; those of a draft
    /// and of a stopped offer are not.
    only_files_of_what_is_live_are_served,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        let draft = fabrikam.get("/offers/f365").await.ok()["draft"]["listing"].clone();
        let shot = format!("/storefront/files/{}", draft["screenshots"][0]["file"].as_str().unwrap());
        let guide = format!("/storefront/files/{}", draft["documents"][0]["file"].as_str().unwrap());
        let anybody = world.anonymous();
        anybody.get(&shot).await.refused(404, "resource.not_found");
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        anybody.get(&shot).await.refused(404, "resource.not_found");
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        let served = anybody.get(&shot).await;
        assert_eq!((served.status, served.header("content-type")), (StatusCode::OK, Some("image/png")));
        assert_eq!(served.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(&served.bytes[..8], &SCREENSHOT[..8]);
        let served = anybody.get(&guide).await;
        assert_eq!((served.header("content-type"), served.bytes.as_slice()), (Some("application/pdf"), GUIDE));
        let hidden = fabrikam.upload_file("f365", b"%PDF-1.7 not in the listing\n%%EOF").await;
        anybody.get(&format!("/storefront/files/{hidden}")).await.refused(404, "resource.not_found");
        anybody.get("/storefront/files/nothing").await.refused(404, "resource.not_found");
        fabrikam.post("/offers/f365/stop-distribution", json!({})).await.ok();
        anybody.get(&shot).await.refused(404, "resource.not_found");
    }
);

flow!(
    /// OFF-10: a reader gets the texts in the language that is closest to what was asked for, else the default.
    a_listing_is_read_in_ones_language,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        let mut body = listing("Fabrikam");
        fabrikam.add_files("f365", &mut body).await;
        body["translations"] = json!({ "ko": { "name": "파브리캄", "summary": "한 줄로", "description": "**길게**" } });
        fabrikam.put("/offers/f365/listing", body).await.ok();
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        let name = |asked: &'static str| {
            let anybody = world.anonymous().with("accept-language", asked);
            async move {
                let shown = anybody.get("/storefront/offers/fabrikam.f365").await.ok();
                let listed = anybody.get("/storefront/offers").await.ok();
                assert_eq!(shown["name"], listed["items"][0]["name"]);
                assert_eq!(shown["languages"], json!(["en", "ko"]));
                (shown["name"].as_str().unwrap().to_owned(), shown["language"].as_str().unwrap().to_owned())
            }
        };
        assert_eq!(name("ko-KR,ko;q=0.9,en;q=0.8").await, ("파브리캄".to_owned(), "ko".to_owned()));
        assert_eq!(name("de, en;q=0.5, ko;q=0.9").await.1, "ko");
        assert_eq!(name("fr").await, ("Fabrikam".to_owned(), "en".to_owned()));
    }
);

flow!(
    /// OFF-12: the hide key opens the preview, its files with it, and nothing else does.
    the_hide_key_opens_the_preview,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        let put = |key: &str| json!({ "markets": ["US", "KR"], "hide_key": key });
        for wrong in ["short12", "UPPERCASE", "with blank"] {
            let refused = fabrikam.put("/offers/f365/availability", put(wrong)).await.wrong_fields();
            assert_eq!(refused[0].1, "availability.hide_key", "{wrong}");
        }
        fabrikam.put("/offers/f365/availability", put("sesame2026")).await.ok();
        fabrikam.patch("/offers/f365/plans/gold", json!({ "visibility": "private" })).await.ok();
        let tenant = world.tenant_id(&fabrikam).await;
        fabrikam.put("/offers/f365/plans/gold/audience", json!({ "tenants": [{ "id": tenant }] })).await.ok();
        let anybody = world.anonymous();
        let preview = "/storefront/previews/fabrikam.f365";
        let opened = format!("{preview}?key=sesame2026");
        anybody.get(&opened).await.refused(404, "resource.not_found");
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        anybody.get(&opened).await.refused(404, "resource.not_found");
        world.approve("fabrikam.f365").await;
        for wrong in [preview.to_owned(), format!("{preview}?key="), format!("{preview}?key=sesame2027")] {
            anybody.get(&wrong).await.refused(404, "resource.not_found");
        }
        let shown = anybody.get(&opened).await.ok();
        assert_eq!((&shown["name"], &shown["plans"][0]["private"]), (&json!("f365"), &json!(true)));
        let text = shown.to_string();
        assert!(!text.contains("sesame") && !text.contains("alias") && !text.contains("Sam Support"), "{text}");
        let file = format!("{preview}/files/{}", shown["logo"].as_str().unwrap());
        assert_eq!(anybody.get(&format!("{file}?key=sesame2026")).await.status, StatusCode::OK);
        anybody.get(&format!("{file}?key=wrong")).await.refused(404, "resource.not_found");
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        anybody.get(&opened).await.refused(404, "resource.not_found");
    }
);

flow!(
    /// STO-05: an offer with private plans only is there for its audience alone, in the list as by its address.
    a_private_offer_is_not_there_for_others,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        fabrikam.patch("/offers/f365/plans/gold", json!({ "visibility": "private" })).await.ok();
        let contoso = world.customer("contoso").await;
        let tenant = world.tenant_id(&contoso).await;
        fabrikam.put("/offers/f365/plans/gold/audience", json!({ "tenants": [{ "id": tenant }] })).await.ok();
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        let user = world.user(&contoso, "uma@contoso.example", &[]).await;
        for (viewer, sees) in [(&world.anonymous(), false), (&world.customer("litware").await, false), (&user, true)] {
            assert_eq!(viewer.get("/storefront/offers").await.ok()["total"], i32::from(sees));
            let found = viewer.get("/storefront/offers/fabrikam.f365").await.status;
            assert_eq!(found, if sees { StatusCode::OK } else { StatusCode::NOT_FOUND });
        }
    }
);

flow!(
    /// STO-05: where the public plan of an offer is stopped, what is left is private: the offer is there for its
    /// audience alone.
    a_stopped_plan_opens_nothing,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["silver", "gold"]).await;
        fabrikam.patch("/offers/f365/plans/gold", json!({ "visibility": "private" })).await.ok();
        let contoso = world.customer("contoso").await;
        let tenant = world.tenant_id(&contoso).await;
        fabrikam.put("/offers/f365/plans/gold/audience", json!({ "tenants": [{ "id": tenant }] })).await.ok();
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        let anybody = world.anonymous();
        assert_eq!(anybody.get("/storefront/offers").await.ok()["total"], 1);
        fabrikam.post("/offers/f365/plans/silver/stop", json!({})).await.ok();
        assert_eq!(anybody.get("/storefront/offers").await.ok()["total"], 0);
        anybody.get("/storefront/offers/fabrikam.f365").await.refused(404, "resource.not_found");
        let shown = contoso.get("/storefront/offers/fabrikam.f365").await.ok();
        assert_eq!((shown["plans"].as_array().unwrap().len(), &shown["plans"][0]["private"]), (1, &json!(true)));
    }
);

//! What a listing shows: files, languages, limits.

use ::package::samples::{GUIDE, LOGO, SCREENSHOT};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::testing::story::listing;
use crate::testing::{Client, World, flow};

async fn offer(world: &World) -> Client {
    let fabrikam = world.publisher("fabrikam").await;
    fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
    fabrikam
}

fn page<'a>(offer: &'a Value, name: &str) -> &'a Value {
    offer["pages"].as_array().unwrap().iter().find(|page| page["page"] == name).unwrap()
}

flow!(
    /// OFF-09: a page is not started, incomplete with what it misses, or complete, as it is filled in.
    a_page_tells_what_it_misses,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        let state = |offer: &Value, name: &str| (page(offer, name)["state"].clone(), page(offer, name)["missing"].clone());
        let fresh = fabrikam.get("/offers/f365").await.ok();
        assert_eq!(fresh["pages"].as_array().unwrap().len(), 7);
        assert_eq!(state(&fresh, "properties").0, "not_started");
        let half = json!({ "primary_category": "operations" });
        let half = fabrikam.put("/offers/f365/properties", half).await.ok();
        assert_eq!(state(&half, "properties"), (json!("incomplete"), json!(["app_version", "terms"])));
        let whole = json!({ "primary_category": "operations", "app_version": "1", "terms_text": "Be nice." });
        let whole = fabrikam.put("/offers/f365/properties", whole).await.ok();
        assert_eq!(state(&whole, "properties"), (json!("complete"), json!([])));
        let texts = fabrikam.put("/offers/f365/listing", listing("Fabrikam")).await.ok();
        assert_eq!(state(&texts, "listing"), (json!("incomplete"), json!(["logo", "screenshots", "documents"])));
        let mut body = listing("Fabrikam");
        fabrikam.add_files("f365", &mut body).await;
        body["translations"] = json!({ "ko": { "name": "파브리캄" } });
        let shown = fabrikam.put("/offers/f365/listing", body.clone()).await.ok();
        assert_eq!(page(&shown, "listing")["missing"], json!(["translations.ko.summary", "translations.ko.description"]));
        body["translations"]["ko"] = json!({ "name": "파브리캄", "summary": "한 줄", "description": "길게" });
        let shown = fabrikam.put("/offers/f365/listing", body).await.ok();
        assert_eq!(state(&shown, "listing").0, "complete");
        let private = json!({ "plan_id": "vip", "name": "VIP", "visibility": "private" });
        fabrikam.post("/offers/f365/plans", private).await.created();
        let lonely = fabrikam.get("/offers/f365").await.ok();
        assert_eq!(state(&lonely, "plans"), (json!("incomplete"), json!(["vip.audience"])));
    }
);

flow!(
    /// OFF-09: what is live and edited since says so, page by page, until it is published.
    a_live_offer_tells_of_unpublished_changes,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let changed = |offer: &Value| -> Vec<String> {
            let pages = offer["pages"].as_array().unwrap().iter();
            pages.filter(|page| page["unpublished_changes"] == true).map(|page| page["page"].as_str().unwrap().to_owned()).collect()
        };
        let live = fabrikam.get("/offers/f365").await.ok();
        assert_eq!((&live["unpublished_changes"], changed(&live).len()), (&json!(false), 0));
        fabrikam.put("/offers/f365/availability", json!({ "markets": ["DE"] })).await.ok();
        fabrikam.patch("/offers/f365/plans/gold", json!({ "enforcement": "warn" })).await.ok();
        let edited = fabrikam.get("/offers/f365").await.ok();
        assert_eq!((&edited["unpublished_changes"], changed(&edited)), (&json!(true), vec!["availability".to_owned(), "plans".to_owned()]));
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        assert_eq!(fabrikam.get("/offers/f365").await.ok()["unpublished_changes"], true, "not live yet");
        let live = fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        assert_eq!(live["unpublished_changes"], false);
    }
);

flow!(
    /// OFF-13: compare shows every field, draft against live, and which of them differ.
    compare_shows_draft_against_live,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let compare = || async { fabrikam.get("/offers/f365/compare").await.ok() };
        let differ = |found: &Value| -> Vec<String> {
            let items = found["items"].as_array().unwrap().iter().filter(|item| item["changed"] == true);
            items.map(|item| format!("{}.{}", item["page"].as_str().unwrap(), item["field"].as_str().unwrap())).collect()
        };
        let same = compare().await;
        assert_eq!((&same["live_version"], differ(&same).len()), (&json!(1), 0));
        assert!(same["items"].as_array().unwrap().len() > 25, "every field: {same:#}");
        let mut renamed = listing("Renamed");
        fabrikam.add_files("f365", &mut renamed).await;
        renamed["support_contact"]["name"] = "Sue".into();
        fabrikam.put("/offers/f365/listing", renamed).await.ok();
        fabrikam.post("/offers/f365/plans", json!({ "plan_id": "tin", "name": "Tin" })).await.created();
        let changed = compare().await;
        let expected = [
            "listing.name", "listing.support_contact.name", "plans.tin.description", "plans.tin.enforcement",
            "plans.tin.features", "plans.tin.name", "plans.tin.visibility",
        ];
        assert_eq!(differ(&changed), expected);
        let name = changed["items"].as_array().unwrap().iter().find(|item| item["field"] == "name").unwrap();
        assert_eq!((&name["draft"], &name["live"]), (&json!("Renamed"), &json!("f365")));
    }
);

flow!(
    /// OFF-10: a file is what its bytes say, is kept by its hash and served as its type and nothing else.
    a_file_is_told_by_its_bytes,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        let send = |kind: &'static str, bytes: &'static [u8]| {
            let fabrikam = fabrikam.clone();
            async move { fabrikam.send(Method::POST, "/offers/f365/files", Some((kind, bytes.to_vec()))).await }
        };
        let image = send("text/html", SCREENSHOT).await.created();
        assert_eq!((&image["content_type"], &image["width"], &image["height"]), (&json!("image/png"), &json!(1280), &json!(720)));
        let guide = send("image/png", GUIDE).await.created();
        assert_eq!(guide["content_type"], "application/pdf");
        assert_eq!(send("image/png", SCREENSHOT).await.created()["sha256"], image["sha256"], "the same file twice is one");
        send("image/png", b"<svg onload=alert(1)>").await.refused(422, "file.unknown_kind");
        send("image/png", &SCREENSHOT[..900]).await.refused(422, "file.broken");
        let path = format!("/offers/f365/files/{}", guide["sha256"].as_str().unwrap());
        let served = fabrikam.get(&path).await;
        assert_eq!((served.header("content-type"), served.header("x-content-type-options")), (Some("application/pdf"), Some("nosniff")));
        assert_eq!(served.bytes, GUIDE);
        let hash = ring::digest::digest(&ring::digest::SHA256, GUIDE);
        let hash: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(guide["sha256"], hash);
        let litware = world.publisher("litware").await;
        litware.get(&path).await.refused(404, "resource.not_found");
        litware.post("/offers", json!({ "offer_id": "f365", "alias": "L" })).await.created();
        litware.get(&path).await.refused(404, "resource.not_found");
        fabrikam.delete(&path).await.no_content();
        fabrikam.get(&path).await.refused(404, "resource.not_found");
        assert_eq!(fabrikam.get("/offers/f365/files").await.ok()["items"].as_array().unwrap().len(), 1);
    }
);

flow!(
    /// OFF-10: each place of a listing takes the kind and size of file that it is for, so many and no more.
    a_listing_takes_fitting_files_only,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        let mut body = listing("Fabrikam");
        fabrikam.add_files("f365", &mut body).await;
        let whole = body.clone();
        let (logo, shot) = (body["logo"].clone(), body["screenshots"][0]["file"].clone());
        let guide = body["documents"][0]["file"].clone();
        body["logo"] = shot.clone();
        body["screenshots"] = json!([{ "file": logo, "caption": "Too small" }, { "file": guide, "caption": "No image" }]);
        body["documents"] = json!([{ "file": "0".repeat(64), "caption": "Nowhere" }]);
        body["videos"] = json!([{ "name": "Tour", "url": "https://video.example/1", "thumbnail": logo }]);
        let wrong = fabrikam.put("/offers/f365/listing", body).await.wrong_fields();
        let wrong: Vec<(&str, &str)> = wrong.iter().map(|(field, code)| (field.as_str(), code.as_str())).collect();
        let expected = [
            ("logo", "file.dimensions"),
            ("screenshots[0].file", "file.dimensions"),
            ("screenshots[1].file", "file.not_png"),
            ("videos[0].thumbnail", "file.dimensions"),
            ("documents[0].file", "file.unknown"),
        ];
        assert_eq!(wrong, expected);
        let mut many = whole.clone();
        many["screenshots"] = (0..6).map(|n| json!({ "file": shot, "caption": format!("{n}") })).collect();
        many["videos"] = (0..5).map(|n| json!({ "name": format!("{n}"), "url": "https://video.example/1" })).collect();
        many["documents"] = (0..4).map(|n| json!({ "file": guide, "caption": format!("{n}") })).collect();
        many["translations"] = json!({ "en": {}, "english": {}, "ko": { "name": "나 \u{1F680}", "summary": "s".repeat(101) } });
        let wrong = fabrikam.put("/offers/f365/listing", many).await.wrong_fields();
        let wrong: Vec<(&str, &str)> = wrong.iter().map(|(field, code)| (field.as_str(), code.as_str())).collect();
        let expected = [
            ("translations.en", "listing.default_language"),
            ("translations.english", "language.malformed"),
            ("translations.ko.name", "listing.emoji"),
            ("translations.ko.summary", "text.too_long"),
            ("screenshots", "field.too_many"),
            ("videos", "field.too_many"),
            ("documents", "field.too_many"),
        ];
        assert_eq!(wrong, expected);
        let saved = fabrikam.put("/offers/f365/listing", whole).await.ok();
        assert_eq!(saved["draft"]["listing"]["screenshots"][0]["caption"], "At work");
        let path = format!("/offers/f365/files/{}", logo.as_str().unwrap());
        fabrikam.delete(&path).await.refused(409, "file.in_use");
        assert_eq!(fabrikam.get(&path).await.status, StatusCode::OK);
        let _ = LOGO;
    }
);

flow!(
    /// OFF-11: a primary category, a secondary one that differs, two sub-categories each, terms one way.
    properties_keep_their_limits,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        let put = |body: Value| {
            let fabrikam = fabrikam.clone();
            async move { fabrikam.put("/offers/f365/properties", body).await }
        };
        let body = json!({
            "primary_category": "operations", "primary_subcategories": ["field service", "planning"],
            "secondary_category": "sales", "secondary_subcategories": ["quotes"], "industries": ["retail"],
            "app_version": "1.0", "terms_url": "https://fabrikam.example/terms",
        });
        let saved = put(body.clone()).await.ok()["draft"]["properties"].clone();
        for (field, value) in body.as_object().unwrap() {
            assert_eq!(&saved[field], value, "{field}");
        }
        let mut wrong = body;
        wrong["primary_subcategories"] = json!(["a", "b", "c"]);
        wrong["secondary_category"] = json!("operations");
        wrong["industries"] = json!(["retail", "retail"]);
        wrong["terms_text"] = json!("Be nice.");
        let wrong = put(wrong).await.wrong_fields();
        let fields: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["primary_subcategories", "secondary_category", "industries[1]", "terms_url"]);
        let orphan = json!({ "secondary_subcategories": ["quotes"] });
        assert_eq!(put(orphan).await.wrong_fields()[0].1, "properties.no_category");
    }
);

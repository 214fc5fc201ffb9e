use axum::http::Method;
use serde_json::json;

use crate::testing::story::package_for;
use crate::testing::{Client, World, flow};

async fn offer(world: &World) -> Client {
    let fabrikam = world.publisher("fabrikam").await;
    fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
    fabrikam.post("/offers/f365/plans", json!({ "plan_id": "gold", "name": "Gold" })).await.created();
    fabrikam.put("/offers/f365/setup", json!({ "license_management": true })).await.ok();
    fabrikam
}

flow!(
    /// PKG-10: what was uploaded comes back byte for byte, under its SHA-256; the same bytes are one package.
    a_package_is_kept_byte_for_byte,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        let bytes = package_for(&["fabrikam.f365.gold".to_owned()]);
        let uploaded = fabrikam.upload("f365", bytes.clone()).await;
        let hash = ring::digest::digest(&ring::digest::SHA256, &bytes);
        let hash: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((&uploaded["sha256"], &uploaded["size"]), (&json!(hash), &json!(bytes.len())));
        assert_eq!(uploaded["report"]["errors"], 0, "{uploaded:#}");
        assert_eq!(uploaded["contents"]["components"][0]["unique_name"], "gold_app");
        assert_eq!(fabrikam.get("/offers/f365/package/content").await.bytes, bytes);
        fabrikam.upload("f365", bytes.clone()).await;
        assert_eq!(fabrikam.get("/offers/f365/package/content").await.bytes, bytes);
    }
);

flow!(
    /// PKG-02: a service id in the package that no plan of the offer has is an error that names it.
    a_package_of_another_offer_is_found_out,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        let uploaded = fabrikam.upload("f365", package_for(&["fabrikam.other.gold".to_owned()])).await;
        let findings = uploaded["report"]["findings"].as_array().unwrap();
        let unknown = findings.iter().find(|finding| finding["rule"] == "PKG-02.service_id.unknown").unwrap();
        assert!(unknown["message"].as_str().unwrap().contains("fabrikam.other.gold"), "{unknown}");
        assert!(!unknown["mend"].as_str().unwrap().is_empty());
    }
);

flow!(
    /// PKG-08: with license management and without install-without-license, something must be mapped.
    a_package_that_maps_nothing_is_found_out,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        let unmapped = ::package::samples::App { unique_name: "free_app", title: "Free", opened_by: &[] };
        let plans = [("fabrikam.f365.gold", "Gold")];
        let bytes = ::package::samples::store_package("Free", &[unmapped], &plans, "https://fabrikam.example").unwrap();
        let rules = |view: &serde_json::Value| view["report"]["findings"].to_string();
        assert!(rules(&fabrikam.upload("f365", bytes.clone()).await).contains("PKG-08.nothing_mapped"));
        let install = json!({ "license_management": true, "allow_install_without_license": true });
        fabrikam.put("/offers/f365/setup", install).await.ok();
        assert!(!rules(&fabrikam.upload("f365", bytes).await).contains("PKG-08.nothing_mapped"));
    }
);

flow!(
    /// PKG-07: a package with findings is accepted and reported; bytes that are no package are refused.
    bytes_that_are_no_package_are_refused,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        let upload = |bytes: Vec<u8>| {
            let fabrikam = fabrikam.clone();
            async move {
                fabrikam.send(Method::PUT, "/offers/f365/package", Some(("application/zip", bytes))).await
            }
        };
        let whole = package_for(&["fabrikam.f365.gold".to_owned()]);
        upload(whole[..whole.len() / 2].to_vec()).await.refused(422, "package.unreadable");
        upload(b"not a zip".to_vec()).await.refused(422, "package.unreadable");
        upload(Vec::new()).await.refused(422, "package.unreadable");
        fabrikam.get("/offers/f365/package").await.refused(404, "package.none");
    }
);

mod by_address;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;

use super::operations::upload_package;
use super::store;
use super::upload::Upload;
use crate::Settings;
use crate::kit::Refused;
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

/// Bytes of several pieces that are no package and are kept all the same.
fn several_pieces() -> Vec<u8> {
    let noise: Vec<u8> = (0..2_500_000_u32).map(|n| n.wrapping_mul(0x9E37_79B9).to_be_bytes()[0]).collect();
    ::package::samples::archive("large.bin", &noise).unwrap()
}

flow!(
    /// PKG-10: a package of several pieces comes back byte for byte.
    a_large_package_comes_back_whole,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        let bytes = several_pieces();
        let uploaded = fabrikam.upload("f365", bytes.clone()).await;
        assert_ne!(uploaded["report"]["errors"], 0, "it is no package, and kept all the same");
        let content = fabrikam.get("/offers/f365/package/content").await;
        assert_eq!(content.status, StatusCode::OK);
        assert!(content.bytes == bytes, "{} bytes of {}", content.bytes.len(), bytes.len());
    }
);

flow!(a_package_over_the_limit_is_refused, |world: World| async move {
    let bytes = package_for(&["fabrikam.f365.gold".to_owned()]);
    let narrow = Settings { package_bytes_max: bytes.len() - 1, ..Settings::default() };
    let narrow = world.another_node(narrow).await;
    let fabrikam = offer(&narrow).await;
    let path = "/offers/f365/package";
    let refused = fabrikam.send(Method::PUT, path, Some(("application/zip", bytes.clone()))).await;
    refused.refused(413, "package.too_large");
    fabrikam.get(path).await.refused(404, "package.none");
    world.sign_in("admin@fabrikam.example").await.upload("f365", bytes).await;
});

flow!(
    /// PKG-10: what was certified can be exported by its hash, byte for byte, whatever the draft has since; another
    /// publisher finds nothing.
    what_was_certified_is_exported_by_its_hash,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let certified = fabrikam.get("/offers/f365/package/content").await.bytes;
        fabrikam.upload("f365", package_for(&["fabrikam.other.gold".to_owned()])).await;
        let submission = fabrikam.get("/offers/f365/submissions").await.ok()["items"][0].clone();
        let path = format!("/offers/f365/packages/{}/content", submission["package_sha256"].as_str().unwrap());
        let exported = fabrikam.get(&path).await;
        assert_eq!(exported.header("content-length"), Some(certified.len().to_string().as_str()));
        assert!(exported.bytes == certified);
        fabrikam.get("/offers/f365/packages/nothing/content").await.refused(404, "resource.not_found");
        let litware = world.publisher("litware").await;
        litware.post("/offers", json!({ "offer_id": "f365", "alias": "L" })).await.created();
        litware.get(&path).await.refused(404, "resource.not_found");
    }
);

async fn pieces_of(world: &World, bytes: &[u8]) -> usize {
    let sha256 = ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().to_vec();
    let count = world.app.db.read(move |tx| {
        Box::pin(async move {
            let mut count = 0;
            while store::find_chunk(tx, &sha256, i64::try_from(count).unwrap()).await?.is_some() {
                count += 1;
            }
            Ok::<_, Refused>(count)
        })
    });
    count.await.unwrap()
}

/// Everything of an upload but its last step.
async fn break_off(world: &World, bytes: &[u8]) {
    let upload = Upload::receive(Body::from(bytes.to_vec()), bytes.len()).await.unwrap();
    upload_package::store_bytes(&world.app, upload).await.unwrap();
}

flow!(
    /// PKG-10: an upload that breaks off before its last step is seen by nobody; its pieces are removed an
    /// hour later, those of packages and of uploads under way are not.
    what_a_broken_upload_leaves_is_removed,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        let (kept, broken) = (package_for(&["fabrikam.f365.gold".to_owned()]), several_pieces());
        fabrikam.upload("f365", kept.clone()).await;
        break_off(&world, &kept).await;
        break_off(&world, &broken).await;
        assert_eq!((pieces_of(&world, &kept).await, pieces_of(&world, &broken).await), (1, 3));
        world.pass_seconds(3600);
        world.run_jobs().await;
        assert_eq!(pieces_of(&world, &broken).await, 3, "it may still be under way");
        world.pass_seconds(1);
        world.run_jobs().await;
        assert_eq!((pieces_of(&world, &kept).await, pieces_of(&world, &broken).await), (1, 0));
        assert_eq!(fabrikam.get("/offers/f365/package/content").await.bytes, kept);
        break_off(&world, &broken).await;
        fabrikam.upload("f365", broken.clone()).await;
        world.pass_seconds(7200);
        world.run_jobs().await;
        assert_eq!(fabrikam.get("/offers/f365/package/content").await.bytes, broken);
    }
);

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::Settings;
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

/// An archive with one file that is not compressed: no package, but something to keep.
fn archive_of(content: &[u8]) -> Vec<u8> {
    let name = b"large.bin";
    let size = u32::try_from(content.len()).unwrap().to_le_bytes();
    let crc = [0; 4];
    let entry = [
        b"\x14\0\0\0\0\0\0\0\x21\0".as_slice(),
        &crc,
        &size,
        &size,
        &u16::try_from(name.len()).unwrap().to_le_bytes(),
        b"\0\0",
    ]
    .concat();
    let local = [b"PK\x03\x04".as_slice(), &entry, name, content].concat();
    let central = [b"PK\x01\x02\x14\0".as_slice(), &entry, &[0; 14], name].concat();
    let end = [
        b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(),
        &u32::try_from(central.len()).unwrap().to_le_bytes(),
        &u32::try_from(local.len()).unwrap().to_le_bytes(),
        b"\0\0",
    ]
    .concat();
    [local, central, end].concat()
}

flow!(
    /// PKG-10: a package of several pieces comes back byte for byte.
    a_large_package_comes_back_whole,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        let noise: Vec<u8> =
            (0..2_500_000_u32).map(|n| n.wrapping_mul(0x9E37_79B9).to_be_bytes()[0]).collect();
        let bytes = archive_of(&noise);
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

use serde_json::{Value, json};

use crate::testing::story::{contact, listing};
use crate::testing::{Client, World, flow};

async fn offer(world: &World) -> Client {
    let fabrikam = world.publisher("fabrikam").await;
    fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
    fabrikam
}

fn codes(wrong: &[(String, String)]) -> Vec<&str> {
    wrong.iter().map(|(_, code)| code.as_str()).collect()
}

flow!(
    /// OFF-05, OFF-07: license management, or exactly one listing option; install without a license exists
    /// only with the former, a trial has its URL and 1, 3 or 6 months.
    a_setup_is_one_thing_or_the_other,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        let put = |body: Value| {
            let fabrikam = fabrikam.clone();
            async move { fabrikam.put("/offers/f365/setup", body).await }
        };
        let both = put(json!({ "license_management": true, "listing_option": "contact_me" })).await.wrong_fields();
        assert_eq!(codes(&both), ["setup.both"]);
        assert_eq!(codes(&put(json!({ "license_management": false })).await.wrong_fields()), ["setup.neither"]);
        let free = json!({ "license_management": false, "listing_option": "get_it_now", "allow_install_without_license": true });
        assert_eq!(codes(&put(free).await.wrong_fields()), ["setup.not_managed"]);
        let trial = |months: i64| {
            json!({ "license_management": false, "listing_option": "free_trial", "trial_url": "https://try.example", "trial_months": months })
        };
        assert_eq!(codes(&put(trial(2)).await.wrong_fields()), ["setup.trial_months"]);
        for months in [1, 3, 6] {
            assert_eq!(put(trial(months)).await.ok()["draft"]["setup"]["trial_months"], months);
        }
        for option in ["get_it_now", "contact_me"] {
            put(json!({ "license_management": false, "listing_option": option })).await.ok();
        }
        let managed = put(json!({ "license_management": true, "allow_install_without_license": true })).await.ok();
        assert_eq!(managed["draft"]["setup"]["allow_install_without_license"], true);
    }
);

flow!(
    /// OFF-08: with license management on, the base license model is user.
    license_management_counts_users,
    |world: World| async move {
        let fabrikam = offer(&world).await;
        let resource = json!({ "base_license_model": "resource" });
        fabrikam.put("/offers/f365/technical-configuration", resource.clone()).await.ok();
        let managed = fabrikam.put("/offers/f365/setup", json!({ "license_management": true })).await.ok();
        let technical = managed["pages"].as_array().unwrap().iter().find(|page| page["page"] == "technical_configuration");
        assert_eq!(technical.unwrap()["missing"], json!(["base_license_model", "package"]));
        let refused = fabrikam.put("/offers/f365/technical-configuration", resource).await.wrong_fields();
        assert_eq!(codes(&refused), ["base_license_model.user_required"]);
        fabrikam.put("/offers/f365/technical-configuration", json!({ "base_license_model": "user" })).await.ok();
    }
);

flow!(
    /// OFF-06: once published, license management stays as it is; before, it may be switched.
    license_management_is_fixed_by_the_first_publish,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        let off = json!({ "license_management": false, "listing_option": "contact_me" });
        fabrikam.put("/offers/f365/setup", off.clone()).await.ok();
        fabrikam.put("/offers/f365/setup", json!({ "license_management": true })).await.ok();
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        fabrikam.put("/offers/f365/setup", off).await.refused(409, "offer.license_management_fixed");
        let install = json!({ "license_management": true, "allow_install_without_license": true });
        fabrikam.put("/offers/f365/setup", install).await.ok();
    }
);

flow!(every_wrong_field_of_a_listing_is_named_at_once, |world: World| async move {
    let fabrikam = offer(&world).await;
    let mut body = listing("Fabrikam \u{1F680}");
    body["summary"] = "s".repeat(101).into();
    body["keywords"] = json!(["a", "b", "c", "d"]);
    body["support_url"] = body["help_url"].clone();
    body["privacy_url"] = "javascript:alert(1)".into();
    body["support_contact"]["email"] = "nobody".into();
    let wrong = fabrikam.put("/offers/f365/listing", body).await.wrong_fields();
    let expected = [
        "listing.emoji",
        "text.too_long",
        "field.too_many",
        "url.malformed",
        "listing.same_urls",
        "email.malformed",
    ];
    assert_eq!(codes(&wrong), expected);
    let saved = fabrikam.put("/offers/f365/listing", listing("Fabrikam™ 365")).await.ok();
    assert_eq!(saved["draft"]["listing"]["support_contact"], contact());
});

flow!(a_page_is_saved_at_the_revision_that_was_read, |world: World| async move {
    let fabrikam = offer(&world).await;
    let reply = fabrikam.get("/offers/f365").await;
    let etag = reply.header("etag").unwrap().to_owned();
    let first = fabrikam.with("if-match", etag);
    first.put("/offers/f365/availability", json!({ "markets": ["US"] })).await.ok();
    first
        .put("/offers/f365/availability", json!({ "markets": ["KR"] }))
        .await
        .refused(412, "resource.changed");
    let draft = fabrikam.get("/offers/f365").await.ok()["draft"].clone();
    assert_eq!(draft["availability"]["markets"], json!(["US"]));
    let unknown =
        fabrikam.put("/offers/f365/availability", json!({ "markets": ["UK", "XX"] })).await.wrong_fields();
    assert_eq!(unknown.len(), 2);
});

flow!(
    /// ROL-01: another publisher's offer is not found, whatever is asked of it.
    a_foreign_offer_does_not_exist,
    |world: World| async move {
        offer(&world).await;
        let litware = world.publisher("litware").await;
        litware.get("/offers/f365").await.refused(404, "resource.not_found");
        let body = json!({ "license_management": true });
        litware.put("/offers/f365/setup", body).await.refused(404, "resource.not_found");
        litware.post("/offers/f365/publish", json!({})).await.refused(404, "resource.not_found");
        litware.get("/offers/f365/package").await.refused(404, "resource.not_found");
    }
);

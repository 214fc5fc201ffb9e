use serde_json::{Value, json};

use super::{CONTACT, leads, market, press};
use crate::testing::{World, flow, together};

flow!(
    /// STO-03: without the visitor's consent nothing is shared; with it there is one lead, on the publisher's page,
    /// with what the visitor gave and otherwise what is known of it; the logs say so without a name.
    contact_me_needs_consent_and_makes_a_lead,
    |world: World| async move {
        let (fabrikam, contoso) = market(&world).await;
        let uma = world.user(&contoso, "uma@contoso.example", &[]).await;
        for body in [json!({}), json!({ "consent": false })] {
            let wrong = uma.post(CONTACT, body).await.wrong_fields();
            assert_eq!(wrong, [("consent".to_owned(), "lead.consent_needed".to_owned())]);
        }
        let wrong = uma.post(CONTACT, json!({ "email": "uma", "country": "XX" })).await.wrong_fields();
        assert_eq!(wrong.len(), 3, "all at once: {wrong:?}");
        assert!(leads(&fabrikam, "").await.is_empty());
        let body = json!({ "consent": true, "first_name": "Uma", "last_name": "Lee", "phone": "+82 2 555" });
        let receipt = uma.post(CONTACT, body).await.ok();
        let lead = leads(&fabrikam, "").await.remove(0);
        assert_eq!((&lead["id"], &lead["action"], &lead["status"]), (&receipt["lead"], &json!("PLT"), &json!("new")));
        assert_eq!(lead["contact"], json!({
            "first_name": "Uma", "last_name": "Lee", "email": "uma@contoso.example", "phone": "+82 2 555",
            "country": "KR", "company": "contoso Ltd.", "title": null,
        }));
        for client in [&fabrikam, &contoso] {
            let log = client.get("/events?limit=1000").await.ok();
            let created = |entry: &&Value| entry["kind"] == "lead.created";
            let entry = log["items"].as_array().unwrap().iter().find(created).unwrap().clone();
            assert_eq!((&entry["data"]["lead"], entry.to_string().contains("Lee")), (&lead["id"], false));
        }
    }
);

flow!(
    /// STO-03: pressed again within a day, by the same user for the same offer, it is the same lead, also when
    /// pressed many times at once; a day later, or by somebody else, it is another one.
    a_repeated_press_is_the_same_lead,
    |world: World| async move {
        let (_, contoso) = market(&world).await;
        let pressed = together((0..8).map(|_| {
            let contoso = contoso.clone();
            async move { press(&contoso).await["lead"].clone() }
        }))
        .await;
        assert!(pressed.iter().all(|lead| *lead == pressed[0]), "{pressed:?}");
        world.pass_seconds(86_399);
        let contoso = world.sign_in("admin@contoso.example").await;
        let fabrikam = world.sign_in("admin@fabrikam.example").await;
        assert_eq!(press(&contoso).await["lead"], pressed[0]);
        assert_eq!(leads(&fabrikam, "").await.len(), 1);
        world.pass_seconds(1);
        assert_ne!(press(&contoso).await["lead"], pressed[0]);
        press(&world.user(&contoso, "uma@contoso.example", &[]).await).await;
        assert_eq!(leads(&fabrikam, "").await.len(), 3);
    }
);

flow!(
    /// STO-03: only where the storefront shows the button; what is not on sale is not found.
    it_can_be_pressed_where_it_is_shown,
    |world: World| async move {
        let (fabrikam, contoso) = market(&world).await;
        let nothing = "/storefront/offers/fabrikam.nothing/contact";
        contoso.post(nothing, json!({ "consent": true })).await.refused(404, "resource.not_found");
        world.anonymous().post(CONTACT, json!({ "consent": true })).await.refused(401, "request.no_token");
        fabrikam.put("/offers/f365/availability", json!({ "markets": ["DE"] })).await.ok();
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        contoso.post(CONTACT, json!({ "consent": true })).await.refused(409, "lead.no_button");
    }
);

flow!(
    /// STO-03: an installation makes a lead if, and only if, whoever installs consents.
    an_installation_makes_a_lead_with_consent,
    |world: World| async move {
        let (fabrikam, contoso) = market(&world).await;
        world.sold(&fabrikam, "f365", &contoso, &[("gold", 1)]).await;
        for (name, share) in [("One", false), ("Two", true)] {
            let environment = contoso.post("/environments", json!({ "name": name, "kind": "sandbox" })).await.created();
            let mut body = json!({ "offer": "fabrikam.f365", "environment": environment["id"], "accept_terms": true });
            if share {
                body["share_contact"] = true.into();
            }
            contoso.post("/installations", body).await.created();
            assert_eq!(leads(&fabrikam, "").await.len(), usize::from(share));
        }
        let lead = leads(&fabrikam, "").await.remove(0);
        assert_eq!((&lead["action"], &lead["contact"]["first_name"]), (&json!("INS"), &json!("Admin of")));
    }
);

flow!(
    /// STO-04: the built-in page: leads by offer and status, page by page, the newest first; nobody else's.
    the_publisher_works_on_its_leads,
    |world: World| async move {
        let (fabrikam, contoso) = market(&world).await;
        world.live_offer(&fabrikam, "g365", &["gold"]).await;
        let first = press(&contoso).await["lead"].clone();
        world.pass_seconds(1);
        contoso.post("/storefront/offers/fabrikam.g365/contact", json!({ "consent": true })).await.ok();
        let page = fabrikam.get("/leads?limit=1").await.ok();
        assert_eq!(page["items"][0]["offer"], "fabrikam.g365");
        let query = format!("?limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
        assert_eq!(leads(&fabrikam, &query).await[0]["id"], first);
        let rae = world.user(&fabrikam, "rae@fabrikam.example", &["referrals_admin"]).await;
        let path = format!("/leads/{}", first.as_str().unwrap());
        let stale = rae.get(&path).await;
        let etag = stale.header("etag").unwrap().to_owned();
        let set = json!({ "status": "contacted" });
        assert_eq!(rae.post(&format!("{path}/status"), set.clone()).await.ok()["status"], "contacted");
        rae.with("if-match", etag).post(&format!("{path}/status"), json!({ "status": "won" })).await.refused(412, "resource.changed");
        assert_eq!(leads(&fabrikam, "?status=contacted&offer=fabrikam.f365").await[0]["id"], first);
        assert!(leads(&fabrikam, "?status=contacted&offer=fabrikam.g365").await.is_empty());
        rae.post(&format!("{path}/status"), set.clone()).await.ok();
        let log = fabrikam.get("/events?limit=1000").await.ok();
        let changed = log["items"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "lead.changed");
        assert_eq!(changed.count(), 1, "to the status that it has is no change");
        let litware = world.publisher("litware").await;
        litware.get(&path).await.refused(404, "resource.not_found");
        litware.post(&format!("{path}/status"), set).await.refused(404, "resource.not_found");
        assert!(leads(&litware, "").await.is_empty());
        let dev = world.user(&fabrikam, "dev@fabrikam.example", &["developer"]).await;
        dev.get("/leads").await.refused(403, "access.forbidden");
    }
);

use serde_json::json;

use crate::testing::{World, flow};

flow!(
    /// REL-01, REL-02: an invitation is a link; a global or a billing admin sees who asks and consents,
    /// nobody else may, and until then nothing is established.
    an_admin_consents_by_the_link,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let contoso = world.customer("contoso").await;
        let invitation = fabrikam.post("/invitations", json!({ "note": "For Contoso" })).await.created();
        assert!(invitation["url"].as_str().unwrap().contains(invitation["token"].as_str().unwrap()));
        let token = json!({ "token": invitation["token"] });
        let lea = world.user(&contoso, "lea@contoso.example", &["license_admin"]).await;
        lea.post("/relationships", token.clone()).await.refused(403, "access.forbidden");
        let preview = contoso.post("/invitations/preview", token.clone()).await.ok();
        assert_eq!((&preview["publisher_id"], &preview["publisher_name"]), (&json!("fabrikam"), &json!("fabrikam Ltd.")));
        assert_eq!(fabrikam.get("/customers").await.ok()["items"], json!([]));
        let bill = world.user(&contoso, "bill@contoso.example", &["billing_admin"]).await;
        let first = bill.post("/relationships", token.clone()).await.ok();
        let again = contoso.post("/relationships", token).await.ok();
        assert_eq!(first, again, "REL-03: twice is the same as once");
        assert_eq!(contoso.get("/relationships").await.ok()["items"][0]["publisher_id"], "fabrikam");
    }
);

flow!(
    /// REL-03, REL-01: used by another tenant, revoked, expired, re-issued and forged links are refused, each
    /// with its reason, and change nothing.
    a_link_that_is_over_is_refused_with_its_reason,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let (contoso, litware) = (world.customer("contoso").await, world.customer("litware").await);
        let accept = |client: &crate::testing::Client, token: &serde_json::Value| {
            let (client, body) = (client.clone(), json!({ "token": token }));
            async move { client.post("/relationships", body).await }
        };
        let used = fabrikam.post("/invitations", json!({})).await.created();
        accept(&contoso, &used["token"]).await.ok();
        accept(&litware, &used["token"]).await.refused(409, "invitation.used");
        let path = |invitation: &serde_json::Value| format!("/invitations/{}", invitation["id"].as_str().unwrap());
        fabrikam.post(&format!("{}/revoke", path(&used)), json!({})).await.refused(409, "invitation.accepted");
        let revoked = fabrikam.post("/invitations", json!({})).await.created();
        fabrikam.post(&format!("{}/revoke", path(&revoked)), json!({})).await.ok();
        accept(&litware, &revoked["token"]).await.refused(409, "invitation.revoked");
        let reissued = fabrikam.post(&format!("{}/reissue", path(&revoked)), json!({})).await.ok();
        accept(&litware, &revoked["token"]).await.refused(422, "invitation.forged");
        accept(&litware, &json!("sli_forged")).await.refused(422, "invitation.forged");
        accept(&fabrikam, &reissued["token"]).await.refused(409, "invitation.own");
        world.pass_seconds(30 * 86_400);
        let (litware, fabrikam) = (world.sign_in("admin@litware.example").await, world.sign_in("admin@fabrikam.example").await);
        accept(&litware, &reissued["token"]).await.refused(409, "invitation.expired");
        assert_eq!(fabrikam.get("/customers").await.ok()["items"].as_array().unwrap().len(), 1);
        let again = fabrikam.post(&format!("{}/reissue", path(&revoked)), json!({})).await.ok();
        accept(&litware, &again["token"]).await.ok();
    }
);

flow!(
    /// REL-06: of a customer a publisher sees name, country, tenant id, since when and counts; nothing of its people.
    a_publisher_sees_no_person_of_its_customer,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let contoso = world.customer("contoso").await;
        world.consent(&fabrikam, &contoso).await;
        let customers = fabrikam.get("/customers").await.ok();
        let customer = customers["items"][0].as_object().unwrap();
        let fields: Vec<&str> = customer.keys().map(String::as_str).collect();
        assert_eq!(fields, ["assigned", "country", "granted", "name", "plans", "since", "tenant"]);
        let seen = [customers.to_string(), fabrikam.get("/events?limit=1000").await.ok().to_string()].concat();
        assert!(!seen.contains("contoso.example"), "{seen}");
        let foreign = world.publisher("litware").await;
        assert_eq!(foreign.get("/customers").await.ok()["items"], json!([]));
    }
);

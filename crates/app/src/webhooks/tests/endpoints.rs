use serde_json::{Value, json};

use super::{add_user, hook, verifies};
use crate::testing::{Receiver, World, flow};

flow!(
    /// EVT-03: a webhook is made, changed and deleted by its own tenant's admin; its secret is shown once; what
    /// is wrong with it is said at once, and an address of the inside is refused.
    a_webhook_is_its_tenants_own,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let receiver = Receiver::start();
        let wrong = json!({ "url": "https://169.254.169.254/latest", "kinds": ["user.created", "user", "nothing.*"] });
        let wrong = contoso.post("/webhooks", wrong).await.wrong_fields();
        let codes: Vec<(&str, &str)> = wrong.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let expected = [
            ("url", "url.not_allowed"),
            ("kinds[1]", "webhook.unknown_kind"),
            ("kinds[2]", "webhook.unknown_kind"),
        ];
        assert_eq!(codes, expected);
        let (id, secret) = hook(&contoso, &receiver, json!(["user.*"])).await;
        assert!(secret.starts_with("whsec_"));
        let path = format!("/webhooks/{id}");
        let shown = contoso.get(&path).await.ok();
        assert!(!shown.to_string().contains(&secret) && !contoso.get("/events").await.ok().to_string().contains(&secret));
        let edited = contoso.patch(&path, json!({ "description": "Ours", "kinds": [] })).await.ok();
        assert_eq!((&edited["description"], &edited["kinds"], &edited["revision"]), (&json!("Ours"), &json!([]), &json!(2)));
        contoso.with("if-match", "\"1\"").patch(&path, json!({ "enabled": false })).await.refused(412, "resource.changed");
        let litware = world.customer("litware").await;
        litware.get(&path).await.refused(404, "resource.not_found");
        litware.delete(&path).await.refused(404, "resource.not_found");
        assert_eq!(litware.get("/webhooks").await.ok()["items"], json!([]));
        add_user(&contoso, "ada").await;
        world.run_jobs().await;
        contoso.delete(&path).await.ok();
        contoso.get(&path).await.refused(404, "resource.not_found");
        add_user(&contoso, "ben").await;
        world.run_jobs().await;
        assert_eq!(receiver.take().iter().filter(|got| got.body.contains("user.created")).count(), 1);
    }
);

flow!(
    /// EVT-03: a new secret signs at once, the old one beside it for a day and no longer.
    a_secret_can_be_rotated_without_a_gap,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let receiver = Receiver::start();
        let (id, old) = hook(&contoso, &receiver, json!(["user.created"])).await;
        let rotated = contoso.post(&format!("/webhooks/{id}/rotate-secret"), json!({})).await.ok();
        let new = rotated["secret"].as_str().unwrap().to_owned();
        add_user(&contoso, "ada").await;
        world.run_jobs().await;
        let got = receiver.take().remove(0);
        assert!(new != old && verifies(&got, &old) && verifies(&got, &new));
        world.pass_seconds(86_401);
        let contoso = world.sign_in("admin@contoso.example").await;
        add_user(&contoso, "ben").await;
        world.run_jobs().await;
        let got = receiver.take().remove(0);
        assert!(!verifies(&got, &old) && verifies(&got, &new));
    }
);

flow!(
    /// EVT-03: 410 Gone switches off at once; switched on again, what waited is sent.
    gone_switches_off_at_once,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let receiver = Receiver::start();
        let (id, _) = hook(&contoso, &receiver, json!(["user.created"])).await;
        receiver.answer(410);
        add_user(&contoso, "ada").await;
        world.run_jobs().await;
        let path = format!("/webhooks/{id}");
        let off = contoso.get(&path).await.ok();
        assert_eq!(off["enabled"], false);
        assert!(off["disabled_because"].as_str().unwrap().contains("410"));
        let log = contoso.get("/events?limit=1000").await.ok();
        assert!(log["items"].as_array().unwrap().iter().any(|event| event["kind"] == "webhook.disabled"));
        add_user(&contoso, "ben").await;
        contoso.post(&format!("{path}/test"), json!({})).await.refused(409, "webhook.disabled");
        world.pass_seconds(3600);
        world.run_jobs().await;
        assert_eq!(receiver.take().len(), 1, "nothing is sent any more");
        receiver.answer(200);
        let contoso = world.sign_in("admin@contoso.example").await;
        let on = contoso.patch(&path, json!({ "enabled": true })).await.ok();
        assert_eq!((&on["enabled"], &on["disabled_because"]), (&json!(true), &Value::Null));
        world.run_jobs().await;
        assert_eq!(receiver.take().len(), 1, "ada, who waited; ben was made while it was off");
    }
);

flow!(
    /// EVT-03: where nothing arrives for days it is switched off, with an event; one success begins anew.
    lasting_failure_switches_off,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let receiver = Receiver::start();
        let (id, _) = hook(&contoso, &receiver, json!(["user.created"])).await;
        receiver.answer(500);
        add_user(&contoso, "ada").await;
        for _ in 0..22 {
            world.run_jobs().await;
            world.pass_seconds(6 * 3600);
        }
        let contoso = world.sign_in("admin@contoso.example").await;
        let off = contoso.get(&format!("/webhooks/{id}")).await.ok();
        assert_eq!((&off["enabled"], off["disabled_because"].is_string()), (&json!(false), true));
        let dead = contoso.get(&format!("/webhooks/{id}/deliveries?state=dead")).await.ok();
        assert_eq!(dead["items"][0]["attempts"], 10);
        assert_eq!(receiver.take().len(), 10);
    }
);

//! Give, verify, list, end.

use entitlement::lease::{Holder, Jwks, Lease, RevocationList, Trust, Unverified};
use serde_json::{Value, json};

use crate::Settings;
use crate::testing::{Client, World, flow};

pub(super) const GOLD: &str = "fabrikam.f365.gold";

/// fabrikam sells f365; contoso holds three gold seats, Ana has one of them, Bob has none.
pub(super) struct Story {
    pub(super) fabrikam: Client,
    pub(super) contoso: Client,
    pub(super) ana: Client,
    pub(super) deal: String,
}

pub(super) async fn story(world: &World) -> Story {
    let fabrikam = world.publisher("fabrikam").await;
    world.live_offer(&fabrikam, "f365", &["bronze", "gold"]).await;
    let contoso = world.customer("contoso").await;
    let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 3)]).await;
    let ana = world.user(&contoso, "ana@contoso.example", &[]).await;
    world.user(&contoso, "bob@contoso.example", &[]).await;
    assign(&contoso, "ana").await;
    Story { fabrikam, contoso, ana, deal }
}

pub(super) async fn assign(contoso: &Client, user: &str) {
    let body = json!({ "users": [format!("{user}@contoso.example")] });
    contoso.post(&format!("/licenses/{GOLD}/assignments"), body).await.ok();
}

pub(super) async fn unassign(contoso: &Client, user: &str) {
    let body = json!({ "users": [format!("{user}@contoso.example")] });
    contoso.post(&format!("/licenses/{GOLD}/unassignments"), body).await.ok();
}

/// What an app of fabrikam believes, with nothing but what is published.
pub(super) async fn trust(world: &World) -> Trust {
    let keys = world.anonymous().get("//.well-known/jwks.json").await.ok();
    let issuer = Settings::default().base_url;
    Trust { issuer, audience: "fabrikam".to_owned(), keys: Jwks::read(&keys) }
}

pub(super) async fn verified(world: &World, issued: &Value) -> Lease {
    trust(world).await.lease(issued["token"].as_str().unwrap()).unwrap()
}

pub(super) async fn list(world: &World, client: &Client, path: &str) -> RevocationList {
    let view = client.get(path).await.ok();
    let list = trust(world).await.revocations(view["token"].as_str().unwrap()).unwrap();
    assert_eq!(
        (view["sequence"].as_i64(), view["count"].as_u64()),
        (Some(list.sequence), Some(list.len() as u64))
    );
    list
}

pub(super) const LIST: &str = "/lease-revocations?publisher=fabrikam";

fn services() -> Value {
    json!({ "service_ids": [GOLD] })
}

flow!(
    /// CHK-08: a lease verifies with nothing but the published keys, in either algorithm, and says what it opens.
    a_lease_says_what_it_opens,
    |world: World| async move {
        let Story { ana, .. } = story(&world).await;
        let me = ana.get("/me").await.ok();
        for algorithm in ["ES256", "EdDSA"] {
            let body = json!({ "service_ids": [GOLD], "algorithm": algorithm });
            let issued = ana.post("/me/leases", body).await.created();
            let lease = verified(&world, &issued).await;
            assert_eq!(json!(lease.id), issued["id"]);
            assert_eq!(json!(lease.tenant), me["tenant"]["id"]);
            let Holder::User(user) = lease.holder else { panic!("{lease:?}") };
            assert_eq!(json!(user), me["user"]["id"]);
            let ids: Vec<&str> = lease.services.iter().map(|service| service.id.as_str()).collect();
            assert_eq!(ids, [GOLD]);
            assert_eq!(lease.components, ["bronze_app", "gold_app"]);
            let now = world.now().seconds();
            assert_eq!((lease.issued_at, lease.expires_at), (now, now + 86_400), "a day, unless said");
            assert!(lease.version > 0);
        }
        let others = Trust { audience: "northwind".to_owned(), ..trust(&world).await };
        let issued = ana.post("/me/leases", services()).await.created();
        assert_eq!(others.lease(issued["token"].as_str().unwrap()), Err(Unverified::Audience));
    }
);

flow!(
    /// CHK-08: by component, what opens it and is usable is leased.
    a_lease_by_component_is_of_what_opens_it,
    |world: World| async move {
        let Story { ana, .. } = story(&world).await;
        let body = json!({ "component": "bronze_app", "offer": "fabrikam.f365" });
        let issued = ana.post("/me/leases", body).await.created();
        assert_eq!(issued["service_ids"], json!([GOLD]), "Ana has no bronze seat");
        let none = json!({ "component": "nothing", "offer": "fabrikam.f365" });
        ana.post("/me/leases", none).await.refused(409, "lease.not_usable");
        let both = json!({ "component": "bronze_app", "service_ids": [GOLD], "algorithm": "RS256", "seconds": 1 });
        let wrong = ana.post("/me/leases", both).await.wrong_fields();
        let fields: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["service_ids", "seconds", "algorithm"]);
    }
);

flow!(
    /// CHK-08: only a right that is usable now is leased, never longer than the right or the marketplace allow.
    a_lease_is_never_more_than_the_right,
    |world: World| async move {
        let Story { fabrikam, contoso, ana, deal } = story(&world).await;
        let of = |user: &str, seconds: i64| {
            json!({ "user": format!("{user}@contoso.example"), "service_ids": [GOLD], "seconds": seconds })
        };
        contoso.post("/leases", of("bob", 600)).await.refused(409, "lease.not_usable");
        contoso.post("/leases", of("nobody", 600)).await.refused(404, "resource.not_found");
        let silver = json!({ "service_ids": [GOLD, "fabrikam.f365.silver"] });
        ana.post("/me/leases", silver).await.refused(409, "lease.not_usable");
        let several = json!({ "service_ids": [GOLD, "northwind.crm.gold"] });
        ana.post("/me/leases", several).await.refused(422, "lease.several_publishers");
        let long = contoso.post("/leases", of("ana", 365 * 86_400)).await.created();
        let lease = verified(&world, &long).await;
        assert_eq!(lease.expires_at - lease.issued_at, 30 * 86_400, "at most what the marketplace allows");
        // Nothing is left but thirty days of warning, of which twenty pass.
        let remove = json!({ "customer": world.tenant_id(&contoso).await, "remove": ["gold"] });
        fabrikam.put(&format!("/deals/{deal}/licenses"), remove).await.ok();
        world.pass_seconds(20 * 86_400);
        let contoso = world.sign_in("admin@contoso.example").await;
        let short = contoso.post("/leases", of("ana", 365 * 86_400)).await.created();
        let lease = verified(&world, &short).await;
        assert_eq!(lease.expires_at - lease.issued_at, 10 * 86_400, "not beyond the end of the right");
        world.pass_seconds(10 * 86_400);
        let contoso = world.sign_in("admin@contoso.example").await;
        contoso.post("/leases", of("ana", 600)).await.refused(409, "lease.not_usable");
    }
);

flow!(
    /// CHK-08: nobody fills the list without end.
    a_user_has_a_bounded_number_of_leases,
    |world: World| async move {
        let Story { ana, .. } = story(&world).await;
        for _ in 0..100 {
            let issued = ana.post("/me/leases", services()).await.created();
            ana.post(&format!("/me/leases/{}/return", issued["id"].as_str().unwrap()), json!({})).await.ok();
        }
        ana.post("/me/leases", services()).await.refused(409, "lease.too_many");
        world.pass_seconds(86_400);
        let ana = world.sign_in("ana@contoso.example").await;
        ana.post("/me/leases", services()).await.created();
    }
);

flow!(
    /// CHK-08: what is revoked or returned is on the signed list of its publisher and customer until it is over, and
    /// the list's number grows.
    a_signed_list_names_what_ended_before_its_time,
    |world: World| async move {
        let Story { fabrikam, contoso, ana, .. } = story(&world).await;
        let one = ana.post("/me/leases", services()).await.created();
        let two = ana.post("/me/leases", services()).await.created();
        let none = list(&world, &contoso, LIST).await;
        assert_eq!((none.len(), none.sequence), (0, 0));
        let whose = contoso.get("/lease-revocations").await.wrong_fields();
        assert_eq!(whose.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["publisher"]);
        let id = |issued: &Value| issued["id"].as_str().unwrap().to_owned();
        let revoked = contoso.post(&format!("/leases/{}/revoke", id(&one)), json!({})).await.ok();
        assert_eq!(revoked["status"], "revoked");
        contoso.post(&format!("/leases/{}/revoke", id(&one)), json!({})).await.ok();
        let now = list(&world, &contoso, LIST).await;
        assert_eq!((now.len(), now.sequence), (1, 1), "twice is the same as once");
        assert!(now.revokes(&verified(&world, &one).await.id));
        let returned = ana.post(&format!("/me/leases/{}/return", id(&two)), json!({})).await.ok();
        assert_eq!(returned["status"], "returned");
        let now = list(&world, &ana, "/me/lease-revocations?publisher=fabrikam").await;
        assert_eq!((now.len(), now.sequence), (2, 2));
        let tenant = world.tenant_id(&contoso).await;
        let tenant = tenant.as_str().unwrap();
        let theirs = format!("/customer-lease-revocations?tenant={tenant}");
        assert_eq!(list(&world, &fabrikam, &theirs).await, now, "the publisher gets the same");
        world.pass_seconds(86_400);
        let contoso = world.sign_in("admin@contoso.example").await;
        let over = list(&world, &contoso, LIST).await;
        assert_eq!((over.len(), over.sequence), (0, 2), "what is over needs no list");
        let statuses = contoso.get("/leases").await.ok();
        let mut statuses: Vec<&str> =
            statuses["items"].as_array().unwrap().iter().map(|lease| lease["status"].as_str().unwrap()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, ["over", "returned"]);
    }
);

flow!(
    /// CHK-08, ROL-01, REL-06: a publisher leases to its own customers and its own services alone; a user for itself;
    /// nobody sees others' leases.
    everybody_leases_only_what_is_theirs,
    |world: World| async move {
        let Story { fabrikam, contoso, ana, .. } = story(&world).await;
        let me = ana.get("/me").await.ok();
        let (tenant, user) = (&me["tenant"]["id"], &me["user"]["id"]);
        let body = json!({ "tenant": tenant, "user": user, "service_ids": [GOLD] });
        let issued = fabrikam.post("/customer-leases", body.clone()).await.created();
        verified(&world, &issued).await;
        let northwind = world.publisher("northwind").await;
        northwind.post("/customer-leases", body.clone()).await.refused(404, "resource.not_found");
        world.consent(&northwind, &contoso).await;
        northwind.post("/customer-leases", body).await.refused(404, "resource.not_found");
        let id = issued["id"].as_str().unwrap();
        let customer = json!({ "tenant": tenant });
        let path = format!("/customer-leases/{id}/revoke");
        northwind.post(&path, customer.clone()).await.refused(404, "resource.not_found");
        let adatum = world.customer("adatum").await;
        adatum.post(&format!("/leases/{id}/revoke"), json!({})).await.refused(404, "resource.not_found");
        let bob = world.sign_in("bob@contoso.example").await;
        bob.post(&format!("/me/leases/{id}/return"), json!({})).await.refused(404, "resource.not_found");
        let list = format!("/customer-leases?tenant={}", tenant.as_str().unwrap());
        assert_eq!(northwind.get(&list).await.ok()["items"], json!([]));
        assert_eq!(fabrikam.get(&list).await.ok()["items"][0]["id"], issued["id"]);
        assert_eq!(ana.get("/me/leases").await.ok()["items"][0]["id"], issued["id"]);
        assert_eq!(bob.get("/me/leases").await.ok()["items"], json!([]));
        fabrikam.post(&path, customer.clone()).await.ok();
        fabrikam.post(&format!("/customer-leases/{id}/return"), customer).await.ok();
    }
);

flow!(
    /// CHK-08, EVT-01: giving and ending a lease are in both sides' logs.
    what_becomes_of_leases_is_in_both_logs,
    |world: World| async move {
        let Story { fabrikam, contoso, ana, .. } = story(&world).await;
        let issued = ana.post("/me/leases", services()).await.created();
        ana.post(&format!("/me/leases/{}/return", issued["id"].as_str().unwrap()), json!({})).await.ok();
        for client in [&fabrikam, &contoso] {
            let log = client.get("/events?limit=100").await.ok();
            let kinds: Vec<&str> =
                log["items"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
            for kind in ["lease.issued", "lease.ended"] {
                assert!(kinds.contains(&kind), "{kinds:?}");
            }
        }
    }
);

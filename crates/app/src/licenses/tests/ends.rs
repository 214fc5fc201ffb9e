use serde_json::{Value, json};

use crate::assignments::tests::requests::user;
use crate::testing::customers::deal;
use crate::testing::{Client, World, flow};

const GOLD: &str = "/licenses/fabrikam.f365.gold";

/// A submitted deal of f365 whose licenses end with it; its last day is 2026-12-31.
fn ending(ends_on: &str) -> Value {
    let mut ending = deal("f365");
    ending["ends_on"] = ends_on.into();
    ending["licenses_end_with_contract"] = true.into();
    ending
}

/// fabrikam and contoso, which holds two gold seats of a deal that ends; u0 and u1 have them.
pub(crate) async fn story(world: &World) -> (Client, Client, String) {
    let fabrikam = world.publisher("fabrikam").await;
    world.live_offer(&fabrikam, "f365", &["gold"]).await;
    let contoso = world.customer("contoso").await;
    world.consent(&fabrikam, &contoso).await;
    let made = fabrikam.post("/deals", ending("2026-12-31")).await.created();
    let id = made["id"].as_str().unwrap().to_owned();
    fabrikam.post(&format!("/deals/{id}/submit"), json!({})).await.ok();
    let body =
        json!({ "customer": world.tenant_id(&contoso).await, "plans": [{ "plan": "gold", "quantity": 2 }] });
    let granted = fabrikam.put(&format!("/deals/{id}/licenses"), body).await.ok();
    assert_eq!(granted["licenses"][0]["ends_at"], "2027-01-01T00:00:00Z");
    for n in 0..3 {
        contoso.post("/users", json!({ "email": user(n), "name": "U" })).await.created();
    }
    contoso.post(&format!("{GOLD}/assignments"), json!({ "users": [user(0), user(1)] })).await.ok();
    (fabrikam, contoso, id)
}

/// Lets it be noon of this day.
pub(crate) async fn go_to(world: &World, day: &str) -> (Client, Client) {
    let noon = types::Timestamp::parse(&format!("{day}T12:00:00Z")).unwrap();
    world.pass_seconds(noon.seconds() - world.now().seconds());
    (world.sign_in("admin@fabrikam.example").await, world.sign_in("admin@contoso.example").await)
}

async fn check(contoso: &Client, n: usize) -> (Value, Value) {
    let body = json!({ "user": user(n), "service_id": "fabrikam.f365.gold" });
    let answer = contoso.post("/checks", body).await.ok();
    (answer["allowed"].clone(), answer["state"].clone())
}

async fn told(client: &Client, kind: &str) -> usize {
    let events = client.get("/events?limit=1000").await.ok();
    events["items"].as_array().unwrap().iter().filter(|event| event["kind"] == kind).count()
}

flow!(
    /// DEA-05, LIC-08: licenses end with their contract, without anybody doing anything: warning, suspended,
    /// gone, dated from the end. Nobody gets a seat of them after that. 30 days before, both sides are told.
    licenses_end_with_their_contract,
    |world: World| async move {
        story(&world).await;
        let (fabrikam, contoso) = go_to(&world, "2026-12-01").await;
        world.run_jobs().await;
        assert_eq!((told(&fabrikam, "license.ending").await, told(&contoso, "license.ending").await), (0, 0));
        let (fabrikam, contoso) = go_to(&world, "2026-12-02").await;
        for _ in 0..2 {
            world.run_jobs().await;
            assert_eq!((told(&fabrikam, "license.ending").await, told(&contoso, "license.ending").await), (1, 1));
        }
        assert_eq!(check(&contoso, 0).await, (json!(true), json!("active")));
        let (_, contoso) = go_to(&world, "2027-01-01").await;
        assert_eq!(check(&contoso, 0).await, (json!(true), json!("warning")), "nothing has settled it yet");
        contoso.post(&format!("{GOLD}/unassignments"), json!({ "users": [user(1)] })).await.ok();
        let assigned = json!({ "users": [user(2)] });
        contoso.post(&format!("{GOLD}/assignments"), assigned.clone()).await.refused(409, "assignment.refused");
        assert_eq!(check(&contoso, 0).await, (json!(true), json!("warning")));
        let license = contoso.get(GOLD).await.ok();
        assert_eq!((&license["granted"], &license["warning"]), (&json!(0), &json!(1)));
        let (fabrikam, contoso) = go_to(&world, "2027-01-31").await;
        assert_eq!(check(&contoso, 0).await, (json!(false), json!("suspended")));
        assert_eq!((told(&fabrikam, "license.ended").await, told(&contoso, "license.ended").await), (1, 1));
        let (_, contoso) = go_to(&world, "2027-05-01").await;
        assert_eq!(check(&contoso, 0).await, (json!(false), Value::Null));
    }
);

flow!(
    /// DEA-05: whoever is the first to take a seat after the end settles it, also where nothing was in use.
    the_first_one_after_the_end_gets_no_seat,
    |world: World| async move {
        let (_, contoso, _) = story(&world).await;
        contoso.post(&format!("{GOLD}/unassignments"), json!({ "users": [user(0), user(1)] })).await.ok();
        let (_, contoso) = go_to(&world, "2027-01-01").await;
        let body = json!({ "users": [user(2)] });
        contoso.post(&format!("{GOLD}/assignments"), body).await.refused(409, "assignment.refused");
    }
);

flow!(
    /// DEA-05: where a reconciler is late, the seats are dated from the end all the same.
    a_late_reconciler_dates_from_the_end,
    |world: World| async move {
        story(&world).await;
        let (_, contoso) = go_to(&world, "2027-02-15").await;
        assert_eq!(check(&contoso, 0).await, (json!(false), json!("suspended")), "before it comes");
        world.run_jobs().await;
        assert_eq!(check(&contoso, 0).await, (json!(false), json!("suspended")), "and after");
        let seats = contoso.get(&format!("{GOLD}/seats")).await.ok();
        assert_eq!(seats["items"][0]["usable_until"], "2027-01-31T00:00:00Z");
        let (_, contoso) = go_to(&world, "2027-05-01").await;
        world.run_jobs().await;
        assert_eq!(contoso.get("/licenses").await.ok()["items"], json!([]));
    }
);

flow!(
    /// DEA-05: the licenses follow when the contract's end moves; an ended contract grants no more.
    licenses_follow_the_end_of_their_contract,
    |world: World| async move {
        let (_, _, id) = story(&world).await;
        let (fabrikam, contoso) = go_to(&world, "2027-01-10").await;
        let body = json!({ "customer": world.tenant_id(&contoso).await, "plans": [{ "plan": "gold", "quantity": 9 }] });
        fabrikam.put(&format!("/deals/{id}/licenses"), body).await.refused(409, "license.contract_ended");
        let operator = world.operator().await;
        operator.post(&format!("/deal-reviews/{id}/request-update"), json!({ "reason": "Renewed?" })).await.ok();
        assert_eq!(check(&contoso, 0).await, (json!(true), json!("warning")));
        fabrikam.patch(&format!("/deals/{id}"), ending("2027-06-30")).await.ok();
        assert_eq!(check(&contoso, 0).await, (json!(true), json!("active")));
        let license = contoso.get(GOLD).await.ok();
        assert_eq!((&license["granted"], &license["assigned"]), (&json!(2), &json!(2)));
        let mut forever = ending("2027-06-30");
        forever["licenses_end_with_contract"] = false.into();
        fabrikam.patch(&format!("/deals/{id}"), forever).await.ok();
        let (_, contoso) = go_to(&world, "2028-01-01").await;
        assert_eq!(check(&contoso, 0).await, (json!(true), json!("active")));
    }
);

flow!(
    /// DEA-01, DEA-05: by default licenses outlast the contract; one without an end cannot end them.
    licenses_end_with_a_contract_only_where_that_is_chosen,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
        assert_eq!(fabrikam.post("/deals", deal("f365")).await.created()["licenses_end_with_contract"], false);
        let mut perpetual = ending("2026-12-31");
        perpetual.as_object_mut().unwrap().remove("ends_on");
        let wrong = fabrikam.post("/deals", perpetual).await.wrong_fields();
        assert_eq!(wrong, [("ends_on".to_owned(), "deal.licenses_never_end".to_owned())]);
    }
);

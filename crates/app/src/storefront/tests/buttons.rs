use serde_json::{Value, json};

use crate::testing::{Client, World, flow};

async fn buttons(client: &Client) -> Vec<(String, bool)> {
    let shown = client.get("/storefront/offers/fabrikam.f365").await.ok();
    let button = |button: &Value| (button["action"].as_str().unwrap().to_owned(), button["acts"] == true);
    shown["buttons"].as_array().unwrap().iter().map(button).collect()
}

fn contact() -> (String, bool) {
    ("contact_me".to_owned(), true)
}

flow!(
    /// STO-02: with a license required, Contact me; from the first seat on also Get it now, which acts for
    /// administrators; others are told to ask theirs.
    the_buttons_are_the_viewers,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let contoso = world.customer("contoso").await;
        let user = world.user(&contoso, "uma@contoso.example", &[]).await;
        assert_eq!(buttons(&world.anonymous()).await, [contact()]);
        assert_eq!(buttons(&contoso).await, [contact()]);
        world.sold(&fabrikam, "f365", &contoso, &[("gold", 1)]).await;
        assert_eq!(buttons(&contoso).await, [("get_it_now".to_owned(), true), contact()]);
        assert_eq!(buttons(&user).await, [("get_it_now".to_owned(), false), contact()]);
        assert_eq!(buttons(&world.customer("litware").await).await, [contact()], "another tenant's seats are not theirs");
        let broken = world.with_token("sls_nobody");
        assert_eq!(broken.get("/storefront/offers/fabrikam.f365").await.status, 401);
    }
);

flow!(
    /// OFF-12: a market taken away stops new acquisitions there and nothing else: the offer is shown, who has
    /// seats goes on.
    a_market_taken_away_stops_acquisitions_there,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let (contoso, litware) = (world.customer("contoso").await, world.customer("litware").await);
        world.sold(&fabrikam, "f365", &contoso, &[("gold", 1)]).await;
        assert_eq!(buttons(&litware).await, [contact()]);
        fabrikam.put("/offers/f365/availability", json!({ "markets": ["DE"] })).await.ok();
        assert_eq!(buttons(&litware).await, [contact()], "an edit changes nothing");
        fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        world.approve("fabrikam.f365").await;
        fabrikam.post("/offers/f365/go-live", json!({})).await.ok();
        assert_eq!(buttons(&litware).await, []);
        assert_eq!(buttons(&contoso).await, [("get_it_now".to_owned(), true)]);
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["granted"], 1);
    }
);

//! The publisher portal apart from offers and deals: what needs somebody, leads, the account.

use crate::testing::{World, flow};

flow!(
    /// PUB-06: the history of an offer says who by name and what in the reader's language; who certified is not named
    /// to the publisher.
    the_history_of_an_offer_is_read,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        let mut browser = world.browser_of("admin@fabrikam.example").await;
        let history = browser.get("/publisher/offers/f365/history").await.ok();
        history.says("Plan gold was created");
        history.says("Signed off to go live");
        history.says("Admin of fabrikam");
        history.says("Certification");
        assert!(!history.html.contains("usr_") && !history.html.contains(">system<"), "{}", history.html);
        let mut korean = world.browser_of("admin@fabrikam.example").await.reading("ko");
        let history = korean.get("/publisher/offers/f365/history").await.ok();
        history.says("게시를 승인했습니다");
        assert!(!history.html.contains("Signed off"), "{}", history.html);
    }
);

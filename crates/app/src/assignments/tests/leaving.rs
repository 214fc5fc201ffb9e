use serde_json::json;

use super::requests::{on_two_nodes, story, user};
use crate::testing::{World, flow, together};

const GOLD: &str = "/licenses/fabrikam.f365.gold";

flow!(
    /// ASG-06: whoever is deactivated while others assign has no seat afterwards.
    nobody_who_left_has_a_seat,
    |world: World| async move {
        let (_, contoso) = story(&world, 30, 30).await;
        let clients = on_two_nodes(&world, &contoso).await;
        let tasks = (0..60).map(|n| {
            let client = clients[n % 2].clone();
            async move {
                let who = user(n / 2);
                let reply = if n % 2 == 0 {
                    client.post(&format!("{GOLD}/assignments"), json!({ "users": [who] })).await
                } else {
                    client.post(&format!("/users/{who}/deactivate"), json!({})).await
                };
                reply.status.as_u16()
            }
        });
        for status in together(tasks).await {
            assert!(status == 200 || status == 409, "{status}");
        }
        assert_eq!(contoso.get(GOLD).await.ok()["assigned"], 0);
    }
);

//! Whether a node says that it answers.

use serde_json::json;

use crate::testing::{World, flow};

flow!(a_node_says_whether_it_reads_the_database, |world: World| async move {
    let anybody = world.anonymous();
    assert_eq!(anybody.get("//healthz").await.ok(), json!({ "ready": true }));
    world.app.db.clone().close().await;
    assert_eq!(anybody.get("//healthz").await.status.as_u16(), 503);
});

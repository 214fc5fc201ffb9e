//! What checks go by.

use serde_json::json;
use types::{TenantId, Timestamp};

use super::checks::{assign, check, component, story, unassign};
use crate::entitlements::{compare, snapshot};
use crate::testing::{World, flow};

flow!(
    /// CHK-05: what this node commits is in its index before it is answered, without a look at the database; after
    /// everything that changes rights the index has what the tables have.
    the_index_is_what_the_tables_are,
    |world: World| async move {
        let (fabrikam, contoso) = story(&world).await;
        let tenant = TenantId::parse(contoso.get("/tenant").await.ok()["id"].as_str().unwrap()).unwrap();
        check(&contoso, "bob", component("gold_app")).await;
        let index = world.app.entitlements.index.clone();
        let known = || world.app.db.heads().known(&crate::events::log_id(&tenant));
        assign(&contoso, "bob").await;
        assert_eq!(index.version(&tenant), Some(known()), "taken over with the commit");
        world.sold(&fabrikam, "f365", &contoso, &[("silver", 3)]).await;
        unassign(&contoso, "ana").await;
        contoso.delete("/users/bob@contoso.example").await;
        assert_eq!(index.version(&tenant), Some(known()));
        let (head, tables) = snapshot::tenant(&world.app.db, tenant).await.unwrap();
        assert_eq!(index.compare(tenant, head, &tables), entitlement::Compared::Same);
    }
);

flow!(
    /// CHK-01: where the index says something else than the tables, which is a fault of the program, that is found, told
    /// and mended.
    a_difference_from_the_tables_is_told_and_mended,
    |world: World| async move {
        let (_, contoso) = story(&world).await;
        let tenant = TenantId::parse(contoso.get("/tenant").await.ok()["id"].as_str().unwrap()).unwrap();
        assert_eq!(check(&contoso, "ana", component("gold_app")).await["allowed"], true);
        compare(&world.app).await.unwrap();
        let ana = contoso.get("/users/ana@contoso.example").await.ok()["id"].as_str().unwrap().to_owned();
        let service = types::ServiceId::parse("fabrikam.f365.gold").unwrap();
        let users = vec![types::UserId::parse(&ana).unwrap()];
        let wrong = entitlement::Change::Seats { service, users, seat: entitlement::Seat::Freed };
        let index = &world.app.entitlements.index;
        let stands = index.version(&tenant).unwrap();
        assert!(index.apply(&tenant, stands, stands, &[wrong]));
        assert_eq!(check(&contoso, "ana", component("gold_app")).await["allowed"], false, "on purpose");
        assert!(compare(&world.app).await.unwrap_err().cause().contains("server.internal"));
        assert_eq!(check(&contoso, "ana", component("gold_app")).await["allowed"], true);
        compare(&world.app).await.unwrap();
    }
);

flow!(
    /// REL-06: whoever asks about tenants that do not exist learns nothing, and makes nothing grow.
    tenants_that_do_not_exist_are_not_remembered,
    |world: World| async move {
        let (fabrikam, contoso) = story(&world).await;
        check(&contoso, "ana", component("gold_app")).await;
        let loaded = world.app.entitlements.index.loaded().len();
        for number in 0..20 {
            let tenant = TenantId::new(Timestamp::default(), [number; 10]);
            let user = types::UserId::new(Timestamp::default(), [number; 10]);
            let body = json!({ "tenant": tenant, "user": user, "component": "gold_app" });
            fabrikam.post("/customer-checks", body).await.refused(404, "resource.not_found");
        }
        assert_eq!(world.app.entitlements.index.loaded().len(), loaded);
    }
);

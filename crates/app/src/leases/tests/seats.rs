//! What leases hold.

use serde_json::{Value, json};

use super::leases::{GOLD, LIST, Story, assign, list, story, unassign, verified};
use crate::testing::{Client, World, flow};

async fn numbers(contoso: &Client) -> (i64, i64) {
    let license = contoso.get(&format!("/licenses/{GOLD}")).await.ok();
    let number = |name: &str| license[name].as_i64().unwrap();
    (number("assigned"), number("available"))
}

async fn lease(client: &Client, seconds: i64) -> Value {
    client.post("/me/leases", json!({ "service_ids": [GOLD], "seconds": seconds })).await.created()
}

fn id(lease: &Value) -> &str {
    lease["id"].as_str().unwrap()
}

/// The doctor finds counters that are not what they count, and reports that say something else.
async fn sound(world: &World) {
    world.run_jobs().await;
    let examined = crate::doctor::examine(&world.app).await.unwrap();
    let wrong: Vec<&String> = examined.iter().flat_map(|examined| &examined.wrong).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

flow!(
    /// CHK-08, LIC-06: a seat that is freed while a lease of it lives is held until the lease's end, and the lease is
    /// revoked; then it is free again.
    a_freed_seat_is_held_until_its_leases_end,
    |world: World| async move {
        let Story { contoso, ana, .. } = story(&world).await;
        let issued = lease(&ana, 3600).await;
        assert_eq!(numbers(&contoso).await, (1, 2));
        unassign(&contoso, "ana").await;
        assert_eq!(numbers(&contoso).await, (1, 2), "it counts on");
        assert_eq!(contoso.get(&format!("/licenses/{GOLD}")).await.ok()["held"], 1);
        sound(&world).await;
        let revoked = list(&world, &contoso, LIST).await;
        assert!(revoked.revokes(&verified(&world, &issued).await.id));
        ana.post("/me/leases", json!({ "service_ids": [GOLD] })).await.refused(409, "lease.not_usable");
        world.pass_seconds(3599);
        sound(&world).await;
        assert_eq!(numbers(&contoso).await, (1, 2), "to the second");
        world.pass_seconds(1);
        sound(&world).await;
        assert_eq!(numbers(&contoso).await, (0, 3));
    }
);

flow!(
    /// CHK-08, LIC-06: nobody else gets a seat that is held; whose it was has it again without taking another one.
    a_held_seat_is_for_nobody_but_whose_it_was,
    |world: World| async move {
        let Story { contoso, ana, .. } = story(&world).await;
        lease(&ana, 3600).await;
        unassign(&contoso, "ana").await;
        assert_eq!(numbers(&contoso).await, (1, 2));
        assign(&contoso, "ana").await;
        assert_eq!(numbers(&contoso).await, (1, 2), "hers, though there are others");
        sound(&world).await;
        unassign(&contoso, "ana").await;
        for name in ["cy", "di"] {
            world.user(&contoso, &format!("{name}@contoso.example"), &[]).await;
            assign(&contoso, name).await;
        }
        assert_eq!(numbers(&contoso).await, (3, 0));
        let bob = json!({ "users": ["bob@contoso.example"] });
        let path = format!("/licenses/{GOLD}/assignments");
        contoso.post(&path, bob.clone()).await.refused(409, "assignment.refused");
        assign(&contoso, "ana").await;
        assert_eq!(numbers(&contoso).await, (3, 0), "hers");
        sound(&world).await;
        contoso.post(&path, bob.clone()).await.refused(409, "assignment.refused");
        unassign(&contoso, "ana").await;
        contoso.post(&path, bob.clone()).await.refused(409, "assignment.refused");
        world.pass_seconds(3600);
        let contoso = world.sign_in("admin@contoso.example").await;
        contoso.post(&path, bob).await.ok();
        sound(&world).await;
        assert_eq!(numbers(&contoso).await, (3, 0), "time freed it for whoever comes, without any job");
    }
);

flow!(
    /// CHK-08, ASG-03, ASG-06: the same where the seat came through a group, or the user leaves altogether; who waits
    /// gets the seat when it is free.
    a_seat_is_held_however_it_was_lost,
    |world: World| async move {
        let Story { contoso, ana, .. } = story(&world).await;
        let group = contoso.post("/groups", json!({ "name": "Sales" })).await.created();
        let group = group["id"].as_str().unwrap();
        let members: Vec<String> =
            ["bob", "cy", "di"].map(|name| format!("{name}@contoso.example")).to_vec();
        for name in &members[1..] {
            world.user(&contoso, name, &[]).await;
        }
        for name in &members {
            contoso.post(&format!("/groups/{group}/members"), json!({ "users": [name] })).await.ok();
            world.pass_seconds(1);
        }
        contoso.put(&format!("/groups/{group}/licenses/{GOLD}"), json!({})).await.ok();
        assert_eq!(numbers(&contoso).await, (3, 0), "one of the group waits");
        let bob = world.sign_in("bob@contoso.example").await;
        let issued = lease(&bob, 3600).await;
        lease(&ana, 7200).await;
        let gone = json!({ "users": ["bob@contoso.example"] });
        contoso.post(&format!("/groups/{group}/members/remove"), gone).await.ok();
        contoso.post("/users/ana@contoso.example/deactivate", json!({})).await.ok();
        sound(&world).await;
        let waits = contoso.get(&format!("/licenses/{GOLD}")).await.ok();
        assert_eq!((numbers(&contoso).await, &waits["waiting"]), ((3, 0), &json!(1)));
        assert_eq!(list(&world, &contoso, LIST).await.len(), 2);
        contoso.post(&format!("/leases/{}/return", id(&issued)), json!({})).await.ok();
        sound(&world).await;
        let served = contoso.get(&format!("/licenses/{GOLD}")).await.ok();
        assert_eq!((numbers(&contoso).await, &served["waiting"]), ((3, 0), &json!(0)), "who waited has it");
        world.pass_seconds(7200);
        sound(&world).await;
        let contoso = world.sign_in("admin@contoso.example").await;
        assert_eq!(numbers(&contoso).await, (2, 1), "Ana's, who is gone");
    }
);

flow!(
    /// CHK-08: a returned lease holds nothing; revoking alone frees nothing, nor does returning one of two.
    what_is_returned_holds_nothing,
    |world: World| async move {
        let Story { contoso, ana, .. } = story(&world).await;
        let (long, short) = (lease(&ana, 7200).await, lease(&ana, 3600).await);
        unassign(&contoso, "ana").await;
        contoso.post(&format!("/leases/{}/revoke", id(&long)), json!({})).await.ok();
        assert_eq!(numbers(&contoso).await, (1, 2));
        contoso.post(&format!("/leases/{}/return", id(&long)), json!({})).await.ok();
        assert_eq!(numbers(&contoso).await, (1, 2), "the other one may be in use");
        contoso.post(&format!("/leases/{}/return", id(&short)), json!({})).await.ok();
        assert_eq!(numbers(&contoso).await, (0, 3));
        contoso.post(&format!("/leases/{}/return", id(&short)), json!({})).await.ok();
        sound(&world).await;
        // A lease given after the seat was freed and taken again is another matter.
        assign(&contoso, "ana").await;
        let later = lease(&ana, 3600).await;
        sound(&world).await;
        let later = verified(&world, &later).await.id;
        assert!(!list(&world, &contoso, LIST).await.revokes(&later));
    }
);

flow!(
    /// CHK-08, LIC-06: a block takes free seats and no others, and holds them until its end or return.
    a_block_takes_free_seats,
    |world: World| async move {
        let Story { contoso, .. } = story(&world).await;
        let block = |seats: u32| json!({ "seats": seats, "service_ids": [GOLD], "seconds": 3600 });
        contoso.post("/leases", block(3)).await.refused(409, "lease.too_few_seats");
        let issued = contoso.post("/leases", block(2)).await.created();
        let lease = verified(&world, &issued).await;
        assert_eq!(lease.services[0].seats, Some(2));
        assert_eq!(numbers(&contoso).await, (3, 0));
        sound(&world).await;
        contoso.post("/leases", block(1)).await.refused(409, "lease.too_few_seats");
        let bob = json!({ "users": ["bob@contoso.example"] });
        let path = format!("/licenses/{GOLD}/assignments");
        contoso.post(&path, bob.clone()).await.refused(409, "assignment.refused");
        contoso.post(&format!("/leases/{}/return", id(&issued)), json!({})).await.ok();
        assert_eq!(numbers(&contoso).await, (1, 2));
        contoso.post("/leases", block(2)).await.created();
        world.pass_seconds(3600);
        let contoso = world.sign_in("admin@contoso.example").await;
        contoso.post(&path, bob).await.ok();
        sound(&world).await;
        assert_eq!(numbers(&contoso).await, (2, 1));
        for seats in [0, 100_001] {
            let wrong = contoso.post("/leases", block(seats)).await.wrong_fields();
            assert_eq!(wrong[0].0, "seats");
        }
        let both = json!({ "user": "ana@contoso.example", "seats": 1, "service_ids": [GOLD] });
        assert_eq!(contoso.post("/leases", both).await.wrong_fields()[0].0, "user");
    }
);

flow!(
    /// CHK-08, LIC-06, LIC-07: where less is granted than is held, people go over first, then what is held goes; a
    /// block that lost seats is revoked.
    what_is_granted_bounds_what_is_held,
    |world: World| async move {
        let Story { fabrikam, contoso, deal, .. } = story(&world).await;
        let tenant = world.tenant_id(&contoso).await;
        let block = json!({ "seats": 2, "service_ids": [GOLD], "seconds": 3600 });
        let issued = contoso.post("/leases", block).await.created();
        let reduced = |seats: i64| {
            let path = format!("/deals/{deal}/licenses");
            let (fabrikam, tenant) = (fabrikam.clone(), tenant.clone());
            async move {
                let plans = json!([{ "plan": "gold", "quantity": seats }]);
                fabrikam.put(&path, json!({ "customer": tenant, "plans": plans })).await.ok()
            }
        };
        reduced(2).await;
        sound(&world).await;
        let license = contoso.get(&format!("/licenses/{GOLD}")).await.ok();
        assert_eq!((&license["assigned"], &license["warning"]), (&json!(2), &json!(1)), "Ana went over");
        assert!(list(&world, &contoso, LIST).await.is_empty());
        reduced(1).await;
        sound(&world).await;
        assert_eq!(numbers(&contoso).await, (1, 0));
        assert!(list(&world, &contoso, LIST).await.revokes(&verified(&world, &issued).await.id));
        world.pass_seconds(3600);
        sound(&world).await;
        let contoso = world.sign_in("admin@contoso.example").await;
        let license = contoso.get(&format!("/licenses/{GOLD}")).await.ok();
        assert_eq!((&license["assigned"], &license["warning"]), (&json!(1), &json!(0)), "Ana has it again");
    }
);

flow!(
    /// CHK-08, LIC-08, ASG-04: whose seat is gone at the moment when a held one becomes free, and who is in the group, has
    /// that one: nobody waits while a seat is free.
    who_waits_again_gets_what_is_released_then,
    |world: World| async move {
        let Story { fabrikam, contoso, deal, .. } = story(&world).await;
        let group = contoso.post("/groups", json!({ "name": "Sales" })).await.created();
        let group = group["id"].as_str().unwrap();
        world.pass_seconds(1);
        let bob = json!({ "users": ["bob@contoso.example"] });
        contoso.post(&format!("/groups/{group}/members"), bob).await.ok();
        contoso.put(&format!("/groups/{group}/licenses/{GOLD}"), json!({})).await.ok();
        let (path, tenant) = (format!("/deals/{deal}/licenses"), world.tenant_id(&contoso).await);
        fabrikam.put(&path, json!({ "customer": tenant, "remove": ["gold"] })).await.ok();
        let one = json!({ "customer": tenant, "plans": [{ "plan": "gold", "quantity": 1 }] });
        fabrikam.put(&path, one).await.ok();
        world.pass_seconds(110 * 86_400);
        let contoso = world.sign_in("admin@contoso.example").await;
        let lease = json!({ "user": "ana@contoso.example", "service_ids": [GOLD], "seconds": 10 * 86_400 });
        contoso.post("/leases", lease).await.created();
        unassign(&contoso, "ana").await;
        world.pass_seconds(10 * 86_400);
        sound(&world).await;
        let contoso = world.sign_in("admin@contoso.example").await;
        let license = contoso.get(&format!("/licenses/{GOLD}")).await.ok();
        assert_eq!((&license["assigned"], &license["waiting"]), (&json!(1), &json!(0)));
    }
);

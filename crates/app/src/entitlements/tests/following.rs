use entitlement::feed::Line;
use entitlement::replica::{Replica, Unanswered};
use entitlement::{Question, Target};
use serde_json::{Value, json};
use types::{TenantId, UserId};

use crate::testing::lines::{Follower, NOW};
use crate::testing::{Client, World, flow};

const GOLD: &str = "fabrikam.f365.gold";

/// fabrikam sells f365; contoso holds two gold seats, Ana has one of them.
async fn story(world: &World) -> (Client, Client, String) {
    let fabrikam = world.publisher("fabrikam").await;
    world.live_offer(&fabrikam, "f365", &["bronze", "gold"]).await;
    let contoso = world.customer("contoso").await;
    let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 2)]).await;
    for name in ["ana", "bob"] {
        let body = json!({ "email": format!("{name}@contoso.example"), "name": name });
        contoso.post("/users", body).await.created();
    }
    seat(&contoso, "ana", "assignments").await;
    (fabrikam, contoso, deal)
}

async fn seat(contoso: &Client, user: &str, what: &str) {
    let body = json!({ "users": [format!("{user}@contoso.example")] });
    contoso.post(&format!("/licenses/{GOLD}/{what}"), body).await.ok();
}

async fn tenant(client: &Client) -> TenantId {
    TenantId::parse(client.get("/tenant").await.ok()["id"].as_str().unwrap()).unwrap()
}

async fn user(contoso: &Client, name: &str) -> UserId {
    let user = contoso.get(&format!("/users/{name}@contoso.example")).await.ok();
    UserId::parse(user["id"].as_str().unwrap()).unwrap()
}

fn ask(replica: &Replica, tenant: TenantId, user: UserId, world: &World) -> Result<bool, Unanswered> {
    let target = Target::Service(GOLD);
    let question = Question { tenant, user, target, publisher: None, at_least: 0, now: world.now() };
    replica.check(&question, NOW, |decision, _| decision.allowed)
}

fn told_of(lines: &[Line], wanted: TenantId) -> Vec<&'static str> {
    let kind = |line: &Line| match line {
        Line::Begin { tenant, .. } if *tenant == wanted => Some("begin"),
        Line::End { tenant, .. } if *tenant == wanted => Some("end"),
        Line::Steps { tenant, .. } if *tenant == wanted => Some("steps"),
        Line::Forget { tenant } if *tenant == wanted => Some("forget"),
        _ => None,
    };
    lines.iter().filter_map(kind).collect()
}

flow!(
    /// CHK-05: who follows a tenant has it whole at first, then each step as it is committed; who comes back gets
    /// the steps since, none missing and none twice, whatever happened meanwhile.
    a_follower_has_what_the_server_has_and_resumes_without_gaps,
    |world: World| async move {
        let (_, contoso, _) = story(&world).await;
        let (id, ana, bob) = (tenant(&contoso).await, user(&contoso, "ana").await, user(&contoso, "bob").await);
        let replica = Replica::default();
        assert_eq!(ask(&replica, id, ana, &world), Err(Unanswered::NotYet));
        let mut follower = Follower::open(&contoso, "/rights/follow", &replica).await;
        assert_eq!(told_of(&follower.until_alive().await, id), ["begin", "end"]);
        assert_eq!((ask(&replica, id, ana, &world), ask(&replica, id, bob, &world)), (Ok(true), Ok(false)));

        seat(&contoso, "bob", "assignments").await;
        assert_eq!(told_of(&follower.piece().await.unwrap(), id), ["steps"]);
        assert_eq!(ask(&replica, id, bob, &world), Ok(true));
        drop(follower);

        for _ in 0..150 {
            seat(&contoso, "bob", "unassignments").await;
            seat(&contoso, "bob", "assignments").await;
        }
        seat(&contoso, "ana", "unassignments").await;
        let mut follower = Follower::open(&contoso, "/rights/follow", &replica).await;
        let told = follower.until_alive().await;
        assert!(told_of(&told, id).iter().all(|kind| *kind == "steps"), "{told:?}");
        assert_eq!((ask(&replica, id, ana, &world), ask(&replica, id, bob, &world)), (Ok(false), Ok(true)));
        let head = contoso.get("/events").await.ok()["head"].as_i64();
        assert_eq!(replica.tenants(), [(id, head.unwrap())]);
    }
);

flow!(
    /// REL-06: a publisher follows its customers, as long as they are; of those it learns what concerns its own
    /// services, and of others nothing at all.
    a_publisher_follows_its_customers_while_they_are,
    |world: World| async move {
        let (fabrikam, contoso, deal) = story(&world).await;
        let other = world.publisher("tailspin").await;
        world.live_offer(&other, "t1", &["blue"]).await;
        world.sold(&other, "t1", &contoso, &[("blue", 1)]).await;
        let stranger = world.customer("stranger").await;
        let (id, ana) = (tenant(&contoso).await, user(&contoso, "ana").await);
        let replica = Replica::default();
        let mut follower = Follower::open(&fabrikam, "/customer-rights/follow", &replica).await;
        let told = serde_json::to_string(&follower.until_alive().await).unwrap();
        assert!(told.contains(GOLD) && !told.contains("tailspin"), "{told}");
        assert!(!told.contains(&tenant(&stranger).await.to_string()), "{told}");
        assert_eq!(ask(&replica, id, ana, &world), Ok(true));

        // A relationship ends when no license is active; its seats are usable for a while.
        let none = json!({ "customer": id, "remove": ["gold"] });
        fabrikam.put(&format!("/deals/{deal}/licenses"), none).await.ok();
        let relationships = contoso.get("/relationships").await.ok();
        let of_fabrikam = relationships["items"].as_array().unwrap();
        let of_fabrikam = of_fabrikam.iter().find(|row| row.to_string().contains("fabrikam")).unwrap();
        let path = format!("/relationships/{}", of_fabrikam["id"].as_str().unwrap());
        contoso.post(&format!("{path}/end"), json!({})).await.ok();
        let mut told = Vec::new();
        while !told_of(&told, id).contains(&"forget") {
            told = follower.piece().await.expect("not over");
        }
        assert_eq!(ask(&replica, id, ana, &world), Err(Unanswered::UnknownTenant));
        contoso.post("/users", json!({ "email": "cy@contoso.example", "name": "Cy" })).await.created();
        assert!(told_of(&follower.until_alive().await, id).is_empty(), "nothing of it any more");

        world.consent(&fabrikam, &contoso).await;
        while ask(&replica, id, ana, &world).is_err() {
            follower.piece().await.expect("not over");
        }
        let bob = user(&contoso, "bob").await;
        assert_eq!((ask(&replica, id, ana, &world), ask(&replica, id, bob, &world)), (Ok(true), Ok(false)));
    }
);

flow!(
    /// ASG-10, REL-06: the operator's edges repeat what they answered, and it counts as if it was asked here; nobody else
    /// may ask about anybody.
    what_is_asked_again_is_a_use,
    |world: World| async move {
        let (fabrikam, contoso, _) = story(&world).await;
        let (id, ana) = (tenant(&contoso).await, user(&contoso, "ana").await);
        let operator = world.operator().await;
        let asked = json!({ "checks": [{ "tenant": id, "user": ana, "service_id": GOLD }] });
        for other in [&fabrikam, &contoso] {
            other.post("/all-checks/batch", asked.clone()).await.refused(403, "access.forbidden");
        }
        let answer = operator.post("/all-checks/batch", asked).await.ok();
        assert_eq!(answer["results"][0]["reason"], "licensed");
        let day = Value::from(world.now().to_string()[..10].to_owned());
        crate::entitlements::write_uses(&world.app).await.unwrap();
        world.pass_seconds(2 * 86_400);
        let contoso = world.sign_in("admin@contoso.example").await;
        let idle = contoso.get(&format!("/licenses/{GOLD}/idle?days=1")).await.ok();
        let used = idle["items"][0]["last_used_on"].as_str().unwrap();
        assert_eq!(Value::from(used[..10].to_owned()), day);
    }
);

flow!(
    /// REL-06: whoever asks for tenants that are not its to see is told to forget them, whether they exist or not.
    a_position_opens_no_door,
    |world: World| async move {
        let (_, contoso, _) = story(&world).await;
        let stranger = world.customer("stranger").await;
        let id = tenant(&contoso).await;
        let all = Replica::default();
        let operator = world.operator().await;
        Follower::open(&operator, "/all-rights/follow", &all).await.until_alive().await;
        assert!(all.tenants().iter().any(|(known, _)| *known == id), "the operator follows all");
        let told = Follower::open(&stranger, "/rights/follow", &all).await.until_alive().await;
        assert_eq!(told_of(&told, id), ["forget"]);
        assert_eq!(all.tenants().len(), 1);
    }
);

flow!(
    /// EVT-02: a follower that does not read holds up nobody, and one that is told to go on after the log was
    /// restored from before is told all of it anew.
    positions_that_the_log_never_had_are_answered_whole,
    |world: World| async move {
        let (fabrikam, contoso, _) = story(&world).await;
        let both = [tenant(&contoso).await, tenant(&fabrikam).await];
        let body: Value = json!({
            "tenants": { both[0].to_string(): { "at": 1_000_000, "mark": 1 }, both[1].to_string(): { "at": 1_000_000 } },
            "catalog": { "at": 1_000_000, "mark": 1 },
        });
        let mut pieces = crate::testing::lines::raw(&world.operator().await, "/all-rights/follow", &body).await;
        let mut text = String::new();
        while !text.contains("\"alive\"") {
            text += &pieces.piece().await;
        }
        let lines: Vec<Line> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for id in both {
            assert_eq!(told_of(&lines, id), ["begin", "end"], "{text}");
        }
        assert!(lines.iter().any(|line| matches!(line, Line::Catalog { .. })), "{text}");
        let mut open = None;
        for line in &lines {
            match line {
                Line::Begin { tenant, .. } => assert_eq!(open.replace(*tenant), None, "one after the other"),
                Line::Part { tenant, .. } => assert_eq!(open, Some(*tenant)),
                Line::End { tenant, .. } => assert_eq!(open.take(), Some(*tenant)),
                _ => assert_eq!(open, None, "nothing comes between"),
            }
        }
    }
);

flow!(
    /// EVT-02, CHK-09: positions that the log has are gone on from only where its entries there are those that were told:
    /// after a backup was restored they may be others.
    positions_of_another_history_are_answered_whole,
    |world: World| async move {
        let (_, contoso, _) = story(&world).await;
        let (id, replica) = (tenant(&contoso).await, Replica::default());
        Follower::open(&contoso, "/rights/follow", &replica).await.until_alive().await;
        let known = replica.positions();
        let marked = |change: fn(u32) -> Option<u32>| {
            let mut positions = known.clone();
            for position in positions.tenants.values_mut().chain(&mut positions.catalog) {
                position.mark = change(position.mark.expect("each is told with one"));
            }
            positions
        };
        assert!(known.tenants.contains_key(&id) && known.catalog.is_some(), "{known:?}");
        for (positions, whole) in [(marked(Some), false), (marked(|mark| Some(mark ^ 1)), true), (marked(|_| None), true)] {
            let body = serde_json::to_value(&positions).unwrap();
            let mut pieces = crate::testing::lines::raw(&contoso, "/rights/follow", &body).await;
            let mut text = String::new();
            while !text.contains("\"alive\"") {
                text += &pieces.piece().await;
            }
            for line in ["{\"begin\"", "{\"catalog\""] {
                assert_eq!(text.contains(line), whole, "{positions:?}: {text}");
            }
        }
    }
);

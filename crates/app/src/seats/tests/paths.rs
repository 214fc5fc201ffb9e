use types::{ServiceId, UserId};

use crate::access::{Principal, Right, Role, SeatAssign};
use crate::assignments::tests::requests::{story, user};
use crate::kit::Refused;
use crate::licenses::operations::pools;
use crate::seats::Source;
use crate::seats::operations::paths;
use crate::testing::{Client, World, flow};

async fn right(world: &World, contoso: &Client) -> Right<SeatAssign> {
    let me = contoso.get("/me").await.ok();
    let id = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let (user, tenant) = (id(&me["user"]["id"]), id(&me["tenant"]["id"]));
    let principal = Principal::user(
        UserId::parse(&user).unwrap(),
        types::TenantId::parse(&tenant).unwrap(),
        None,
        &[Role::GlobalAdmin],
    );
    Right::of(principal, None, world.now(), world.app.random.clone()).unwrap()
}

/// Opens or closes a path; how many seats are in use then.
async fn step(world: &World, right: &Right<SeatAssign>, user: UserId, source: Source, open: bool) -> i64 {
    let right = right.clone();
    let done = world.app.db.write(move |tx| {
        Box::pin(async move {
            let service = ServiceId::parse("fabrikam.f365.gold").unwrap();
            let pool = pools::lock(tx, &right, &right.tenant(), &service).await?;
            let pool = if open {
                paths::open_paths(tx, &right, &pool, &source, &[user]).await?.expect("a seat").0
            } else {
                paths::close_paths(tx, &right, &pool, &source, &[user]).await?.0
            };
            Ok::<_, Refused>(pool.in_use)
        })
    });
    done.await.unwrap().value
}

flow!(
    /// ASG-03: however many paths lead to it, a user takes one seat; it is freed when the last path ends.
    one_seat_however_many_paths,
    |world: World| async move {
        let (_, contoso) = story(&world, 5, 1).await;
        let right = right(&world, &contoso).await;
        let found = contoso.get(&format!("/users/{}", user(0))).await.ok();
        let user = UserId::parse(found["id"].as_str().unwrap()).unwrap();
        let group = |name: &str| Source::Group(types::GroupId::from_bytes([name.as_bytes()[0]; 16]));
        assert_eq!(step(&world, &right, user, Source::Direct, true).await, 1);
        assert_eq!(step(&world, &right, user, Source::Direct, true).await, 1, "the same path again");
        assert_eq!(step(&world, &right, user, group("a"), true).await, 1);
        assert_eq!(step(&world, &right, user, group("b"), true).await, 1);
        assert_eq!(step(&world, &right, user, Source::Direct, false).await, 1, "the groups keep it");
        assert_eq!(step(&world, &right, user, group("a"), false).await, 1);
        assert_eq!(step(&world, &right, user, group("a"), false).await, 1, "ended already");
        assert_eq!(step(&world, &right, user, group("b"), false).await, 0);
    }
);

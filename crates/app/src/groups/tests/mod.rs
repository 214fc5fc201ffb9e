use serde_json::{Value, json};

use crate::assignments::tests::requests::{story, user};
use crate::groups::operations::follow;
use crate::groups::{GroupLicense, store};
use crate::testing::{Client, World, flow};

const GOLD: &str = "/licenses/fabrikam.f365.gold";

struct Groups {
    contoso: Client,
}

impl Groups {
    async fn make(&self, name: &str) -> String {
        let made = self.contoso.post("/groups", json!({ "name": name })).await.created();
        made["id"].as_str().unwrap().to_owned()
    }

    async fn add(&self, group: &str, users: &[usize], groups: &[&str]) {
        let users: Vec<String> = users.iter().copied().map(user).collect();
        let body = json!({ "users": users, "groups": groups });
        self.contoso.post(&format!("/groups/{group}/members"), body).await.ok();
    }

    async fn remove(&self, group: &str, users: &[usize], groups: &[&str]) {
        let users: Vec<String> = users.iter().copied().map(user).collect();
        let body = json!({ "users": users, "groups": groups });
        self.contoso.post(&format!("/groups/{group}/members/remove"), body).await.ok();
    }

    async fn license(&self, group: &str) -> Value {
        self.contoso.put(&format!("/groups/{group}/licenses/fabrikam.f365.gold"), json!({})).await.ok()
    }

    async fn unlicense(&self, group: &str) -> Value {
        self.contoso.delete(&format!("/groups/{group}/licenses/fabrikam.f365.gold")).await.ok()
    }

    async fn assign(&self, n: usize) {
        self.contoso.post(&format!("{GOLD}/assignments"), json!({ "users": [user(n)] })).await.ok();
    }

    /// Who has a seat, and who waits at which place (from 1).
    async fn seats(&self) -> (Vec<usize>, Vec<usize>) {
        let seats = self.contoso.get(&format!("{GOLD}/seats?limit=100")).await.ok();
        let number = |seat: &Value| {
            let email = seat["user"]["email"].as_str().unwrap();
            email[1..email.find('@').unwrap()].parse::<usize>().unwrap()
        };
        let items = seats["items"].as_array().unwrap();
        let mut active: Vec<usize> =
            items.iter().filter(|seat| seat["state"] == "active").map(number).collect();
        active.sort_unstable();
        let mut waiting: Vec<(i64, usize)> = items
            .iter()
            .filter(|seat| seat["state"] == "waiting")
            .map(|seat| (seat["position"].as_i64().unwrap(), number(seat)))
            .collect();
        waiting.sort_unstable();
        for (place, (position, _)) in (1..).zip(&waiting) {
            assert_eq!(*position, place);
        }
        let license = self.contoso.get(GOLD).await.ok();
        assert_eq!(license["assigned"], active.len());
        assert_eq!(license["waiting"], waiting.len());
        (active, waiting.into_iter().map(|(_, user)| user).collect())
    }
}

async fn groups(world: &World, seats: i64, users: usize) -> Groups {
    let (_, contoso) = story(world, seats, users).await;
    Groups { contoso }
}

flow!(
    /// ASG-04: members of nested groups have the license by being in them, and lose it by leaving; another
    /// way in keeps it.
    members_of_nested_groups_have_the_license,
    |world: World| async move {
        let groups = groups(&world, 9, 5).await;
        let (all, team, crew) = (groups.make("All").await, groups.make("Team").await, groups.make("Crew").await);
        groups.add(&team, &[0, 1], &[]).await;
        groups.add(&crew, &[1, 2], &[]).await;
        groups.add(&all, &[3], &[&team]).await;
        assert_eq!(groups.license(&all).await["items"][0]["pending"], false);
        assert_eq!(groups.seats().await, (vec![0, 1, 3], vec![]));
        groups.add(&team, &[4], &[&crew]).await;
        assert_eq!(groups.seats().await, (vec![0, 1, 2, 3, 4], vec![]));
        groups.remove(&team, &[1, 4], &[]).await;
        assert_eq!(groups.seats().await, (vec![0, 1, 2, 3], vec![]), "1 is in by the crew, too");
        groups.remove(&all, &[], &[&team]).await;
        assert_eq!(groups.seats().await, (vec![3], vec![]));
        groups.add(&all, &[], &[&crew]).await;
        assert_eq!(groups.seats().await, (vec![1, 2, 3], vec![]));
        assert_eq!(groups.unlicense(&all).await["items"], json!([]));
        assert_eq!(groups.seats().await, (vec![], vec![]));
    }
);

flow!(
    /// ASG-04: with more members than seats the earliest have them, the others wait in the order in which they
    /// came; a seat that becomes free goes to the first of them, and a direct assignment gets none.
    the_earliest_members_have_the_seats,
    |world: World| async move {
        let groups = groups(&world, 2, 6).await;
        let team = groups.make("Team").await;
        for n in [4, 2, 0, 3] {
            groups.add(&team, &[n], &[]).await;
            world.pass_seconds(60);
        }
        groups.license(&team).await;
        assert_eq!(groups.seats().await, (vec![2, 4], vec![0, 3]));
        groups.add(&team, &[1], &[]).await;
        assert_eq!(groups.seats().await, (vec![2, 4], vec![0, 3, 1]));
        let body = json!({ "users": [user(5)] });
        let refused = groups.contoso.post(&format!("{GOLD}/assignments"), body).await.refused(409, "assignment.refused");
        assert_eq!(refused["context"]["failures"][0]["error"], "CountViolation");
        let one = json!({ "users": [user(0)] });
        groups.contoso.post(&format!("{GOLD}/assignments"), one).await.refused(409, "assignment.refused");
        groups.remove(&team, &[4], &[]).await;
        assert_eq!(groups.seats().await, (vec![0, 2], vec![3, 1]));
        groups.remove(&team, &[3], &[]).await;
        assert_eq!(groups.seats().await, (vec![0, 2], vec![1]));
        groups.contoso.post(&format!("/users/{}/deactivate", user(2)), json!({})).await.ok();
        assert_eq!(groups.seats().await, (vec![0, 1], vec![]));
        groups.contoso.post(&format!("/users/{}/activate", user(2)), json!({})).await.ok();
        assert_eq!(groups.seats().await, (vec![0, 1], vec![2]), "back in the group");
        groups.contoso.delete(&format!("/users/{}", user(2))).await.ok();
        assert_eq!(groups.seats().await, (vec![0, 1], vec![]));
    }
);

flow!(
    /// ASG-05: what comes from a group cannot be taken off the user; a direct assignment can, and leaves what
    /// is inherited.
    an_inherited_license_stays,
    |world: World| async move {
        let groups = groups(&world, 3, 3).await;
        let team = groups.make("Team").await;
        groups.add(&team, &[0, 1], &[]).await;
        groups.license(&team).await;
        groups.assign(0).await;
        groups.assign(2).await;
        let unassignments = format!("{GOLD}/unassignments");
        let both = json!({ "users": [user(0), user(1), user(2)] });
        let refused = groups.contoso.post(&unassignments, both).await.refused(409, "assignment.inherited");
        assert_eq!(refused["context"]["failures"], json!([{ "user": user(1), "groups": [team] }]));
        assert_eq!(groups.seats().await.0, [0, 1, 2], "nothing has changed");
        let direct = json!({ "users": [user(0), user(2)] });
        let done = groups.contoso.post(&unassignments, direct).await.ok();
        assert_eq!(done["results"][0]["outcome"], "unassigned");
        assert_eq!(groups.seats().await.0, [0, 1], "0 has it through the group");
        let seats = groups.contoso.get(&format!("{GOLD}/seats")).await.ok();
        assert_eq!(seats["items"][0]["paths"][0]["source"], format!("group:{team}"));
    }
);

flow!(
    /// ASG-06: a group with licenses cannot be deleted; one without, through which users are in a licensed one,
    /// takes them along.
    a_group_with_licenses_cannot_be_deleted,
    |world: World| async move {
        let groups = groups(&world, 3, 3).await;
        let (all, team) = (groups.make("All").await, groups.make("Team").await);
        groups.add(&team, &[0, 1], &[]).await;
        groups.add(&all, &[2], &[&team]).await;
        groups.license(&all).await;
        groups.contoso.delete(&format!("/groups/{all}")).await.refused(409, "group.licensed");
        assert_eq!(groups.seats().await.0, [0, 1, 2]);
        groups.contoso.delete(&format!("/groups/{team}")).await.no_content();
        assert_eq!(groups.seats().await.0, [2]);
        groups.unlicense(&all).await;
        groups.contoso.delete(&format!("/groups/{all}")).await.no_content();
        groups.contoso.get(&format!("/groups/{all}")).await.refused(404, "resource.not_found");
    }
);

flow!(
    /// ASG-04: more users than one transaction takes follow some at a time, and nobody twice; what came up since
    /// somebody found nothing left to do is not taken for done.
    large_groups_follow_in_steps,
    |world: World| async move {
        let groups = groups(&world, 1, 0).await;
        let (all, team) = (groups.make("All").await, groups.make("Team").await);
        for n in 0..11 {
            let users: Vec<Value> = (n * 100..n * 100 + 100)
                .map(|n| json!({ "email": user(n), "name": "U" }))
                .collect();
            for body in &users {
                groups.contoso.post("/users", body.clone()).await.created();
            }
            let named: Vec<Value> = users.iter().map(|body| body["email"].clone()).collect();
            groups.contoso.post(&format!("/groups/{team}/members"), json!({ "users": named })).await.ok();
        }
        groups.license(&all).await;
        groups.add(&all, &[], &[&team]).await;
        let pending = groups.contoso.get(&format!("/groups/{all}/licenses")).await.ok();
        assert_eq!(pending["items"][0]["pending"], true);
        let progress = &pending["items"][0]["progress"];
        let (done, total) = (progress["done"].as_i64().unwrap(), progress["total"].as_i64().unwrap());
        assert_eq!((done, total), (0, 1100));
        let of_all = world.app.db.read(|tx| Box::pin(store::list_pending(tx, 9))).await.unwrap();
        groups.remove(&all, &[], &[&team]).await;
        groups.add(&all, &[], &[&team]).await;
        let settle = |license: GroupLicense| {
            world.app.db.write(move |tx| Box::pin(async move { follow::settle(tx, &license).await }))
        };
        settle(of_all[0].clone()).await.unwrap();
        world.run_jobs().await;
        let done = groups.contoso.get(&format!("/groups/{all}/licenses")).await.ok();
        assert_eq!(done["items"][0]["pending"], false);
        assert_eq!(done["items"][0]["progress"], json!({ "total": total, "done": total }));
        assert_eq!(groups.contoso.get(GOLD).await.ok()["waiting"], 1099);
        assert_eq!(groups.unlicense(&all).await["items"][0]["ending"], true);
        world.run_jobs().await;
        let license = groups.contoso.get(GOLD).await.ok();
        assert_eq!((&license["waiting"], &license["assigned"]), (&json!(0), &json!(0)));
        assert_eq!(groups.contoso.get(&format!("/groups/{all}/licenses")).await.ok()["items"], json!([]));
    }
);

flow!(groups_have_no_cycles_and_are_the_tenants_own, |world: World| async move {
    let groups = groups(&world, 1, 2).await;
    let (all, team, crew) = (groups.make("All").await, groups.make("Team").await, groups.make("Crew").await);
    groups.contoso.post("/groups", json!({ "name": "All" })).await.refused(409, "group.name_taken");
    let turned =
        groups.contoso.post("/groups", json!({ "name": "All \u{202E}sevitucexE" })).await.wrong_fields();
    assert_eq!(turned, [("name".to_owned(), "text.direction_override".to_owned())]);
    groups.add(&all, &[], &[&team]).await;
    groups.add(&team, &[0], &[&crew]).await;
    let members = |group: &str| format!("/groups/{group}/members");
    for inside in [&crew, &team] {
        groups.contoso.post(&members(inside), json!({ "groups": [all] })).await.refused(409, "group.cycle");
    }
    groups.contoso.post(&members(&all), json!({ "groups": [all] })).await.refused(409, "group.cycle");
    let unknown = json!({ "users": [user(1), "nobody@contoso.example"] });
    groups.contoso.post(&members(&all), unknown).await.refused(409, "group.members_unknown");
    let direct = groups.contoso.get(&members(&all)).await.ok();
    assert_eq!(direct["items"].as_array().unwrap().len(), 1, "nobody was added");
    let mut inner = crew;
    for n in 0..7 {
        let next = groups.make(&format!("Deep {n}")).await;
        groups.add(&inner, &[], &[&next]).await;
        inner = next;
    }
    let last = groups.make("Deepest").await;
    groups.contoso.post(&members(&inner), json!({ "groups": [last] })).await.refused(409, "group.too_deep");
    let litware = world.customer("litware").await;
    litware.get(&format!("/groups/{all}")).await.refused(404, "resource.not_found");
    let foreign = litware.post("/groups", json!({ "name": "Foreign" })).await.created();
    groups
        .contoso
        .post(&members(&all), json!({ "groups": [foreign["id"]] }))
        .await
        .refused(404, "resource.not_found");
});

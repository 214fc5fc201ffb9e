use serde_json::{Value, json};

use super::{csv, days_later, numbers};
use crate::doctor;
use crate::testing::{Client, World, flow};

const COUNTS: [&str; 6] = ["granted", "assigned", "available", "waiting", "warning", "suspended"];

fn user(n: usize) -> String {
    format!("u{n}@contoso.example")
}

/// contoso holds three gold seats and one silver; two users have gold, and a group of three that is licensed for
/// silver has one seat among them. A fortnight later a gold seat is freed.
async fn story(world: &World) -> (Client, Client, String) {
    let fabrikam = world.publisher("fabrikam").await;
    world.live_offer(&fabrikam, "f365", &["silver", "gold"]).await;
    let contoso = world.customer("contoso").await;
    let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 3), ("silver", 1)]).await;
    for n in 0..3 {
        contoso.post("/users", json!({ "email": user(n), "name": "U" })).await.created();
    }
    let gold = json!({ "users": [user(0), user(1)] });
    contoso.post("/licenses/fabrikam.f365.gold/assignments", gold).await.ok();
    let group = contoso.post("/groups", json!({ "name": "Team" })).await.created()["id"].clone();
    let path = format!("/groups/{}", group.as_str().unwrap());
    let members = json!({ "users": [user(0), user(1), user(2)] });
    contoso.post(&format!("{path}/members"), members).await.ok();
    contoso.put(&format!("{path}/licenses/fabrikam.f365.silver"), json!({})).await.ok();
    world.run_jobs().await;
    let (fabrikam, contoso) = days_later(world, 14).await;
    let gone = json!({ "users": [user(1)] });
    contoso.post("/licenses/fabrikam.f365.gold/unassignments", gone).await.ok();
    world.run_jobs().await;
    (fabrikam, contoso, deal)
}

/// The samples between whose neighbours nothing changed are left out.
fn changes(history: &Value) -> Vec<(String, [i64; 6])> {
    let mut found: Vec<(String, [i64; 6])> = Vec::new();
    for item in history["items"].as_array().unwrap() {
        let counts = numbers(item, COUNTS);
        if found.last().is_none_or(|(_, last)| *last != counts) {
            found.push((item["of"].as_str().unwrap().to_owned(), counts));
        }
    }
    found
}

flow!(
    /// RPT-02: what a customer holds by plan: granted, assigned, available, waiting and idle, as JSON and CSV.
    a_customer_sees_what_it_holds,
    |world: World| async move {
        story(&world).await;
        let (_, contoso) = days_later(&world, 30).await;
        let report = contoso.get("/reports/seats").await.ok();
        let [gold, silver] = [0, 1].map(|at| report["items"][at].clone());
        assert_eq!(gold["service_id"], "fabrikam.f365.gold");
        assert_eq!((&gold["product"], &gold["plan"]), (&json!("f365"), &json!("gold")));
        assert_eq!(numbers(&gold, COUNTS), [3, 1, 2, 0, 0, 0]);
        assert_eq!(numbers(&silver, COUNTS), [1, 1, 0, 2, 0, 0]);
        assert_eq!(numbers(&report["total"], COUNTS), [4, 2, 2, 2, 0, 0]);
        let idle = |report: &Value| [&report["items"][0], &report["items"][1], &report["total"]].map(|row| row["idle"].clone());
        assert_eq!(idle(&report), [1, 1, 2]);
        assert_eq!(idle(&contoso.get("/reports/seats?idle_days=60").await.ok()), [0, 0, 0]);
        let leave = json!({ "until": world.now().plus_days(5) });
        contoso.put(&format!("/users/{}/leave", user(0)), leave).await.no_content();
        let table = "Service ID,Product,Plan,Granted,Assigned,Available,Warning,Suspended,Waiting,Idle\r\n\
            fabrikam.f365.gold,f365,gold,3,1,2,0,0,0,0\r\nfabrikam.f365.silver,f365,silver,1,1,0,0,0,2,0\r\n";
        assert_eq!(csv(&contoso, "/reports/seats.csv").await, table, "who has both is on leave");
        let wrong = contoso.get("/reports/seats?idle_days=0").await.wrong_fields();
        assert_eq!(wrong, [("idle_days".to_owned(), "days.out_of_range".to_owned())]);
        let litware = world.customer("litware").await;
        assert_eq!(litware.get("/reports/seats").await.ok()["items"], json!([]));
        assert_eq!(changes(&litware.get("/reports/seats/history").await.ok()).len(), 1, "ROL-01: nothing of others");
    }
);

flow!(
    /// RPT-02: the same over time, by day and by month, of one plan and of all; time alone changes seats that
    /// are over (LIC-07).
    a_customer_sees_how_it_went,
    |world: World| async move {
        let (fabrikam, contoso, deal) = story(&world).await;
        let range = "from=2026-09&until=2026-10";
        let gold = contoso.get(&format!("/reports/seats/history?{range}&service_id=fabrikam.f365.gold")).await.ok();
        assert_eq!(gold["items"].as_array().unwrap().len(), 35, "the days until today");
        let day = |day: &str, counts| (day.to_owned(), counts);
        assert_eq!(
            changes(&gold),
            [
                day("2026-09-01", [0; 6]),
                day("2026-09-21", [3, 2, 1, 0, 0, 0]),
                day("2026-10-05", [3, 1, 2, 0, 0, 0]),
            ]
        );
        let all = contoso.get(&format!("/reports/seats/history?{range}&interval=month")).await.ok();
        assert_eq!(
            changes(&all),
            [day("2026-09", [4, 3, 1, 2, 0, 0]), day("2026-10", [4, 2, 2, 2, 0, 0])]
        );
        let text = csv(&contoso, &format!("/reports/seats/history.csv?{range}&interval=month")).await;
        assert_eq!(
            text,
            "Of,Granted,Assigned,Available,Warning,Suspended,Waiting\r\n2026-09,4,3,1,0,0,2\r\n2026-10,4,2,2,0,0,2\r\n"
        );
        let body = json!({ "customer": world.tenant_id(&contoso).await, "remove": ["gold"] });
        fabrikam.put(&format!("/deals/{deal}/licenses"), body).await.ok();
        world.run_jobs().await;
        let (_, contoso) = days_later(&world, 40).await;
        let path = "/reports/seats/history?from=2026-10&until=2026-11&service_id=fabrikam.f365.gold";
        let over = changes(&contoso.get(path).await.ok());
        assert_eq!(
            over[1..],
            [
                day("2026-10-05", [0, 0, 0, 0, 1, 0]),
                day("2026-11-04", [0, 0, 0, 0, 0, 1]),
            ]
        );
        let wrong = contoso.get("/reports/seats/history?from=2026-11&until=2026-10&service_id=x").await.wrong_fields();
        assert_eq!(wrong.into_iter().map(|(field, _)| field).collect::<Vec<_>>(), ["from", "service_id"]);
    }
);

flow!(
    /// RPT-03: an answer says when it was refreshed, and whether anything is left to be read; the doctor
    /// compares, and everything can be made anew.
    every_report_says_how_fresh_it_is,
    |world: World| async move {
        let (_, contoso, _) = story(&world).await;
        let changed = world.now();
        let users = json!({ "users": [user(1), user(2)] });
        contoso.post("/licenses/fabrikam.f365.gold/assignments", users).await.ok();
        world.pass_seconds(60);
        let before = contoso.get("/reports/seats").await.ok();
        assert_eq!(before["refresh"]["complete"], false);
        assert_eq!(before["refresh"]["refreshed_at"], json!(changed), "the first entry that was not read");
        assert_eq!(before["items"][0]["assigned"], 1);
        world.run_jobs().await;
        let after = contoso.get("/reports/seats").await.ok();
        assert_eq!(after["refresh"]["complete"], true);
        assert_eq!(after["refresh"]["refreshed_at"], json!(world.now()));
        assert_eq!(after["refresh"]["position"], contoso.get("/events").await.ok()["head"]);
        assert_eq!(after["items"][0]["assigned"], 3);

        let history = contoso.get("/reports/seats/history").await.ok();
        crate::rebuild_reports(&world.app).await.map_err(|refused| refused.cause()).unwrap();
        assert_eq!(contoso.get("/reports/seats").await.ok(), after);
        assert_eq!(contoso.get("/reports/seats/history").await.ok(), history);
        let examined = doctor::examine(&world.app).await.map_err(|refused| refused.cause()).unwrap();
        let reports = examined.iter().find(|examined| examined.what == "reports").unwrap();
        assert_eq!((reports.count, reports.wrong.len()), (2, 0));
    }
);

use serde_json::{Value, json};

use super::{csv, days_later, numbers};
use crate::testing::{Client, World, flow};

const HEADER: &str = "Customer Country,Customer Country Code,Customer Name,Activation Date,Product Display Name,\
    Product ID,Licenses Provisioned,Licenses Assigned,SKU Name,Tenant ID,License State,Service ID\r\n";

/// fabrikam sells gold and silver to contoso, and later gold to a customer from elsewhere with a name that is
/// a formula.
async fn story(world: &World) -> (Client, Client, Client, String) {
    let fabrikam = world.publisher("fabrikam").await;
    world.live_offer(&fabrikam, "f365", &["silver", "gold"]).await;
    let contoso = world.customer("contoso").await;
    let deal = world.sold(&fabrikam, "f365", &contoso, &[("gold", 3), ("silver", 5)]).await;
    contoso.post("/users", json!({ "email": "u@contoso.example", "name": "U" })).await.created();
    let users = json!({ "users": ["u@contoso.example"] });
    contoso.post("/licenses/fabrikam.f365.gold/assignments", users).await.ok();
    world.run_jobs().await;
    let (fabrikam, contoso) = days_later(world, 20).await;
    let email = "admin@litware.example";
    let body = json!({
        "slug": "litware", "name": "=cmd(\"x\"), Ltd.", "country": "US",
        "admin": { "email": email, "name": "L", "password": crate::testing::PASSWORD },
    });
    world.operator().await.post("/tenants", body).await.created();
    let litware = world.sign_in(email).await;
    world.sold(&fabrikam, "f365", &litware, &[("gold", 7)]).await;
    world.run_jobs().await;
    (fabrikam, contoso, litware, deal)
}

fn row(item: &Value) -> (String, String, i64, i64, String) {
    let text = |name: &str| item[name].as_str().unwrap().to_owned();
    let [provisioned, assigned] = numbers(item, ["provisioned", "assigned"]);
    (text("customer_name"), text("service_id"), provisioned, assigned, text("state"))
}

async fn rows(publisher: &Client, query: &str) -> Vec<(String, String, i64, i64, String)> {
    let report = publisher.get(&format!("/reports/licenses{query}")).await.ok();
    assert_eq!(report["refresh"]["complete"], true);
    report["items"].as_array().unwrap().iter().map(row).collect()
}

fn known(name: &str, plan: &str, counts: (i64, i64), state: &str) -> (String, String, i64, i64, String) {
    (name.to_owned(), format!("fabrikam.f365.{plan}"), counts.0, counts.1, state.to_owned())
}

flow!(
    /// RPT-01: by plan and customer what is provisioned and assigned, its state, when it was activated, tenant and
    /// service id; of a range of months, an offer, a plan, a customer, a country; page by page.
    a_publisher_sees_what_its_customers_have,
    |world: World| async move {
        let (fabrikam, contoso, _, _) = story(&world).await;
        let contosos = world.tenant_id(&contoso).await;
        let gold = known("contoso Ltd.", "gold", (3, 1), "active");
        let silver = known("contoso Ltd.", "silver", (5, 0), "active");
        let far = known("=cmd(\"x\"), Ltd.", "gold", (7, 0), "active");
        assert_eq!(rows(&fabrikam, "").await, [gold.clone(), silver.clone(), far.clone()]);
        let first = fabrikam.get("/reports/licenses?limit=2").await.ok();
        let cursor = first["next_cursor"].as_str().unwrap();
        assert_eq!(first["items"].as_array().unwrap().len(), 2);
        assert_eq!(rows(&fabrikam, &format!("?limit=2&cursor={cursor}")).await, vec![far.clone()]);
        let item = &first["items"][0];
        assert_eq!((&item["customer"], &item["country"]), (&contosos, &json!("KR")));
        assert!(item["activated_at"].as_str().unwrap().starts_with("2026-09-21T"));
        assert_eq!((&item["product"], &item["plan"]), (&json!("f365"), &json!("gold")));
        for (query, expected) in [
            ("?plan=silver", vec![silver.clone()]),
            ("?country=US", vec![far.clone()]),
            ("?offer=other", vec![]),
            ("?from=2026-10&until=2026-10&plan=gold", vec![gold.clone(), far.clone()]),
            // What was when September ended.
            ("?from=2026-09&until=2026-09&plan=gold", vec![gold.clone()]),
            ("?from=2026-07&until=2026-08", vec![]),
            (&format!("?customer={}", contosos.as_str().unwrap()), vec![gold, silver]),
        ] {
            assert_eq!(rows(&fabrikam, query).await, expected, "{query}");
        }
        let wrong = "/reports/licenses?from=2026-1&country=XX&plan=-&customer=x&offer=A.B";
        let fields: Vec<_> = fabrikam.get(wrong).await.wrong_fields().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["from", "offer", "plan", "customer", "country"]);
        fabrikam.get("/reports/licenses?cursor=00").await.ok();
        fabrikam.get(&format!("/reports/licenses?cursor={}", "00".repeat(20))).await.ok();
    }
);

flow!(
    /// RPT-01: CSV has exactly the known columns (RFC 4180), a name that is a formula does nothing in a
    /// spreadsheet, and nothing of people is in it (REL-06).
    the_csv_is_what_publishers_know,
    |world: World| async move {
        let (fabrikam, contoso, litware, _) = story(&world).await;
        let (contoso, litware) = (world.tenant_id(&contoso).await, world.tenant_id(&litware).await);
        let (contoso, litware) = (contoso.as_str().unwrap(), litware.as_str().unwrap());
        let expected = format!(
            "{HEADER}South Korea,KR,contoso Ltd.,2026-09-21,f365,fabrikam.f365,3,1,gold,{contoso},active,fabrikam.f365.gold\r\n\
             South Korea,KR,contoso Ltd.,2026-09-21,f365,fabrikam.f365,5,0,silver,{contoso},active,fabrikam.f365.silver\r\n\
             United States,US,\"'=cmd(\"\"x\"\"), Ltd.\",2026-10-11,f365,fabrikam.f365,7,0,gold,{litware},active,fabrikam.f365.gold\r\n"
        );
        assert_eq!(csv(&fabrikam, "/reports/licenses.csv").await, expected);
        assert_eq!(csv(&fabrikam, "/reports/licenses.csv?from=2025-01&until=2025-12").await, HEADER);
    }
);

flow!(
    /// RPT-01: trend by month and distribution by plan, state and country; a license that was removed is in
    /// warning, then suspended, then gone, whether or not anything happens (LIC-08).
    charts_have_trend_and_distribution,
    |world: World| async move {
        let (fabrikam, _, _, deal) = story(&world).await;
        let summary = fabrikam.get("/reports/licenses/summary?from=2026-08&until=2026-12").await.ok();
        assert_eq!(numbers(&summary["total"], ["licenses", "provisioned", "assigned"]), [3, 15, 1]);
        let trend = json!([
            { "month": "2026-08", "provisioned": 0, "assigned": 0 },
            { "month": "2026-09", "provisioned": 8, "assigned": 1 },
            { "month": "2026-10", "provisioned": 15, "assigned": 1 },
        ]);
        assert_eq!(summary["trend"], trend, "months that have begun");
        let share = |key: &str, name: &str, [licenses, provisioned, assigned]: [i64; 3]| json!({
            "key": key, "name": name, "licenses": licenses, "provisioned": provisioned, "assigned": assigned,
        });
        assert_eq!(summary["by_country"], json!([share("KR", "South Korea", [2, 8, 1]), share("US", "United States", [1, 7, 0])]));
        let gold = share("fabrikam.f365.gold", "f365 gold", [2, 10, 1]);
        assert_eq!(summary["by_plan"], json!([gold, share("fabrikam.f365.silver", "f365 silver", [1, 5, 0])]));
        assert_eq!(summary["by_state"], json!([share("active", "active", [3, 15, 1])]));

        let customer = summary_customer(&fabrikam).await;
        let body = json!({ "customer": customer, "remove": ["gold"] });
        fabrikam.put(&format!("/deals/{deal}/licenses"), body).await.ok();
        world.run_jobs().await;
        let gold = |state: &str| known("contoso Ltd.", "gold", (0, 0), state);
        let query = format!("?plan=gold&customer={}", customer.as_str().unwrap());
        assert_eq!(rows(&fabrikam, &query).await, [gold("warning")]);
        let (fabrikam, _) = days_later(&world, 31).await;
        assert_eq!(rows(&fabrikam, &query).await, [gold("suspended")]);
        let (fabrikam, _) = days_later(&world, 90).await;
        world.run_jobs().await;
        assert_eq!(rows(&fabrikam, &query).await, [gold("gone")], "it was there within the range");
        assert_eq!(rows(&fabrikam, &format!("{query}&from=2027-04&until=2027-04")).await, []);
    }
);

/// The customer that comes first.
async fn summary_customer(publisher: &Client) -> Value {
    publisher.get("/reports/licenses?limit=1").await.ok()["items"][0]["customer"].clone()
}

flow!(
    /// RPT-01, ROL-01: a publisher sees its own offers and customers only, and customers see no such report.
    a_publisher_sees_only_its_own,
    |world: World| async move {
        let (_, contoso, _, _) = story(&world).await;
        let northwind = world.publisher("northwind").await;
        world.run_jobs().await;
        assert_eq!(rows(&northwind, "").await, []);
        let contosos = world.tenant_id(&contoso).await;
        assert_eq!(rows(&northwind, &format!("?offer=f365&customer={}", contosos.as_str().unwrap())).await, []);
        assert_eq!(csv(&northwind, "/reports/licenses.csv").await, HEADER);
        let summary = northwind.get("/reports/licenses/summary").await.ok();
        assert_eq!(numbers(&summary["total"], ["licenses", "provisioned", "assigned"]), [0, 0, 0]);
        for path in ["/reports/licenses", "/reports/licenses.csv", "/reports/licenses/summary"] {
            contoso.get(path).await.refused(403, "access.forbidden");
        }
    }
);

//! Lists as files.

use serde_json::json;

use crate::testing::{World, flow};

flow!(
    /// A list is also a file: all of it whatever its length, as its filters have it, for spreadsheets (UTF-8 that they
    /// recognise, no formula), in the reader's language; whom the list is not for finds no file either.
    a_list_is_also_a_file,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        world.customer("litware").await;
        for number in 0..105 {
            let user = json!({ "email": format!("user{number}@contoso.example"), "name": format!("User {number}") });
            contoso.post("/users", user).await.created();
        }
        contoso.post("/users", json!({ "email": "evil@contoso.example", "name": "=1+1" })).await.created();
        let mut admin = world.browser_of("admin@contoso.example").await;
        let list = admin.get("/admin/users?search=user").await.ok();
        list.says("/admin/users.csv?search=user");
        let file = admin.get("/admin/users.csv").await.ok();
        assert_eq!(file.headers["content-disposition"], "attachment; filename=\"users.csv\"");
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8; header=present");
        assert_eq!(file.headers["cache-control"], "no-store");
        assert!(file.html.starts_with("\u{feff}Name,"), "{}", file.html);
        assert_eq!(file.html.lines().count(), 1 + 105 + 2);
        assert!(file.html.contains("\r\n'=1+1,evil@contoso.example,"), "{}", file.html);
        let some = admin.get("/admin/users.csv?search=user10").await.ok();
        assert_eq!(some.html.lines().count(), 1 + 6, "user10, and user100 to user104");
        let mut korean = admin.clone().reading("ko");
        korean.get("/admin/users.csv").await.ok().says("이메일 주소");
        let mut stranger = world.browser_of("admin@litware.example").await;
        assert_eq!(stranger.get("/admin/users.csv").await.ok().html.lines().count(), 2);
        world.user(&contoso, "plain@contoso.example", &[]).await;
        let mut user = world.browser_of("plain@contoso.example").await;
        assert_eq!(user.get("/admin/users.csv").await.status, 404);
    }
);

flow!(
    /// The lists of sellers, of seats and of the operator: each row as its page has it, and what is not there is no file.
    every_list_has_its_file,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let contoso = world.customer("contoso").await;
        world.live_offer(&fabrikam, "f365", &["gold"]).await;
        world.sold(&fabrikam, "f365", &contoso, &[("gold", 2)]).await;
        contoso.post("/licenses/fabrikam.f365.gold/assignments", json!({ "users": ["admin@contoso.example"] })).await.ok();
        contoso.post("/storefront/offers/fabrikam.f365/contact", json!({ "consent": true })).await.ok();
        let mut seller = world.browser_of("admin@fabrikam.example").await;
        for (path, has) in [
            ("/publisher/offers.csv", "f365,Live"),
            ("/publisher/deals.csv?tab=in_progress", "Contoso Ltd.,f365 alias,"),
            ("/publisher/customers.csv", ",1,2,1"),
            ("/publisher/leads.csv", "admin@contoso.example"),
        ] {
            seller.get(path).await.ok().says(has);
        }
        let mut customer = world.browser_of("admin@contoso.example").await;
        customer.get("/admin/licenses/fabrikam.f365.gold/seats.csv").await.ok().says("Admin of contoso,admin@contoso.example");
        assert_eq!(customer.get("/admin/licenses/fabrikam.f365.iron/seats.csv").await.status, 404);
        assert_eq!(customer.get("/publisher/deals.csv").await.status, 404);
        world.operator().await;
        let mut operator = world.browser_of("operator@marketplace.example").await;
        operator.get("/operator/tenants.csv?kind=publisher").await.ok().says("fabrikam,");
    }
);

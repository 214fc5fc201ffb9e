//! What no password may be, wherever one is set.

use serde_json::json;

use crate::bootstrap;
use crate::kit::Refused;
use crate::testing::{PASSWORD, Seen, World, flow};

fn said(page: &Seen, field: &str) {
    assert_eq!(page.status, 422);
    page.says(&format!("id=\"{field}-error\""));
    page.says("must not be the address");
}

flow!(
    /// The API refuses one's own address as a password at the field it came in.
    no_password_is_the_address_over_the_api,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let kim = world.user(&contoso, "kim.the.tester@contoso.example", &[]).await;
        let wrong = |field: &str| [(field.to_owned(), "password.address".to_owned())];
        let path = "/users/kim.the.tester@contoso.example/password";
        for typed in ["KIM.THE.TESTER", "Kim.The.Tester@contoso.example", "kim.the.\u{200b}tester"] {
            let own = kim.put("/me/password", json!({ "present": PASSWORD, "new": typed })).await;
            assert_eq!(own.wrong_fields(), wrong("new"));
            assert_eq!(contoso.put(path, json!({ "password": typed })).await.wrong_fields(), wrong("password"));
        }
        for (typed, code) in [("           ", "password.blank"), ("ten\tcharacters", "password.control_character")] {
            let refused = contoso.put(path, json!({ "password": typed })).await;
            assert_eq!(refused.wrong_fields(), [("password".to_owned(), code.to_owned())]);
        }
        let lee = json!({ "email": "lee.the.tester@contoso.example", "name": "Lee", "password": "lee.the.tester" });
        assert_eq!(contoso.post("/users", lee).await.wrong_fields(), wrong("password"));
        let admin = json!({ "email": "a@litware.example", "name": "Ann", "password": "a@litware.example" });
        let tenant = json!({ "slug": "litware", "name": "Litware", "country": "KR", "admin": admin });
        let refused = world.operator().await.post("/tenants", tenant).await;
        assert_eq!(refused.wrong_fields(), wrong("admin.password"));
        let new = world.new_marketplace().await;
        let (email, token) = ("olga@market.example", bootstrap::setup_token(&new.app));
        let body = json!({ "token": token, "email": email, "name": "Olga", "password": email });
        assert_eq!(new.anonymous().post("/setup", body).await.wrong_fields(), wrong("password"));
        let made = bootstrap::create_operator(&new.app, email, "Olga", email).await;
        let problem = made.map_err(Refused::into_problem).unwrap_err();
        assert_eq!((&*problem.errors[0].field, &*problem.errors[0].code), ("password", "password.address"));
        assert!(!bootstrap::has_operator(&new.app).await.unwrap());
    }
);

flow!(
    /// The pages say it beside the field, in the language of the reader.
    no_password_is_the_address_on_pages,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let kim = "kim.the.tester@contoso.example";
        world.user(&contoso, kim, &[]).await;
        let id = contoso.get(&format!("/users/{kim}")).await.ok()["id"].as_str().unwrap().to_owned();
        let twice = [("new_password", kim), ("repeated_password", kim)];
        let mut admin = world.browser_of("admin@contoso.example").await;
        let page = admin.get(&format!("/admin/users/{id}")).await.ok();
        said(&admin.submit(&page, &format!("/admin/users/{id}/password"), &twice).await, "new_password");
        let page = admin.get("/admin/users/new").await.ok();
        let lee = [("name", "Lee"), ("email", "lee@contoso.example"), ("password", "LEE@contoso.example")];
        said(&admin.submit(&page, "/admin/users/new", &lee).await, "password");
        let mut own = world.browser_of(kim).await;
        let page = own.get("/account/password").await.ok();
        let typed = [twice.as_slice(), &[("present_password", PASSWORD)]].concat();
        said(&own.submit(&page, "/account/password", &typed).await, "new_password");
        let mut operator = world.browser_of("operator@marketplace.example").await;
        let page = operator.get("/operator/tenants/new").await.ok();
        let ann = "ann@litware.example";
        let names = [("name", "Litware"), ("slug", "litware"), ("country", "KR"), ("admin_name", "Ann")];
        let typed = [names.as_slice(), &[("admin_email", ann), ("admin_password", ann)]].concat();
        said(&operator.submit(&page, "/operator/tenants/new", &typed).await, "admin_password");
        let mut own = own.reading("ko");
        let page = own.get("/account/password").await.ok();
        let typed = [twice.as_slice(), &[("present_password", PASSWORD)]].concat();
        let refused = own.submit(&page, "/account/password", &typed).await;
        refused.says("이메일 주소나 @ 앞부분과 같을 수 없습니다");
    }
);

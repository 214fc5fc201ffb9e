use axum::http::Method;
use serde_json::json;

use crate::testing::{Seen, World, flow};

const TOKENS: &str = "/account/tokens";
const NEW: &str = "/account/tokens/new";

/// The token that a page shows.
fn secret(page: &Seen) -> String {
    let rest = page.html.split("<code>slp_").nth(1).unwrap_or_else(|| panic!("no token: {}", page.html));
    format!("slp_{}", rest.split('<').next().unwrap())
}

flow!(
    /// ROL-03: everybody makes, sees and revokes their own access tokens; a token is shown once, and made once.
    tokens_are_made_and_revoked_by_hand,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        for name in ["ann", "bob"] {
            world.user(&contoso, &format!("{name}@contoso.example"), &[]).await;
        }
        let mut ann = world.browser_of("ann@contoso.example").await;
        assert!(ann.get("/account/password").await.ok().links().contains(TOKENS));
        ann.get(TOKENS).await.ok().says("No access token yet");
        let new = ann.get(NEW).await.ok();
        let wrong = ann.submit(&new, NEW, &[("name", " "), ("days", "400")]).await;
        assert_eq!(wrong.status, 422);
        wrong.says("id=\"name-error\"");
        wrong.says("id=\"days-error\"");
        let stale = ann.submit(&new, NEW, &[("name", "Laptop"), ("days", "30"), ("_token", "old")]).await;
        assert_eq!(stale.status, 403);
        stale.says("value=\"Laptop\"");
        let typed = [("name", "Laptop"), ("days", "30")];
        let made = ann.submit(&new, NEW, &typed).await.ok();
        let token = secret(&made);
        assert_eq!(world.with_token(&token).get("/me").await.ok()["user"]["email"], "ann@contoso.example");
        assert_eq!(ann.submit(&new, NEW, &typed).await.status, 409, "it is made once");
        let page = ann.get(TOKENS).await.ok();
        page.says("Laptop");
        assert!(!page.html.contains(&token) && page.html.matches("popover id=\"revoke-").count() == 1);
        let action = page.html.split("action=\"").find(|part| part.starts_with("/account/tokens/")).unwrap();
        let revoke = action.split('"').next().unwrap().to_owned();
        let mut bob = world.browser_of("bob@contoso.example").await;
        let own = bob.get(NEW).await.ok().form(NEW).remove(0).1;
        let body = serde_urlencoded::to_string([("_token", own)]).unwrap();
        assert_eq!(bob.once(&Method::POST, &revoke, &body).await.status, 404, "somebody else's");
        ann.submit(&page, &revoke, &[]).await.ok().says("The access token was revoked.");
        world.with_token(&token).get("/me").await.refused(401, "identity.unauthenticated");
        ann.reading("ko").get(TOKENS).await.ok().says("아직 액세스 토큰이 없습니다");
        let lost = world.browser().get(TOKENS).await.ok();
        assert!(lost.path.starts_with("/sign-in?back="), "{}", lost.path);
    }
);

flow!(
    /// ROL-02: a user admin gives a user a new password, which ends every session and token; not to whoever holds a
    /// role, and nobody to themselves without the present one.
    a_user_is_given_a_password_by_hand,
    |world: World| async move {
        let contoso = world.customer("contoso").await;
        let ann = world.user(&contoso, "ann@contoso.example", &[]).await;
        world.user(&contoso, "uma@contoso.example", &["user_admin"]).await;
        let token = ann.post("/me/tokens", json!({ "name": "x", "days": 1 })).await.created();
        let token = world.with_token(token["secret"].as_str().unwrap());
        let page_of = |email: &'static str| {
            let contoso = &contoso;
            async move {
                let user = contoso.get(&format!("/users/{email}")).await.ok();
                format!("/admin/users/{}", user["id"].as_str().unwrap())
            }
        };
        let here = page_of("ann@contoso.example").await;
        let set = format!("{here}/password");
        let mut uma = world.browser_of("uma@contoso.example").await;
        let page = uma.get(&here).await.ok();
        page.says("every session and access token of the user ends");
        let new = "a whole new sentence";
        let wrong = uma.submit(&page, &set, &[("new_password", new), ("repeated_password", "else")]).await;
        assert_eq!(wrong.status, 422);
        wrong.says("id=\"repeated_password-error\"");
        assert!(!wrong.html.contains(new), "a password is not shown");
        let typed = [("new_password", new), ("repeated_password", new)];
        let stale = [typed.as_slice(), &[("_token", "old")]].concat();
        assert_eq!(uma.submit(&page, &set, &stale).await.status, 403);
        ann.get("/me").await.ok();
        uma.submit(&wrong, &set, &typed).await.ok().says("The password was set.");
        for ended in [ann, token] {
            ended.get("/me").await.refused(401, "identity.unauthenticated");
        }
        let again = json!({ "email": "ann@contoso.example", "password": new });
        world.anonymous().post("/sessions", again).await.created();
        let admin = page_of("admin@contoso.example").await;
        let page = uma.get(&admin).await.ok();
        let form = format!("{admin}/password");
        assert!(!page.html.contains(&form), "the user holds a role");
        let token = wrong.form(&set).into_iter().find(|(name, _)| name == "_token").unwrap().1;
        let sent = [("_token", token.as_str()), ("new_password", new), ("repeated_password", new)];
        let body = serde_urlencoded::to_string(sent).unwrap();
        assert_eq!(uma.once(&Method::POST, &form, &body).await.status, 403);
        let mut own = world.browser_of("admin@contoso.example").await;
        let page = own.get(&admin).await.ok();
        assert!(!page.html.contains(&form) && page.links().contains("/account/password"));
        let token = own.get("/account/password").await.ok().form("/account/password");
        let token = token.into_iter().find(|(name, _)| name == "_token").unwrap().1;
        let sent = [("_token", token.as_str()), ("new_password", new), ("repeated_password", new)];
        let body = serde_urlencoded::to_string(sent).unwrap();
        assert_eq!(own.once(&Method::POST, &form, &body).await.status, 409, "without knowing the present one");
        let one_s_own = contoso.put("/users/admin@contoso.example/password", json!({ "password": new })).await;
        one_s_own.refused(409, "user.own_password");
        world.customer("litware").await;
        let mut stranger = world.browser_of("admin@litware.example").await;
        let token = stranger.get(NEW).await.ok().form(NEW).remove(0).1;
        let sent = [("_token", token.as_str()), ("new_password", new), ("repeated_password", new)];
        let body = serde_urlencoded::to_string(sent).unwrap();
        assert_eq!(stranger.once(&Method::POST, &set, &body).await.status, 404);
        own.reading("ko").get(&here).await.ok().says("비밀번호 설정");
    }
);

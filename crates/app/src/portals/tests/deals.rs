//! Deals, licenses and invitations in the publisher portal, by hand.

use crate::testing::{World, flow};

flow!(
    /// DEA-01, DEA-02, DEA-03, REL-01, LIC-01, LIC-02, LIC-07: a deal is registered and submitted, a customer invited,
    /// licenses are granted, and a reduction says what it comes to before it is made.
    licenses_are_sold_by_hand,
    |world: World| async move {
        let fabrikam = world.publisher("fabrikam").await;
        let contoso = world.customer("contoso").await;
        world.live_offer(&fabrikam, "f365", &["bronze", "gold"]).await;
        world.user(&fabrikam, "sales@fabrikam.example", &["referrals_admin"]).await;
        let mut sales = world.browser_of("sales@fabrikam.example").await;
        sales.get("/publisher/deals").await.ok().says("No deal here");
        let new = sales.get("/publisher/new-deal").await.ok();
        new.says(">South Korea</option>");
        let typed = [
            ("customer.company", "Contoso Ltd."),
            ("customer.country", "KR"),
            ("offer", "f365"),
            ("hosting", "customer_cloud"),
            ("total_value", "100"),
            ("solution_value", "200.50"),
            ("signed_on", "2026-09-21"),
            ("starts_on", "2026-09-20"),
            ("contact.first_name", "Sam"),
            ("contact.last_name", "Sales"),
            ("contact.phone", "+1 555 0100"),
        ];
        let refused = sales.submit(&new, "/publisher/new-deal", &typed).await;
        assert_eq!(refused.status, 422);
        refused.says("id=\"solution_value-error\"");
        refused.says("id=\"starts_on-error\"");
        refused.says("Contoso Ltd.");
        let mended = [
            ("customer.country", "KR"),
            ("offer", "f365"),
            ("hosting", "customer_cloud"),
            ("solution_value", "50.50"),
            ("starts_on", "2026-09-21"),
        ];
        let deal = sales.submit(&refused, "/publisher/new-deal", &mended).await.ok();
        deal.says("USD 50.50");
        deal.says("Submit the deal first.");
        let at = deal.path.clone();
        let deal = sales.submit(&deal, &format!("{at}/submit"), &[]).await.ok();
        deal.says("No customer has consented yet");
        let invite = sales.get("/publisher/invitations").await.ok();
        let made = sales.submit(&invite, "/publisher/invitations", &[("note", "Contoso"), ("language", "en")]).await.ok();
        let token = made.html.split("token=").nth(1).unwrap().split(['<', '"']).next().unwrap().to_owned();
        let mut admin = world.browser_of("admin@contoso.example").await;
        let consent = admin.get(&format!("/invitations/accept?token={token}")).await.ok();
        admin.submit(&consent, "/invitations/accept", &[]).await.ok();
        sales.get("/publisher/customers").await.ok().says("contoso Ltd.");
        let licenses = format!("{at}/licenses");
        let tenant = contoso.get("/me").await.ok()["tenant"]["id"].as_str().unwrap().to_owned();
        let deal = sales.get(&at).await.ok();
        deal.says(&format!("contoso Ltd. ({tenant})"));
        let none = sales.submit(&deal, &licenses, &[("customer", &tenant)]).await;
        assert_eq!(none.status, 422);
        let mut rows = deal.html.split("name=\"plan\" value=\"").skip(1);
        let number = format!("plans[{}].quantity", rows.position(|row| row.starts_with("gold")).unwrap());
        let typed = [("customer", tenant.as_str()), (number.as_str(), "many")];
        let wrong = sales.submit(&deal, &licenses, &typed).await;
        assert_eq!(wrong.status, 422);
        wrong.says(&format!("{number}-error"));
        let typed = [("customer", tenant.as_str()), (number.as_str(), "2")];
        let seen = number.replace("plans", "seen").replace(".quantity", "");
        let unseen = [typed[0], typed[1], (seen.as_str(), "")];
        let unseen = sales.submit(&wrong, &licenses, &unseen).await;
        assert_eq!(unseen.status, 422, "what was seen decides, and nobody can say what it was");
        unseen.says(&format!("{number}-error"));
        let remove = number.replace("plans", "remove").replace(".quantity", "");
        let both = sales.submit(&wrong, &licenses, &[typed[0], typed[1], (remove.as_str(), "yes")]).await;
        assert_eq!(both.status, 422, "a number and its removal are two wishes");
        sales.submit(&wrong, &licenses, &typed).await.ok().says("The licenses were updated.");
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["granted"], 2);
        for email in ["a@contoso.example", "b@contoso.example"] {
            world.user(&contoso, email, &[]).await;
            let body = serde_json::json!({ "users": [email] });
            contoso.post("/licenses/fabrikam.f365.gold/assignments", body).await.ok();
        }
        let deal = sales.get(&at).await.ok();
        let elsewhere = sales.get(&at).await.ok();
        let typed = [("customer", tenant.as_str()), (number.as_str(), "4")];
        sales.submit(&elsewhere, &licenses, &typed).await.ok().says("The licenses were updated.");
        let late = sales.submit(&deal, &licenses, &[("customer", tenant.as_str()), (number.as_str(), "3")]).await;
        assert_eq!(late.status, 422, "somebody else was faster");
        late.says("was 2 when you decided and is 4 now");
        let typed = [("customer", tenant.as_str()), (number.as_str(), "2")];
        let deal = sales.submit(&late, &licenses, &typed).await.ok();
        let typed = [("customer", tenant.as_str()), (number.as_str(), "1")];
        let asked = sales.submit(&deal, &licenses, &typed).await.ok();
        asked.says("Nothing was changed yet.");
        asked.says("1 seat goes over");
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["granted"], 2);
        sales.submit(&asked, &licenses, &[("customer", &tenant)]).await.ok().says("The licenses were updated.");
        assert_eq!(contoso.get("/licenses/fabrikam.f365.gold").await.ok()["granted"], 1);
        let customers = sales.get("/publisher/customers").await.ok();
        let end = format!("/publisher/customers/{tenant}/end");
        assert_eq!(sales.submit(&customers, &end, &[]).await.status, 409, "REL-05: licenses are active");
        let theirs = admin.get("/admin/relationships").await.ok();
        let end = theirs.html.split("action=\"").find_map(|rest| rest.split('"').next().filter(|at| at.ends_with("/end")));
        let refused = admin.submit(&theirs, end.unwrap(), &[]).await;
        refused.says("fabrikam.f365.gold");
        let remove = number.replace("plans[", "remove[").replace("].quantity", "]");
        let deal = sales.get(&at).await.ok();
        let asked = sales.submit(&deal, &licenses, &[("customer", &tenant), (&remove, "yes")]).await.ok();
        sales.submit(&asked, &licenses, &[("customer", &tenant)]).await.ok().says("The licenses were updated.");
        admin.submit(&theirs, end.unwrap(), &[]).await.ok().says("The relationship ended.");
        sales.get("/publisher/deals?tab=in_progress&search=contoso").await.ok().says("Contoso Ltd.");
        assert_eq!(sales.get("/publisher/offers").await.status, 404);
    }
);

//! Settings in the operator console.

use axum::http::Method;
use serde_json::json;

use crate::testing::{Seen, World, flow};

const EMAIL: &str = "operator@marketplace.example";
const PAGE: &str = "/operator/settings";

fn typed(page: &Seen, name: &str) -> String {
    page.form(PAGE).into_iter().find(|(known, _)| known == name).map(|(_, value)| value).unwrap()
}

flow!(
    /// What is set stands in its field, with who set it; what is emptied is as configured again.
    settings_are_set_and_set_back_in_the_console,
    |world: World| async move {
        let mut browser = world.browser_of(EMAIL).await;
        let page = browser.get(PAGE).await.ok();
        assert_eq!(typed(&page, "grace_reduced_days"), "");
        page.says("As configured");
        page.says("SEATLINE_BASE_URL");
        page.says("package_bytes_max");
        let sent = [("marketplace_name", "<b>한빛</b>"), ("grace_reduced_days", " 45 ")];
        let saved = browser.submit(&page, PAGE, &sent).await.ok();
        saved.says("The settings are saved");
        saved.says("<span>&#60;b&#62;한빛&#60;/b&#62;</span></a>");
        assert_eq!(typed(&saved, "grace_reduced_days"), "45");
        saved.says("Set here");
        saved.says("Configured: 90 days · set by Olga Operator");
        assert_eq!(world.app.in_force.grace().reduced_days, 45);

        let back = browser.submit(&saved, PAGE, &[("grace_reduced_days", "")]).await.ok();
        back.says("90 days · set back by Olga Operator");
        assert_eq!(typed(&back, "marketplace_name"), "<b>한빛</b>");
        assert_eq!(world.app.in_force.grace().reduced_days, 90);
    }
);

flow!(
    /// What is wrong stands at its field, and nothing that was typed is lost.
    wrong_settings_come_back_with_every_error,
    |world: World| async move {
        let mut browser = world.browser_of(EMAIL).await.reading("ko");
        let page = browser.get(PAGE).await.ok();
        let sent = [("go_live_delay_seconds", "soon"), ("lease_days_max", "0"), ("answer_grace_seconds", "600")];
        let wrong = browser.submit(&page, PAGE, &sent).await;
        assert_eq!(wrong.status, 422);
        wrong.says("go_live_delay_seconds-error");
        wrong.says("1 이상 365 이하의 정수여야 합니다");
        assert_eq!(typed(&wrong, "go_live_delay_seconds"), "soon");
        assert_eq!(typed(&wrong, "answer_grace_seconds"), "600");
        let short = [("go_live_delay_seconds", ""), ("lease_days_max", ""), ("answer_grace_seconds", "5")];
        let short = browser.submit(&wrong, PAGE, &short).await;
        assert_eq!(short.status, 422);
        short.says("answer_grace_seconds-error");
        assert_eq!(world.operator().await.get("/settings").await.ok()["revision"], 0);
    }
);

flow!(
    /// The second of two who edit sees what the first has saved, and what they typed themselves.
    the_second_of_two_sees_what_was_saved,
    |world: World| async move {
        let mut browser = world.browser_of(EMAIL).await;
        let page = browser.get(PAGE).await.ok();
        world.operator().await.patch("/settings", json!({ "lease_days_max": 7 })).await.ok();
        let late = browser.submit(&page, PAGE, &[("grace_warning_days", "20")]).await;
        assert_eq!(late.status, 412);
        late.says("<a href=\"#lease_days_max\">");
        late.says("<span class=\"typed\">7</span>");
        assert_eq!((typed(&late, "grace_warning_days"), typed(&late, "lease_days_max")), ("20".into(), String::new()));
        assert_eq!(world.app.in_force.grace().warning_days, 30);
        let lost = browser.submit(&late, PAGE, &[("revision", "none"), ("lease_days_max", "9")]).await;
        assert_eq!(lost.status, 412, "nobody knows what it was filled in by");
        browser.submit(&late, PAGE, &[("lease_days_max", "7")]).await.ok();
        assert_eq!(world.app.in_force.grace().warning_days, 20);
        assert_eq!(world.app.in_force.lease_seconds_max(), 7 * 86_400);
    }
);

flow!(
    /// ROL-01: for nobody else there is such a page.
    only_the_operator_finds_the_settings,
    |world: World| async move {
        world.publisher("fabrikam").await;
        let mut browser = world.browser_of("admin@fabrikam.example").await;
        assert_eq!(browser.get(PAGE).await.status, 404);
        let sent = browser.once(&Method::POST, PAGE, "lease_days_max=7").await;
        assert_eq!(sent.status, 404);
        assert_eq!(world.operator().await.get("/settings").await.ok()["revision"], 0);
    }
);

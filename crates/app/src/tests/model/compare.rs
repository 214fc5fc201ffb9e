//! Index, tables and model say the same.

use entitlement::State;
use serde_json::{Value, json};
use types::{TenantId, UserId};

use super::market::{Answer, Market, SOLD, UNSOLD};
use super::steps::Run;
use super::store::{self, Said};
use crate::testing::Client;

const COUNTERS: [&str; 5] = ["granted", "assigned", "warning", "suspended", "waiting"];
const UNKNOWN: &str = "fabrikam.f365.platinum";
/// Days for which the model, which settles at once, and pools that nobody settled may be compared: a warning lasts so long.
const UNSETTLED_DAYS: i64 = 30;

/// What is asked of every user, and the services any of which would do.
fn targets() -> [(Value, Vec<&'static str>); 7] {
    let service = |id: &'static str| (json!({ "service_id": id }), vec![id]);
    let component = |name: &str, by: &[&'static str]| (json!({ "component": name }), by.to_vec());
    let [gold, silver] = SOLD;
    [
        service(gold),
        service(silver),
        service(UNSOLD),
        service(UNKNOWN),
        component("gold_app", &[gold]),
        component("silver_app", &[gold, silver]),
        component("bronze_app", &[gold, silver, UNSOLD]),
    ]
}

fn answer(found: &Value) -> Answer {
    let text = |name: &str| found[name].as_str().map(str::to_owned);
    let (state, reason) = (text("state"), text("reason").unwrap());
    Answer { allowed: found["allowed"].as_bool().unwrap(), state, reason }
}

impl Run {
    /// What the index answers by the check over HTTP, by user and target.
    async fn checked(&self, client: &Client, path: &str, tenant: Option<&Value>) -> Vec<Vec<Answer>> {
        let mut checks = Vec::new();
        for user in self.everybody() {
            for (mut question, _) in targets() {
                question["user"] = user.clone().into();
                if let Some(tenant) = tenant {
                    question["tenant"] = tenant.clone();
                }
                checks.push(question);
            }
        }
        let answers = client.post(path, json!({ "checks": checks })).await.ok();
        let answers: Vec<Answer> = answers["results"].as_array().unwrap().iter().map(answer).collect();
        answers.chunks(targets().len()).map(<[Answer]>::to_vec).collect()
    }

    /// Those who are there, and who were.
    fn everybody(&self) -> impl Iterator<Item = &String> {
        self.users.iter().chain(&self.deleted)
    }

    /// The node that took the last write answers at once, the other one when it is asked for the latest or has looked;
    /// each as the tables say, and as the model does once what time has ended is settled.
    pub(super) async fn compare(&mut self) {
        let settled = self.dice.below(3) > 0;
        if settled {
            self.node().run_jobs().await;
            self.settled_at = self.model.now;
        }
        let mut model = self.model.clone();
        model.settle();
        if settled {
            self.model = model.clone();
        }
        let here = self.checked(&self.contoso(), "/checks/batch", None).await;
        self.compare_tables_with(&here).await;
        self.compare_model_with(&model, &here, settled);
        let there = 1 - self.at;
        let latest = if self.dice.below(2) == 0 {
            self.contoso_at(there).with("freshness-token", "latest")
        } else {
            self.look(there).await;
            self.contoso_at(there)
        };
        assert_eq!(self.checked(&latest, "/checks/batch", None).await, here, "the other node");
        let by_publisher = self.checked(&self.fabrikam(), "/customer-checks/batch", Some(&self.tenant)).await;
        if self.model.related {
            assert_eq!(by_publisher, here, "asked by the publisher");
        } else {
            let reasons =
                by_publisher.iter().flatten().map(|answer| (answer.allowed, answer.reason.as_str()));
            assert!({ reasons }.all(|it| it == (false, "customer_unknown")), "REL-06: {by_publisher:?}");
        }
        if settled {
            self.compare_counters().await;
        }
    }

    /// For every service, what the tables say in one query.
    async fn compare_tables_with(&self, answers: &[Vec<Answer>]) {
        let tenant = TenantId::parse(self.tenant.as_str().unwrap()).unwrap();
        let said = store::answers(&self.node().app.db, tenant, self.model.now).await.unwrap();
        for (user, answers) in self.everybody().zip(answers) {
            let id = UserId::parse(user).unwrap();
            for (service, found) in SOLD.iter().zip(answers) {
                let row = said.iter().find(|row| row.user_id == id && row.service_id == *service);
                let said = row.map(|Said { state, reason, .. }| (state.clone(), reason.clone()));
                let nothing = if self.model.is_active(user) { "no_license" } else { "user_unknown" };
                let expected = said.unwrap_or_else(|| (None, nothing.to_owned()));
                assert_eq!((found.state.clone(), found.reason.clone()), expected, "tables: {user} {service}");
            }
        }
    }

    fn compare_model_with(&self, model: &Market, answers: &[Vec<Answer>], settled: bool) {
        let comparable = model.now <= self.settled_at.plus_days(UNSETTLED_DAYS);
        for (user, answers) in self.everybody().zip(answers) {
            for ((target, services), found) in targets().iter().zip(answers) {
                let expected = model.check(user, services);
                if settled {
                    assert_eq!(*found, expected, "model: {user} {target}");
                } else if comparable {
                    // Nobody is let in who should not be; who waits for what time has freed waits until somebody looks.
                    assert!(expected.allowed || !found.allowed, "model: {user} {target}: {found:?}");
                }
            }
        }
    }

    /// What pools, seats and reports show is what the model counts.
    async fn compare_counters(&self) {
        let (contoso, model) = (self.contoso(), &self.model);
        let mut total = [0; COUNTERS.len()];
        for (service, pool) in SOLD.iter().zip(&model.pools).filter(|(_, pool)| pool.made) {
            let license = contoso.get(&format!("/licenses/{service}")).await.ok();
            let found = COUNTERS.map(|name| license[name].as_i64().unwrap());
            let count = |wanted| {
                let of = pool.seats.keys().filter(|user| pool.state(user, model.now) == Some(wanted));
                i64::try_from(of.count()).unwrap()
            };
            let beyond = [State::Warning, State::Suspended, State::Waiting].map(count);
            assert!(found[1] <= found[0], "LIC-06: {license}");
            assert_eq!(found[..2], [pool.granted, pool.in_use()], "{service}");
            assert_eq!(found[2..], beyond, "{service}");
            assert_eq!(license["held"].as_i64(), Some(pool.in_use() - count(State::Active)), "{service}");
            assert!(beyond[2] == 0 || found[0] == found[1], "{service}: somebody waits, and a seat is free");
            total = std::array::from_fn(|at| total[at] + found[at]);
            let seats = contoso.get(&format!("/licenses/{service}/seats?limit=100")).await.ok();
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let shown = seats["items"].as_array().unwrap().iter();
            let mut shown: Vec<_> =
                shown.map(|it| (text(&it["user"]["id"]), text(&it["state"]), it["since"].clone())).collect();
            shown.sort_by(|one, other| one.0.cmp(&other.0));
            let expected = pool.seats.iter().filter_map(|(user, seat)| {
                let state = format!("{:?}", pool.state(user, model.now)?).to_lowercase();
                Some((user.clone(), state, json!(seat.since)))
            });
            assert_eq!(shown, expected.collect::<Vec<_>>(), "{service}");
        }
        let report = contoso.get("/reports/seats").await.ok();
        let reported = COUNTERS.map(|name| report["total"][name].as_i64().unwrap());
        assert_eq!((reported, &report["refresh"]["complete"]), (total, &json!(true)), "RPT-03");
    }

    /// At the end: nothing is found wrong by who looks for it, and what is made anew says the same.
    pub(super) async fn compare_all(&self) {
        self.node().run_jobs().await;
        let examined = crate::doctor::examine(&self.node().app).await.unwrap();
        let wrong: Vec<&String> = examined.iter().flat_map(|examined| &examined.wrong).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        let shown = || async {
            let (sold, held) = (self.fabrikam(), self.contoso());
            (sold.get("/reports/licenses/summary").await.ok(), held.get("/reports/seats").await.ok())
        };
        let before = shown().await;
        for (name, counter) in [("provisioned", "granted"), ("assigned", "assigned")] {
            assert_eq!(before.0["total"][name], before.1["total"][counter], "RPT-03");
        }
        crate::rebuild_reports(&self.node().app).await.map_err(|refused| refused.cause()).unwrap();
        assert_eq!(shown().await, before);
    }
}

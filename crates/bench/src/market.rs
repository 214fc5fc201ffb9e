//! A marketplace with users and seats to assign: the sale goes through the public API, what is measured
//! does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use app::{App, Settings, bootstrap, kit, measure};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use db::{Config, Db};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::{Value, json};
use tower::ServiceExt;
use types::{ServiceId, TenantId, Timestamp, UserId};

use crate::Outcome;

/// Users altogether: more than are assigned while it is measured.
const USERS: usize = 240_000;
pub(crate) const PASSWORD: &str = "only for measuring";

/// An open marketplace with customers, each with seats for all of its users.
pub(crate) struct Market {
    app: App,
    service: ServiceId,
    customers: Vec<(TenantId, Vec<UserId>)>,
    /// The number of the user who gets the next seat.
    next: AtomicUsize,
    /// The first customer's.
    admin: Caller,
    pub(crate) operator: Caller,
    /// Whoever sells.
    pub(crate) publisher: Caller,
}

impl Market {
    pub(crate) async fn open(config: Config, tenants: usize) -> Outcome<Arc<Self>> {
        let app =
            App::open(Db::open(config).await?, clock(), random(), Settings::default()).await.map_err(said)?;
        bootstrap::create_operator(&app, "operator@bench.example", "Operator", PASSWORD)
            .await
            .map_err(said)?;
        let router = app::router(app.clone());
        let operator = Caller::sign_in(&router, "operator@bench.example").await?;
        let (_, publisher) = operator.publisher(&router).await?;
        let (mut customers, mut admins) = (Vec::with_capacity(tenants), Vec::with_capacity(tenants));
        for number in 0..tenants {
            let (tenant, customer) = operator.admit(&router, &format!("customer{number}"), false).await?;
            publisher.invite(&customer).await?;
            publisher.sell(&tenant, USERS / tenants).await?;
            let tenant = measure::id(&tenant).map_err(said)?;
            customers.push((tenant, measure::add_users(&app, tenant, USERS / tenants).await.map_err(said)?));
            admins.push(customer);
        }
        let service = ServiceId::parse("bench.offer.plan").map_err(|violation| violation.message)?;
        let admin = admins.into_iter().next().ok_or("a market without customers")?;
        let next = AtomicUsize::new(0);
        Ok(Arc::new(Self { app, service, customers, next, admin, operator, publisher }))
    }

    /// The app, the first customer's admin, and the service and users there are.
    pub(crate) fn parts(&self) -> (&App, &Caller, &ServiceId, &(TenantId, Vec<UserId>)) {
        (&self.app, &self.admin, &self.service, &self.customers[0])
    }

    /// Gives a seat to the user of this number, each at another customer than the one before; `None` if there are not
    /// so many.
    pub(crate) async fn assign(&self, number: usize) -> Result<Option<(TenantId, UserId)>, kit::Refused> {
        let (tenant, users) = &self.customers[number % self.customers.len()];
        let Some(user) = users.get(number / self.customers.len()) else { return Ok(None) };
        measure::assign(&self.app, *tenant, &self.service, &[*user]).await?;
        Ok(Some((*tenant, *user)))
    }

    /// Assignments per second, one user at a time, each answered when it is durable; who has a seat keeps it.
    pub(crate) async fn assign_one_by_one(self: &Arc<Self>, clients: usize, time: Duration) -> Outcome<f64> {
        let started = Instant::now();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..clients {
            let market = Arc::clone(self);
            tasks.spawn(async move {
                let mut done = 0_u32;
                while started.elapsed() < time {
                    if market.assign(market.next.fetch_add(1, Ordering::Relaxed)).await?.is_none() {
                        break;
                    }
                    done += 1;
                }
                Ok::<_, kit::Refused>(done)
            });
        }
        let mut done = 0.0;
        while let Some(task) = tasks.join_next().await {
            done += f64::from(task?.map_err(said)?);
        }
        Ok(done / started.elapsed().as_secs_f64())
    }

    /// Users per second in one request, and in a plain insert of the same rows; the medians of five turns,
    /// each with users of its own.
    pub(crate) async fn assign_many(&self, users: usize) -> Outcome<(f64, f64)> {
        let (tenant, all) = &self.customers[0];
        let (mut assigned, mut inserted) = (Vec::new(), Vec::new());
        for turn in all.chunks(users * 2).take(5) {
            let (one, other) = turn.split_at(users);
            let started = Instant::now();
            measure::assign(&self.app, *tenant, &self.service, one).await.map_err(said)?;
            assigned.push(rate(users, started));
            let started = Instant::now();
            measure::insert_plainly(&self.app, *tenant, &self.service, other).await.map_err(said)?;
            inserted.push(rate(users, started));
        }
        Ok((median(assigned), median(inserted)))
    }
}

pub(crate) fn rate(users: usize, started: Instant) -> f64 {
    f64::from(u32::try_from(users).unwrap_or(u32::MAX)) / started.elapsed().as_secs_f64()
}

pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

pub(crate) fn said(refused: kit::Refused) -> String {
    refused.into_problem().detail
}

/// Somebody who calls the public API, in this process.
pub(crate) struct Caller {
    router: Router,
    pub(crate) token: String,
}

impl Caller {
    pub(crate) async fn sign_in(router: &Router, email: &str) -> Outcome<Self> {
        let caller = Self { router: router.clone(), token: String::new() };
        let session =
            caller.call("POST", "/sessions", json!({ "email": email, "password": PASSWORD })).await?;
        Ok(Self { token: text(&session["token"]), ..caller })
    }

    /// Admits a tenant; its id, and its admin.
    pub(crate) async fn admit(&self, router: &Router, slug: &str, sells: bool) -> Outcome<(String, Self)> {
        let email = format!("admin@{slug}.example");
        let body = json!({
            "slug": slug, "name": slug, "country": "US", "publisher_id": sells.then_some(slug),
            "admin": { "email": email, "name": "Admin", "password": PASSWORD },
        });
        let tenant = self.call("POST", "/tenants", body).await?;
        Ok((text(&tenant["id"]), Self::sign_in(router, &email).await?))
    }

    /// Admits a publisher that has an offer with one plan; its id, and its admin.
    pub(crate) async fn publisher(&self, router: &Router) -> Outcome<(String, Self)> {
        let (tenant, publisher) = self.admit(router, "bench", true).await?;
        publisher.call("POST", "/offers", json!({ "offer_id": "offer", "alias": "Bench" })).await?;
        publisher.call("POST", "/offers/offer/plans", json!({ "plan_id": "plan", "name": "Plan" })).await?;
        Ok((tenant, publisher))
    }

    /// Something that may check for customers: its id and secret.
    pub(crate) async fn api_client(&self) -> Outcome<(String, String)> {
        let client = json!({ "name": "app", "scopes": ["check.customers"] });
        let client = self.call("POST", "/api-clients", client).await?;
        Ok((text(&client["id"]), text(&client["secret"])))
    }

    async fn invite(&self, customer: &Self) -> Outcome<()> {
        let invitation = self.call("POST", "/invitations", json!({})).await?;
        customer.call("POST", "/relationships", json!({ "token": invitation["token"] })).await?;
        Ok(())
    }

    /// Licenses of the one plan that there is, for a customer that has consented.
    pub(crate) async fn sell(&self, tenant: &str, seats: usize) -> Outcome<()> {
        let deal = json!({
            "customer": { "company": "Customer", "country": "US" }, "offer": "offer", "contract_type": "new",
            "total_value": { "amount": 1, "currency": "USD" }, "solution_value": { "amount": 1, "currency": "USD" },
            "hosting": "other", "consumption_tenant": "partner", "signed_on": "2026-01-01", "starts_on": "2026-01-01",
            "contact": { "first_name": "A", "last_name": "B", "phone": "1", "email": "a@bench.example" },
        });
        let deal = text(&self.call("POST", "/deals", deal).await?["id"]);
        self.call("POST", &format!("/deals/{deal}/submit"), json!({})).await?;
        let rows = json!({ "customer": tenant, "plans": [{ "plan": "plan", "quantity": seats }] });
        self.call("PUT", &format!("/deals/{deal}/licenses"), rows).await?;
        Ok(())
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> Outcome<Value> {
        self.send(method, path, "application/json", body.to_string()).await
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        kind: &str,
        body: impl Into<Body>,
    ) -> Outcome<Value> {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", kind)
            .body(body.into())?;
        let response = self.router.clone().oneshot(request).await?;
        let status = response.status();
        let answer: Value = serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await?)?;
        if status.is_success() { Ok(answer) } else { Err(format!("{method} {path}: {answer}").into()) }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub(crate) fn clock() -> kit::Clock {
    #[expect(clippy::disallowed_methods, reason = "a program reads the machine's clock")]
    kit::Clock::new(|| Timestamp::from_micros(jiff::Timestamp::now().as_microsecond()))
}

pub(crate) fn random() -> kit::Random {
    let generator = SystemRandom::new();
    kit::Random::new(move |bytes| generator.fill(bytes).expect("the machine has a generator"))
}

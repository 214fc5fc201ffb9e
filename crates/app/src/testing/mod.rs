//! The test world: a marketplace on a database of its own, built through public operations only.
//!
//! ```ignore
//! flow!(
//!     /// LIC-05: …
//!     a_sentence_that_is_true,
//!     |world: World| async move {
//!         let fabrikam = world.publisher("fabrikam").await;
//!         fabrikam.post("/offers", json!({ "offer_id": "f365", "alias": "F" })).await.created();
//!     }
//! );
//! ```
//!
//! Every answer is checked against the API document: an undocumented status or field fails the test.

mod browser;
mod client;
mod contract;
pub(crate) mod customers;
mod event_stream;
mod html;
pub(crate) mod lines;
mod receiver;
mod smtp;
pub(crate) mod story;

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use axum::Router;
use db::testing::Database;
use db::{Db, Dialect};
use serde_json::json;
use types::Timestamp;

pub(crate) use browser::{Browser, Seen};
pub(crate) use client::{Client, Reply};
pub(crate) use event_stream::EventStream;
pub(crate) use receiver::{Received, Receiver};
pub(crate) use smtp::{MailServer, ReceivedMail};

use crate::api::Routes;
use crate::kit::outbound::{Network, OutboundSettings};
use crate::kit::{Clock, Random};
use crate::work::WORK;
use crate::{App, PasswordCost, Settings, bootstrap, jobs};

/// Declares a flow that runs on SQLite and on PostgreSQL.
macro_rules! flow {
    ($(#[$meta:meta])* $name:ident, $test:expr) => {
        $(#[$meta])*
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                ($test)($crate::testing::World::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(world) = $crate::testing::World::postgres().await {
                    ($test)(world).await;
                }
            }
        }
    };
}
pub(crate) use flow;

/// Made once for all tests.
static ROUTES: LazyLock<Routes> = LazyLock::new(Routes::new);
/// The password of everybody in the test world.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// Noon of a Monday.
const START: i64 = 1_790_000_000_000_000;

/// A marketplace with an operator.
pub(crate) struct World {
    pub app: App,
    router: Router,
    now: Arc<AtomicI64>,
    /// Counts the nodes, so that each draws bytes of its own.
    nodes: Arc<AtomicU64>,
    database: Database,
}

impl World {
    pub(crate) async fn sqlite() -> Self {
        Self::over(Database::sqlite().await).await
    }

    pub(crate) async fn postgres() -> Option<Self> {
        Some(Self::over(Database::postgres().await?).await)
    }

    async fn over(database: Database) -> Self {
        let world = Self::empty(database).await;
        bootstrap::create_operator(&world.app, "operator@marketplace.example", "Olga Operator", PASSWORD)
            .await
            .map_err(crate::kit::Refused::into_problem)
            .expect("an operator");
        world
    }

    async fn empty(database: Database) -> Self {
        let now = Arc::new(AtomicI64::new(START));
        let settings = Settings { outbound: reachable(), ..Settings::default() };
        let app = Self::open(database.db.clone(), &now, settings, 1).await;
        let nodes = Arc::new(AtomicU64::new(2));
        Self { router: ROUTES.clone().serve(app.clone(), |router| router), app, now, nodes, database }
    }

    /// Another marketplace, on the same kind of database, that has no operator yet.
    pub(crate) async fn new_marketplace(&self) -> Self {
        Self::empty(match self.app.db.dialect() {
            Dialect::Sqlite => Database::sqlite().await,
            Dialect::Postgres => Database::postgres().await.expect("the database of this world"),
        })
        .await
    }

    async fn open(db: Db, now: &Arc<AtomicI64>, mut settings: Settings, seed: u64) -> App {
        // Nobody guesses them, and everybody signs in.
        settings.password_cost = PasswordCost { memory_kib: 8, passes: 1 };
        let read = Arc::clone(now);
        let clock = Clock::new(move || Timestamp::from_micros(read.load(Ordering::Relaxed)));
        App::open(db, clock, seeded(seed), settings)
            .await
            .map_err(crate::kit::Refused::into_problem)
            .expect("the app opens")
    }

    /// The same marketplace opened once more over the same database: another node, or a restart.
    pub(crate) async fn another_node(&self, settings: Settings) -> Self {
        let db = Db::open(self.database.config.clone()).await.expect("the database opens again");
        let seed = self.nodes.fetch_add(1, Ordering::Relaxed);
        let app = Self::open(db.clone(), &self.now, settings, seed).await;
        let database = self.database.shared(db);
        let (now, nodes) = (Arc::clone(&self.now), Arc::clone(&self.nodes));
        Self { router: ROUTES.clone().serve(app.clone(), |router| router), app, now, nodes, database }
    }

    /// Does everything that is due now, as the server would; how many jobs ran. A job that dies fails the test.
    pub(crate) async fn run_jobs(&self) -> usize {
        let (ran, died) = self.run_jobs_and_see().await;
        assert!(died.is_empty(), "jobs died: {died:?}");
        ran
    }

    /// The same where jobs may die; these are they.
    pub(crate) async fn run_jobs_and_see(&self) -> (usize, Vec<String>) {
        jobs::drain(&self.app, &WORK)
            .await
            .map_err(|refused| refused.cause())
            .expect("reconcilers do not fail")
    }

    /// Lets time pass.
    pub(crate) fn pass_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// Somebody without a token.
    pub(crate) fn anonymous(&self) -> Client {
        Client::new(self.router.clone(), None)
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Client {
        let session = self
            .anonymous()
            .post("/sessions", json!({ "email": email, "password": PASSWORD }))
            .await
            .created();
        Client::new(self.router.clone(), session["token"].as_str().map(str::to_owned))
    }

    pub(crate) fn with_token(&self, token: &str) -> Client {
        Client::new(self.router.clone(), Some(token.to_owned()))
    }

    /// Somebody with a browser, not signed in.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Somebody with a browser who signed in on the page for it.
    pub(crate) async fn browser_of(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.get("/sign-in").await.ok();
        browser.submit(&page, "/sign-in", &[("email", email), ("password", PASSWORD)]).await.ok();
        assert!(browser.cookie("session").is_some(), "{email} did not get a session");
        browser
    }

    pub(crate) async fn operator(&self) -> Client {
        self.sign_in("operator@marketplace.example").await
    }

    /// Admits a publisher; the client is its global admin.
    pub(crate) async fn publisher(&self, publisher_id: &str) -> Client {
        self.tenant(publisher_id, Some(publisher_id)).await
    }

    /// Admits a customer; the client is its global admin, `admin@<slug>.example`.
    pub(crate) async fn customer(&self, slug: &str) -> Client {
        self.tenant(slug, None).await
    }

    async fn tenant(&self, slug: &str, publisher_id: Option<&str>) -> Client {
        let email = format!("admin@{slug}.example");
        let body = json!({
            "slug": slug, "name": format!("{slug} Ltd."), "country": "KR", "publisher_id": publisher_id,
            "admin": { "email": email, "name": format!("Admin of {slug}"), "password": PASSWORD },
        });
        self.operator().await.post("/tenants", body).await.created();
        self.sign_in(&email).await
    }

    /// A user of the tenant of `admin`, signed in, with these roles.
    pub(crate) async fn user(&self, admin: &Client, email: &str, roles: &[&str]) -> Client {
        let body = json!({ "email": email, "name": email, "roles": roles, "password": PASSWORD });
        admin.post("/users", body).await.created();
        self.sign_in(email).await
    }
}

/// What tests receive with listens on this machine.
fn reachable() -> OutboundSettings {
    OutboundSettings {
        allow_http: true,
        allow_networks: vec![Network::parse("127.0.0.0/8").expect("a network")],
    }
}

/// Runs futures beside each other; what they gave, in any order.
pub(crate) async fn together<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    tasks.into_iter().collect::<tokio::task::JoinSet<T>>().join_all().await
}

/// Bytes that look random and are the same in every run.
fn seeded(seed: u64) -> Random {
    let state = AtomicU64::new(seed << 32);
    Random::new(move |bytes| {
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64: a counter, well mixed.
            let mut z = state.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_be_bytes()[..chunk.len()]);
        }
    })
}

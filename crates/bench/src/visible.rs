//! How long a write is unseen by who asks elsewhere without a token of it: at another node on the same PostgreSQL, and at
//! an edge that follows that node.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use app::{App, Edge, PublicKeys, Settings, Site};
use db::{Config, Db};
use sdk::{Account, Follower};
use serde_json::json;
use tokio::task::JoinSet;
use types::{TenantId, UserId};

use crate::http::{PATH, Server, access_token, request};
use crate::live::go_live;
use crate::load::{Connection, find};
use crate::market::{Market, clock, random, said};
use crate::{CLIENTS, Outcome, postgres, report, within};

const TENANTS: usize = 200;
/// Writes that are waited for, at each place.
const WRITES: usize = 1_000;
/// Who else gives seats meanwhile, in the second round.
const OTHERS: usize = 8;
/// A write must have been seen by then.
const REQUIRED: Duration = Duration::from_millis(100);
/// Between two questions.
const PAUSE: Duration = Duration::from_millis(1);

pub(crate) async fn run() -> Outcome<bool> {
    let Some(cluster) = postgres::cluster() else { return Ok(true) };
    cluster.create_database("visible").await?;
    let url = cluster.url("visible");
    let config = Config::Postgres { url: url.clone(), connections: CLIENTS };
    let market = Market::open(config, TENANTS).await?;
    go_live(&market.operator, &market.publisher).await?;
    let (id, secret) = market.publisher.api_client().await?;
    let node = Server::start(&["node", &url])?;
    let edge = Server::start(&["edge", &format!("http://{}", node.address), &id, &secret])?;
    let token = access_token(&app::router(market.parts().0.clone()), &id, &secret).await?;
    let watch = Watch { market, token, next: AtomicUsize::default() };
    watch.ready(edge.address).await?;
    report::say(&format!(
        "PostgreSQL, fsync on, {TENANTS} tenants: {WRITES} seats given by one process, one after the other, and asked for \
         at another one, and at an edge of that one, every millisecond until they are seen."
    ));
    let mut met = watch.places(&node, &edge, "nobody else writes").await?;
    let others = watch.others();
    met &= watch.places(&node, &edge, &format!("{OTHERS} others write")).await?;
    drop(others);
    Ok(met)
}

/// Who gives seats, and asks elsewhere whether they are there.
struct Watch {
    market: Arc<Market>,
    token: String,
    /// Of the user who gets the next seat.
    next: AtomicUsize,
}

impl Watch {
    /// Waits until an edge knows enough to answer.
    async fn ready(&self, address: SocketAddr) -> Outcome<()> {
        let (tenant, user) = self.write().await?;
        let (question, started) = (self.question(tenant, user), Instant::now());
        while let Err(why) = Connection::open(address).await?.ask(&question).await {
            if started.elapsed() > Duration::from_secs(30) {
                return Err(why);
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    async fn places(&self, node: &Server, edge: &Server, how: &str) -> Outcome<bool> {
        let mut met = true;
        for (place, address) in [("another node", node.address), ("an edge of it", edge.address)] {
            let mut times = self.times(address).await?;
            times.sort_unstable();
            let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
            within(&format!("a write is seen at {place}, {how}, p50"), at(50), REQUIRED);
            met &= within(&format!("a write is seen at {place}, {how}, p99"), at(99), REQUIRED);
        }
        Ok(met)
    }

    /// How long each write took to be seen there.
    async fn times(&self, address: SocketAddr) -> Outcome<Vec<Duration>> {
        let mut connection = Connection::open(address).await?;
        let mut times = Vec::with_capacity(WRITES);
        for _ in 0..WRITES {
            let (tenant, user) = self.write().await?;
            let written = Instant::now();
            let question = self.question(tenant, user);
            while find(connection.ask(&question).await?, br#""allowed":true"#).is_none() {
                tokio::time::sleep(PAUSE).await;
            }
            times.push(written.elapsed());
        }
        Ok(times)
    }

    async fn write(&self) -> Outcome<(TenantId, UserId)> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        Ok(self.market.assign(number).await.map_err(said)?.ok_or("there are no more users")?)
    }

    fn question(&self, tenant: TenantId, user: UserId) -> Vec<u8> {
        let body = json!({ "tenant": tenant, "user": user, "service_id": self.market.parts().2 });
        request(PATH, &self.token, &body.to_string())
    }

    /// Others who give seats, to users of their own, until they are dropped.
    fn others(&self) -> JoinSet<()> {
        let (mut others, next) = (JoinSet::new(), Arc::new(AtomicUsize::new(10 * WRITES)));
        for _ in 0..OTHERS {
            let (market, next) = (Arc::clone(&self.market), Arc::clone(&next));
            others.spawn(async move {
                while matches!(market.assign(next.fetch_add(1, Ordering::Relaxed)).await, Ok(Some(_))) {}
            });
        }
        others
    }
}

/// The other process on the same database, and its work, which includes to follow what others write.
pub(crate) async fn node(url: &str, work: &mut JoinSet<()>) -> Outcome<Site> {
    let db = Db::open(Config::Postgres { url: url.to_owned(), connections: CLIENTS }).await?;
    let app = App::open(db, clock(), random(), Settings::default()).await.map_err(said)?;
    work.spawn(app::work(app.clone()));
    Ok(app::site(app, |router| router))
}

/// An edge, as `seatline edge` runs one.
pub(crate) fn edge(upstream: &str, id: &str, secret: &str) -> Site {
    let (url, client_id, client_secret) = (upstream.to_owned(), id.to_owned(), secret.to_owned());
    let follower = Arc::new(Follower::start(Account { url, client_id, client_secret }));
    let time = Arc::clone(&follower);
    let edge = Edge::new(Arc::clone(follower.replica()), Box::new(move || time.now()), (1024, 0));
    let trusting = edge.clone();
    follower.listen_for_keys(Box::new(move |keys| trusting.trust(PublicKeys::read(keys))));
    app::edge_site(edge, clock())
}

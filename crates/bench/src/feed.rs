//! The log as a stream: what one reader gets of what is there, and of what is made while it reads.

use std::future::poll_fn;
use std::path::Path;
use std::pin::Pin;
use std::time::Instant;

use app::access::MARKETPLACE;
use app::{App, Settings, bootstrap, measure};
use axum::Router;
use axum::body::{Body, HttpBody};
use axum::http::Request;
use db::{Config, Db};
use tower::ServiceExt;

use crate::market::{Caller, PASSWORD, clock, random, said};
use crate::{Outcome, SECONDS, compare};

/// Entries that are there.
const THERE: usize = 200_000;
/// Entries made in one unit of work.
const EACH: usize = 100;
/// Entries per second that one reader must get.
const REQUIRED: f64 = 10_000.0;

pub(crate) async fn run() -> Outcome<bool> {
    println!("\nThe log as a stream of server-sent events, SQLite, one reader of one log");
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("feed.db");
    let db = Db::open(Config::sqlite(path.clone())).await?;
    let app = App::open(db, clock(), random(), Settings::default()).await.map_err(said)?;
    let email = "operator@bench.example";
    bootstrap::create_operator(&app, email, "Operator", PASSWORD).await.map_err(said)?;
    let router = app::router(app.clone());
    let token = Caller::sign_in(&router, email).await?.token;
    measure::add_entries(&app, MARKETPLACE, THERE / EACH, EACH).await.map_err(said)?;
    let bare = bare(&path)?;
    let mut reader = Reader::open(&router, &token, 0).await?;
    let started = Instant::now();
    reader.read_to(THERE).await?;
    let streamed = rate(reader.count, started);
    compare("entries streamed that were there", streamed, "the rows read bare, 500 at a time", bare, None);
    let mut reader = Reader::open(&router, &token, reader.count).await?;
    let (before, started) = (reader.count, Instant::now());
    let mut writing = tokio::task::JoinSet::new();
    writing.spawn(async move {
        let mut made = 0;
        while started.elapsed() < SECONDS {
            measure::add_entries(&app, MARKETPLACE, 1, EACH).await.map_err(said)?;
            made += EACH;
        }
        Ok::<_, String>(made)
    });
    while started.elapsed() < SECONDS {
        reader.read_to(reader.count + 1).await?;
    }
    let followed = rate(reader.count - before, started);
    let made = rate(writing.join_next().await.ok_or("nobody wrote")???, started);
    compare("entries followed while they were made", followed, "entries made meanwhile", made, None);
    Ok(compare("entries followed while they were made", followed, "required", REQUIRED, Some(1.0)))
}

fn rate(count: usize, started: Instant) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / started.elapsed().as_secs_f64()
}

/// A reader of the stream.
struct Reader {
    body: Body,
    /// Position of the last entry.
    count: usize,
}

impl Reader {
    async fn open(router: &Router, token: &str, after: usize) -> Outcome<Self> {
        let request = Request::builder()
            .uri(format!("/api/v1/events?after={after}"))
            .header("authorization", format!("Bearer {token}"))
            .header("accept", "text/event-stream")
            .body(Body::empty())?;
        let response = router.clone().oneshot(request).await?;
        Ok(Self { body: response.into_body(), count: after })
    }

    /// Reads until as many entries have come; positions have no gaps, so they are counted.
    async fn read_to(&mut self, position: usize) -> Outcome<()> {
        while self.count < position {
            let frame = poll_fn(|context| Pin::new(&mut self.body).poll_frame(context)).await;
            let frame = frame.ok_or("the stream ended")??;
            let bytes = frame.into_data().map_err(|_| "a frame without data")?;
            self.count += bytes.windows(7).filter(|window| *window == b"\ndata: ").count();
        }
        Ok(())
    }
}

/// Reads the same rows with nothing around them.
fn bare(path: &Path) -> Outcome<f64> {
    let connection = rusqlite::Connection::open(path)?;
    let mut statement = connection.prepare(
        "SELECT id, position, kind, body, at FROM log_entries WHERE log = ?1 AND position > ?2
            ORDER BY position LIMIT 500",
    )?;
    let (started, mut last, mut bytes) = (Instant::now(), 0_i64, 0);
    loop {
        let mut rows = statement.query((MARKETPLACE.as_bytes(), last))?;
        let before = last;
        while let Some(row) = rows.next()? {
            let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(3)?);
            let (kind, at): (String, i64) = (row.get(2)?, row.get(4)?);
            last = row.get(1)?;
            bytes += id.len() + body.len() + kind.len() + usize::from(at > 0);
        }
        if last == before {
            assert!(bytes > 0, "rows were read");
            return Ok(rate(usize::try_from(last)?, started));
        }
    }
}

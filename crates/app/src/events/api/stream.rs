//! The log as a stream of server-sent events.

use std::fmt::Write as _;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;
use types::TenantId;

use super::EventView;
use crate::App;
use crate::events;
use crate::kit::{Refused, in_pieces};

/// Whoever reads must show the right to again after this time.
const TIME: Duration = Duration::from_mins(5);
/// How often a stream with nothing to tell says that it is still there.
const ALIVE: Duration = Duration::from_secs(15);
/// Entries in one piece.
const PIECE: i64 = 500;

pub(super) fn response(app: App, tenant: TenantId, after: i64) -> Response {
    let until = Instant::now() + TIME;
    let place = Place { app, tenant, after, until };
    let body = in_pieces(place, |place| Box::pin(async move { Ok(place.next().await) }));
    let kind = HeaderValue::from_static("text/event-stream");
    let keep = HeaderValue::from_static("no-store");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)], body).into_response()
}

/// How far a reader has come.
struct Place {
    app: App,
    tenant: TenantId,
    after: i64,
    until: Instant,
}

impl Place {
    /// The next piece, as soon as there is one; none when the stream is over.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        let piece = self.piece().await;
        if !piece.is_empty() {
            return Some((piece, self));
        }
        let mut stopped = self.app.stop.subscribe();
        let alive = ALIVE.min(self.until.saturating_duration_since(Instant::now()));
        tokio::select! {
            () = events::grown(&self.app, &self.tenant, self.after) => {}
            () = tokio::time::sleep(alive) => {}
            _ = stopped.wait_for(|stopped| *stopped) => return None,
        }
        if Instant::now() >= self.until {
            return None;
        }
        let piece = self.piece().await;
        Some((if piece.is_empty() { Bytes::from_static(b":\n\n") } else { piece }, self))
    }

    /// What there is now. A database that does not answer is nothing new; the next look may find it well.
    async fn piece(&mut self) -> Bytes {
        let (tenant, after) = (self.tenant, self.after);
        let entries = self.app.db.read(move |tx| Box::pin(read(tx, tenant, after))).await;
        let Ok((text, last)) = entries else { return Bytes::new() };
        self.after = last;
        Bytes::from(text)
    }
}

async fn read(tx: &mut db::Tx, tenant: TenantId, after: i64) -> Result<(String, i64), Refused> {
    let (mut text, mut last) = (String::new(), after);
    for entry in events::read(tx, &tenant, after, PIECE).await? {
        last = entry.position;
        let data = serde_json::to_string(&EventView::from(entry)).map_err(Refused::internal)?;
        write!(text, "id: {last}\ndata: {data}\n\n").map_err(Refused::internal)?;
    }
    Ok((text, last))
}

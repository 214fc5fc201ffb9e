//! From a listener to requests: each connection is a task, owned by the server and ended with it.
//!
//! ```text
//! connection ─► the short way, while plain questions come ─► hyper ─► router
//! ```

mod short_way;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::io::Cursor;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::Uri;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower::ServiceExt;

use crate::kit::Clock;
use short_way::ShortWay;

/// How long a connection may be without the whole of its next question, or the whole head of its next request.
const IDLE: Duration = Duration::from_mins(2);
/// How long what has begun may take once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(30);

/// What is served.
#[derive(Clone)]
pub struct Site {
    router: Router,
    /// To some of the routes.
    short_way: Option<Arc<ShortWay>>,
}

impl Site {
    /// Each of `routes` takes `POST`, and answers as a whole: nothing that streams.
    pub(crate) fn new(router: Router, routes: impl IntoIterator<Item = String>, clock: Clock) -> Self {
        let routes = routes.into_iter().filter_map(|route| Uri::try_from(route).ok()).collect();
        Self { router: router.with_state(()), short_way: Some(Arc::new(ShortWay { routes, clock })) }
    }
}

impl From<Router> for Site {
    fn from(router: Router) -> Self {
        Self { router: router.with_state(()), short_way: None }
    }
}

/// Answers requests until it is told to stop, then those that have begun, for a while. Who is dropped before ends them at
/// once.
pub async fn serve(mut listener: TcpListener, site: impl Into<Site>, stop: impl Future<Output = ()>) {
    let (site, mut stop) = (site.into(), pin!(stop));
    let (mut connections, stopping) = (JoinSet::new(), watch::Sender::new(false));
    loop {
        tokio::select! {
            () = &mut stop => break,
            (stream, peer) = Listener::accept(&mut listener) => {
                // Answers follow each other without waiting to be acknowledged; what cannot be set is only slower.
                let _ = stream.set_nodelay(true);
                connections.spawn(connection(stream, peer, site.clone(), stopping.subscribe()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    stopping.send_replace(true);
    let ended = async { while connections.join_next().await.is_some() {} };
    if timeout(DRAIN, ended).await.is_err() {
        tracing::warn!("requests were still open when the time to end them was over");
    }
}

/// Until the client has gone, or the server stops and nothing is open.
async fn connection(mut stream: TcpStream, peer: SocketAddr, site: Site, stopping: watch::Receiver<bool>) {
    let came = match &site.short_way {
        Some(short_way) => {
            let router = site.router.clone().map_request(move |request| with_peer(request, peer));
            let mut answering = pin!(short_way.answer(&mut stream, router, &stopping));
            let mut stopped = stopping.clone();
            let came = tokio::select! {
                biased;
                came = answering.as_mut() => Some(came),
                // It looks for itself, and is to look now.
                _ = stopped.wait_for(|stopping| *stopping) => None,
            };
            let came = if let Some(came) = came { came } else { answering.await };
            came.map_err(Into::into)
        }
        None => Ok(Some(Vec::new())),
    };
    let ended = match came {
        Ok(Some(came)) => {
            let (read, write) = stream.into_split();
            let stream = tokio::io::join(Cursor::new(came).chain(read), write);
            whatever_comes(stream, peer, site.router, stopping).await
        }
        Ok(None) => Ok(()),
        Err(broken) => Err(broken),
    };
    if let Err(error) = ended {
        tracing::trace!(%peer, error.cause = %error, "a connection broke");
    }
}

fn with_peer(mut request: Request, peer: SocketAddr) -> Request {
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

/// Has hyper read every request that HTTP/1.1 allows.
async fn whatever_comes(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let router =
        router.map_request(move |request: Request<Incoming>| with_peer(request.map(Body::new), peer));
    let service = TowerToHyperService::new(router);
    let mut builder = http1::Builder::new();
    // Who says that nothing more will come waits for the answer all the same.
    builder.half_close(true).timer(TokioTimer::new()).header_read_timeout(IDLE);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        biased;
        ended = connection.as_mut() => return Ok(ended?),
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
    connection.as_mut().graceful_shutdown();
    Ok(connection.await?)
}

//! From a listener to requests: each connection is a task, owned by the server and ended with it.

mod prompt;

use std::net::SocketAddr;
use std::pin::pin;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

use prompt::Prompt;

/// Answers requests until it is told to stop, then those that have begun. Who is dropped before ends them at once.
pub async fn serve(mut listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let (router, mut stop) = (router.with_state(()), pin!(stop));
    let (mut connections, stopping) = (JoinSet::new(), watch::Sender::new(false));
    loop {
        tokio::select! {
            () = &mut stop => break,
            (stream, peer) = Listener::accept(&mut listener) => {
                let connection = connection(stream, peer, router.clone(), stopping.subscribe());
                connections.spawn(Prompt::new(connection));
            }
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    stopping.send_replace(true);
    while connections.join_next().await.is_some() {}
}

/// Until the client has gone, or the server stops and nothing is open.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) {
    let router = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(Body::new)
    });
    let service = TowerToHyperService::new(router);
    // Who says that nothing more will come waits for the answer all the same.
    let served = http1::Builder::new().half_close(true).serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(served);
    let ended = tokio::select! {
        biased;
        ended = connection.as_mut() => Some(ended),
        _ = stopping.wait_for(|stopping| *stopping) => None,
    };
    let ended = if let Some(ended) = ended {
        ended
    } else {
        connection.as_mut().graceful_shutdown();
        connection.await
    };
    if let Err(error) = ended {
        tracing::trace!(%peer, error.cause = %error, "a connection broke");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::routing::post;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::{Notify, oneshot};

    use super::*;

    /// What has begun is answered; nobody else is let in, and who only waits is sent away.
    #[tokio::test]
    async fn a_server_that_stops_answers_what_has_begun() {
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let handler = {
            let (begun, go_on) = (Arc::clone(&begun), Arc::clone(&go_on));
            move |ConnectInfo(peer): ConnectInfo<SocketAddr>, body: String| async move {
                begun.notify_one();
                go_on.notified().await;
                format!("{body} {}", peer.ip())
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let stopped = async { stopped.await.unwrap_or_default() };
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, Router::new().route("/", post(handler)), stopped));
        let mut idle = TcpStream::connect(address).await.unwrap();
        let mut open = TcpStream::connect(address).await.unwrap();
        let request = b"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 5\r\n\r\nhello";
        open.write_all(request).await.unwrap();
        begun.notified().await;
        stop.send(()).unwrap();
        assert_eq!(idle.read(&mut [0; 16]).await.unwrap(), 0, "it is sent away");
        // That it sends nothing more does not mean that it waits for nothing.
        open.shutdown().await.unwrap();
        go_on.notify_one();
        let mut answer = String::new();
        open.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello 127.0.0.1"), "{answer}");
        tasks.join_next().await.unwrap().unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }
}

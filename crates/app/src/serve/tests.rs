use std::collections::HashMap;

use axum::routing::post;
use tokio::io::AsyncWriteExt;
use tokio::sync::{Notify, oneshot};
use types::Timestamp;

use super::*;
use crate::kit::Clock;
use crate::testing::World;

/// A server.
struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    tasks: JoinSet<()>,
}

impl Server {
    async fn start(site: Site) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, site, async { stopped.await.unwrap_or_default() }));
        Self { address, stop, tasks }
    }

    async fn of_both_ways() -> Self {
        let tell = |request: Request| async move {
            let agent = request.headers().get("user-agent").cloned();
            let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
            let agent = agent.as_ref().and_then(|agent| agent.to_str().ok()).unwrap_or("nobody");
            format!("{} of {agent}", String::from_utf8_lossy(&body))
        };
        let router = Router::new().route("/ask", post(tell));
        Self::start(Site::new(router, ["/ask".to_owned()], clock())).await
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// What is answered to these bytes until the connection ends, which it does once nothing more is sent.
    async fn say(&self, bytes: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

const PLAIN: &str = "POST /ask HTTP/1.1\r\nhost: here\r\nContent-Length: 5\r\nUser-Agent: me\r\n\r\nhello";

/// What time it is on the short way.
const THERE: &str = "Thu, 02 Jan 2031 03:04:05 GMT";

fn clock() -> Clock {
    Clock::new(|| Timestamp::parse("2031-01-02T03:04:05Z").unwrap())
}

/// The bodies of answers that follow each other, and by which way they came.
fn bodies(mut answers: &str) -> Vec<String> {
    let mut bodies = Vec::new();
    while let Some((head, rest)) = answers.split_once("\r\n\r\n") {
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        let lines: HashMap<_, _> = head.lines().skip(1).filter_map(|line| line.split_once(": ")).collect();
        let (body, rest) = rest.split_at(lines["content-length"].parse().unwrap());
        let way = if lines["date"] == THERE { "short" } else { "long" };
        bodies.push(format!("{way} {body}"));
        answers = rest;
    }
    bodies
}

#[tokio::test]
async fn a_plain_question_takes_the_short_way() {
    let server = Server::of_both_ways().await;
    let answer = server.say(PLAIN).await;
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 11\r\ndate: ";
    assert_eq!(answer, format!("{head}{THERE}\r\n\r\nhello of me"));
    let kept = PLAIN.replace("host", "connection: keep-alive\r\nHOST");
    assert_eq!(bodies(&server.say(&[PLAIN, &kept, PLAIN].concat()).await), ["short hello of me"; 3]);
}

#[tokio::test]
async fn it_may_come_in_pieces() {
    let server = Server::of_both_ways().await;
    for at in 1..PLAIN.len() {
        let mut stream = server.connect().await;
        stream.set_nodelay(true).unwrap();
        for piece in [&PLAIN[..at], &PLAIN[at..]] {
            stream.write_all(piece.as_bytes()).await.unwrap();
            tokio::task::yield_now().await;
        }
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(bodies(&answer), ["short hello of me"], "cut at {at}");
    }
    let large = "x".repeat(64 * 1024);
    let question = PLAIN.replace("Length: 5", "Length: 65536").replace("hello", &large);
    assert_eq!(bodies(&server.say(&question).await), [format!("short {large} of me")]);
}

/// What is not plain is not judged here: hyper reads the bytes that came, and all that comes after.
#[tokio::test]
async fn whatever_else_comes_goes_the_long_way() {
    let server = Server::of_both_ways().await;
    let with = |line: &str| PLAIN.replacen("\r\n", &format!("\r\n{line}\r\n"), 1);
    let unusual = [
        with("Connection: close"),
        with("Connection: keep-alive, x"),
        with("Expect: 100-continue").replace("Expect: 100-continue", "TE: trailers"),
        with(&"a: b\r\n".repeat(40)[..40 * 6 - 2]),
        PLAIN.replace("/ask", "/ask?"),
        PLAIN.replace("/ask", "http://here/ask"),
        PLAIN.replace("host: here\r\n", ""),
        PLAIN
            .replace("Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n")
            .replace("hello", "5\r\nhello\r\n0\r\n\r\n"),
        PLAIN.replace("Length: 5", "Length: 65537").replace("hello", &format!("hello{}", " ".repeat(65_532))),
        PLAIN.replace("Content-Length: 5\r\n", "").replace("hello", ""),
    ];
    for asked in unusual {
        let told = bodies(&server.say(&asked).await);
        assert!(told.len() == 1 && told[0].starts_with("long "), "{asked} {told:?}");
    }
    let wrong = [
        with("Content-Length: 6"),
        with("Content-Length: 5").replacen("Content-Length: 5", "Content-Length: +5", 1),
        with("a b: c"),
        PLAIN.replace("Length: 5", "Length: 5, 6"),
        PLAIN.replace("HTTP/1.1", "HTTP/1.7"),
        "\u{16}\u{3}\u{1} this is no HTTP".to_owned(),
    ];
    for asked in wrong {
        let told = server.say(&asked).await;
        assert!(told.starts_with("HTTP/1.1 400 Bad Request"), "{asked} {told:?}");
    }
    assert!(server.say(&PLAIN.replace("POST", "GET")).await.starts_with("HTTP/1.1 405 "));
    assert!(server.say(&PLAIN.replace("/ask", "/other")).await.starts_with("HTTP/1.1 404 "));
    assert_eq!(server.say("POST /ask HTTP/1.1\r\nhost: h").await, "", "it is cut off");
    let mixed = [PLAIN, &PLAIN.replace("/ask", "/ask?"), PLAIN].concat();
    let told = bodies(&server.say(&mixed).await);
    assert_eq!(told, ["short hello of me", "long hello of me", "long hello of me"]);
}

/// What has begun is answered; nobody else is let in, and who only waits is sent away. By either way.
#[tokio::test]
async fn a_server_that_stops_answers_what_has_begun() {
    for short in [true, false] {
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let handler = {
            let (begun, go_on) = (Arc::clone(&begun), Arc::clone(&go_on));
            move |body: String| async move {
                begun.notify_one();
                go_on.notified().await;
                body
            }
        };
        let router = Router::new().route("/", post(handler));
        let routes = short.then(|| "/".to_owned());
        let mut server = Server::start(Site::new(router, routes, clock())).await;
        let (mut idle, mut half, mut open) =
            (server.connect().await, server.connect().await, server.connect().await);
        half.write_all(b"POST / HTTP/1.1\r\nhost: he").await.unwrap();
        let request = b"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 5\r\n\r\nhello";
        open.write_all(request).await.unwrap();
        begun.notified().await;
        server.stop.send(()).unwrap();
        assert_eq!(idle.read(&mut [0; 16]).await.unwrap(), 0, "it is sent away");
        assert_eq!(half.read(&mut [0; 16]).await.unwrap_or(0), 0, "nothing has begun");
        // That it sends nothing more does not mean that it waits for nothing.
        open.shutdown().await.unwrap();
        go_on.notify_one();
        let mut answer = String::new();
        open.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello"), "{answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
        server.tasks.join_next().await.unwrap().unwrap();
        assert!(TcpStream::connect(server.address).await.is_err());
    }
}

/// The marketplace's own: each check, alone and by the thousand, each evaluation, and the token that is asked first.
#[tokio::test]
async fn whatever_apps_ask_takes_the_short_way() {
    let site = crate::site(World::sqlite().await.app, |router| router);
    let short_way = site.short_way.unwrap();
    let mut routes: Vec<&str> = short_way.routes.iter().map(Uri::path).collect();
    routes.sort_unstable();
    let expected = [
        "/access/v1/evaluation",
        "/access/v1/evaluations",
        "/api/v1/all-checks/batch",
        "/api/v1/checks",
        "/api/v1/checks/batch",
        "/api/v1/customer-checks",
        "/api/v1/customer-checks/batch",
        "/api/v1/me/checks",
        "/api/v1/me/checks/batch",
        "/oauth2/token",
    ];
    assert_eq!(routes, expected);
}

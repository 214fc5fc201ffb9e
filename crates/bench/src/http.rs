//! Checks over HTTP, beside a bare handler that answers with a constant of the same size.
#![expect(clippy::cast_precision_loss, reason = "figures to be read, not to be counted with")]

use std::io::{BufRead, BufReader, Write, stdout};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use app::{App, Settings, Site, bootstrap, measure};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use db::{Config, Db};
use entitlement::{Question, Target};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::engine::Market;
use crate::load::{self, Figures};
use crate::market::{Caller, PASSWORD, clock, random, said};
use crate::{Outcome, at_most, compare, report, visible};

const SECONDS: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;
/// Different questions that are asked again and again.
const QUESTIONS: usize = 50_000;
/// Answers whose mean size a bare handler's has.
const SAMPLE: usize = 2_000;
/// Questions of a batch.
const BATCH: usize = 100;
pub(crate) const PATH: &str = "/api/v1/customer-checks";

/// The server that is measured, in a process of its own.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Of what kind, and what that kind is told: see [`serve`].
    pub(crate) fn start(what: &[&str]) -> Outcome<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("check-server")
            .args(what)
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().ok_or("no output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        Ok(Self { child, address: line.trim().parse()? })
    }

    /// A marketplace with so many seats; it writes questions about them into the folder.
    pub(crate) fn start_filled(seats: usize, folder: &Path) -> Outcome<Self> {
        Self::start(&["seatline", &seats.to_string(), folder.to_str().ok_or("a folder with a strange name")?])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is gone already, or it goes now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Measures with so many seats; whether everything is as it must be.
pub(crate) async fn run(seats: usize) -> Outcome<bool> {
    let folder = tempfile::tempdir()?;
    let seatline = Server::start_filled(seats, folder.path())?;
    let (token, bodies) = read_requests(folder.path())?;
    let single: Arc<Vec<Vec<u8>>> = Arc::new(bodies.iter().map(|body| request(PATH, &token, body)).collect());
    let sample = load::each(seatline.address, &single[..SAMPLE]).await?;
    let size = sample.iter().map(Vec::len).sum::<usize>() / SAMPLE;
    let bare = Server::start(&["bare", &size.to_string()])?;
    let many = bodies.chunks(BATCH).map(|bodies| format!(r#"{{"checks":[{}]}}"#, bodies.join(",")));
    let many: Vec<Vec<u8>> = many.map(|body| request(&format!("{PATH}/batch"), &token, &body)).collect();
    report::say(&format!(
        "checks over HTTP: {seats} seats; {} MB of memory; answers of {size} bytes",
        load::resident(seatline.child.id())? / 1_000_000
    ));
    let mut met = true;
    for connections in [1, 16, 64] {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            theirs.push(load::ask(bare.address, bare.child.id(), &single, connections, SECONDS).await?);
            ours.push(load::ask(seatline.address, seatline.child.id(), &single, connections, SECONDS).await?);
        }
        let (ours, theirs) = (middle(&ours), middle(&theirs));
        report::say(&format!("{connections} connections; a check {ours:.1?}, a bare handler {theirs:.1?}"));
        met &= compare("checks", ours.rate, "a bare handler", theirs.rate, Some(0.85));
        met &= at_most("processor time of a check (us)", ours.cpu, "a bare handler", theirs.cpu, Some(1.25));
        met &= at_most("p99 of a check (us)", ours.p99, "a bare handler", theirs.p99, Some(1.3));
    }
    let batches = load::ask(seatline.address, seatline.child.id(), &Arc::new(many), 4, SECONDS).await?;
    let per_core = BATCH as f64 * 1e6 / batches.cpu;
    met &= compare("checks in batches of 100, a core", per_core, "required", 2e6, Some(1.0));
    Ok(met)
}

/// The round in the middle, figure by figure.
pub(crate) fn middle(rounds: &[Figures]) -> Figures {
    let of = |figure: fn(&Figures) -> f64| {
        let mut figures: Vec<f64> = rounds.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    Figures { rate: of(|it| it.rate), p50: of(|it| it.p50), p99: of(|it| it.p99), cpu: of(|it| it.cpu) }
}

pub(crate) fn request(path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn file(folder: &Path) -> PathBuf {
    folder.join("questions")
}

pub(crate) fn read_requests(folder: &Path) -> Outcome<(String, Vec<String>)> {
    let text = std::fs::read_to_string(file(folder))?;
    let mut lines = text.lines().map(str::to_owned);
    Ok((lines.next().ok_or("no token")?, lines.collect()))
}

/// The part of the process that serves; it ends by being killed.
pub(crate) async fn serve(what: &[&str]) -> Outcome<()> {
    let mut work = JoinSet::new();
    let site = match what {
        ["bare", size] => bare(size.parse()?).into(),
        ["seatline", seats, folder] => seatline(seats.parse()?, folder.as_ref()).await?,
        ["node", url] => visible::node(url, &mut work).await?,
        ["edge", upstream, id, secret] => visible::edge(upstream, id, secret),
        _ => return Err("no such server".into()),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(stdout(), "{}", listener.local_addr()?)?;
    app::serve(listener, site, std::future::pending()).await;
    Ok(())
}

fn bare(size: usize) -> Router {
    let answer = json!({ "allowed": true, "filled": "" }).to_string();
    let answer = answer.replace("\"\"", &format!("\"{}\"", "x".repeat(size.saturating_sub(answer.len()))));
    let answer: &'static str = Box::leak(answer.into_boxed_str());
    let handler = move || async move { ([(CONTENT_TYPE, "application/json")], answer).into_response() };
    Router::new().route(PATH, post(handler))
}

async fn seatline(seats: usize, folder: &Path) -> Outcome<Site> {
    let db = Db::open(Config::sqlite(folder.join("market.db"))).await?;
    let app = App::open(db, clock(), random(), Settings::default()).await.map_err(said)?;
    bootstrap::create_operator(&app, "operator@bench.example", "Operator", PASSWORD).await.map_err(said)?;
    let router = app::router(app.clone());
    let operator = Caller::sign_in(&router, "operator@bench.example").await?;
    let publisher = operator.admit(&router, "fabrikam", true).await?.1;
    let (id, secret) = publisher.api_client().await?;
    let token = access_token(&router, &id, &secret).await?;
    let market = Market::fill(measure::index(&app), seats)?;
    let mut lines = vec![token];
    lines.extend(market.questions(QUESTIONS).iter().map(body).map(|body| body.to_string()));
    std::fs::write(file(folder), lines.join("\n"))?;
    Ok(app::site(app, |router| router))
}

pub(crate) async fn access_token(router: &Router, id: &str, secret: &str) -> Outcome<String> {
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let request = Request::post("/oauth2/token")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))?;
    let response = router.clone().oneshot(request).await?;
    let answer: Value = serde_json::from_slice(&to_bytes(response.into_body(), 1 << 16).await?)?;
    answer["access_token"].as_str().map(str::to_owned).ok_or_else(|| answer.to_string().into())
}

fn body(question: &Question<'_>) -> Value {
    let Target::Service(service) = question.target else { return Value::Null };
    json!({ "tenant": question.tenant, "user": question.user, "service_id": service })
}

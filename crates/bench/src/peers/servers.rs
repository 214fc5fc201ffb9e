//! Checks over HTTP: ours, the feature flags of unleash-edge, and Cerbos on the bytes that ours gets through AuthZEN.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::installed;
use crate::engine::Dice;
use crate::http::{self, PATH, Server, middle, request};
use crate::load::{self, Figures};
use crate::{Outcome, at_most, compare, report};

const SEATS: usize = 1_000_000;
/// Different questions that are asked again and again.
const QUESTIONS: usize = 5_000;
/// Answers whose mean size a bare handler's has.
const SAMPLE: usize = 1_000;
const CONNECTIONS: usize = 16;
const ROUNDS: usize = 3;
const SECONDS: Duration = Duration::from_secs(3);
/// Flags of unleash-edge, and users on the list of each: a server of Unleash takes 200 and refuses 1,000.
const FLAGS: usize = 5;
const LISTED: usize = 200;
const FLAG_TOKEN: &str = "*:development.only-for-measuring";

type Requests = Arc<Vec<Vec<u8>>>;

/// A server, what it is asked and what it answered.
struct Contender {
    name: String,
    server: Arc<Server>,
    requests: Requests,
    rounds: Vec<Figures>,
}

impl Contender {
    fn new(name: impl Into<String>, server: &Arc<Server>, requests: Requests) -> Self {
        Self { name: name.into(), server: Arc::clone(server), requests, rounds: Vec::new() }
    }

    /// Its decisions, one for each request.
    async fn decide(&self, field: &str) -> Outcome<Vec<bool>> {
        let answers = load::each(self.server.address, &self.requests).await?;
        let decided =
            answers.iter().map(|answer| serde_json::from_slice::<Value>(answer).ok()?[field].as_bool());
        decided
            .collect::<Option<_>>()
            .ok_or_else(|| format!("{}: an answer without {field}", self.name).into())
    }
}

pub(super) async fn run() -> Outcome<bool> {
    let folder = tempfile::tempdir()?;
    let seatline = Arc::new(http::Server::start_filled(SEATS, folder.path())?);
    let (token, bodies) = http::read_requests(folder.path())?;
    let bodies = &bodies[..QUESTIONS];
    let plain: Requests = Arc::new(bodies.iter().map(|body| request(PATH, &token, body)).collect());
    let mut check = Contender::new("Seatline, a check", &seatline, Arc::clone(&plain));
    let allowed = check.decide("allowed").await?;
    let standard: Requests = Arc::new(evaluations(bodies, &allowed, &token)?);
    let mut evaluation = Contender::new("Seatline, AuthZEN", &seatline, Arc::clone(&standard));
    same(&evaluation, &evaluation.decide("decision").await?, &allowed)?;
    let size = load::each(seatline.address, &plain[..SAMPLE]).await?.concat().len() / SAMPLE;
    let bare = Arc::new(http::Server::start(&["bare", &size.to_string()])?);
    let mut handler = Contender::new("a handler of axum that answers with a constant", &bare, plain);
    let mut flags = unleash_edge(folder.path(), &allowed).await?;
    let mut policies = cerbos(standard, &allowed).await?;

    for _ in 0..ROUNDS {
        let own = [&mut handler, &mut check, &mut evaluation];
        for contender in own.into_iter().chain(&mut flags).chain(&mut policies) {
            let (address, process) = (contender.server.address, contender.server.child.id());
            let figures = load::ask(address, process, &contender.requests, CONNECTIONS, SECONDS).await?;
            contender.rounds.push(figures);
        }
    }
    report::say(&format!(
        "May this user use that, over HTTP with {CONNECTIONS} connections that are kept; the middle of {ROUNDS} rounds \
         that take turns. Seatline holds {SEATS} seats of 10,000 customers; unleash-edge holds {FLAGS} flags with \
         {LISTED} users each; Cerbos holds none, what the user has comes in the bytes of the question, which are those \
         that Seatline gets through AuthZEN. All decisions were compared before."
    ));
    let all = [&handler, &check, &evaluation].into_iter().chain(&flags).chain(&policies);
    let rows: Vec<Vec<String>> = all.map(row).collect::<Outcome<_>>()?;
    report::table(&["", "requests/s", "p50 (µs)", "p99 (µs)", "processor time (µs)", "memory (MB)"], &rows);
    Ok(beside(&check, flags.as_ref(), 1.3) & beside(&evaluation, policies.as_ref(), 10.0))
}

/// Ours beside one of theirs: as many times its requests as required. Whether it is, and was there to be compared.
fn beside(ours: &Contender, theirs: Option<&Contender>, required: f64) -> bool {
    let Some(theirs) = theirs else { return false };
    let (one, other) = (middle(&ours.rounds), middle(&theirs.rounds));
    let processor = format!("{}: processor time (µs)", ours.name);
    at_most(&processor, one.cpu, &theirs.name, other.cpu, None);
    compare(&format!("{}: requests", ours.name), one.rate, &theirs.name, other.rate, Some(required))
}

fn row(contender: &Contender) -> Outcome<Vec<String>> {
    let Figures { rate, p50, p99, cpu } = middle(&contender.rounds);
    let memory = load::resident(contender.server.child.id())? / 1_000_000;
    Ok(vec![
        contender.name.clone(),
        format!("{rate:.0}"),
        format!("{p50:.0}"),
        format!("{p99:.0}"),
        format!("{cpu:.1}"),
        memory.to_string(),
    ])
}

fn same(contender: &Contender, decided: &[bool], expected: &[bool]) -> Outcome<()> {
    let wrong = decided.iter().zip(expected).filter(|(decided, expected)| decided != expected).count();
    let name = &contender.name;
    if wrong == 0 { Ok(()) } else { Err(format!("{name} decides {wrong} questions otherwise").into()) }
}

/// The questions as AuthZEN asks them. What the user has is in them for those that do not know.
fn evaluations(bodies: &[String], allowed: &[bool], token: &str) -> Outcome<Vec<Vec<u8>>> {
    let ask = |(body, allowed): (&String, &bool)| {
        let question: Value = serde_json::from_str(body)?;
        let service = &question["service_id"];
        let seats = if *allowed { vec![service] } else { Vec::new() };
        let body = json!({
            "subject": { "type": "user", "id": question["user"], "properties": { "seats": seats } },
            "action": { "name": "use" },
            "resource": { "type": "service", "id": service },
            "context": { "tenant": question["tenant"] },
        });
        Ok(request("/access/v1/evaluation", token, &body.to_string()))
    };
    bodies.iter().zip(allowed).map(ask).collect()
}

/// Is this flag on for this user? It is in as many of the questions as are allowed in ours.
async fn unleash_edge(folder: &Path, expected: &[bool]) -> Outcome<Option<Contender>> {
    let Some(program) = installed("unleash-edge") else { return Ok(None) };
    let file = folder.join("flags.json");
    std::fs::write(&file, flags().to_string())?;
    let mut command = Command::new(&program);
    let address = free_address()?;
    command.args(["--interface", "127.0.0.1", "--port", &address.port().to_string(), "offline"]);
    command.arg("--bootstrap-file").arg(&file).args(["--tokens", FLAG_TOKEN]);
    let server = Arc::new(listening(command, address).await?);
    let mut dice = Dice::new(19);
    let mut ask = |on: &bool| {
        let flag = dice.below(FLAGS);
        // Somebody of its list, or of another's.
        let list = if *on { flag } else { (flag + 1 + dice.below(FLAGS - 1)) % FLAGS };
        let user = listed(list, dice.below(LISTED));
        format!(
            "GET /api/frontend/features/sku-{flag}?userId={user} HTTP/1.1\r\nhost: bench\r\n\
             authorization: {FLAG_TOKEN}\r\n\r\n"
        )
        .into_bytes()
    };
    let requests = expected.iter().map(&mut ask).collect();
    let contender = Contender::new(named("unleash-edge", &program)?, &server, Arc::new(requests));
    same(&contender, &contender.decide("enabled").await?, expected)?;
    Ok(Some(contender))
}

/// The users of a flag's list.
fn listed(flag: usize, at: usize) -> String {
    format!("user-{}", at * FLAGS + flag)
}

/// Flags as a server of Unleash would send them: the users of each are listed.
fn flags() -> Value {
    let flag = |flag: usize| {
        let users: Vec<String> = (0..LISTED).map(|at| listed(flag, at)).collect();
        let on_list = json!({ "contextName": "userId", "operator": "IN", "values": users });
        let strategy = json!({ "name": "default", "parameters": {}, "constraints": [on_list] });
        json!({
            "name": format!("sku-{flag}"), "type": "permission", "project": "default", "enabled": true,
            "stale": false, "impressionData": false, "strategies": [strategy], "variants": [],
        })
    };
    json!({ "version": 2, "features": (0..FLAGS).map(flag).collect::<Vec<_>>() })
}

async fn cerbos(requests: Requests, expected: &[bool]) -> Outcome<Option<Contender>> {
    let Some(program) = installed("cerbos") else { return Ok(None) };
    let (address, other) = (free_address()?, free_address()?);
    let own = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/peers/cerbos"));
    let mut command = Command::new(&program);
    command.args(["server", "--log-level=error"]).arg("--config").arg(own.join("config.yaml"));
    command.arg(format!("--set=storage.disk.directory={}", own.join("policies").display()));
    command.arg(format!("--set=server.httpListenAddr={address}"));
    command.arg(format!("--set=server.grpcListenAddr={other}"));
    let server = Arc::new(listening(command, address).await?);
    let contender = Contender::new(named("Cerbos", &program)?, &server, requests);
    same(&contender, &contender.decide("decision").await?, expected)?;
    Ok(Some(contender))
}

/// An address of this machine that nobody listens at.
fn free_address() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Starts a server and waits until it takes connections.
async fn listening(mut command: Command, address: SocketAddr) -> Outcome<Server> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let mut server = Server { child, address };
    for _ in 0..300 {
        if TcpStream::connect(address).await.is_ok() {
            return Ok(server);
        }
        if let Some(status) = server.child.try_wait()? {
            return Err(format!("{} ended with {status}", command.get_program().display()).into());
        }
        sleep(Duration::from_millis(100)).await;
    }
    Err(format!("{} does not listen", command.get_program().display()).into())
}

/// With the version that it says it has.
fn named(name: &str, program: &Path) -> Outcome<String> {
    let said = String::from_utf8(Command::new(program).arg("--version").output()?.stdout)?;
    let version = said.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    Ok(format!("{name} {}", version.unwrap_or("of unknown version")))
}

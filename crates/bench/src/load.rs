//! Load on an HTTP server: connections that are kept, each sending its next request when the last was answered.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "figures to be read, not to be counted with"
)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Outcome;

/// What a server did under load.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// Requests a second.
    pub(crate) rate: f64,
    /// Microseconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// Microseconds of the server's processor time for each request.
    pub(crate) cpu: f64,
}

/// Asks for so long, and measures.
pub(crate) async fn ask(
    address: SocketAddr,
    process: u32,
    requests: &Arc<Vec<Vec<u8>>>,
    connections: usize,
    time: Duration,
) -> Outcome<Figures> {
    let before = processor_time(process)?;
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for connection in 0..connections {
        let requests = Arc::clone(requests);
        let first = connection * requests.len() / connections;
        tasks.spawn(async move { connection_asks(address, &requests, first, started, time).await });
    }
    let mut times = Vec::new();
    while let Some(task) = tasks.join_next().await {
        times.extend(task?.map_err(|error| format!("a connection broke: {error}"))?);
    }
    let (count, elapsed) = (times.len() as f64, started.elapsed());
    let cpu = processor_time(process)?.saturating_sub(before).as_secs_f64() * 1e6 / count;
    times.sort_unstable();
    let at = |part: f64| times.get((count * part) as usize).copied().unwrap_or_default() as f64 / 1000.0;
    Ok(Figures { rate: count / elapsed.as_secs_f64(), p50: at(0.5), p99: at(0.99), cpu })
}

async fn connection_asks(
    address: SocketAddr,
    requests: &[Vec<u8>],
    first: usize,
    started: Instant,
    time: Duration,
) -> std::io::Result<Vec<u64>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut buffer, mut times) = (vec![0; 1 << 20], Vec::new());
    for request in requests.iter().cycle().skip(first) {
        let asked = Instant::now();
        if asked - started >= time {
            break;
        }
        stream.write_all(request).await?;
        answer(&mut stream, &mut buffer).await?;
        times.push(u64::try_from(asked.elapsed().as_nanos()).unwrap_or(u64::MAX));
    }
    Ok(times)
}

/// Reads one answer to its end, and says how long its body is; anything but 200 is an error.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> std::io::Result<usize> {
    let (mut have, mut whole, mut body) = (0, usize::MAX, 0);
    while have < whole {
        let read = stream.read(&mut buffer[have..]).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        have += read;
        if whole == usize::MAX
            && let Some(end) = find(&buffer[..have], b"\r\n\r\n")
        {
            let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            let (true, Some(length)) = (head.starts_with("http/1.1 200"), length) else {
                let answer = String::from_utf8_lossy(&buffer[..have]).into_owned();
                return Err(std::io::Error::other(answer));
            };
            body = usize::min(length, usize::MAX / 2);
            whole = end + 4 + body;
        }
    }
    Ok(body)
}

/// One connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 1 << 20] })
    }

    /// The body of the answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Outcome<&[u8]> {
        self.stream.write_all(request).await?;
        let body = answer(&mut self.stream, &mut self.buffer).await?;
        let from = find(&self.buffer, b"\r\n\r\n").ok_or("an answer without a head")? + 4;
        Ok(&self.buffer[from..from + body])
    }
}

/// Asks one after the other; the bodies of the answers.
pub(crate) async fn each(address: SocketAddr, requests: &[Vec<u8>]) -> Outcome<Vec<Vec<u8>>> {
    let mut connection = Connection::open(address).await?;
    let mut bodies = Vec::with_capacity(requests.len());
    for request in requests {
        bodies.push(connection.ask(request).await?.to_vec());
    }
    Ok(bodies)
}

pub(crate) fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// What a process has used of the processors; in steps of a hundredth of a second.
fn processor_time(process: u32) -> Outcome<Duration> {
    time_of(&process.to_string(), [11, 12])
}

/// What the processes that this one has waited for have used.
pub(crate) fn time_of_children() -> Outcome<Duration> {
    time_of("self", [13, 14])
}

fn time_of(process: &str, fields: [usize; 2]) -> Outcome<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let all: Vec<&str> = after_name.split_whitespace().collect();
    let ticks: u64 = fields.iter().filter_map(|at| all.get(*at)?.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 10))
}

/// Bytes of memory that a process holds.
pub(crate) fn resident(process: u32) -> Outcome<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kib.map(|kib| kib * 1024).ok_or_else(|| "no VmRSS".into())
}

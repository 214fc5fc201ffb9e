//! The short way: plain questions are read and answered here, without the machinery for whatever else HTTP allows.
//!
//! ```text
//! bytes ─► one whole, plain question? ─► the router ─► one write
//!                │ no
//!                └──► all that came, untouched, to hyper, until the connection ends
//! ```
//!
//! Plain is a `POST` of HTTP/1.1 to one of a few routes, with one `Host`, one small `Content-Length`, and nothing that
//! says how to read it otherwise. What is wrong or only unusual is not judged here.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::mem::MaybeUninit;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::response::Response;
use httparse::Status;
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep, timeout};
use tower::{Service, ServiceExt};

use super::IDLE;
use crate::kit::Clock;

/// Bytes and lines that the head of a plain question has at most.
const HEAD_MAX: usize = 16 * 1024;
const LINES_MAX: usize = 32;
/// Bytes of its body at most; a batch of a hundred has twelve thousand.
const BODY_MAX: usize = 64 * 1024;
/// Bytes that a connection keeps room for while nobody asks.
const ROOM: usize = 16 * 1024;
/// How long the end of a connection that the server ends is waited for.
const PARTING: Duration = Duration::from_secs(1);

/// Routes to which the short way leads.
pub(super) struct ShortWay {
    pub routes: Vec<Uri>,
    /// Says what time it is to those who ask.
    pub clock: Clock,
}

/// Why what came so far is no plain question.
enum Not {
    /// It may become one; at least so many bytes are missing.
    Whole(usize),
    Plain,
}

impl ShortWay {
    /// Answers plain questions until the connection ends, or until something else comes: that is given back.
    pub(super) async fn answer(
        &self,
        stream: &mut TcpStream,
        router: impl Service<Request, Response = Response, Error = Infallible> + Clone,
        stopping: &watch::Receiver<bool>,
    ) -> io::Result<Option<Vec<u8>>> {
        let (mut came, mut date, mut patience) = (Vec::new(), Date::default(), pin!(sleep(IDLE)));
        loop {
            match self.read(&came) {
                Ok((request, length)) => {
                    came.drain(..length);
                    let Ok(response) = router.clone().oneshot(request).await;
                    let closes = *stopping.borrow();
                    let answer = written(response, date.at(&self.clock), closes).await?;
                    send(stream, &answer).await?;
                    if closes {
                        return part(stream).await.map(|()| None);
                    }
                    came.shrink_to(ROOM);
                    patience.as_mut().reset(Instant::now() + IDLE);
                }
                Err(Not::Whole(missing)) => {
                    came.reserve(missing.max(ROOM));
                    match more(stream, &mut came, patience.as_mut(), stopping).await? {
                        Some(0) => return Ok(Some(came).filter(|came| !came.is_empty())),
                        Some(_) => {}
                        None => return part(stream).await.map(|()| None),
                    }
                }
                Err(Not::Plain) => return Ok(Some(came)),
            }
        }
    }

    /// The question, and how many bytes it has.
    fn read(&self, came: &[u8]) -> Result<(Request, usize), Not> {
        if came.is_empty() {
            return Err(Not::Whole(0));
        }
        let mut lines = [const { MaybeUninit::uninit() }; LINES_MAX];
        let mut head = httparse::Request::new(&mut []);
        let length = match head.parse_with_uninit_headers(came, &mut lines) {
            Ok(Status::Complete(length)) => length,
            Ok(Status::Partial) if came.len() < HEAD_MAX => return Err(Not::Whole(0)),
            Ok(Status::Partial) | Err(_) => return Err(Not::Plain),
        };
        let (uri, headers, body) = self.plain(&head).ok_or(Not::Plain)?;
        let end = length + body;
        let body = came.get(length..end).ok_or_else(|| Not::Whole(end - came.len()))?;
        let mut request = Request::new(Body::from(body.to_vec()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        Ok((request, end))
    }

    /// The route, the headers and the length of the body.
    fn plain(&self, head: &httparse::Request<'_, '_>) -> Option<(Uri, HeaderMap, usize)> {
        if head.method != Some("POST") || head.version != Some(1) {
            return None;
        }
        let uri = self.routes.iter().find(|route| Some(route.path()) == head.path)?;
        let (mut headers, mut hosts, mut length) = (HeaderMap::with_capacity(head.headers.len()), 0, None);
        for line in &*head.headers {
            let name = HeaderName::from_bytes(line.name.as_bytes()).ok()?;
            match name.as_str() {
                "host" => hosts += 1,
                "content-length" if length.is_none() => length = Some(bytes(line.value)?),
                "connection" if line.value.eq_ignore_ascii_case(b"keep-alive") => {}
                "connection" | "content-length" | "expect" | "te" | "trailer" | "transfer-encoding"
                | "upgrade" => return None,
                _ => {}
            }
            headers.append(name, HeaderValue::from_bytes(line.value).ok()?);
        }
        Some((uri.clone(), headers, length.filter(|_| hosts == 1)?))
    }
}

/// A number of bytes that is written in digits alone.
fn bytes(digits: &[u8]) -> Option<usize> {
    let all = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    str::from_utf8(digits).ok().filter(|_| all)?.parse().ok().filter(|bytes| *bytes <= BODY_MAX)
}

/// Reads what comes next, nothing at its end; `None` where it is waited for no longer.
async fn more(
    stream: &mut TcpStream,
    came: &mut Vec<u8>,
    mut patience: Pin<&mut Sleep>,
    stopping: &watch::Receiver<bool>,
) -> io::Result<Option<usize>> {
    let mut read = pin!(stream.read_buf(came));
    poll_fn(|context| {
        if let Poll::Ready(read) = read.as_mut().poll(context) {
            return Poll::Ready(read.map(Some));
        }
        if *stopping.borrow() || patience.as_mut().poll(context).is_ready() {
            return Poll::Ready(Ok(None));
        }
        Poll::Pending
    })
    .await
}

/// Sends an answer to whoever takes some of it every now and then.
async fn send(stream: &mut TcpStream, mut answer: &[u8]) -> io::Result<()> {
    while !answer.is_empty() {
        match timeout(IDLE, stream.write(answer)).await?? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            sent => answer = &answer[sent..],
        }
    }
    Ok(())
}

/// Says that nothing more comes, and takes what is still sent: closed before, the answer might be lost on its way.
async fn part(stream: &mut TcpStream) -> io::Result<()> {
    stream.shutdown().await?;
    let mut rest = Vec::new();
    let all = async {
        while stream.read_buf(&mut rest).await.is_ok_and(|read| read > 0) {
            rest.clear();
        }
    };
    // Who goes on sending is not waited for.
    let _ = timeout(PARTING, all).await;
    Ok(())
}

/// An answer as it is sent.
async fn written(response: Response, date: &str, closes: bool) -> io::Result<Vec<u8>> {
    let (head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(io::Error::other)?;
    let reason = head.status.canonical_reason().unwrap_or_default();
    let mut answer = Vec::with_capacity(body.len() + 512);
    let mut line = |parts: &[&[u8]]| parts.iter().for_each(|part| answer.extend_from_slice(part));
    line(&[b"HTTP/1.1 ", head.status.as_str().as_bytes(), b" ", reason.as_bytes(), b"\r\n"]);
    for (name, value) in head.headers.iter().filter(|(name, _)| *name != header::CONTENT_LENGTH) {
        line(&[name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"]);
    }
    line(&[b"content-length: ", body.len().to_string().as_bytes(), b"\r\ndate: ", date.as_bytes(), b"\r\n"]);
    line(&[if closes { b"connection: close\r\n" } else { b"" }, b"\r\n", &body]);
    Ok(answer)
}

/// The present as headers have it, written once a second.
#[derive(Default)]
struct Date {
    second: i64,
    text: String,
}

impl Date {
    fn at(&mut self, clock: &Clock) -> &str {
        let second = clock.now().seconds();
        if self.second != second || self.text.is_empty() {
            let moment = jiff::Timestamp::from_second(second).unwrap_or_default();
            let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&moment);
            *self = Self { second, text: text.unwrap_or_default() };
        }
        &self.text
    }
}

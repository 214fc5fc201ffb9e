use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use axum::http::Method;

use super::*;
use crate::kit::Language;
use crate::kit::page::wording;

/// A server on this machine that answers every connection with what `answer` writes.
fn server(answer: impl Fn(&str, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || {
                let mut stream = stream?;
                let mut reader = BufReader::new(stream.try_clone()?);
                let (mut first, mut line) = (String::new(), String::new());
                reader.read_line(&mut first)?;
                while reader.read_line(&mut line)? > 2 {
                    line.clear();
                }
                answer(first.split(' ').nth(1).unwrap_or_default(), &mut stream)
            });
        }
    });
    url
}

fn here() -> Outbound {
    let allow_networks = vec![Network::parse("127.0.0.0/8").unwrap()];
    Outbound::new(OutboundSettings { allow_http: true, allow_networks })
}

fn get(url: &str) -> Exchange {
    let limits = Limits { redirects: 2, time: Duration::from_secs(5), bytes: 1000 };
    let (url, headers, body) = (url.to_owned(), Vec::new(), Vec::new());
    Exchange { method: Method::GET, url, headers, body, limits }
}

/// PKG-09: an address of the inside is refused as a number, by name and after a redirect, and nothing is sent.
#[tokio::test]
async fn the_inside_is_not_reached() {
    let inside = server(|_, _| panic!("somebody came"));
    let port = inside.rsplit(':').next().unwrap().to_owned();
    let open = Outbound::new(OutboundSettings { allow_http: true, ..OutboundSettings::default() });
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0"] {
        let refused = open.send(get(&format!("http://{host}:{port}/"))).await.unwrap_err();
        assert!(
            matches!(refused, OutboundError::NotAllowed(_) | OutboundError::HostNotFound),
            "{host}: {refused}"
        );
        assert!(!refused.to_string().contains("127.0.0.1"), "where it leads is not told: {refused}");
    }
    let target = format!("http://[::1]:{port}/");
    let redirects = server(move |_, stream| {
        write!(stream, "HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n")
    });
    let refused = here().send(get(&redirects)).await.unwrap_err();
    assert_eq!(refused.to_string(), "the address is not allowed: it does not lead to a public host");
    let plain = Outbound::new(OutboundSettings::default());
    assert!(matches!(plain.send(get("http://example.com/")).await, Err(OutboundError::NotAllowed(_))));
    for typed in ["localhost", "app.localhost", "2130706433", "0x7f.1", "[::1]", "10.0.0.1", "192.168.1.1"] {
        let refused = plain.vet(&format!("https://{typed}/hook")).unwrap_err();
        assert_eq!(
            (refused.code, &*refused.message),
            ("url.not_allowed", "it does not lead to a public host")
        );
    }
    assert!(here().vet("https://localhost/").is_ok() && here().vet("https://2130706433/").is_ok());
    for odd in ["ftp://example.com", "https://user:pass@example.com/", "//example.com", "nothing"] {
        assert!(plain.vet(odd).is_err(), "{odd}");
    }
    for port in ["0", "65536", "99999", "", "+443"] {
        let refused = plain.vet(&format!("https://example.com:{port}/hook")).unwrap_err();
        assert_eq!(refused.message, "its port must be 1 to 65535", "{port}");
    }
    assert!(
        plain.vet("https://example.com:8443/hook").is_ok() && plain.vet("https://[2606:4700::1]/").is_ok()
    );
    for (url, why) in [("https://bücher.example/", "xn--"), ("https://example.com\\/ü", "percent-encoded")]
    {
        assert!(plain.vet(url).unwrap_err().message.contains(why), "{url}");
    }
}

#[tokio::test]
async fn redirects_are_followed_as_far_as_the_limit() {
    let round = server(|_, stream| {
        write!(stream, "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")
    });
    assert_eq!(here().send(get(&round)).await.unwrap_err(), OutboundError::TooManyRedirects);
    let mut none = get(&round);
    none.limits.redirects = 0;
    assert_eq!(here().send(none).await.unwrap().status, 302);
}

/// PKG-09: a size limit that holds without a length, and a time limit that trickling does not stretch.
#[tokio::test]
async fn endless_and_slow_bodies_end() {
    let endless = server(|path, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")?;
        loop {
            stream.write_all(&[b'x'; 100])?;
            if path == "/slow" {
                wait(Duration::from_millis(20));
            }
        }
    });
    assert_eq!(here().download(get(&endless), Vec::new()).await.unwrap_err(), OutboundError::TooLarge(1000));
    let beginning = here().send(get(&endless)).await.unwrap();
    assert_eq!((beginning.status, beginning.body.len()), (200, 1000));
    let mut slow = get(&format!("{endless}/slow"));
    slow.limits = Limits { redirects: 0, time: Duration::from_millis(300), bytes: u64::MAX };
    let started = Instant::now();
    assert_eq!(here().download(slow, std::io::sink()).await.unwrap_err(), OutboundError::TimedOut);
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn what_is_sent_arrives_and_what_comes_back_is_streamed() {
    let whole = server(|_, stream| {
        write!(stream, "HTTP/1.1 201 Created\r\nContent-Type: a/b\r\nContent-Length: 5\r\n\r\nhello")
    });
    let reply = here().download(get(&whole), Vec::new()).await.unwrap();
    let (body, count) = reply.body;
    assert_eq!(
        (reply.status, reply.content_type.as_deref(), body.as_slice(), count),
        (201, Some("a/b"), &b"hello"[..], 5)
    );
}

#[test]
fn every_error_has_its_text() {
    let text = String::new;
    for (error, key) in [
        (OutboundError::NotAllowed(text()), "not-allowed"),
        (OutboundError::HostNotFound, "host-not-found"),
        (OutboundError::TimedOut, "timed-out"),
        (OutboundError::TooLarge(9), "too-large"),
        (OutboundError::TooManyRedirects, "too-many-redirects"),
        (OutboundError::Failed(text()), "failed"),
        (OutboundError::NotStored(text()), "not-stored"),
    ] {
        assert_eq!(reason(&error.to_string()).map(|(key, _)| key), Some(key));
        let said = wording(Language::Korean).no_answer(None, &error.to_string());
        assert!(!said.is_ascii(), "{said}");
    }
    let english = wording(Language::English);
    assert_eq!(english.no_answer(None, "no answer: refused"), "No answer: refused.");
    assert_eq!(english.no_answer(Some(500), "it answered 500"), "It answered 500.");
    assert_eq!(english.no_answer(None, "words of a mail server"), "words of a mail server");
}

#[expect(clippy::disallowed_methods, reason = "a server that is slow on purpose")]
fn wait(time: Duration) {
    std::thread::sleep(time);
}

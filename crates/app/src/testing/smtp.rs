//! A mail server: takes what it is sent and keeps it, but nothing for addresses at `refused.example`.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Settings;
use crate::kit::{MailSettings, MailTls};

/// A mail as it came.
#[derive(Debug, Clone)]
pub(crate) struct ReceivedMail {
    pub from: String,
    pub to: String,
    /// Headers and body, lines ended by one character.
    pub source: String,
}

/// Runs until the test's process ends.
pub(crate) struct MailServer {
    port: u16,
    received: Arc<Mutex<Vec<ReceivedMail>>>,
    down: Arc<AtomicBool>,
}

impl MailServer {
    pub(crate) fn start() -> Self {
        let server = Self::stopped();
        server.listen();
        server
    }

    /// One that nobody can connect to yet.
    pub(crate) fn stopped() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { port, received: Arc::default(), down: Arc::default() }
    }

    pub(crate) fn listen(&self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).unwrap();
        let (received, down) = (Arc::clone(&self.received), Arc::clone(&self.down));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (received, down) = (Arc::clone(&received), Arc::clone(&down));
                std::thread::spawn(move || talk(stream?, &received, &down));
            }
        });
    }

    /// With this server as the one that takes mails.
    pub(crate) fn settings(&self) -> Settings {
        let from = "Market <no-reply@market.example>".to_owned();
        let (host, port) = ("127.0.0.1".to_owned(), self.port);
        let mail = MailSettings { host, port, tls: MailTls::None, credentials: None, from };
        Settings { mail: Some(mail), outbound: super::reachable(), ..Settings::default() }
    }

    /// Whether it asks everybody to come again later.
    pub(crate) fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::Relaxed);
    }

    /// What came since the last call.
    pub(crate) fn take(&self) -> Vec<ReceivedMail> {
        std::mem::take(&mut *self.received.lock().unwrap())
    }
}

impl ReceivedMail {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let head = self.source.split("\n\n").next().unwrap().replace("\n ", " ");
        let line = head
            .lines()
            .find(|line| line.to_lowercase().starts_with(&format!("{}:", name.to_lowercase())))?;
        Some(line.split_once(':').unwrap().1.trim().to_owned())
    }

    /// The part of this media type, decoded.
    pub(crate) fn part(&self, kind: &str) -> String {
        let at = self
            .source
            .find(&format!("Content-Type: {kind}"))
            .unwrap_or_else(|| panic!("no {kind}: {}", self.source));
        let part = self.source[at..].split("\n--").next().unwrap();
        let (head, body) = part.split_once("\n\n").unwrap();
        let bytes = if head.contains("base64") {
            STANDARD.decode(body.replace('\n', "")).unwrap()
        } else if head.contains("quoted-printable") {
            quoted_printable(body)
        } else {
            body.as_bytes().to_vec()
        };
        String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
    }
}

fn quoted_printable(body: &str) -> Vec<u8> {
    let joined = body.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.as_str());
    while let Some((before, after)) = rest.split_once('=') {
        bytes.extend(before.bytes());
        bytes.push(u8::from_str_radix(&after[..2], 16).unwrap());
        rest = &after[2..];
    }
    bytes.extend(rest.bytes());
    bytes
}

fn talk(
    mut stream: TcpStream,
    received: &Mutex<Vec<ReceivedMail>>,
    down: &AtomicBool,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    write!(stream, "220 market.example\r\n")?;
    let (mut from, mut to, mut line) = (String::new(), String::new(), String::new());
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let address = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        match line.get(..4).unwrap_or_default() {
            "EHLO" => write!(stream, "250-market.example\r\n250 8BITMIME\r\n")?,
            "MAIL" if down.load(Ordering::Relaxed) => write!(stream, "451 Come again later\r\n")?,
            "MAIL" => {
                from = address();
                write!(stream, "250 OK\r\n")?;
            }
            "RCPT" if line.contains("@refused.example") => write!(stream, "550 No such mailbox\r\n")?,
            "RCPT" => {
                to = address();
                write!(stream, "250 OK\r\n")?;
            }
            "DATA" => {
                write!(stream, "354 Go on\r\n")?;
                let source = data(&mut reader)?;
                received.lock().unwrap().push(ReceivedMail { from: from.clone(), to: to.clone(), source });
                write!(stream, "250 Taken\r\n")?;
            }
            "QUIT" => {
                write!(stream, "221 Bye\r\n")?;
                return Ok(());
            }
            _ => write!(stream, "250 OK\r\n")?,
        }
    }
}

fn data(reader: &mut impl BufRead) -> std::io::Result<String> {
    let (mut source, mut line) = (String::new(), String::new());
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        match line.trim_end_matches(['\r', '\n']) {
            "." => return Ok(source),
            text => source.push_str(text.strip_prefix('.').unwrap_or(text)),
        }
        source.push('\n');
    }
}

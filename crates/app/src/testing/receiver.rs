//! An HTTP server of a tenant's own: writes down what it is sent and answers as it is told.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

/// Runs until the test's process ends.
pub(crate) struct Receiver {
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
    status: Arc<Mutex<u16>>,
}

impl Receiver {
    /// Answers 204 until told otherwise.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (received, status) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(204)));
        let receiver = Self { url, received: Arc::clone(&received), status: Arc::clone(&status) };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (received, status) = (Arc::clone(&received), Arc::clone(&status));
                std::thread::spawn(move || take(&mut stream?, &received, &status));
            }
        });
        receiver
    }

    /// How it answers from now on.
    pub(crate) fn answer(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }

    /// What came since the last call.
    pub(crate) fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.received.lock().unwrap())
    }
}

fn take(stream: &mut TcpStream, received: &Mutex<Vec<Received>>, status: &Mutex<u16>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut headers, mut line) = (BTreeMap::new(), String::new());
    while reader.read_line(&mut line)? > 2 {
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
        line.clear();
    }
    let length = headers.get("content-length").and_then(|value| value.parse().ok()).unwrap_or_default();
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    received.lock().unwrap().push(Received { headers, body: String::from_utf8(body).unwrap() });
    let status = *status.lock().unwrap();
    let location = if status == 302 { "Location: /elsewhere\r\n" } else { "" };
    write!(stream, "HTTP/1.1 {status} Told\r\n{location}Content-Length: 0\r\nConnection: close\r\n\r\n")
}

//! A server that answers as a test says.

pub mod lies;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// What came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Lower case, one a line.
    pub(crate) headers: String,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// What is sent.
pub(crate) enum Reply {
    Json(u16, Value),
    /// Status, headers beyond the length, body.
    Text(u16, &'static str, String),
    /// The connection, after the request was read.
    Raw(Box<dyn FnOnce(TcpStream) + Send>),
}

type Script = Box<dyn FnMut(&Asked) -> Reply + Send>;
type First = Box<dyn FnMut(&Asked) -> Option<Reply> + Send>;

/// Gives tokens by itself; all else is answered by its script.
pub(crate) struct Fake {
    pub(crate) address: String,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    script: Script,
    /// What is answered before the script is asked.
    first: Option<First>,
    asked: Vec<Asked>,
    tokens: u32,
    scope: &'static str,
}

impl Fake {
    pub(crate) fn new(script: impl FnMut(&Asked) -> Reply + Send + 'static) -> Self {
        Self::scoped("check.any", script)
    }

    /// Gives tokens of this scope.
    pub(crate) fn scoped(scope: &'static str, script: impl FnMut(&Asked) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (script, first, asked): (Script, _, _) = (Box::new(script), None, Vec::new());
        let shared = Arc::new(Mutex::new(Shared { script, first, asked, tokens: 0, scope }));
        let serving = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&serving);
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        Self { address, shared }
    }

    pub(crate) fn answers(&self, script: impl FnMut(&Asked) -> Reply + Send + 'static) {
        self.shared.lock().unwrap().script = Box::new(script);
    }

    /// What this answers, whatever the script says.
    pub(crate) fn tells(&self, first: impl FnMut(&Asked) -> Option<Reply> + Send + 'static) {
        self.shared.lock().unwrap().first = Some(Box::new(first));
    }

    /// All that was asked since, but for tokens.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.shared.lock().unwrap().asked)
    }

    pub(crate) fn tokens(&self) -> u32 {
        self.shared.lock().unwrap().tokens
    }
}

/// There, but not able to answer; it may be asked again at once.
pub(crate) fn gone() -> Reply {
    Reply::Text(503, "retry-after: 0\r\n", String::new())
}

pub(crate) fn problem(status: u16, code: &str) -> Reply {
    let kind = format!("urn:seatline:problem:{code}");
    Reply::Json(status, serde_json::json!({ "type": kind, "status": status, "code": code, "detail": "…" }))
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let (mut first, mut headers, mut length) = (String::new(), String::new(), 0);
    reader.read_line(&mut first).ok()?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        let (name, value) = line.split_once(':')?;
        let name = name.to_ascii_lowercase();
        if name == "content-length" {
            length = value.trim().parse().ok()?;
        }
        headers.push_str(&format!("{name}:{value}"));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut words = first.split(' ').map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    Some(Asked { method, path, headers, body: String::from_utf8(body).ok()? })
}

fn serve(mut stream: TcpStream, shared: &Mutex<Shared>) {
    let Some(asked) = read(&stream) else { return };
    let mut shared = shared.lock().unwrap();
    let reply = if asked.path == "/oauth2/token" {
        shared.tokens += 1;
        let token = format!("token-{}", shared.tokens);
        let scope = shared.scope;
        Reply::Json(200, serde_json::json!({ "access_token": token, "expires_in": 600, "scope": scope }))
    } else {
        shared.asked.push(asked.clone());
        let first = shared.first.as_mut().and_then(|first| first(&asked));
        first.unwrap_or_else(|| (shared.script)(&asked))
    };
    drop(shared);
    let (status, headers, body) = match reply {
        Reply::Json(status, body) => (status, "content-type: application/json\r\n", body.to_string()),
        Reply::Text(status, headers, body) => (status, headers, body),
        Reply::Raw(write) => return write(stream),
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n",
        body.len()
    );
    // Whoever asked may be gone, which some tests are about.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}

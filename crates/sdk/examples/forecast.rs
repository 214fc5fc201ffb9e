//! A small web app with a base page for everybody and a premium page for who has a license.
//!
//! `SEATLINE_SERVER=… SEATLINE_CLIENT_ID=… SEATLINE_CLIENT_SECRET=… cargo run -p seatline --example forecast -- [port]`

#![expect(clippy::print_stdout, reason = "it is an app for the command line")]
#![expect(clippy::disallowed_methods, reason = "an app of its own reads its environment where it likes")]

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Mutex;

use seatline::{Client, Credentials, Question, Refusal, Settings};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[derive(Clone)]
struct User {
    id: String,
    name: String,
    tenant: String,
}

struct Page {
    title: String,
    body: String,
    status: u16,
    cookie: Option<String>,
}

struct App {
    server: String,
    seatline: Client,
    sessions: Mutex<HashMap<String, User>>,
}

fn main() -> Outcome<()> {
    let of = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set"));
    let (server, id, secret) =
        (of("SEATLINE_SERVER")?, of("SEATLINE_CLIENT_ID")?, of("SEATLINE_CLIENT_SECRET")?);
    let seatline = Client::new(Settings::new(&server, Credentials::client(id, secret)))?;
    let app = App { server, seatline, sessions: Mutex::default() };
    let port: u16 = std::env::args().nth(1).map_or(Ok(8302), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    println!("listening on http://{}", listener.local_addr()?);
    std::thread::scope(|scope| {
        for stream in listener.incoming().filter_map(Result::ok) {
            let app = &app;
            scope.spawn(move || app.serve(stream));
        }
    });
    Ok(())
}

impl App {
    fn page(
        &self,
        user: Option<&User>,
        method: &str,
        path: &str,
        form: &HashMap<String, String>,
    ) -> Outcome<Page> {
        match (user, method, path) {
            (_, "POST", "/sign-in") => self.sign_in(form),
            (None, ..) => Ok(sign_in_page("")),
            (Some(_), "GET", "/") => Ok(scheduling()),
            (Some(user), "GET", "/forecast") => self.forecast(user),
            _ => Ok(page("Not found", String::new(), 404)),
        }
    }

    fn forecast(&self, user: &User) -> Outcome<Page> {
        let question = Question::component(&user.id, "fab_Forecast").of(&user.tenant);
        let decision = self.seatline.check(&question)?;
        if let Some(refusal) = decision.refusal {
            return Ok(refusal_page(&refusal));
        }
        let how = decision.how.as_str();
        let body = format!("<p>Sales will grow by 12 %.</p><p class=\"note\">Allowed: {how}</p>");
        Ok(page("Forecast", body, 200))
    }

    /// Your app has its own way. This one asks the marketplace who somebody is.
    fn sign_in(&self, form: &HashMap<String, String>) -> Outcome<Page> {
        let of = |name: &str| form.get(name).cloned().unwrap_or_default();
        let credentials = json!({ "email": of("email"), "password": of("password") });
        let Ok(mut session) = ureq::post(format!("{}/api/v1/sessions", self.server)).send_json(credentials)
        else {
            return Ok(sign_in_page("That is not right."));
        };
        let session: Value = session.body_mut().read_json()?;
        let token = session["token"].as_str().ok_or("no session")?;
        let me = ureq::get(format!("{}/api/v1/me", self.server))
            .header("authorization", format!("Bearer {token}"));
        let me: Value = me.call()?.body_mut().read_json()?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let user = User {
            id: text(&me["user"]["id"]),
            name: text(&me["user"]["name"]),
            tenant: text(&me["tenant"]["id"]),
        };
        // The session's own token is a secret already, and ends with it.
        let cookie = token.to_owned();
        self.sessions.lock().map_err(|_| "broken")?.insert(cookie.clone(), user);
        Ok(Page { cookie: Some(cookie), ..page("Signed in", String::new(), 303) })
    }

    fn serve(&self, mut stream: TcpStream) {
        // Who went away needs no answer.
        let _ = self.answer(&mut stream);
    }

    fn answer(&self, stream: &mut TcpStream) -> Outcome<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let (mut first, mut length, mut cookie) = (String::new(), 0, None);
        reader.read_line(&mut first)?;
        let mut line = String::new();
        while reader.read_line(&mut line)? > 2 {
            let (name, value) = line.split_once(':').unwrap_or_default();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse()?,
                "cookie" => cookie = value.split_once("session=").map(|(_, it)| it.trim().to_owned()),
                _ => {}
            }
            line.clear();
        }
        let mut form = String::new();
        reader.take(length).read_to_string(&mut form)?;
        let form = form.split('&').filter_map(|field| field.split_once('='));
        let form = form.map(|(name, value)| (name.to_owned(), unquoted(value))).collect();
        let sessions = self.sessions.lock().map_err(|_| "broken")?;
        let user = cookie.and_then(|cookie| sessions.get(&cookie).cloned());
        drop(sessions);
        let (method, path) = first.split_once(' ').ok_or("no request")?;
        let path = path.split(' ').next().unwrap_or_default();
        let page = self.page(user.as_ref(), method, path, &form);
        let page =
            page.unwrap_or_else(|error| self::page("Something went wrong", escape(&error.to_string()), 500));
        Ok(stream.write_all(shown(&page, user.as_ref()).as_bytes())?)
    }
}

fn page(title: &str, body: String, status: u16) -> Page {
    Page { title: title.to_owned(), body, status, cookie: None }
}

fn scheduling() -> Page {
    let body = "<p>Everybody may plan the week.</p><p><a href=\"/forecast\">Forecast</a></p>";
    page("Scheduling", body.to_owned(), 200)
}

/// What a person without a license sees: what is missing, and for the administrator what would do.
fn refusal_page(refusal: &Refusal) -> Page {
    let url =
        refusal.more_info_url.as_deref().filter(|url| url.starts_with("https:") || url.starts_with("http:"));
    let more = url.map(|url| format!("<p><a href=\"{}\">More information</a></p>", escape(url)));
    let body = format!(
        "<p>{}</p><details open><summary>For your administrator</summary><p>{}</p></details>{}\
         <p class=\"note\">Error code {}</p><p><a href=\"/\">Back to Scheduling</a></p>",
        escape(&refusal.message),
        escape(&refusal.details),
        more.unwrap_or_default(),
        escape(&refusal.code)
    );
    page(&refusal.title, body, 403)
}

fn sign_in_page(error: &str) -> Page {
    let body = format!(
        "<form method=\"post\" action=\"/sign-in\"><p>{error}</p>\
         <p><label>E-mail <input name=\"email\" type=\"email\" required></label></p>\
         <p><label>Password <input name=\"password\" type=\"password\" required></label></p>\
         <p><button>Sign in</button></p></form>"
    );
    page("Sign in", body, 200)
}

const STYLE: &str = "body{font:1rem/1.5 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem}\
    .note{color:#595959}input{font:inherit}";

fn shown(page: &Page, user: Option<&User>) -> String {
    let name = user.map_or_else(String::new, |user| format!(" – {}", escape(&user.name)));
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title} – Fabrikam 365</title><style>{STYLE}</style><p class=\"note\">Fabrikam 365{name}</p>\
         <main><h1>{title}</h1>{body}</main></html>",
        title = escape(&page.title),
        body = page.body
    );
    let cookie = page
        .cookie
        .as_ref()
        .map(|it| format!("location: /\r\nset-cookie: session={it}; HttpOnly; SameSite=Lax\r\n"));
    format!(
        "HTTP/1.1 {} -\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n{}\r\n{html}",
        page.status,
        html.len(),
        cookie.unwrap_or_default()
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A value of a form.
fn unquoted(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.bytes());
    while let Some(byte) = rest.next() {
        let hex: Option<Vec<u8>> = (byte == b'%').then(|| rest.by_ref().take(2).collect());
        let decoded = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok());
        bytes.push(decoded.unwrap_or(if byte == b'+' { b' ' } else { byte }));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

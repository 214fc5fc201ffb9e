//! A browser without a window: cookies, redirects and forms, and what every page must be.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use tower::ServiceExt;

use super::html::{Tag, inspect, tags};

/// Somebody who looks at pages.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    language: &'static str,
}

/// A page, or a redirect that was not followed.
#[derive(Debug)]
pub(crate) struct Seen {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub html: String,
    /// Where it is, after redirects.
    pub path: String,
}

impl Browser {
    pub(super) fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), language: "en" }
    }

    pub(crate) fn reading(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Follows redirects, and holds what it finds against what every page must be.
    pub(crate) async fn get(&mut self, path: &str) -> Seen {
        self.follow(Method::GET, path, String::new()).await
    }

    /// Fills in the form of this action on a page and sends it; what is not named stays as it was shown.
    pub(crate) async fn submit(&mut self, seen: &Seen, action: &str, typed: &[(&str, &str)]) -> Seen {
        let mut pairs = seen.form(action);
        pairs.retain(|(known, _)| !typed.iter().any(|(name, _)| known == name));
        pairs.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let body = serde_urlencoded::to_string(&pairs).unwrap();
        self.follow(Method::POST, action, body).await
    }

    /// Sends the form of this action that has a file, the file last.
    pub(crate) async fn send_file(
        &mut self,
        seen: &Seen,
        action: &str,
        typed: &[(&str, &str)],
        (field, file): (&str, &[u8]),
    ) -> Seen {
        let mut pairs = seen.form(action);
        pairs.retain(|(known, _)| known != field && !typed.iter().any(|(name, _)| known == name));
        pairs.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let mut body = Vec::new();
        for (name, value) in pairs {
            let head =
                format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"f\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let kind = "multipart/form-data; boundary=edge";
        let mut sent = self.exchange(&Method::POST, action, (kind, body.clone()), "same-origin").await;
        if sent.status == StatusCode::TEMPORARY_REDIRECT {
            let to = sent.headers[header::LOCATION].to_str().unwrap().to_owned();
            sent = self.exchange(&Method::POST, &to, (kind, body), "same-origin").await;
        }
        if let Some(to) = sent.headers.get(header::LOCATION) {
            let to = to.to_str().unwrap().to_owned();
            return self.get(&to).await;
        }
        inspect(&sent.html, &sent.path);
        sent
    }

    async fn follow(&mut self, method: Method, path: &str, body: String) -> Seen {
        let (mut method, mut path, mut body) = (method, path.to_owned(), body);
        for _ in 0..6 {
            let seen = self.once(&method, &path, &body).await;
            let Some(to) = seen.headers.get(header::LOCATION) else {
                if seen.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html") {
                    inspect(&seen.html, &seen.path);
                }
                return seen;
            };
            to.to_str().unwrap().clone_into(&mut path);
            if seen.status != StatusCode::TEMPORARY_REDIRECT {
                (method, body) = (Method::GET, String::new());
            }
        }
        panic!("{path} redirects without end");
    }

    /// One request, as it is.
    pub(crate) async fn once(&mut self, method: &Method, path: &str, body: &str) -> Seen {
        self.send(method, path, body, "same-origin").await
    }

    /// The same from a page of somewhere else.
    pub(crate) async fn send(&mut self, method: &Method, path: &str, body: &str, site: &str) -> Seen {
        let body = ("application/x-www-form-urlencoded", body.as_bytes().to_vec());
        self.exchange(method, path, body, site).await
    }

    async fn exchange(
        &mut self,
        method: &Method,
        path: &str,
        (kind, body): (&str, Vec<u8>),
        site: &str,
    ) -> Seen {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT, "text/html,*/*")
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::COOKIE, cookies.collect::<Vec<_>>().join("; "))
            .header(header::CONTENT_TYPE, kind)
            .header("sec-fetch-site", site)
            .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_001))))
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(line.to_str().unwrap());
        }
        let html = String::from_utf8_lossy(&bytes).into_owned();
        Seen { status: parts.status, headers: parts.headers, html, path: path.to_owned() }
    }

    fn keep(&mut self, line: &str) {
        let (name, rest) = line.split_once('=').unwrap();
        let value = rest.split(';').next().unwrap();
        if line.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax"), "{line}");
    }
}

impl Seen {
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.status, StatusCode::OK, "{}: {}", self.path, self.html);
        self
    }

    #[track_caller]
    pub(crate) fn says(&self, text: &str) {
        assert!(self.html.contains(text), "{} does not say {text:?}: {}", self.path, self.html);
    }

    /// What its form of this action has in it, without being filled in.
    #[track_caller]
    pub(crate) fn form(&self, action: &str) -> Vec<(String, String)> {
        let (mut within, mut found, mut pairs) = (false, false, Vec::new());
        for tag in tags(&self.html) {
            match (tag.name.as_str(), tag.closing) {
                ("form", false) => {
                    within = !found && tag.attribute("action") == Some(action);
                    found |= within;
                }
                ("form", true) => within = false,
                ("input" | "textarea", false) if within => pairs.extend(sent(&tag)),
                _ => {}
            }
        }
        assert!(found, "{} has no form {action}: {}", self.path, self.html);
        pairs
    }

    /// Where its links lead, within the marketplace.
    pub(crate) fn links(&self) -> BTreeSet<String> {
        let anchors = tags(&self.html).into_iter().filter(|tag| tag.name == "a" && !tag.closing);
        let addresses = anchors.filter_map(|tag| tag.attribute("href").map(str::to_owned));
        let ours = addresses.filter(|href| href.starts_with('/') && !href.starts_with("//"));
        ours.map(|href| href.split('#').next().unwrap_or_default().to_owned()).collect()
    }
}

fn sent(tag: &Tag) -> Option<(String, String)> {
    let name = tag.attribute("name")?.to_owned();
    let kind = tag.attribute("type").unwrap_or("text");
    let is_sent = !matches!(kind, "checkbox" | "radio") || tag.attribute("checked").is_some();
    is_sent.then(|| (name, tag.attribute("value").or(Some(tag.text.trim())).unwrap_or_default().to_owned()))
}

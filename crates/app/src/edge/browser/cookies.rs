//! Cookies: six, none of which a script can read.

use axum::http::{HeaderMap, HeaderValue, header};

/// The token of the session (`sls_…`).
pub(crate) const SESSION: &str = "session";
/// A secret of whoever has no session, for their forms.
pub(super) const VISITOR: &str = "visitor";
/// What was done by the request before.
pub(super) const FLASH: &str = "flash";
pub(crate) const LANGUAGE: &str = "language";
pub(crate) const THEME: &str = "theme";
/// Whether a key alone does something; some people press keys that they do not mean (WCAG 2.1.4).
pub(crate) const KEYS: &str = "keys";

/// How cookies are called and sent: over TLS they are bound to this very host.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cookies {
    secure: bool,
}

impl Cookies {
    pub(super) fn of(base_url: &str) -> Self {
        Self { secure: base_url.starts_with("https://") }
    }

    fn name(self, name: &str) -> String {
        if self.secure { format!("__Host-{name}") } else { name.to_owned() }
    }

    pub(super) fn read<'h>(self, headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
        let name = self.name(name);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value).filter(|value| !value.is_empty())
    }

    /// `value` has no blank, comma or semicolon; kept for these seconds, `None`: until the browser ends.
    pub(super) fn write(self, name: &str, value: &str, seconds: Option<i64>) -> Option<HeaderValue> {
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let secure = if self.secure { "; Secure" } else { "" };
        let name = self.name(name);
        HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_tls_a_cookie_belongs_to_one_host() {
        let (plain, tls) = (Cookies::of("http://m.example"), Cookies::of("https://m.example"));
        let written = tls.write(SESSION, "x", Some(60)).unwrap();
        assert_eq!(written, "__Host-session=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
        let headers =
            HeaderMap::from_iter([(header::COOKIE, "a=b; session=y; __Host-session=x".parse().unwrap())]);
        assert_eq!((plain.read(&headers, SESSION), tls.read(&headers, SESSION)), (Some("y"), Some("x")));
        assert_eq!(tls.read(&headers, THEME), None);
    }
}

//! Who reads a page, and how: language, looks, portal, and the secret that their forms carry.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ring::hmac;
use serde::{Deserialize, Serialize};
use types::{Problem, Timestamp};

use super::cookies::{self, Cookies};
use super::portal::Portal;
use super::visit::refuse_cross_site;
use crate::App;
use crate::access::{Permission, Right};
use crate::edge::{NO_TOKEN, origin};
use crate::events::{Actor, Origin};
use crate::identity::Visitor;
use crate::identity::operations::visitor;
use crate::kit::page::{Bell, Entered, Flash, Input, Link, Person, STALE, Sheet, Shell, Wording, wording};
use crate::kit::{Language, Refused, Texts, secret_hash, text_enum};

/// Seconds for which a choice of language or looks is kept.
const CHOICE_SECONDS: i64 = 365 * 86_400;
/// The page that the bell leads to.
const NOTICES: &str = "/account/notices";
/// What is said of a choice that was switched off.
pub(crate) const OFF: &str = "off";
/// Characters of what a page says was done by the one before.
const FLASH_MAX: usize = 600;
/// Bytes of the salt of a form's token.
const SALT: usize = 12;

text_enum! {
    Theme { Light = "light", Dark = "dark" }
}

/// Whoever has a page before them.
pub(crate) struct Reader {
    pub language: Language,
    pub theme: Option<Theme>,
    /// A key alone leads to the search.
    keys: bool,
    /// Who is signed in.
    pub visitor: Option<Visitor>,
    /// Notices for them that they have not read; a hundred stand for any more.
    pub unread: i64,
    pub now: Timestamp,
    /// Path of the page.
    pub path: String,
    /// Path and query of the page.
    pub here: String,
    pub(super) cookies: Cookies,
    pub(super) portal: &'static Portal,
    pub(super) flash: Option<Flash>,
    pub(super) app: App,
    origin: Origin,
    /// A page of another site asks.
    pub(super) from_elsewhere: bool,
    /// The session's token, or the secret of a visitor without one.
    secret: String,
    /// The browser does not have it yet.
    pub(super) secret_is_new: bool,
}

impl Reader {
    /// Recognises who sends a request; somebody whose session is over is nobody.
    pub(super) async fn of(app: &App, parts: &Parts) -> Result<Self, Refused> {
        let cookies = Cookies::of(&app.settings.base_url);
        let (now, headers) = (app.clock.now(), &parts.headers);
        let session = cookies.read(headers, cookies::SESSION);
        let (visitor, unread) = match session {
            Some(token) => recognise(app, token, now).await?,
            None => (None, 0),
        };
        let known = session.filter(|_| visitor.is_some()).or_else(|| cookies.read(headers, cookies::VISITOR));
        let secret = known.map_or_else(|| app.random.secret("slv"), str::to_owned);
        let chosen = visitor.as_ref().and_then(|visitor| visitor.language);
        let kept = || cookies.read(headers, cookies::LANGUAGE).and_then(|text| Language::parse(text).ok());
        let path = parts.uri.path().to_owned();
        Ok(Self {
            language: chosen.or_else(kept).unwrap_or_else(|| accepted(headers)),
            theme: cookies.read(headers, cookies::THEME).and_then(|text| Theme::parse(text).ok()),
            keys: cookies.read(headers, cookies::KEYS) != Some(OFF),
            visitor,
            unread,
            now,
            here: parts.uri.path_and_query().map_or_else(|| path.clone(), ToString::to_string),
            portal: app.portals.at(&path),
            path,
            flash: cookies.read(headers, cookies::FLASH).and_then(read_flash),
            cookies,
            app: app.clone(),
            origin: origin(parts),
            from_elsewhere: refuse_cross_site(headers).is_err(),
            secret,
            secret_is_new: known.is_none(),
        })
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// A feature's texts, for this reader.
    pub(crate) fn wording(&self, texts: &'static Texts) -> Wording {
        Wording::new(self.language, texts)
    }

    /// The proof that this reader may do `P`. Nobody has to sign in; who may not does not learn of it.
    pub(crate) fn right<P: Permission>(&self) -> Result<Right<P>, Refused> {
        let visitor = self
            .visitor
            .as_ref()
            .ok_or_else(|| NO_TOKEN.because("This page is for people who are signed in."))?;
        Right::of(visitor.principal.clone(), self.origin.clone(), self.now, self.app.random.clone())
    }

    /// Refuses whoever finds nothing in this portal, as if it were not there.
    pub(crate) fn demand_portal(&self) -> Result<(), Refused> {
        let principal = self.visitor.as_ref().map(|visitor| &visitor.principal);
        if self.portal.is_for(principal) { Ok(()) } else { Err(Refused::not_found("page")) }
    }

    /// A form that nothing was typed into yet.
    pub(crate) fn form(&self) -> Entered {
        Entered::blank(self.form_token())
    }

    pub(super) fn typed(&self, input: Input) -> Entered {
        Entered::typed(self.form_token(), input)
    }

    /// A form with what it was refused for, in this reader's language; what no form can mend is refused on.
    pub(crate) fn again(&self, form: Entered, refused: Refused) -> Result<Entered, Refused> {
        let problem = refused.into_problem();
        if problem.status == 404 || problem.status >= 500 {
            return Err(Refused::Problem(Box::new(problem)));
        }
        let mut problem = self.translated(problem);
        if problem.status == STALE {
            problem.detail = wording(self.language).of("saved-meanwhile");
        }
        Ok(form.refused(problem))
    }

    /// A refusal in this reader's words.
    pub(super) fn translated(&self, mut problem: Problem) -> Problem {
        let phrase = |code: &str| {
            let key = code.replace('.', "-");
            self.app.portals.refusals.find(self.language, &key, &[])
        };
        for error in &mut problem.errors {
            if let Some(text) = phrase(&error.code) {
                error.message = text;
            }
        }
        if let Some(text) = phrase(&problem.code) {
            problem.detail = text;
        }
        problem
    }

    /// What a form's field `_token` is: another one on every page, so that it cannot be guessed from the size
    /// of compressed answers. After it, whose page it is.
    pub(super) fn form_token(&self) -> String {
        let salt = self.app.random.bytes::<SALT>();
        let tag = hmac::sign(&self.form_key(), &salt);
        let whose = self.visitor.as_ref().map(|visitor| mark(&visitor.principal.actor));
        format!("{}.{}", BASE64.encode([salt.as_slice(), tag.as_ref()].concat()), whose.unwrap_or_default())
    }

    pub(super) fn is_form_token(&self, token: &str) -> bool {
        let (token, _) = parts(token);
        let Ok(bytes) = BASE64.decode(token) else { return false };
        let Some((salt, tag)) = bytes.split_at_checked(SALT) else { return false };
        hmac::verify(&self.form_key(), salt, tag).is_ok()
    }

    fn form_key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, self.secret.as_bytes())
    }

    /// The page.
    pub(crate) fn show(&self, sheet: Sheet) -> Result<Response, Refused> {
        use askama::Template as _;
        let status = StatusCode::from_u16(sheet.status).unwrap_or(StatusCode::OK);
        let retry_after = sheet.retry_after.map(HeaderValue::from);
        let principal = self.visitor.as_ref().map(|visitor| &visitor.principal);
        let portals = self.app.portals.list.iter().filter(|portal| portal.is_for(principal));
        let shell = Shell {
            t: wording(self.language),
            marketplace: &self.app.in_force.marketplace_name(),
            theme: self.theme.map(Theme::as_str),
            keys: self.keys,
            portal: self.portal.name,
            portals: portals.map(|it| it.link(self.language, std::ptr::eq(*it, self.portal))).collect(),
            navigation: self.portal.navigation(self.language, principal, &self.path),
            account: self.account(),
            bell: Bell { href: NOTICES, unread: self.unread, current: self.path == NOTICES },
            person: self.visitor.as_ref().map(|visitor| Person {
                name: visitor.name.clone(),
                email: visitor.email.to_string(),
                organisation: visitor.tenant_name.clone(),
            }),
            flash: self.flash.clone(),
            token: self.form_token(),
            here: &self.here,
            sheet,
        };
        let html = shell.render().map_err(Refused::internal)?;
        let mut page = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
        page.headers_mut().extend(retry_after.map(|seconds| (header::RETRY_AFTER, seconds)));
        Ok(page)
    }

    fn account(&self) -> Vec<Link> {
        let t = wording(self.language);
        let link = |key: &str, href: &str| Link {
            label: t.of(key),
            href: href.to_owned(),
            icon: "person",
            current: self.path == href,
        };
        vec![
            link("my-licenses", "/account/licenses"),
            link("mail-preferences", "/account/notices/preferences"),
            link("change-password", "/account/password"),
            link("access-tokens", "/account/tokens"),
            link("switch-organisation", "/sign-in?switch=1"),
        ]
    }

    /// Every page that the navigation of a portal leads this reader to, and what the portal is called.
    pub(crate) fn places(&self) -> Vec<(String, Link)> {
        let principal = self.visitor.as_ref().map(|visitor| &visitor.principal);
        let portals = self.app.portals.list.iter().filter(|portal| portal.is_for(principal));
        let places = portals.flat_map(|portal| {
            let (name, groups) = (
                portal.link(self.language, false).label,
                portal.navigation(self.language, principal, &self.path),
            );
            let links = groups.into_iter().flat_map(|group| group.links);
            links.map(|link| (name.clone(), link)).collect::<Vec<_>>()
        });
        let account = wording(self.language).of("account");
        places.chain(self.account().into_iter().map(|link| (account.clone(), link))).collect()
    }

    /// Goes to another page and says there what was done.
    pub(crate) fn leave(&self, to: &str, said: impl Into<String>) -> Response {
        self.leave_saying("good", to, said.into())
    }

    /// Goes to another page and says there what did not go well though it was done.
    pub(crate) fn fail(&self, to: &str, said: impl Into<String>) -> Response {
        self.leave_saying("bad", to, said.into())
    }

    fn leave_saying(&self, kind: &str, to: &str, text: String) -> Response {
        // Browsers keep no cookie over 4 KB.
        let text = text.chars().take(FLASH_MAX).collect();
        let flash = KeptFlash { kind: kind.to_owned(), text };
        let mut response = self.go(to);
        let kept = serde_json::to_vec(&flash).map(|json| BASE64.encode(json)).unwrap_or_default();
        self.set_cookie(&mut response, cookies::FLASH, &kept, Some(60));
        response
    }

    /// Goes to another page.
    #[expect(clippy::unused_self, reason = "beside `leave` and `show`")]
    pub(crate) fn go(&self, to: &str) -> Response {
        let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
        (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
    }

    pub(crate) fn set_cookie(&self, response: &mut Response, name: &str, value: &str, seconds: Option<i64>) {
        if let Some(cookie) = self.cookies.write(name, value, seconds) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }

    /// The token of the session of whoever is signed in.
    pub(crate) fn session(&self) -> &str {
        &self.secret
    }

    /// For whoever has no session and no secret yet.
    pub(super) fn new_secret(&self) -> Option<HeaderValue> {
        self.cookies.write(cookies::VISITOR, &self.secret, None)
    }

    /// Remembers a choice in this browser; without a value it is forgotten.
    pub(crate) fn remember(&self, response: &mut Response, name: &str, value: Option<&str>) {
        let seconds = if value.is_some() { CHOICE_SECONDS } else { 0 };
        self.set_cookie(response, name, value.unwrap_or_default(), Some(seconds));
    }
}

/// Whom a session is of, and how much they have not read, from one snapshot.
async fn recognise(app: &App, session: &str, now: Timestamp) -> Result<(Option<Visitor>, i64), Refused> {
    let (session, count_unread) = (session.to_owned(), app.portals.unread);
    let found = app.db.read(move |tx| {
        Box::pin(async move {
            let visitor = visitor::find(tx, &session, now).await?;
            let unread = match &visitor {
                Some(visitor) => count_unread(tx, &visitor.principal).await?,
                None => 0,
            };
            Ok((visitor, unread))
        })
    });
    found.await
}

#[derive(Serialize, Deserialize)]
struct KeptFlash {
    kind: String,
    text: String,
}

fn read_flash(kept: &str) -> Option<Flash> {
    let KeptFlash { kind, text } = serde_json::from_slice(&BASE64.decode(kept).ok()?).ok()?;
    matches!(kind.as_str(), "good" | "notice" | "bad").then_some(Flash { kind, text })
}

/// The first language of `Accept-Language` that there is.
fn accepted(headers: &HeaderMap) -> Language {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut best = (0.0, Language::English);
    for range in asked.unwrap_or_default().split(',') {
        let (tag, weight) = range.split_once(";q=").unwrap_or((range, "1"));
        let weight = weight.trim().parse::<f32>().unwrap_or(0.0);
        let name = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        if let Ok(language) = Language::parse(&name)
            && weight > best.0
        {
            best = (weight, language);
        }
    }
    best.1
}

/// What proves that a form is ours, and whose page it was on; nobody's may be anybody's.
fn parts(token: &str) -> (&str, &str) {
    token.split_once('.').unwrap_or((token, ""))
}

/// Whose page the form with this token was on.
pub(super) fn whose(token: &str) -> &str {
    parts(token).1
}

/// Tells people apart in forms, and names nobody.
pub(crate) fn mark(actor: &Actor) -> String {
    BASE64.encode(&secret_hash(&actor.to_string())[..9])
}

/// Where a page of ours is: what else stands in a `back` leads to the storefront.
pub(crate) fn own_path(text: &str) -> &str {
    let is_ours = text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains(|c: char| c == '\\' || c.is_control() || !c.is_ascii());
    if is_ours { text } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_on_this_host() {
        assert_eq!(own_path("/admin/licenses?cursor=1"), "/admin/licenses?cursor=1");
        for foreign in ["", "admin", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb"] {
            assert_eq!(own_path(foreign), "/", "{foreign:?}");
        }
    }

    #[test]
    fn the_language_is_the_best_of_those_accepted() {
        let of = |value: &'static str| {
            accepted(&HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(value))]))
        };
        assert_eq!(of("ko-KR,ko;q=0.9,en;q=0.8"), Language::Korean);
        assert_eq!(of("de, en;q=0.5, ko;q=0.4"), Language::English);
        assert_eq!(of("fr"), Language::English);
    }
}

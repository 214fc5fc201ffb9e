//! The extractors of pages.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use db::{BoxFuture, Tx};

use super::reader::{Reader, own_path, whose};
use super::{CROSS_SITE, FORM_SENT, FORM_STALE};
use crate::App;
use crate::access::{Permission, Right};
use crate::edge::{METHOD_NOT_ALLOWED, idempotency, read_body};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused, Texts};

/// Bytes of a form without files.
const FORM_MAX: usize = 4 * 1024 * 1024;

/// Anybody who looks at a page.
pub(crate) struct Guest {
    pub app: App,
    pub reader: Arc<Reader>,
}

/// Somebody who looks at a page that needs `P`. Nobody is led to sign in and back; for whom may not, there is no
/// such page.
pub(crate) struct Visit<P> {
    pub app: App,
    pub reader: Arc<Reader>,
    pub right: Right<P>,
}

/// What a form is read as. Everything wrong with it is noted in `fields`; then `None` will do.
pub(crate) trait Form: Sized {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self>;
}

impl Form for Input {
    fn read(input: &Input, _: &mut Fields) -> Option<Self> {
        Some(input.clone())
    }
}

/// A form that was sent by somebody who may do `P`: from one of our own pages, or it is refused.
pub(crate) struct Submit<P, F = Input> {
    pub visit: Visit<P>,
    pub form: Result<F, Refused>,
    /// What was typed, to be shown again.
    pub entered: Entered,
}

/// A form that anybody may send.
pub(crate) struct GuestSubmit<F = Input> {
    pub guest: Guest,
    pub form: Result<F, Refused>,
    pub entered: Entered,
}

impl Guest {
    pub(crate) fn wording(&self, texts: &'static Texts) -> Wording {
        self.reader.wording(texts)
    }

    pub(crate) fn show(&self, sheet: Sheet) -> Result<Response, Refused> {
        self.reader.show(sheet)
    }
}

impl<P: Permission> Visit<P> {
    pub(crate) fn wording(&self, texts: &'static Texts) -> Wording {
        self.reader.wording(texts)
    }

    pub(crate) fn form(&self) -> Entered {
        self.reader.form()
    }

    pub(crate) fn show(&self, sheet: Sheet) -> Result<Response, Refused> {
        self.reader.show(sheet)
    }

    /// See [`Reader::leave`].
    pub(crate) fn leave(&self, to: &str, said: impl Into<String>) -> Response {
        self.reader.leave(to, said)
    }

    /// See [`Reader::fail`].
    pub(crate) fn fail(&self, to: &str, said: impl Into<String>) -> Response {
        self.reader.fail(to, said)
    }

    /// See [`Reader::again`].
    pub(crate) fn again(&self, entered: Entered, refused: Refused) -> Result<Entered, Refused> {
        self.reader.again(entered, refused)
    }

    /// The same reader under another permission they also hold.
    pub(crate) fn also<Q: Permission>(&self) -> Result<Visit<Q>, Refused> {
        let (app, reader) = (self.app.clone(), Arc::clone(&self.reader));
        Ok(Visit { app, reader, right: self.right.also()? })
    }

    /// Reads from one snapshot.
    pub(crate) async fn read<T, F>(&self, unit: F) -> Result<T, Refused>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx, &'t Right<P>) -> BoxFuture<'t, Result<T, Refused>> + Send + 'static,
    {
        let right = self.right.clone();
        self.app.db.read(move |tx| Box::pin(async move { unit(tx, &right).await })).await
    }

    /// Runs a unit of work with a form that could be read.
    pub(crate) async fn write<T, I, F>(&self, form: Result<I, Refused>, unit: F) -> Result<T, Refused>
    where
        T: Send + 'static,
        I: Clone + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx, &'t Right<P>, I) -> BoxFuture<'t, Result<T, Refused>>
            + Clone
            + Send
            + 'static,
    {
        let (right, form) = (self.right.clone(), form?);
        let written = self.app.db.write(move |tx| Box::pin(async move { unit(tx, &right, form).await }));
        Ok(written.await?.value)
    }

    /// The same for a form that makes something anew each time: it is carried out once, however often it comes,
    /// because somebody pressed twice or loaded the answer again.
    pub(crate) async fn write_once<T, I, F>(
        &self,
        entered: &Entered,
        form: Result<I, Refused>,
        unit: F,
    ) -> Result<T, Refused>
    where
        T: Send + 'static,
        I: Clone + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx, &'t Right<P>, I) -> BoxFuture<'t, Result<T, Refused>>
            + Clone
            + Send
            + 'static,
    {
        let token = entered.input().raw("_token").to_owned();
        let once = self.write(form, move |tx, right, form| {
            Box::pin(async move {
                if idempotency::take_form(tx, right, &token).await? {
                    return unit(tx, right, form).await;
                }
                Err(FORM_SENT.because("To do it once more, open the page anew."))
            })
        });
        once.await
    }
}

impl FromRequestParts<App> for Guest {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        demand_reading(&parts.method)?;
        Ok(Self { app: app.clone(), reader: reader(parts)? })
    }
}

impl<P: Permission> FromRequestParts<App> for Visit<P> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        demand_reading(&parts.method)?;
        visit(parts, app)
    }
}

impl<P: Permission, F: Form> FromRequest<App> for Submit<P, F> {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        refuse_cross_site(&parts.headers)?;
        let visit = visit(&parts, app)?;
        let (form, entered) = read_form(&visit.reader, body).await?;
        Ok(Self { visit, form, entered })
    }
}

impl<F: Form> FromRequest<App> for GuestSubmit<F> {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        refuse_cross_site(&parts.headers)?;
        let guest = Guest { app: app.clone(), reader: reader(&parts)? };
        let (form, entered) = read_form(&guest.reader, body).await?;
        Ok(Self { guest, form, entered })
    }
}

/// What was typed before a session ended, on its way back: shown again, never carried out.
pub(crate) struct Kept {
    pub guest: Guest,
    /// Nothing of a form with a file, which cannot be kept.
    pub input: Option<Input>,
    /// Who typed it.
    pub whose: String,
    /// Where the form was.
    pub page: String,
}

impl FromRequest<App> for Kept {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        refuse_cross_site(&parts.headers)?;
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let referer = text(header::REFERER).parse::<Uri>().ok();
        let page = referer.as_ref().and_then(Uri::path_and_query).map_or("/", PathAndQuery::as_str);
        let input = if text(header::CONTENT_TYPE).starts_with("multipart/") {
            None
        } else {
            Some(Input::parse(&read_body(body, FORM_MAX).await?))
        };
        let guest = Guest { app: app.clone(), reader: reader(&parts)? };
        let whose = input.as_ref().map_or("", |input| whose(input.raw("_token"))).to_owned();
        Ok(Self { guest, input, whose, page: own_path(page).to_owned() })
    }
}

pub(super) fn visit<P: Permission>(parts: &Parts, app: &App) -> Result<Visit<P>, Refused> {
    let reader = reader(parts)?;
    Ok(Visit { app: app.clone(), right: reader.right()?, reader })
}

/// Whether a request is for a page and not for the API.
pub(crate) fn is_of_pages(parts: &Parts) -> bool {
    parts.extensions.get::<Arc<Reader>>().is_some()
}

/// `dress` puts it there for every page.
fn reader(parts: &Parts) -> Result<Arc<Reader>, Refused> {
    let found = parts.extensions.get::<Arc<Reader>>();
    found.cloned().ok_or_else(|| Refused::internal("a page that is not mounted as one"))
}

/// A form comes by [`Submit`], which looks where it is from.
fn demand_reading(method: &Method) -> Result<(), Refused> {
    if method == Method::GET || method == Method::HEAD {
        return Ok(());
    }
    Err(METHOD_NOT_ALLOWED.because("This page is for looking at."))
}

async fn read_form<F: Form>(reader: &Reader, body: Body) -> Result<(Result<F, Refused>, Entered), Refused> {
    Ok(checked(reader, Input::parse(&read_body(body, FORM_MAX).await?)))
}

/// What was sent, if it is from a page of this session and reads.
pub(super) fn checked<F: Form>(reader: &Reader, input: Input) -> (Result<F, Refused>, Entered) {
    let form = if reader.is_form_token(input.raw("_token")) {
        let mut fields = Fields::default();
        let read = F::read(&input, &mut fields);
        match (read, fields.finish()) {
            (_, Err(refused)) => Err(refused),
            (Some(form), Ok(())) => Ok(form),
            (None, Ok(())) => Err(Refused::internal("a form that is wrong and does not say how")),
        }
    } else {
        Err(FORM_STALE.because("Nothing was saved yet. Look at what you entered, and send it again."))
    };
    (form, reader.typed(input))
}

/// Browsers say where a form was sent from, and no page can make them lie.
pub(super) fn refuse_cross_site(headers: &HeaderMap) -> Result<(), Refused> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_ours = match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = text(header::HOST.as_str()).unwrap_or_default();
            origin.split_once("://").is_some_and(|(_, authority)| authority == host)
        }
        (None, None) => true,
    };
    if is_ours { Ok(()) } else { Err(CROSS_SITE.because("Open the page itself and send its form.")) }
}

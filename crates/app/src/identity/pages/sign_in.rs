//! Signing in and out.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use types::{Email, TenantSlug, UserId};

use super::TEXTS;
use crate::access::SelfView;
use crate::edge::Params;
use crate::edge::browser::{Form, Guest, GuestSubmit, Kept, SESSION, mark, own_path};
use crate::events::Actor;
use crate::identity::TENANT_AMBIGUOUS;
use crate::identity::operations::sign_in::{self, Session, SignIn};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};

/// Where whoever signs in goes on, and what they had typed there.
#[derive(Debug, Clone, Default)]
struct GoOn {
    back: String,
    /// Of a form whose session had ended: the fields of this form whose names begin with `kept:`.
    kept: Vec<(String, String)>,
    /// Who typed it: shown to nobody else.
    whose: String,
}

const KEPT: &str = "kept:";

impl GoOn {
    fn read(input: &Input) -> Self {
        let kept = input
            .pairs()
            .filter_map(|(name, value)| Some((name.strip_prefix(KEPT)?.to_owned(), value.clone())));
        let whose = input.raw("whose").to_owned();
        Self { back: own_path(input.raw("back")).to_owned(), kept: kept.collect(), whose }
    }

    /// For whoever signed in: what somebody else had typed is dropped, and where they were is not gone to.
    fn of(self, user: UserId) -> Self {
        let theirs = self.whose.is_empty() || self.whose == mark(&Actor::User(user));
        if theirs { self } else { Self { back: "/".to_owned(), ..Self::default() } }
    }
}

#[derive(Template)]
#[template(path = "identity/pages/sign_in.html")]
struct SignInPage<'a> {
    t: Wording,
    form: Entered,
    go_on: &'a GoOn,
    email: &'a str,
    ask_organisation: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct SignInParams {
    #[serde(default)]
    back: String,
    /// To use another organisation.
    switch: Option<String>,
}

pub(super) async fn look(guest: Guest, Params(asked): Params<SignInParams>) -> Result<Response, Refused> {
    let back = own_path(&asked.back).to_owned();
    if guest.reader.visitor.is_some() && asked.switch.is_none() {
        return Ok(guest.reader.go(&back));
    }
    let form = guest.reader.form();
    show(&guest, form, &GoOn { back, ..GoOn::default() }, asked.switch.is_some())
}

fn show(guest: &Guest, form: Entered, go_on: &GoOn, ask_organisation: bool) -> Result<Response, Refused> {
    let t = guest.wording(&TEXTS);
    let email = guest.reader.visitor.as_ref().map(|visitor| visitor.email.to_string()).unwrap_or_default();
    let body = SignInPage { t, form: form.clone(), go_on, email: &email, ask_organisation };
    let title = if ask_organisation { "switch-title" } else { "sign-in-title" };
    guest.show(Sheet::new(t.of(title), &body)?.answering(&form))
}

/// A form was sent after its session had ended: what was typed is kept on the page.
pub(super) async fn again(
    Params(asked): Params<SignInParams>,
    Kept { guest, input, whose, page }: Kept,
) -> Result<Response, Refused> {
    let (go_on, said) = match input {
        Some(input) => {
            let kept = input.keepable().cloned().collect();
            let back = own_path(&asked.back).to_owned();
            (GoOn { back, kept, whose }, "session-over")
        }
        None => (GoOn { back: page, ..GoOn::default() }, "session-over-file"),
    };
    let said = crate::edge::NO_TOKEN.because(guest.wording(&TEXTS).of(said));
    let form = guest.reader.form().refused(said.into_problem());
    show(&guest, form, &go_on, false)
}

#[derive(Debug, Clone)]
pub(super) struct SignInForm {
    command: SignIn,
}

impl Form for SignInForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let email = fields.parse("email", input.text("email"), Email::parse);
        let tenant = fields.optional("tenant", input.filled("tenant"), TenantSlug::parse);
        let password = input.raw("password").to_owned();
        if password.is_empty() {
            fields.wrong("password", "text.empty", "must not be empty");
        }
        Some(Self { command: SignIn { email: email?, password, tenant: tenant? } })
    }
}

/// A new session, whatever the browser had before.
pub(super) async fn sign_in(submit: GuestSubmit<SignInForm>) -> Result<Response, Refused> {
    let GuestSubmit { guest, form, entered } = submit;
    let go_on = GoOn::read(entered.input());
    let done = match form {
        Ok(form) => sign_in::sign_in(&guest.app, form.command, guest.reader.origin().clone()).await,
        Err(refused) => Err(refused),
    };
    match done {
        Ok(session) => signed_in(&guest, &session, &go_on.of(session.user)),
        Err(refused) => {
            let ask = refused.is(TENANT_AMBIGUOUS) || !entered.value("tenant", "").is_empty();
            let entered = guest.reader.again(entered, refused)?;
            show(&guest, entered, &go_on, ask)
        }
    }
}

#[derive(Template)]
#[template(path = "identity/pages/go_on.html")]
struct GoOnPage<'a> {
    t: Wording,
    go_on: &'a GoOn,
}

fn signed_in(guest: &Guest, session: &Session, go_on: &GoOn) -> Result<Response, Refused> {
    let t = guest.wording(&TEXTS);
    let mut response = if go_on.kept.is_empty() {
        guest.reader.go(&go_on.back)
    } else {
        guest.show(Sheet::new(t.of("go-on-title"), &GoOnPage { t, go_on })?)?
    };
    let seconds = session.expires_at.seconds() - guest.reader.now.seconds();
    guest.reader.set_cookie(&mut response, SESSION, &session.token, Some(seconds));
    Ok(response)
}

pub(super) async fn sign_out(submit: GuestSubmit) -> Result<Response, Refused> {
    let GuestSubmit { guest, form, .. } = submit;
    form?;
    let reader = &guest.reader;
    if reader.visitor.is_some() {
        let (right, token) = (reader.right::<SelfView>()?, reader.session().to_owned());
        let ended = guest
            .app
            .db
            .write(move |tx| Box::pin(async move { sign_in::sign_out(tx, &right, &token).await }));
        ended.await?;
    }
    let mut response = reader.leave("/", guest.wording(&TEXTS).of("signed-out"));
    reader.set_cookie(&mut response, SESSION, "", Some(0));
    Ok(response)
}

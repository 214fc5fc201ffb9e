//! Choosing a new password with a link.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::{SIGN_IN, TEXTS};
use crate::edge::Params;
use crate::edge::browser::{Form, Guest, GuestSubmit, SESSION};
use crate::identity::operations::reset_password::{self, Resettable};
use crate::identity::pages::new_password;
use crate::identity::{Password, RESET_OVER};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};

#[derive(Template)]
#[template(path = "recovery/pages/reset.html")]
struct Reset<'a> {
    t: Wording,
    form: Entered,
    token: &'a str,
    /// Address, and what is about to happen to whom. Nothing: the link is no longer good.
    whose: Option<(String, String)>,
}

#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    token: String,
}

pub(super) async fn look(guest: Guest, Params(Link { token }): Params<Link>) -> Result<Response, Refused> {
    let form = guest.reader.form();
    show(&guest, form, &token).await
}

async fn show(guest: &Guest, form: Entered, token: &str) -> Result<Response, Refused> {
    let t = guest.wording(&TEXTS);
    let whose = match reset_password::find(&guest.app, token).await {
        Ok(Resettable { email, tenant_name, .. }) => {
            let arguments = [("email", email.as_str().into()), ("organisation", tenant_name.as_str().into())];
            Some((email.to_string(), t.with("reset-for", &arguments)))
        }
        Err(refused) if refused.is(RESET_OVER) => None,
        Err(refused) => return Err(refused),
    };
    let body = Reset { t, form: form.clone(), token, whose };
    guest.show(Sheet::new(t.of("reset-title"), &body)?.answering(&form))
}

pub(super) struct ResetForm {
    token: String,
    new: Password,
}

impl Form for ResetForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        Some(Self { token: input.raw("token").to_owned(), new: new_password(input, fields)? })
    }
}

/// Whoever was signed in here is signed out: the session may be the account's.
pub(super) async fn reset(submit: GuestSubmit<ResetForm>) -> Result<Response, Refused> {
    let GuestSubmit { guest, form, entered } = submit;
    let token = entered.input().raw("token").to_owned();
    let done = match form {
        Ok(form) => {
            let origin = guest.reader.origin().clone();
            reset_password::reset(&guest.app, &form.token, form.new, origin).await
        }
        Err(refused) => Err(refused),
    };
    match done {
        Ok(()) => {
            let mut response = guest.reader.leave(SIGN_IN, guest.wording(&TEXTS).of("reset-done"));
            guest.reader.set_cookie(&mut response, SESSION, "", Some(0));
            Ok(response)
        }
        Err(refused) => {
            let entered = guest.reader.again(entered, refused)?;
            show(&guest, entered, &token).await
        }
    }
}

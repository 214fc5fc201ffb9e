//! Asking for a link.

use askama::Template;
use axum::response::Response;
use types::Email;

use super::{SIGN_IN, TEXTS};
use crate::edge::browser::{Form, Guest, GuestSubmit};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};
use crate::recovery::operations::send_link;

#[derive(Template)]
#[template(path = "recovery/pages/forgotten.html")]
struct Forgotten {
    t: Wording,
    form: Entered,
}

pub(super) async fn look(guest: Guest) -> Result<Response, Refused> {
    let form = guest.reader.form();
    show(&guest, form)
}

fn show(guest: &Guest, form: Entered) -> Result<Response, Refused> {
    let t = guest.wording(&TEXTS);
    let sheet = Sheet::new(t.of("forgotten-title"), &Forgotten { t, form: form.clone() })?;
    guest.show(sheet.lead(t.of("forgotten-lead")).answering(&form))
}

pub(super) struct Asked(Email);

impl Form for Asked {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        fields.parse("email", input.text("email"), Email::parse).map(Self)
    }
}

pub(super) async fn send(submit: GuestSubmit<Asked>) -> Result<Response, Refused> {
    let GuestSubmit { guest, form, entered } = submit;
    let done = match form {
        Ok(Asked(email)) => send_link(&guest.app, email, guest.reader.origin().clone()).await,
        Err(refused) => Err(refused),
    };
    match done {
        Ok(()) => Ok(guest.reader.leave(SIGN_IN, guest.wording(&TEXTS).of("sent"))),
        Err(refused) => {
            let entered = guest.reader.again(entered, refused)?;
            show(&guest, entered)
        }
    }
}

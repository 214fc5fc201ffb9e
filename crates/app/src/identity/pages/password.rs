//! Changing one's own password.

use askama::Template;
use axum::response::Response;

use super::TEXTS;
use crate::access::SelfView;
use crate::edge::browser::{Form, SESSION, Submit, Visit};
use crate::identity::operations::sign_in;
use crate::identity::password::composed;
use crate::identity::{Password, SIGN_IN_FAILED};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};

#[derive(Template)]
#[template(path = "identity/pages/password.html")]
struct PasswordPage {
    t: Wording,
    form: Entered,
    email: String,
}

pub(super) async fn look(visit: Visit<SelfView>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, form)
}

fn show(visit: &Visit<SelfView>, form: Entered) -> Result<Response, Refused> {
    let t = visit.wording(&TEXTS);
    let email = visit.reader.visitor.as_ref().map(|visitor| visitor.email.to_string()).unwrap_or_default();
    let sheet = Sheet::new(t.of("password-title"), &PasswordPage { t, form: form.clone(), email })?;
    visit.show(sheet.lead(t.of("password-lead")).answering(&form))
}

pub(super) struct PasswordForm {
    present: String,
    new: Password,
}

/// A new password, typed twice.
pub(crate) fn new_password(input: &Input, fields: &mut Fields) -> Option<Password> {
    let new = Password::parse(fields, "new_password", input.raw("new_password"));
    if composed(input.raw("new_password")) != composed(input.raw("repeated_password")) {
        fields.wrong("repeated_password", "password.not_repeated", "is not the same as the new password");
    }
    new
}

impl Form for PasswordForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let new = new_password(input, fields)?;
        Some(Self { present: input.raw("present_password").to_owned(), new })
    }
}

/// A wrong present password is said where it was typed.
fn at_its_field(refused: Refused) -> Refused {
    if !refused.is(SIGN_IN_FAILED) {
        return refused;
    }
    let mut fields = Fields::default();
    fields.wrong("present_password", "password.not_present", "is not your present password");
    fields.refuse()
}

/// Every session ends, this one too.
pub(super) async fn change(submit: Submit<SelfView, PasswordForm>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let done = match form {
        Ok(form) => sign_in::change_password(&visit.app, visit.right.clone(), form.present, form.new)
            .await
            .map_err(at_its_field),
        Err(refused) => Err(refused),
    };
    match done {
        Ok(()) => {
            let said = visit.wording(&TEXTS).of("password-changed");
            let mut response = visit.leave("/sign-in?back=%2F", said);
            visit.reader.set_cookie(&mut response, SESSION, "", Some(0));
            Ok(response)
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, entered)
        }
    }
}

//! Give a user a new password, which ends every session and token of the user.

use axum::response::Response;

use super::user::{Part, answer};
use crate::access::UserEdit;
use crate::edge::Path;
use crate::edge::browser::{Form, Submit};
use crate::identity::Password;
use crate::identity::operations::edit_user;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::identity::pages::new_password;
use crate::kit::page::Input;
use crate::kit::{Fields, Refused};

pub(super) struct PasswordForm(Password);

impl Form for PasswordForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        new_password(input, fields).map(Self)
    }
}

pub(super) async fn set(
    Path(user): Path<String>,
    submit: Submit<UserEdit, PasswordForm>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let named = UserRef::from_path(&user)?;
    let found = visit
        .read(move |tx, right| Box::pin(async move { identity::existing_user(tx, right, &named).await }));
    let (id, email) = found.await.map(|user| (user.id, user.email))?;
    let hash = match form {
        Ok(PasswordForm(password)) => visit.app.passwords.hash(password, &email).await,
        Err(refused) => Err(refused),
    };
    let done = visit.write(hash, move |tx, right, hash| {
        Box::pin(async move { edit_user::set_password(tx, right, id, hash).await })
    });
    let (done, to) = (done.await, format!("/admin/users/{user}"));
    answer(visit, &user, (Part::Password, entered), done, (to, "password-set")).await
}

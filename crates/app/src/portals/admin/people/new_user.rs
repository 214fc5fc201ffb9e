//! A new user.

use askama::Template;
use axum::response::Response;
use types::{Email, Name};

use super::TEXTS;
use super::user::grantable;
use crate::access::{Role, RoleGrant, UserEdit};
use crate::edge::browser::{Form, Submit, Visit};
use crate::identity::Password;
use crate::identity::operations::create_user::{self, CreateUser};
use crate::identity::operations::find as identity;
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};

#[derive(Template)]
#[template(path = "portals/admin/people/new_user.html")]
struct NewUser {
    t: Wording,
    form: Entered,
    /// Roles that the reader may give; none: only who grants roles may.
    roles: Vec<Role>,
}

pub(super) async fn look(visit: Visit<UserEdit>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, form).await
}

async fn show(visit: &Visit<UserEdit>, form: Entered) -> Result<Response, Refused> {
    let roles = if visit.right.also::<RoleGrant>().is_ok() {
        let tenant =
            visit.read(|tx, right| Box::pin(async move { identity::own_tenant(tx, right).await })).await?;
        grantable(&tenant)
    } else {
        Vec::new()
    };
    let t = visit.wording(&TEXTS);
    let sheet = Sheet::new(t.of("user-new"), &NewUser { t, form: form.clone(), roles })?.answering(&form);
    visit.show(sheet.below(t.of("users-title"), "/admin/users"))
}

#[derive(Clone)]
pub(super) struct UserForm {
    email: Email,
    name: Name<200>,
    roles: Vec<Role>,
    password: Option<Password>,
}

impl Form for UserForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let name = fields.parse("name", input.text("name"), Name::parse);
        let email = fields.parse("email", input.text("email"), Email::parse);
        let typed = Some(input.raw("password")).filter(|typed| !typed.is_empty());
        let password = Password::optional(fields, "password", typed);
        let roles = super::user::roles(input, fields);
        Some(Self { email: email?, name: name?, roles, password: password? })
    }
}

pub(super) async fn create(submit: Submit<UserEdit, UserForm>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let command = match form {
        Ok(UserForm { email, name, roles, password }) => {
            let hash = visit.app.passwords.hash_any(password, &email).await;
            hash.map(|password_hash| CreateUser { email, name, roles, password_hash })
        }
        Err(refused) => Err(refused),
    };
    let created = visit.write(command, |tx, right, command| {
        Box::pin(async move { create_user::create_user(tx, right, command).await })
    });
    match created.await {
        Ok(user) => {
            let said = visit.wording(&TEXTS).named("user-created", &user.name);
            Ok(visit.leave(&format!("/admin/users/{}", user.id), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, entered).await
        }
    }
}

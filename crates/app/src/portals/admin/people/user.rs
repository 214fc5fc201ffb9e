//! One user: name, roles, whether it is there, and its licenses.

use askama::Template;
use axum::response::Response;
use types::{Name, UserId};

use super::super::lookups::{Called, may};
use super::TEXTS;
use crate::access::{CheckAny, LicenseView, Permission, Right, Role, RoleGrant, UserEdit, UserView};
use crate::assignments::operations::find as assignments;
use crate::edge::Path;
use crate::edge::browser::{Form, Submit, Visit};
use crate::groups::operations::presence;
use crate::identity::operations::edit_user;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::identity::{Tenant, User, UserStatus};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Expected, Fields, Refused};
use crate::publishing::operations::names::Names;
use crate::seats::Standing;

#[derive(Template)]
#[template(path = "portals/admin/people/user.html")]
#[expect(clippy::struct_excessive_bools, reason = "what a page shows, each for itself")]
struct UserPage {
    t: Wording,
    forms: Forms,
    user: User,
    licenses: Vec<(Called, Standing)>,
    /// Roles that a user of this organisation can have.
    roles: Vec<Role>,
    may_edit: bool,
    may_grant: bool,
    /// The user holds a role, and the reader may not grant any: only a global admin changes it.
    protected: bool,
    may_explain: bool,
}

/// What was typed into which of the forms of the page.
struct Forms {
    name: Entered,
    roles: Entered,
}

impl Forms {
    fn blank<P: Permission>(visit: &Visit<P>) -> Self {
        Self { name: visit.form(), roles: visit.form() }
    }
}

impl UserPage {
    fn here(&self) -> String {
        format!("/admin/users/{}", self.user.id)
    }

    fn explain(&self) -> String {
        format!("/admin/explain?user={}", self.user.id)
    }

    fn status(&self) -> String {
        self.t.of(&format!("status-{}", self.user.status.as_str()))
    }
}

/// The roles that make sense in this organisation, besides the one everybody holds.
pub(super) fn grantable(tenant: &Tenant) -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| *role != Role::User && tenant.can_have(*role)).collect()
}

pub(super) fn roles(input: &Input, fields: &mut Fields) -> Vec<Role> {
    input.all("roles").filter_map(|role| fields.parse("roles", role, Role::parse)).collect()
}

pub(super) async fn look(Path(user): Path<String>, visit: Visit<UserView>) -> Result<Response, Refused> {
    show(&visit, &user, Forms::blank(&visit)).await
}

async fn show(visit: &Visit<UserView>, user: &str, forms: Forms) -> Result<Response, Refused> {
    let user = UserRef::from_path(user)?;
    let (user, tenant, licenses) = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let user = identity::existing_user(tx, right, &user).await?;
                let licenses = match right.also::<LicenseView>() {
                    Ok(right) => licenses(tx, &right, &user.id).await?,
                    Err(_) => Vec::new(),
                };
                Ok((user, identity::own_tenant(tx, right).await?, licenses))
            })
        })
        .await?;
    let (t, may_grant) = (visit.wording(&TEXTS), may::<RoleGrant, _>(visit));
    let granted = user.roles.0.iter().map(|role| ("roles", role.as_str().to_owned()));
    let forms = Forms { roles: forms.roles.holding(Input::of(granted)), ..forms };
    let body = UserPage {
        t,
        forms,
        licenses,
        roles: grantable(&tenant),
        may_edit: may::<UserEdit, _>(visit),
        may_grant,
        protected: !user.roles.0.is_empty() && !may_grant,
        may_explain: may::<CheckAny, _>(visit),
        user,
    };
    let sheet = Sheet::new(body.user.name.clone(), &body)?.lead(body.user.email.to_string());
    visit.show(
        sheet
            .below(t.of("users-title"), "/admin/users")
            .answering(&body.forms.name)
            .answering(&body.forms.roles),
    )
}

async fn licenses(
    tx: &mut db::Tx,
    right: &Right<LicenseView>,
    user: &UserId,
) -> Result<Vec<(Called, Standing)>, Refused> {
    let (mut names, mut licenses) = (Names::default(), Vec::new());
    for seat in assignments::seats_of_user(tx, right, user).await? {
        let called = Called::find(tx, &mut names, &seat.service_id).await?;
        licenses.push((called, seat.standing(right.now()).into()));
    }
    Ok(licenses)
}

/// After a change: to the page again, with what was done or what is wrong.
async fn answer<P: Permission>(
    visit: Visit<P>,
    user: &str,
    (part, entered): (Part, Entered),
    done: Result<(), Refused>,
    (to, said): (String, &str),
) -> Result<Response, Refused> {
    match done {
        Ok(()) => Ok(visit.leave(&to, visit.wording(&TEXTS).of(said))),
        Err(refused) => {
            let (entered, blank) = (visit.again(entered, refused)?, Forms::blank(&visit));
            let forms = match part {
                Part::Roles => Forms { roles: entered, ..blank },
                Part::Name | Part::Status => Forms { name: entered, ..blank },
            };
            show(&visit.also()?, user, forms).await
        }
    }
}

/// What of the user a form is about.
enum Part {
    Name,
    Roles,
    Status,
}

#[derive(Clone)]
pub(super) struct NameForm(Name<200>);

impl Form for NameForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        fields.parse("name", input.text("name"), Name::parse).map(Self)
    }
}

pub(super) async fn rename(
    Path(user): Path<String>,
    submit: Submit<UserEdit, NameForm>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let named = UserRef::from_path(&user)?;
    let done = visit.write(form, move |tx, right, NameForm(name)| {
        Box::pin(async move {
            let user = identity::existing_user(tx, right, &named).await?;
            edit_user::rename_user(tx, right, user.id, name, &Expected::ANY).await.map(|_| ())
        })
    });
    let (done, to) = (done.await, format!("/admin/users/{user}"));
    answer(visit, &user, (Part::Name, entered), done, (to, "user-renamed")).await
}

#[derive(Clone)]
pub(super) struct RolesForm(Vec<Role>, Expected);

impl Form for RolesForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        Some(Self(roles(input, fields), input.revision()))
    }
}

pub(super) async fn set_roles(
    Path(user): Path<String>,
    submit: Submit<RoleGrant, RolesForm>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let named = UserRef::from_path(&user)?;
    let done = visit.write(form, move |tx, right, RolesForm(roles, expected)| {
        Box::pin(async move {
            let user = identity::existing_user(tx, right, &named).await?;
            edit_user::set_roles(tx, right, user.id, roles, &expected).await.map(|_| ())
        })
    });
    let (done, to) = (done.await, format!("/admin/users/{user}"));
    answer(visit, &user, (Part::Roles, entered), done, (to, "roles-saved")).await
}

#[derive(Clone, Copy)]
pub(super) struct StatusForm(UserStatus);

impl Form for StatusForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        fields.parse("status", input.text("status"), UserStatus::parse).map(Self)
    }
}

pub(super) async fn set_status(
    Path(user): Path<String>,
    submit: Submit<UserEdit, StatusForm>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let named = UserRef::from_path(&user)?;
    let status = form.as_ref().map_or(UserStatus::Active, |form| form.0);
    let done = visit.write(form, move |tx, right, StatusForm(status)| {
        Box::pin(async move {
            let user = identity::existing_user(tx, right, &named).await?;
            let changed = match status {
                UserStatus::Active => presence::activate(tx, right, user.id, &Expected::ANY).await,
                _ => presence::retire(tx, right, user.id, status).await,
            };
            changed.map(|_| ())
        })
    });
    let (to, said) = match status {
        UserStatus::Active => (format!("/admin/users/{user}"), "user-activated"),
        UserStatus::Inactive => (format!("/admin/users/{user}"), "user-deactivated"),
        UserStatus::Deleted => ("/admin/users".to_owned(), "user-deleted"),
    };
    let done = done.await;
    answer(visit, &user, (Part::Status, entered), done, (to, said)).await
}

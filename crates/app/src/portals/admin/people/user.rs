//! One user: name, roles, whether it is there, its leave, and its licenses.

use askama::Template;
use axum::response::Response;
use types::{Name, Timestamp, UserId};

use super::super::lookups::{Called, may};
use super::TEXTS;
use crate::access::{
    CheckAny, LeaseAny, LicenseView, Permission, Right, Role, RoleGrant, UserEdit, UserView,
};
use crate::assignments::operations::find as assignments;
use crate::edge::Path;
use crate::edge::browser::{Form, Submit, Visit};
use crate::groups::operations::presence;
use crate::identity::operations::edit_user;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::identity::{Tenant, User, UserStatus};
use crate::idle::Leave;
use crate::idle::operations::leave::leave_of;
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
    leave: Option<Leave>,
    /// Whether it has begun.
    is_away: bool,
    /// Roles that a user of this organisation can have.
    roles: Vec<Role>,
    may_edit: bool,
    may_grant: bool,
    /// The user holds a role, and the reader may not grant any: only a global admin changes it.
    protected: bool,
    /// Stays until somebody else is global admin.
    is_last_admin: bool,
    may_explain: bool,
    may_lease: bool,
    /// The reader's own page: one's own password is changed elsewhere, by whoever knows it.
    is_own: bool,
}

/// What was typed into which of the forms of the page.
struct Forms {
    name: Entered,
    roles: Entered,
    leave: Entered,
    password: Entered,
}

impl Forms {
    fn blank<P: Permission>(visit: &Visit<P>) -> Self {
        Self { name: visit.form(), roles: visit.form(), leave: visit.form(), password: visit.form() }
    }

    /// With what was typed into one of them.
    fn with(self, part: &Part, entered: Entered) -> Self {
        match part {
            Part::Name | Part::Status => Self { name: entered, ..self },
            Part::Roles => Self { roles: entered, ..self },
            Part::Leave => Self { leave: entered, ..self },
            Part::Password => Self { password: entered, ..self },
        }
    }

    fn holding(self, roles: Input, leave: Input) -> Self {
        Self { roles: self.roles.holding(roles), leave: self.leave.holding(leave), ..self }
    }
}

impl UserPage {
    fn here(&self) -> String {
        format!("/admin/users/{}", self.user.id)
    }

    fn leases(&self) -> String {
        format!("/admin/leases?user={}", self.user.id)
    }

    fn explain(&self) -> String {
        format!("/admin/explain?user={}", self.user.id)
    }

    fn status(&self) -> String {
        self.t.of(&format!("status-{}", self.user.status.as_str()))
    }

    /// From when until when.
    fn away(&self, leave: &Leave) -> String {
        let (from, last) = (self.t.day(&leave.starts_at), leave.ends_at.map(last_day));
        match last {
            Some(last) => {
                let until = self.t.day(&last);
                self.t.with(
                    "leave-from-until",
                    &[("from", from.as_str().into()), ("until", until.as_str().into())],
                )
            }
            None => self.t.named("leave-from", from),
        }
    }
}

/// A leave ends when its last day is over.
fn last_day(ends_at: Timestamp) -> Timestamp {
    Timestamp::from_micros(ends_at.micros() - 1)
}

/// The form as it would be sent to say the same again.
fn leave_input(leave: Option<&Leave>) -> Input {
    let from = leave.map(|leave| ("from", leave.starts_at.day()));
    let until = leave.and_then(|leave| leave.ends_at).map(|end| ("until", last_day(end).day()));
    Input::of(from.into_iter().chain(until))
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
    let (user, tenant, licenses, leave, is_last_admin) = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let user = identity::existing_user(tx, right, &user).await?;
                let licenses = match right.also::<LicenseView>() {
                    Ok(right) => licenses(tx, &right, &user.id).await?,
                    Err(_) => Vec::new(),
                };
                let leave = leave_of(tx, right, user.id).await?;
                let is_last_admin = edit_user::is_last_global_admin(tx, &user).await?;
                Ok((user, identity::own_tenant(tx, right).await?, licenses, leave, is_last_admin))
            })
        })
        .await?;
    let (t, may_grant) = (visit.wording(&TEXTS), may::<RoleGrant, _>(visit));
    let granted = user.roles.0.iter().map(|role| ("roles", role.as_str().to_owned()));
    let forms = forms.holding(Input::of(granted), leave_input(leave.as_ref()));
    let body = UserPage {
        t,
        forms,
        licenses,
        is_away: leave.as_ref().is_some_and(|leave| leave.starts_at <= visit.right.now()),
        leave,
        roles: grantable(&tenant),
        may_edit: may::<UserEdit, _>(visit),
        may_grant,
        protected: !user.roles.0.is_empty() && !may_grant,
        is_last_admin,
        may_explain: may::<CheckAny, _>(visit),
        may_lease: may::<LeaseAny, _>(visit),
        is_own: visit.right.user() == Some(user.id),
        user,
    };
    let sheet = Sheet::new(body.user.name.clone(), &body)?.lead(body.user.email.to_string());
    let Forms { name, roles, leave, password } = &body.forms;
    let sheet = [name, roles, leave, password].into_iter().fold(sheet, Sheet::answering);
    visit.show(sheet.below(t.of("users-title"), "/admin/users"))
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
pub(super) async fn answer<P: Permission>(
    visit: Visit<P>,
    user: &str,
    (part, entered): (Part, Entered),
    done: Result<(), Refused>,
    (to, said): (String, &str),
) -> Result<Response, Refused> {
    match done {
        Ok(()) => Ok(visit.leave(&to, visit.wording(&TEXTS).of(said))),
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            let forms = Forms::blank(&visit).with(&part, entered);
            show(&visit.also()?, user, forms).await
        }
    }
}

/// What of the user a form is about.
pub(super) enum Part {
    Name,
    Roles,
    Status,
    Leave,
    Password,
}

#[derive(Clone)]
pub(super) struct NameForm(Name<200>, Expected);

impl Form for NameForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        fields.parse("name", input.text("name"), Name::parse).map(|name| Self(name, input.revision()))
    }
}

pub(super) async fn rename(
    Path(user): Path<String>,
    submit: Submit<UserEdit, NameForm>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let named = UserRef::from_path(&user)?;
    let done = visit.write(form, move |tx, right, NameForm(name, expected)| {
        Box::pin(async move {
            let user = identity::existing_user(tx, right, &named).await?;
            edit_user::rename_user(tx, right, user.id, name, &expected).await.map(|_| ())
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

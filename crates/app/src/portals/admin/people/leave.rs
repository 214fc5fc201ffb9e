//! Say on a user's page that the user is away, and that it is back (ASG-10).

use axum::response::Response;
use types::{Timestamp, Violation};

use super::user::{Part, answer};
use crate::access::UserEdit;
use crate::edge::Path;
use crate::edge::browser::{Form, Submit};
use crate::identity::operations::find::{self as identity, UserRef};
use crate::idle::operations::leave;
use crate::kit::page::Input;
use crate::kit::{Fields, Refused};

/// From the first day to the end of the last one.
#[derive(Clone, Copy)]
pub(super) struct LeaveForm {
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Form for LeaveForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let midnight = |day: &str| {
            Timestamp::parse(&format!("{day}T00:00:00Z"))
                .map_err(|_| Violation::new("date.malformed", "must be a day such as 2026-01-31"))
        };
        let from = fields.optional("from", input.filled("from"), midnight);
        let until = fields.optional("until", input.filled("until"), midnight);
        Some(Self { from: from.flatten(), until: until.flatten().map(|day| day.plus_days(1)) })
    }
}

pub(super) async fn set(
    Path(user): Path<String>,
    submit: Submit<UserEdit, LeaveForm>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let named = UserRef::from_path(&user)?;
    let done = visit.write(form, move |tx, right, LeaveForm { from, until }| {
        Box::pin(async move {
            let user = identity::existing_user(tx, right, &named).await?;
            leave::set_leave(tx, right, user.id, from, until).await
        })
    });
    let (done, to) = (done.await, format!("/admin/users/{user}"));
    answer(visit, &user, (Part::Leave, entered), done, (to, "leave-set")).await
}

pub(super) async fn end(Path(user): Path<String>, submit: Submit<UserEdit>) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let (named, entered) = (UserRef::from_path(&user)?, visit.form());
    let done = visit.write(form, move |tx, right, _| {
        Box::pin(async move {
            let user = identity::existing_user(tx, right, &named).await?;
            leave::end_leave(tx, right, user.id).await
        })
    });
    let (done, to) = (done.await, format!("/admin/users/{user}"));
    answer(visit, &user, (Part::Leave, entered), done, (to, "leave-ended")).await
}

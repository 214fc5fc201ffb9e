//! Take seats away: who loses one is named and asked about first.

use askama::Template;
use axum::response::Response;

use super::super::lookups::{Called, service};
use super::TEXTS;
use super::named::{Failure, failures, users};
use crate::access::SeatAssign;
use crate::assignments::operations::unassign_users::unassign_users;
use crate::edge::Path;
use crate::edge::browser::{Form, Submit, Visit};
use crate::identity::User;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};
use crate::licenses::operations::find as licenses;
use crate::publishing::operations::names::Names;

#[derive(Template)]
#[template(path = "portals/admin/licenses/unassign.html")]
struct Unassign {
    t: Wording,
    form: Entered,
    called: Called,
    users: Vec<User>,
    failures: Vec<Failure>,
}

pub(super) async fn look(Path(text): Path<String>, visit: Visit<SeatAssign>) -> Result<Response, Refused> {
    let query = visit.reader.here.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let (chosen, _) = users(&Input::parse(query.as_bytes()));
    let form = visit.form();
    show(&visit, &text, form, chosen, Vec::new()).await
}

async fn show(
    visit: &Visit<SeatAssign>,
    text: &str,
    form: Entered,
    chosen: Vec<UserRef>,
    failures: Vec<Failure>,
) -> Result<Response, Refused> {
    let service = service(text)?;
    let (called, users) = visit
        .read(move |tx, right| {
            Box::pin(async move {
                licenses::pool(tx, right, &service).await?;
                let called = Called::find(tx, &mut Names::default(), &service).await?;
                let mut users = Vec::new();
                for user in &chosen {
                    users.extend(identity::user(tx, right, user).await?);
                }
                Ok((called, users))
            })
        })
        .await?;
    let t = visit.wording(&TEXTS);
    let title =
        if users.is_empty() { t.of("unassign-none-title") } else { t.count("unassign-title", users.len()) };
    let above = called.clone();
    let body = Unassign { t, form: form.clone(), called, users, failures };
    let sheet = Sheet::new(title, &body)?.answering(&form);
    visit.show(sheet.below(t.of("list-title"), "/admin/licenses").below(above.title(), above.href()))
}

/// Whom it is about.
#[derive(Clone)]
pub(super) struct Chosen(Vec<UserRef>);

impl Form for Chosen {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let (users, _) = users(input);
        if users.is_empty() {
            fields.wrong("user", "users.count", "choose at least one user");
        }
        Some(Self(users))
    }
}

pub(super) async fn unassign(
    Path(text): Path<String>,
    submit: Submit<SeatAssign, Chosen>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let service = service(&text)?;
    let done = visit.write(form, move |tx, right, Chosen(users)| {
        Box::pin(async move { unassign_users(tx, right, &service, &users).await })
    });
    let t = visit.wording(&TEXTS);
    match done.await {
        Ok(summary) => {
            let said = t.count("unassigned-users", summary.unassigned());
            Ok(visit.leave(&format!("/admin/licenses/{text}"), said))
        }
        Err(refused) => {
            let ((chosen, _), (failures, refused)) = (users(entered.input()), failures(t, refused));
            let entered = visit.again(entered, refused)?;
            show(&visit, &text, entered, chosen, failures).await
        }
    }
}

//! The leases of one's own organisation.

use axum::response::Response;
use db::Tx;

use super::list::{Asked, Whose, rows, show};
use super::revocations;
use super::{End, TEXTS, lease_id};
use crate::access::{LeaseAny, Right};
use crate::edge::browser::{Submit, Visit};
use crate::edge::{Params, Path, page_request};
use crate::identity::User;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::Refused;
use crate::kit::page::Wording;
use crate::leases::operations::{find, scope};
use crate::relationships::operations::find as relationships;

pub(super) const LEASES: &str = "/admin/leases";

pub(super) async fn look(Params(asked): Params<Asked>, visit: Visit<LeaseAny>) -> Result<Response, Refused> {
    let page = page_request(None, asked.cursor.as_deref())?;
    let user = if asked.user.is_empty() { None } else { Some(UserRef::from_path(&asked.user)?) };
    let ended = asked.all();
    let (user, lists, found) = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let user = match user {
                    Some(user) => Some(identity::existing_user(tx, right, &user).await?),
                    None => None,
                };
                let scope =
                    user.as_ref().map_or_else(|| scope::tenant(right), |of| scope::user(right, of.id));
                let found = find::latest_leases(tx, &scope, (ended, right.now()), &page).await?;
                let lists = if user.is_some() { Vec::new() } else { lists(tx, right).await? };
                Ok((user, lists, rows(tx, right, found).await?))
            })
        })
        .await?;
    show(&visit, &asked, whose(visit.wording(&TEXTS), user, lists), found)
}

/// Those of the publishers that the organisation buys from, and of those whose leases may still be out.
async fn lists(tx: &mut Tx, right: &Right<LeaseAny>) -> Result<Vec<(String, String)>, Refused> {
    let mut publishers = relationships::publishers_of(tx, &right.tenant()).await?;
    publishers.extend(find::publishers(tx, right).await?);
    publishers.sort();
    publishers.dedup();
    revocations::lists(tx, &publishers).await
}

fn whose(t: Wording, user: Option<User>, lists: Vec<(String, String)>) -> Whose {
    let mut whose = Whose {
        title: t.of("leases"),
        lead: t.of("leases-lead"),
        above: Vec::new(),
        here: LEASES.to_owned(),
        of_customer: false,
        lists: lists
            .into_iter()
            .map(|(publisher, href)| (t.named("revocations-of", publisher), href))
            .collect(),
    };
    if let Some(user) = user {
        whose.above = vec![(t.of("leases"), LEASES.to_owned())];
        whose.title = t.named("leases-of", user.name);
    }
    whose
}

pub(super) async fn revoke(Path(lease): Path<String>, submit: Submit<LeaseAny>) -> Result<Response, Refused> {
    end(&lease, submit, End::Revoke).await
}

pub(super) async fn give_back(
    Path(lease): Path<String>,
    submit: Submit<LeaseAny>,
) -> Result<Response, Refused> {
    end(&lease, submit, End::Return).await
}

async fn end(lease: &str, submit: Submit<LeaseAny>, how: End) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let id = lease_id(lease)?;
    let ended = visit.write(form, move |tx, right, _| {
        Box::pin(async move { how.carry_out(tx, right, &scope::tenant(right), &id).await })
    });
    ended.await?;
    Ok(visit.leave(LEASES, visit.wording(&TEXTS).of(how.said())))
}

//! Users, while somebody types who is meant.

use axum::response::Response;
use db::Tx;

use crate::access::{Right, UserView};
use crate::edge::Params;
use crate::edge::browser::{Suggestion, Typed, Visit};
use crate::identity::operations::find;
use crate::identity::{User, UserStatus};
use crate::kit::{Beginning, Refused};

/// Users that are suggested at most.
const SUGGESTED: usize = 8;

/// Active users whose name or address begins so.
pub(in crate::portals::admin) async fn suggested(
    tx: &mut Tx,
    right: &Right<UserView>,
    typed: &str,
) -> Result<Vec<User>, Refused> {
    let Some(beginning) = Beginning::parse(typed) else { return Ok(Vec::new()) };
    find::users_beginning(tx, right, &beginning, UserStatus::Inactive, SUGGESTED).await
}

pub(in crate::portals::admin) fn suggestion(user: User) -> Suggestion {
    Suggestion {
        name: user.name,
        line: user.email.to_string(),
        value: Some(user.email.to_string()),
        id: Some(user.id.to_string()),
        ..Suggestion::default()
    }
}

pub(super) async fn look(
    Params(Typed { q }): Params<Typed>,
    visit: Visit<UserView>,
) -> Result<Response, Refused> {
    let found = visit.read(move |tx, right| Box::pin(async move { suggested(tx, right, &q).await })).await?;
    visit.reader.suggest(found.into_iter().map(suggestion).collect())
}

//! People to give a seat to, while somebody types.

use axum::response::Response;

use super::super::lookups::service;
use super::super::people::{suggested, suggestion};
use super::TEXTS;
use crate::access::{SeatAssign, UserView};
use crate::assignments::operations::find::seats_of_user;
use crate::edge::browser::{Suggestion, Typed, Visit};
use crate::edge::{Params, Path};
use crate::kit::Refused;

pub(super) async fn suggest(
    Path(text): Path<String>,
    Params(Typed { q }): Params<Typed>,
    visit: Visit<SeatAssign>,
) -> Result<Response, Refused> {
    let service = service(&text)?;
    let found = visit.read(move |tx, right| {
        Box::pin(async move {
            let mut found = Vec::new();
            for user in suggested(tx, &right.also::<UserView>()?, &q).await? {
                let seats = seats_of_user(tx, right, &user.id).await?;
                let has_seat = seats.iter().any(|seat| seat.service_id == service);
                found.push((user, has_seat));
            }
            Ok(found)
        })
    });
    let t = visit.wording(&TEXTS);
    let suggestions = found.await?.into_iter().map(|(user, has_seat)| {
        let free = suggestion(user);
        if has_seat {
            return Suggestion { line: format!("{} · {}", free.line, t.of("has-seat")), off: true, ..free };
        }
        free
    });
    visit.reader.suggest(suggestions.collect())
}

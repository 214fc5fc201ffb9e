//! The refusals that any operation may answer with, for the API document.

use std::collections::BTreeMap;

use types::Problem;
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// Documents every refusal once: 400 to 503, each a problem document.
pub(crate) struct Refusals;

const STATUSES: &[(&str, &str)] = &[
    ("400", "A header, the query or the body cannot be read"),
    ("401", "Nobody is signed in"),
    ("403", "Signed in, but not allowed"),
    ("404", "There is no such thing, or it belongs to another tenant"),
    ("408", "The body took too long to come"),
    ("409", "Not in this state, or taken"),
    ("412", "Changed meanwhile: If-Match names another revision"),
    ("413", "The body is too large"),
    ("415", "The body must be JSON"),
    ("422", "Fields are not acceptable; all of them are named"),
    ("429", "Too much is asked, or too many attempts failed; `Retry-After` says when to try again"),
    ("500", "The server failed; nothing was changed"),
    ("503", "Try again later; `Retry-After` says when, where that is known"),
];

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let problem = || Content::new(Some(Ref::from_schema_name(Problem::name())));
        STATUSES
            .iter()
            .map(|(status, what)| {
                let response =
                    ResponseBuilder::new().description(*what).content("application/problem+json", problem());
                ((*status).to_owned(), RefOr::T(response.build()))
            })
            .collect()
    }
}

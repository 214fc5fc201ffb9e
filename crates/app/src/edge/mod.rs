//! The edge: from a request to a unit of work and back.
//!
//! ```text
//! request ─► authenticate ─► proof of right ─► body ─► db.write(|tx| operation(tx, right, command)) ─► answer
//! ```
//!
//! [`Call<P, B>`] is the one extractor: who asks is recognised and may do `P`, the body is a `B`, the
//! headers `Idempotency-Key` and `If-Match` are read. [`Call::write`] runs an operation as one unit of
//! work and answers with its freshness token; a repeated key gets the first answer again, written in the
//! same transaction as the change. [`Answer`] is what comes back. [`Ask`] is the extractor of checks.

mod answer;
mod ask;
pub(crate) mod browser;
mod call;
mod idempotency;
mod json;
mod params;
mod precondition;
mod questions;
mod refusals;
#[cfg(test)]
mod tests;

pub(crate) use answer::{Answer, CsvFile, Nothing};
pub(crate) use ask::Ask;
pub(crate) use call::{
    Call, FromBody, MaybeBody, NoBody, authorize, bearer, is_json, origin, read_body, recognise,
};
pub(crate) use idempotency::STATEMENTS;
pub(crate) use json::{read_json, said_once};
pub(crate) use params::{PageParams, Params, Path, SearchParams, page_request};
pub(crate) use questions::Questions;
pub(crate) use refusals::Refusals;

crate::kit::codes! {
    NO_TOKEN = 401 "request.no_token" "Sign in first";
    MALFORMED_JSON = 400 "request.malformed_json" "The body is not JSON";
    DUPLICATE_KEY = 400 "request.duplicate_key" "The body gives a key twice";
    NOT_JSON = 415 "request.not_json" "The body must be JSON";
    TOO_LARGE = 413 "request.too_large" "The body is too large";
    MALFORMED_HEADER = 400 "request.malformed_header" "A header cannot be read";
    MALFORMED_QUERY = 400 "request.malformed_query" "The query cannot be read";
    MALFORMED_PATH = 400 "request.malformed_path" "The address cannot be read";
    KEY_REUSED = 422 "request.idempotency_key_reused" "This idempotency key belongs to another request";
    SECRET_SHOWN = 409 "request.secret_shown" "This was done before, and its secret was shown then";
    NO_ROUTE = 404 "request.no_route" "There is nothing at this address";
    METHOD_NOT_ALLOWED = 405 "request.method_not_allowed" "This address does not take this method";
    TOO_MANY = 429 "request.too_many" "Too much is asked";
    TIMED_OUT = 408 "request.timed_out" "The request took too long to come";
}

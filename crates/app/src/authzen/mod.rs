//! OpenID AuthZEN 1.0: the same decisions through the standard request.
//!
//! ```text
//! may subject {user, id} do action {use} on resource {service | sku | component, id}?  ─►  Question ─► check
//! ```
//!
//! Every decision is the one that a check gives: [`api`] reads the request, [`request`] makes it a question,
//! [`asker`] sees to the right to ask. A single evaluation and each of a batch count as checks; a search asks
//! the same question of every candidate, and counts as none.
//!
//! Odd: what does not fit is 400, as the standard has it, where the rest of the API says 422. A component that
//! no live offer has is refused here; a check allows it, because nothing restricts it (CHK-01): whoever
//! speaks this protocol expects a no for a name that is not known.
//!
//! No tables, no events.

pub(crate) mod api;
mod asker;
mod request;
mod search;

#[cfg(test)]
mod tests;

crate::kit::codes! {
    MALFORMED = 400 "authzen.malformed" "The request is not as AuthZEN has it";
}

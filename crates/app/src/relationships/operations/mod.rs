//! The use cases of relationships.

pub(crate) mod accept;
pub(crate) mod end;
pub(crate) mod find;
pub(crate) mod invite;

use ring::digest;

/// What is stored of a link's token: it has 256 random bits, so a plain hash is enough.
fn hash(token: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.as_bytes()).as_ref().to_vec()
}

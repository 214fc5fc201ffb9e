//! Access tokens whose signature was verified: once for each, not once for each request.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use types::Timestamp;

use crate::access::Principal;

/// Tokens remembered at most; when there are more, it begins anew.
const REMEMBERED: usize = 10_000;

/// What tokens said that this node has verified, until they expire.
#[derive(Debug, Default)]
pub struct Verified(RwLock<HashMap<Box<str>, Known>>);

#[derive(Debug)]
struct Known {
    token: Box<str>,
    principal: Arc<Principal>,
    /// Seconds.
    expires: i64,
}

impl Verified {
    /// Who the token is of, if it was verified and has not expired.
    pub(crate) fn find(&self, token: &str, now: Timestamp) -> Option<Arc<Principal>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(signature(token))?;
        (*known.token == *token && now.seconds() < known.expires).then(|| Arc::clone(&known.principal))
    }

    pub(super) fn remember(&self, token: &str, principal: Arc<Principal>, expires: i64, now: Timestamp) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.retain(|_, token| now.seconds() < token.expires);
        }
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(signature(token).into(), Known { token: token.into(), principal, expires });
    }
}

/// Short, and no two tokens have the same by chance; the whole token is compared all the same.
fn signature(token: &str) -> &str {
    token.rsplit_once('.').map_or(token, |(_, signature)| signature)
}

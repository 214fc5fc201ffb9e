//! Who is it? A session, a personal access token, or an access token.

use std::sync::Arc;

use db::Db;
use types::Timestamp;

use crate::access::Principal;
use crate::events::Actor;
use crate::identity::{Keys, UNAUTHENTICATED, Verified, store, token};
use crate::kit::Refused;

/// Recognises the bearer of a token. Access tokens are verified without the database, and remembered.
pub async fn authenticate(
    db: &Db,
    (keys, verified): (&Keys, &Verified),
    token: &str,
    now: Timestamp,
) -> Result<Arc<Principal>, Refused> {
    if token.contains('.') {
        if let Some(known) = verified.find(token, now) {
            return Ok(known);
        }
        let claims = keys.verify(token, now)?;
        let (scopes, expires) = (claims.scopes(), claims.exp);
        let principal = Principal::client(claims.client_id, claims.tenant, claims.publisher, &scopes);
        let principal = Arc::new(principal);
        verified.remember(token, Arc::clone(&principal), expires, now);
        return Ok(principal);
    }
    let hash = token::hash(token);
    let kind = token.split_once('_').map(|(kind, _)| kind);
    let known = match kind {
        Some(token::SESSION) => {
            db.read(move |tx| {
                Box::pin(async move { store::find_session_user(tx, &hash, now).await.map_err(Refused::from) })
            })
            .await?
        }
        Some(token::PERSONAL) => {
            db.read(move |tx| {
                Box::pin(async move { store::find_token_user(tx, &hash, now).await.map_err(Refused::from) })
            })
            .await?
        }
        _ => None,
    };
    let refuse = || UNAUTHENTICATED.because("The token is unknown, ended or expired: sign in again.");
    let user = known.ok_or_else(refuse)?;
    let user = Principal::user(user.id, user.tenant_id, user.publisher_id, &user.roles.0);
    Ok(Arc::new(if kind == Some(token::PERSONAL) { user.by_personal_token() } else { user }))
}

/// Checks go by an access token as long as it is good; whatever reads or changes more ends with its client.
pub(crate) async fn still_there(db: &Db, principal: &Principal) -> Result<(), Refused> {
    let Actor::Client(id) = principal.actor else { return Ok(()) };
    let client = db.read(move |tx| {
        Box::pin(async move { store::find_api_client(tx, &id).await.map_err(Refused::from) })
    });
    match client.await? {
        Some(_) => Ok(()),
        None => Err(UNAUTHENTICATED.because("The API client that this token was given to was deleted.")),
    }
}

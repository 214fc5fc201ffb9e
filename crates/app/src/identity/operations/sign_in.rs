//! Sign in, sign out, change one's own password.

use db::{Committed, Db, Tx};
use types::{Email, TenantSlug, Timestamp};

use crate::access::{Right, SelfView};
use crate::events::{self, Actor, Origin, Recorder};
use crate::identity::events::{PasswordSet, SignedIn};
use crate::identity::{Password, PasswordHasher, SIGN_IN_FAILED, TENANT_AMBIGUOUS, store, token};
use crate::kit::{Random, Refused};

/// Seconds a session lasts.
const SESSION_SECONDS: i64 = 12 * 3600;

#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    pub email: Email,
    pub password: String,
    /// Needed by those whose address and password several organisations know.
    pub tenant: Option<TenantSlug>,
}

#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// Shown once, stored hashed.
    pub token: String,
    pub expires_at: Timestamp,
}

/// Verifies outside any unit of work: hashing takes milliseconds, units take microseconds.
pub(crate) async fn sign_in(
    db: &Db,
    hasher: &PasswordHasher,
    command: SignIn,
    origin: Origin,
    now: Timestamp,
    random: Random,
) -> Result<Session, Refused> {
    let SignIn { email, password, tenant } = command;
    let tenant = tenant.map_or_else(String::new, String::from);
    let candidates = db
        .read(move |tx| {
            Box::pin(async move { store::list_sign_ins(tx, &email, &tenant).await.map_err(Refused::from) })
        })
        .await?;
    if candidates.is_empty() {
        hasher.verify(password.clone(), None).await?;
    }
    let mut matching = Vec::new();
    for candidate in candidates {
        if hasher.verify(password.clone(), candidate.password_hash.clone()).await? {
            matching.push(candidate);
        }
    }
    let who = match matching.as_slice() {
        [only] => only,
        [] => return Err(SIGN_IN_FAILED.because("Check the address, the password and the organisation.")),
        several => {
            let tenants: Vec<&str> = several.iter().map(|candidate| candidate.slug.as_str()).collect();
            return Err(TENANT_AMBIGUOUS.because(format!("Say which tenant: {}.", tenants.join(", "))));
        }
    };
    let session =
        Session { token: random.secret(token::SESSION), expires_at: now.plus_seconds(SESSION_SECONDS) };
    let (user, tenant, id, hash) = (who.id, who.tenant_id, random.id(now), token::hash(&session.token));
    let expires_at = session.expires_at;
    let recorder = Recorder { actor: Actor::User(user), origin, at: now, random };
    db.write(move |tx| {
        Box::pin(async move {
            store::insert_session(tx, id, user, &hash, now, expires_at).await?;
            events::record(tx, &recorder, &[tenant], &SignedIn { user })?;
            Ok::<_, Refused>(())
        })
    })
    .await
    .map(|Committed { .. }| session)
}

/// Ends the session of this token; a token that is no session stays as it is.
pub(crate) async fn sign_out(tx: &mut Tx, right: &Right<SelfView>, token: &str) -> Result<(), Refused> {
    let user = right.user().ok_or_else(|| Refused::not_found("session"))?;
    if store::delete_session(tx, &token::hash(token), &user).await? {
        Ok(())
    } else {
        Err(Refused::not_found("session"))
    }
}

/// Replaces one's own password after the present one was verified.
pub(crate) async fn change_password(
    db: &Db,
    hasher: &PasswordHasher,
    right: Right<SelfView>,
    present: String,
    new: Password,
) -> Result<(), Refused> {
    let user = right.user().ok_or_else(|| Refused::not_found("user"))?;
    let tenant = right.tenant();
    let hash = db
        .read(move |tx| {
            Box::pin(
                async move { store::find_password_hash(tx, &tenant, &user).await.map_err(Refused::from) },
            )
        })
        .await?;
    if !hasher.verify(present, hash).await? {
        return Err(SIGN_IN_FAILED.because("The present password is another one."));
    }
    let hash = hasher.hash(new).await?;
    db.write(move |tx| {
        Box::pin(async move {
            store::update_password(tx, &tenant, &user, &hash).await?;
            store::delete_credentials(tx, &user).await?;
            right.record(tx, &PasswordSet { user })?;
            Ok::<_, Refused>(())
        })
    })
    .await
    .map(|Committed { .. }| ())
}

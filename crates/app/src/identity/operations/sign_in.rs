//! Sign in, sign out, change one's own password.

use db::{Committed, Tx};
use types::{Email, TenantSlug, Timestamp, UserId};

use crate::App;
use crate::access::{Right, SelfView};
use crate::events::{self, Actor, Origin, Recorder};
use crate::identity::events::{PasswordSet, SignedIn};
use crate::identity::{Password, SIGN_IN_FAILED, TENANT_AMBIGUOUS, store, token};
use crate::kit::Refused;

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
    pub user: UserId,
    /// Shown once, stored hashed.
    pub token: String,
    pub expires_at: Timestamp,
}

/// Opens a session for whom address and password fit.
pub(crate) async fn sign_in(app: &App, command: SignIn, origin: Origin) -> Result<Session, Refused> {
    let (now, random) = (app.clock.now(), app.random.clone());
    let guess = app.throttle.count(command.email.as_str(), &origin, now)?;
    let (who, alone) = match recognise(app, command, &origin, now).await {
        Ok(recognised) => recognised,
        Err(refused) => {
            if !refused.is(SIGN_IN_FAILED) {
                guess.forgive();
            }
            return Err(refused);
        }
    };
    // Whose address others have has not shown that the place is theirs.
    if alone {
        guess.right();
    } else {
        guess.forgive();
    }
    let (user, tenant, expires_at) = (who.id, who.tenant_id, now.plus_seconds(SESSION_SECONDS));
    let session = Session { user, token: random.secret(token::SESSION), expires_at };
    let (id, hash) = (random.id(now), token::hash(&session.token));
    let recorder = Recorder { actor: Actor::User(user), origin, at: now, random };
    app.db
        .write(move |tx| {
            Box::pin(async move {
                store::insert_session(tx, id, user, &hash, now, expires_at).await?;
                events::record(tx, &recorder, &[tenant], &SignedIn { user })?;
                Ok::<_, Refused>(())
            })
        })
        .await
        .map(|Committed { .. }| session)
}

/// Verifies outside any unit of work: hashing takes milliseconds, units take microseconds.
///
/// Where several may have the address, a guess is one at each of them, too: else whoever may set the password of one, in
/// an organisation of their own, would guess at the others' without ever being wrong. Who it was, and whether nobody else
/// could have been meant.
async fn recognise(
    app: &App,
    command: SignIn,
    origin: &Origin,
    now: Timestamp,
) -> Result<(store::SignIn, bool), Refused> {
    let SignIn { email, password, tenant } = command;
    let named = tenant.is_some();
    let tenant = tenant.map_or_else(String::new, String::from);
    let candidates = app
        .db
        .read(move |tx| {
            Box::pin(async move { store::list_sign_ins(tx, &email, &tenant).await.map_err(Refused::from) })
        })
        .await?;
    if candidates.is_empty() {
        app.passwords.verify(password.clone(), None).await?;
    }
    let (alone, mut matching) = (!named && candidates.len() == 1, Vec::new());
    let mut refused = SIGN_IN_FAILED.because("Check the address, the password and the organisation.");
    for candidate in candidates {
        let guess = (!alone).then(|| app.throttle.count(&candidate.id.to_string(), origin, now));
        let guess = match guess.transpose() {
            Ok(guess) => guess,
            Err(throttled) => {
                refused = throttled;
                continue;
            }
        };
        if app.passwords.verify(password.clone(), candidate.password_hash.clone()).await? {
            if let Some(guess) = guess {
                guess.right();
            }
            matching.push(candidate);
        }
    }
    if matching.len() > 1 {
        let tenants: Vec<&str> = matching.iter().map(|candidate| candidate.slug.as_str()).collect();
        return Err(TENANT_AMBIGUOUS.because(format!("Say which tenant: {}.", tenants.join(", "))));
    }
    matching.pop().map(|who| (who, alone)).ok_or(refused)
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

/// Replaces one's own password after the present one was verified: who has found a session cannot guess
/// at the password either.
pub(crate) async fn change_password(
    app: &App,
    right: Right<SelfView>,
    present: String,
    new: Password,
) -> Result<(), Refused> {
    let user = right.user().ok_or_else(|| Refused::not_found("user"))?;
    let tenant = right.tenant();
    let guess = app.throttle.count(&user.to_string(), right.origin(), right.now())?;
    let known = app.db.read(move |tx| {
        Box::pin(async move {
            let known =
                store::find_user(tx, &tenant, &user).await?.ok_or_else(|| Refused::not_found("user"))?;
            Ok::<_, Refused>((known.email, store::find_password_hash(tx, &tenant, &user).await?))
        })
    });
    let (email, hash) = known.await?;
    if !app.passwords.verify(present, hash).await? {
        return Err(SIGN_IN_FAILED.because("The present password is another one."));
    }
    guess.right();
    let hash = app.passwords.hash(new, &email).await?;
    app.db
        .write(move |tx| {
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

//! A new password for whoever has a link, and who may have one.

use db::{Committed, Tx};
use types::{Email, TenantId, UserId};

use crate::App;
use crate::events::{self, Actor, Origin, Recorder};
use crate::identity::events::{PasswordResetBegun, PasswordSet};
use crate::identity::people::{self, Person};
use crate::identity::{Password, RESET_OVER, Tenant, store, token};
use crate::kit::Refused;

pub(crate) use crate::identity::store::Resettable;

/// Minutes for which a link is good.
pub(crate) const MINUTES: i64 = 60;

/// Whoever may ask for a link by this address: one person for each organisation that knows it.
pub(crate) async fn candidates(tx: &mut Tx, email: &Email) -> Result<Vec<(Tenant, Person)>, Refused> {
    let mut found = Vec::new();
    for known in store::list_sign_ins(tx, email, "").await? {
        let tenant = store::find_tenant(tx, &known.tenant_id).await?;
        let person = people::active_person(tx, &known.tenant_id, &known.id).await?;
        found.extend(tenant.zip(person));
    }
    Ok(found)
}

/// The token of a link, shown once; an earlier one ends.
pub(crate) async fn begin(
    tx: &mut Tx,
    app: &App,
    origin: &Origin,
    (tenant, user): (TenantId, UserId),
) -> Result<String, Refused> {
    let (now, token) = (app.clock.now(), app.random.secret(token::RESET));
    store::save_reset(tx, &user, &token::hash(&token), now.plus_seconds(MINUTES * 60)).await?;
    let recorder =
        Recorder { actor: Actor::System, origin: origin.clone(), at: now, random: app.random.clone() };
    events::record(tx, &recorder, &[tenant], &PasswordResetBegun { user })?;
    Ok(token)
}

/// Whose link it is.
pub(crate) async fn find(app: &App, token: &str) -> Result<Resettable, Refused> {
    let (hash, now) = (token::hash(token), app.clock.now());
    let found = app
        .db
        .read(move |tx| Box::pin(async move { Ok::<_, Refused>(store::find_reset(tx, &hash, now).await?) }));
    found.await?.ok_or_else(over)
}

fn over() -> Refused {
    RESET_OVER.because("It was used, a later one took its place, or an hour has passed. Ask for a new one.")
}

/// Every session and token of the user ends, and the link.
pub(crate) async fn reset(app: &App, token: &str, new: Password, origin: Origin) -> Result<(), Refused> {
    let whose = find(app, token).await?;
    let hash = app.passwords.hash(new, &whose.email).await?;
    let (link, now, random) = (token::hash(token), app.clock.now(), app.random.clone());
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let Resettable { id: user, tenant_id, .. } =
                    store::find_reset(tx, &link, now).await?.ok_or_else(over)?;
                store::update_password(tx, &tenant_id, &user, &hash).await?;
                store::delete_credentials(tx, &user).await?;
                let recorder = Recorder { actor: Actor::User(user), origin, at: now, random };
                events::record(tx, &recorder, &[tenant_id], &PasswordSet { user })?;
                Ok::<_, Refused>(())
            })
        })
        .await
        .map(|Committed { .. }| ())
}

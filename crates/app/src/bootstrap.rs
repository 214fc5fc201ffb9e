//! What is done on the machine itself, before anybody can sign in.

use types::{Email, Name, PageRequest, Timestamp};

use crate::App;
use crate::access::{MARKETPLACE, Right, TenantAdmit, UserEdit, UserView};
use crate::identity::Password;
use crate::identity::operations::{create_operator, find, rotate_keys};
use crate::kit::{Fields, Refused, Search};
use crate::leases::operations::find as leases;

/// Makes an operator of the marketplace: whoever can run this on the machine may.
pub async fn create_operator(app: &App, email: &str, name: &str, password: &str) -> Result<(), Refused> {
    let mut fields = Fields::default();
    let email = fields.parse("email", email, Email::parse);
    let name = fields.parse("name", name, Name::parse);
    let password = Password::parse(&mut fields, "password", password);
    let (Some(email), Some(name), Some(password)) = (email, name, password) else {
        return Err(fields.refuse());
    };
    let hash = app.passwords.hash(password, &email).await?;
    let right = Right::<UserEdit>::of_the_machine(MARKETPLACE, None, app.clock.now(), app.random.clone());
    app.db
        .write(move |tx| {
            Box::pin(async move {
                create_operator::create_operator(tx, &right, email, name, &hash).await?;
                Ok::<_, Refused>(())
            })
        })
        .await?;
    Ok(())
}

/// What makes the first operator through the API; good as long as there is none.
pub fn setup_token(app: &App) -> String {
    app.keys.setup_token()
}

/// Makes new keys, which are published at once and sign when they are known everywhere; says from when on.
pub async fn rotate_keys(app: &App) -> Result<Timestamp, Refused> {
    let right = Right::<TenantAdmit>::of_the_machine(MARKETPLACE, None, app.clock.now(), app.random.clone());
    let (publish, longest) = (app.settings.key_publish_seconds, app.in_force.lease_seconds_max());
    let rotated = app.db.write(move |tx| {
        Box::pin(async move {
            let last = leases::last_end(tx).await?;
            rotate_keys::rotate_keys(tx, &right, publish, longest, last).await
        })
    });
    Ok(rotated.await?.value)
}

/// Whether anybody can sign in to run the marketplace yet.
pub async fn has_operator(app: &App) -> Result<bool, Refused> {
    let right = Right::<UserView>::of_the_machine(MARKETPLACE, None, app.clock.now(), app.random.clone());
    let first = PageRequest { limit: 1, after: None };
    let users = app
        .db
        .read(move |tx| {
            Box::pin(async move { find::list_users(tx, &right, &first, &Search::default()).await })
        })
        .await?;
    Ok(!users.items.is_empty())
}

//! The first operator, made from afar by whoever was shown the token of the set-up.

use types::{Email, Name};

use super::create_operator::create_operator;
use crate::access::{MARKETPLACE, Right, Role, UserEdit};
use crate::events::Origin;
use crate::identity::{Password, SET_UP_ALREADY, SETUP_TOKEN_WRONG, User, store};
use crate::kit::Refused;
use crate::{App, bootstrap};

#[derive(Debug, Clone)]
pub(crate) struct SetUp {
    pub token: String,
    pub email: Email,
    pub name: Name<200>,
    pub password: Password,
}

/// Works once: as soon as there is an operator the token is good for nothing.
pub(crate) async fn set_up(app: &App, command: SetUp, origin: &Origin) -> Result<User, Refused> {
    let SetUp { token, email, name, password } = command;
    let guess = app.throttle.count("set-up", origin, app.clock.now())?;
    if !app.keys.is_setup_token(&token) {
        return Err(SETUP_TOKEN_WRONG.because("The server prints it when it starts without an operator."));
    }
    guess.right();
    if bootstrap::has_operator(app).await? {
        return Err(already());
    }
    let hash = app.passwords.hash(password, &email).await?;
    let right = Right::<UserEdit>::of_the_machine(MARKETPLACE, None, app.clock.now(), app.random.clone());
    let made = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                // Two that come at once wait for each other here.
                store::lock_tenant(tx, &MARKETPLACE).await?;
                if store::count_other_holders(tx, &MARKETPLACE, Role::Operator, &right.new_id()).await? > 0 {
                    return Err(already());
                }
                create_operator(tx, &right, email, name, &hash).await
            })
        })
        .await?;
    Ok(made.value)
}

fn already() -> Refused {
    SET_UP_ALREADY.because("There is an operator, who can sign in and add others.")
}

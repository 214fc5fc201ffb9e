//! Make, enable, disable and delete environments.

use db::Tx;
use types::{EnvironmentId, Name};

use crate::access::{AppInstall, Right};
use crate::installations::events::{EnvironmentChanged, EnvironmentCreated, EnvironmentDeleted};
use crate::installations::{Environment, EnvironmentKind, EnvironmentState, NAME_TAKEN, NOT_EMPTY, store};
use crate::kit::Refused;

pub(crate) async fn create(
    tx: &mut Tx,
    right: &Right<AppInstall>,
    name: Name<100>,
    kind: EnvironmentKind,
) -> Result<Environment, Refused> {
    let environment = Environment {
        id: right.new_id(),
        tenant_id: right.tenant(),
        name: name.into_string(),
        kind,
        state: EnvironmentState::Ready,
        created_at: right.now(),
    };
    if !store::insert_environment(tx, &environment).await? {
        return Err(
            NAME_TAKEN.because(format!("{} is there already: choose another name.", environment.name))
        );
    }
    right.record(tx, &EnvironmentCreated { environment: environment.id, name: environment.name.clone() })?;
    Ok(environment)
}

/// Twice is the same as once.
pub(crate) async fn set_state(
    tx: &mut Tx,
    right: &Right<AppInstall>,
    id: &EnvironmentId,
    state: EnvironmentState,
) -> Result<Environment, Refused> {
    let environment = held(tx, right, id).await?;
    if environment.state == state {
        return Ok(environment);
    }
    store::update_state(tx, id, state).await?;
    right.record(tx, &EnvironmentChanged { environment: *id, state })?;
    Ok(Environment { state, ..environment })
}

pub(crate) async fn delete(
    tx: &mut Tx,
    right: &Right<AppInstall>,
    id: &EnvironmentId,
) -> Result<Environment, Refused> {
    let environment = held(tx, right, id).await?;
    if !store::delete_environment(tx, id).await? {
        return Err(NOT_EMPTY.because("Uninstall what is in it first."));
    }
    right.record(tx, &EnvironmentDeleted { environment: *id, name: environment.name.clone() })?;
    Ok(environment)
}

/// An environment of this right's tenant, held until the end of the unit.
pub(super) async fn held(
    tx: &mut Tx,
    right: &Right<AppInstall>,
    id: &EnvironmentId,
) -> Result<Environment, Refused> {
    let found = store::lock_environment(tx, &right.tenant(), id).await?;
    found.ok_or_else(|| Refused::not_found("environment"))
}

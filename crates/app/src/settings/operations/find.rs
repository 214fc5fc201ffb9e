//! What is set.

use db::Tx;

use crate::access::{Right, SettingsEdit};
use crate::kit::Refused;
use crate::settings::{Stored, store};

pub(crate) async fn settings(tx: &mut Tx, right: &Right<SettingsEdit>) -> Result<Stored, Refused> {
    Ok(store::find_settings(tx, &right.tenant()).await?)
}

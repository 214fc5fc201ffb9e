//! What installations announce.

use types::{EnvironmentId, InstallationId};

use super::EnvironmentState;
use crate::events::events;

events! {
    EnvironmentCreated "environment.created" { environment: EnvironmentId, name: String }
    EnvironmentChanged "environment.changed" { environment: EnvironmentId, state: EnvironmentState }
    EnvironmentDeleted "environment.deleted" { environment: EnvironmentId, name: String }
    /// An offer was installed; whoever did so accepted its terms.
    AppInstalled "app.installed" {
        installation: InstallationId,
        environment: EnvironmentId,
        address: String,
        app_version: String,
        package_sha256: String,
    }
    AppUpdated "app.updated" {
        installation: InstallationId,
        app_version: String,
        package_sha256: String,
        /// Of the version before.
        package_sha256_before: String,
    }
    AppUninstalled "app.uninstalled" { installation: InstallationId, environment: EnvironmentId, address: String }
}

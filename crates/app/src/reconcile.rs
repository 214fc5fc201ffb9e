//! Everything that is done when its time has come, whoever runs it and however often.

use crate::App;
use crate::kit::Refused;
use crate::{entitlements, groups, licenses, publishing};

/// Runs every reconciler once. Each takes no input, is idempotent, and may be run by several nodes at once.
pub async fn reconcile(app: &App) -> Result<(), Refused> {
    publishing::jobs::take_due_live(app).await?;
    licenses::jobs::tell_of_ends(app).await?;
    licenses::jobs::settle(app).await?;
    licenses::jobs::remove_gone(app).await?;
    groups::jobs::follow(app).await?;
    entitlements::write_uses(app).await
}

//! Look up environments and installations.

use db::Tx;
use types::{EnvironmentId, InstallationId, Page, PageRequest};

use crate::access::{AppView, Permission, Right};
use crate::installations::{Environment, Installation, store};
use crate::kit::Refused;
use crate::publishing::LiveOffer;
use crate::publishing::operations::find as publishing;

pub(crate) async fn environments(
    tx: &mut Tx,
    right: &Right<AppView>,
    page: &PageRequest,
) -> Result<Page<Environment>, Refused> {
    let environments = store::list_environments(tx, &right.tenant(), page).await?;
    Ok(Page::cut(environments, page, |environment| environment.id.as_bytes().to_vec()))
}

pub(crate) async fn environment(
    tx: &mut Tx,
    right: &Right<AppView>,
    id: &EnvironmentId,
) -> Result<Environment, Refused> {
    let found = store::find_environment(tx, &right.tenant(), id).await?;
    found.ok_or_else(|| Refused::not_found("environment"))
}

/// Each with what is on sale of it now, if it is.
pub(crate) async fn installations(
    tx: &mut Tx,
    right: &Right<AppView>,
    page: &PageRequest,
) -> Result<Page<(Installation, Option<LiveOffer>)>, Refused> {
    let rows = store::list_installations(tx, &right.tenant(), page).await?;
    let Page { items, next_cursor } = Page::cut(rows, page, |row| row.id.as_bytes().to_vec());
    let mut installations = Vec::with_capacity(items.len());
    for installation in items {
        let live = publishing::on_sale(tx, &installation.address).await?;
        installations.push((installation, live));
    }
    Ok(Page { items: installations, next_cursor })
}

pub(crate) async fn installation<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    id: &InstallationId,
) -> Result<(Installation, Option<LiveOffer>), Refused> {
    let found = store::find_installation(tx, &right.tenant(), id).await?;
    let installation = found.ok_or_else(|| Refused::not_found("installation"))?;
    let live = publishing::on_sale(tx, &installation.address).await?;
    Ok((installation, live))
}

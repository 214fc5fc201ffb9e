//! What is in a package, file by file.

use ::package::Limits;
use ::package::store;
use db::Db;

use crate::kit::Refused;
use crate::packages::{Listed, Package, Pieces};

/// Reads the package itself, which takes as long as it is large: for somebody who asks for it.
pub(crate) async fn list_files(db: &Db, package: &Package) -> Result<Vec<Listed>, Refused> {
    let file = Pieces::of(db, package).into_file().await?;
    let listed = tokio::task::spawn_blocking(move || store::list(file, &Limits::default()));
    listed.await.map_err(Refused::internal)
}

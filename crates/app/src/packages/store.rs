//! Every SQL statement of packages.

use db::{DbError, Tx};
use types::{OfferId, PackageId};

use super::Package;

db::statements! {
    INSERT_PACKAGE = "INSERT INTO packages (id, offer_id, sha256, size, report, uploaded_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    FIND_PACKAGE = "SELECT id, offer_id, sha256, size, report, uploaded_at FROM packages
        WHERE offer_id = $1 AND id = $2";
    FIND_BY_HASH = "SELECT id, offer_id, sha256, size, report, uploaded_at FROM packages
        WHERE offer_id = $1 AND sha256 = $2 ORDER BY id DESC LIMIT 1";
    INSERT_CHUNK = "INSERT INTO package_chunks (sha256, number, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    FIND_CHUNK = "SELECT bytes FROM package_chunks WHERE sha256 = $1 AND number = $2";
}

db::rows! {
    struct Chunk in "package_chunks" { bytes: Vec<u8> }
}

pub(super) async fn insert_package(tx: &mut Tx, package: &Package) -> Result<(), DbError> {
    let Package { id, offer_id, sha256, size, report, uploaded_at } = package;
    tx.execute_one(INSERT_PACKAGE, &[id, offer_id, sha256, size, report, uploaded_at]).await
}

pub(super) async fn find_package(
    tx: &mut Tx,
    offer: &OfferId,
    id: &PackageId,
) -> Result<Option<Package>, DbError> {
    tx.find(FIND_PACKAGE, &[offer, id]).await
}

pub(super) async fn find_by_hash(
    tx: &mut Tx,
    offer: &OfferId,
    sha256: &[u8],
) -> Result<Option<Package>, DbError> {
    tx.find(FIND_BY_HASH, &[offer, &sha256]).await
}

/// A piece that is there already is the same piece: its address is the hash of the whole.
pub(super) async fn insert_chunk(
    tx: &mut Tx,
    sha256: &[u8],
    number: i64,
    bytes: &[u8],
) -> Result<(), DbError> {
    tx.execute(INSERT_CHUNK, &[&sha256, &number, &bytes]).await.map(|_| ())
}

pub(super) async fn find_chunk(tx: &mut Tx, sha256: &[u8], number: i64) -> Result<Option<Vec<u8>>, DbError> {
    let chunk: Option<Chunk> = tx.find(FIND_CHUNK, &[&sha256, &number]).await?;
    Ok(chunk.map(|chunk| chunk.bytes))
}

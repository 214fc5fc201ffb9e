//! Every SQL statement of packages.

use db::{DbError, Tx};
use types::{OfferId, PackageId, Timestamp};

use super::Package;

db::statements! {
    INSERT_PACKAGE = "INSERT INTO packages (id, offer_id, sha256, size, report, uploaded_at, source_url)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    FIND_PACKAGE = "SELECT id, offer_id, sha256, size, report, uploaded_at, source_url FROM packages
        WHERE offer_id = $1 AND id = $2";
    FIND_BY_HASH = "SELECT id, offer_id, sha256, size, report, uploaded_at, source_url FROM packages
        WHERE offer_id = $1 AND sha256 = $2 ORDER BY id DESC LIMIT 1";
    INSERT_CHUNK = "INSERT INTO package_chunks (sha256, number, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    BEGIN_UPLOAD = "INSERT INTO package_uploads (sha256, begun_at) VALUES ($1, $2)
        ON CONFLICT (sha256) DO UPDATE SET begun_at = excluded.begun_at";
    END_UPLOAD = "DELETE FROM package_uploads WHERE sha256 = $1";
    LIST_ABANDONED = "SELECT sha256 FROM package_uploads WHERE begun_at < $1 ORDER BY begun_at LIMIT 100";
    HOLD_ABANDONED = "UPDATE package_uploads SET begun_at = begun_at WHERE sha256 = $1 AND begun_at < $2";
    FIND_KEPT = "SELECT sha256 FROM packages WHERE sha256 = $1 LIMIT 1";
    DELETE_SOME_CHUNKS = "DELETE FROM package_chunks WHERE sha256 = $1 AND number IN
        (SELECT number FROM package_chunks WHERE sha256 = $1 ORDER BY number LIMIT 16)";
    LIST_KEPT = "SELECT p.id, p.size, CAST((SELECT COALESCE(sum(octet_length(c.bytes)), 0)
            FROM package_chunks c WHERE c.sha256 = p.sha256) AS BIGINT) AS kept
        FROM packages p ORDER BY p.id";
    FIND_CHUNK = "SELECT bytes FROM package_chunks WHERE sha256 = $1 AND number = $2";
}

db::rows! {
    struct Chunk in "package_chunks" { bytes: Vec<u8> }
}

db::rows! {
    struct Hash in "package_uploads" { sha256: Vec<u8> }
}

/// From now on pieces of these bytes are written; whoever removes what broke off leaves them alone.
pub(super) async fn begin_upload(tx: &mut Tx, sha256: &[u8], now: Timestamp) -> Result<(), DbError> {
    tx.execute_one(BEGIN_UPLOAD, &[&sha256, &now]).await
}

/// False if there was none.
pub(super) async fn end_upload(tx: &mut Tx, sha256: &[u8]) -> Result<bool, DbError> {
    Ok(tx.execute(END_UPLOAD, &[&sha256]).await? == 1)
}

/// The hashes of uploads that began before and have not ended.
pub(super) async fn list_abandoned(tx: &mut Tx, before: Timestamp) -> Result<Vec<Vec<u8>>, DbError> {
    let found: Vec<Hash> = tx.list(LIST_ABANDONED, &[&before]).await?;
    Ok(found.into_iter().map(|row| row.sha256).collect())
}

/// Keeps an abandoned upload from beginning again until the end of the unit; false if it is none.
pub(super) async fn hold_abandoned(tx: &mut Tx, sha256: &[u8], before: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(HOLD_ABANDONED, &[&sha256, &before]).await? == 1)
}

/// Whether a package has these bytes.
pub(super) async fn is_kept(tx: &mut Tx, sha256: &[u8]) -> Result<bool, DbError> {
    let found: Option<Hash> = tx.find(FIND_KEPT, &[&sha256]).await?;
    Ok(found.is_some())
}

/// How many pieces went.
pub(super) async fn delete_some_chunks(tx: &mut Tx, sha256: &[u8]) -> Result<u64, DbError> {
    tx.execute(DELETE_SOME_CHUNKS, &[&sha256]).await
}

pub(super) async fn insert_package(tx: &mut Tx, package: &Package) -> Result<(), DbError> {
    let Package { id, offer_id, sha256, size, report, uploaded_at, source_url } = package;
    tx.execute_one(INSERT_PACKAGE, &[id, offer_id, sha256, size, report, uploaded_at, source_url]).await
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

db::rows! {
    /// A package, and how many of its bytes are there.
    pub(crate) struct KeptPackage in "packages" {
        pub id: PackageId,
        pub size: i64,
        pub kept: i64,
    }
}

pub(super) async fn list_kept(tx: &mut Tx) -> Result<Vec<KeptPackage>, DbError> {
    tx.list(LIST_KEPT, &[]).await
}

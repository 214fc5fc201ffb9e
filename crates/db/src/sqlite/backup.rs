//! A copy of the embedded database while it runs.

use std::path::Path;

use rusqlite::OpenFlags;

use crate::DbError;

/// Writes a consistent copy of the file at `from` to `to`, which must not exist, and examines it. Whoever
/// writes meanwhile is not held up: the copy is a snapshot.
pub(crate) fn backup(from: &Path, to: &Path) -> Result<(), DbError> {
    let partial = to.with_extension("partial");
    // What an attempt before left.
    let _ = std::fs::remove_file(&partial);
    let copied = copy(from, &partial).and_then(|()| examine(&partial));
    let placed = copied.and_then(|()| {
        // Unlike a renaming, a link does not replace what somebody else put there meanwhile.
        std::fs::hard_link(&partial, to).map_err(|error| DbError::unavailable("the backup's place", error))
    });
    let _ = std::fs::remove_file(&partial);
    placed
}

fn copy(from: &Path, to: &Path) -> Result<(), DbError> {
    let to = to.to_str().ok_or_else(|| DbError::internal("the backup's path is not UTF-8"))?;
    let connection = rusqlite::Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(super::connection::BUSY)?;
    super::connection::make_private(Path::new(to))?;
    connection.execute("VACUUM INTO ?1", [to])?;
    std::fs::File::open(to)
        .and_then(|file| file.sync_all())
        .map_err(|error| DbError::unavailable("the backup", error))
}

/// Whether somebody else has the file open, also if only to wait for work.
pub(crate) fn is_in_use(path: &Path) -> Result<bool, DbError> {
    // Whoever has a database with a log open holds a lock on it, which this one would have alone.
    let connection = rusqlite::Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    match connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())) {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => Ok(true),
        other => Ok(other.map(|()| false)?),
    }
}

/// Whether a file is a database that is whole.
pub(crate) fn examine(path: &Path) -> Result<(), DbError> {
    let connection = rusqlite::Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(DbError::internal(format!("{} is damaged: {verdict}", path.display())));
    }
    let orphans: i64 =
        connection.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
    if orphans != 0 {
        return Err(DbError::internal(format!("{}: {orphans} rows refer to nothing", path.display())));
    }
    Ok(())
}

//! Bytes on their way out: piece by piece from the database, never whole in memory.

use std::fs::File;
use std::io::Write;

use axum::body::Body;
use db::Db;
use ring::digest::{self, SHA256};

use super::{Package, store};
use crate::kit::{Refused, in_pieces};

/// The pieces of a package that have not been read yet.
pub(crate) struct Pieces {
    db: Db,
    sha256: Vec<u8>,
    number: i64,
    /// Bytes still to come.
    left: usize,
    hash: digest::Context,
}

impl Pieces {
    pub(crate) fn of(db: &Db, package: &Package) -> Self {
        Self {
            db: db.clone(),
            sha256: package.sha256.clone(),
            number: 0,
            left: usize::try_from(package.size).unwrap_or_default(),
            hash: digest::Context::new(&SHA256),
        }
    }

    /// The next piece, none after the last. The last is given only if all together have the hash of the
    /// package, so whoever has them all has what was uploaded (PKG-10).
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Refused> {
        if self.left == 0 {
            return Ok(None);
        }
        let (sha256, number) = (self.sha256.clone(), self.number);
        let read =
            self.db.read(move |tx| Box::pin(async move { store::find_chunk(tx, &sha256, number).await }));
        let piece = read.await.map_err(Refused::from)?;
        let piece = piece.ok_or_else(|| Refused::internal("a piece of a package is missing"))?;
        self.number += 1;
        self.left = self
            .left
            .checked_sub(piece.len())
            .ok_or_else(|| Refused::internal("a package has more bytes than it had"))?;
        self.hash.update(&piece);
        if self.left == 0 && self.hash.clone().finish().as_ref() != self.sha256 {
            return Err(Refused::internal("the stored bytes of a package do not have its hash"));
        }
        Ok(Some(piece))
    }

    /// All of them in a file that is gone when it is dropped.
    pub(crate) async fn into_file(mut self) -> Result<File, Refused> {
        let mut file = tempfile::tempfile().map_err(Refused::internal)?;
        while let Some(piece) = self.next().await? {
            let written = tokio::task::spawn_blocking(move || file.write_all(&piece).map(|()| file));
            file = written.await.map_err(Refused::internal)?.map_err(Refused::internal)?;
        }
        Ok(file)
    }

    /// All of them as a body; it breaks off where a piece cannot be read.
    pub(crate) fn into_body(self) -> Body {
        in_pieces(self, |mut pieces| {
            Box::pin(async move { Ok(pieces.next().await?.map(|piece| (piece.into(), pieces))) })
        })
    }
}

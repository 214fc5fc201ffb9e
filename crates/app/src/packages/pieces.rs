//! The bytes of a package on their way out: piece by piece, so that nobody holds all of a large one.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Bytes;
use db::{BoxFuture, Db, DbError};
use futures_core::Stream;
use ring::digest;

use super::upload::CHUNK;
use super::{Package, store};

/// Ends with an error if the bytes are not those of the hash: who reads a length and a hash sees it.
pub(super) struct Pieces {
    db: Db,
    sha256: Vec<u8>,
    next: i64,
    count: i64,
    reading: Option<BoxFuture<'static, Result<Option<Vec<u8>>, DbError>>>,
    hash: Option<digest::Context>,
}

impl Pieces {
    pub(super) fn of(db: &Db, package: &Package) -> Self {
        let size = usize::try_from(package.size).unwrap_or_default();
        Self {
            db: db.clone(),
            sha256: package.sha256.clone(),
            next: 0,
            count: i64::try_from(size.div_ceil(CHUNK)).unwrap_or_default(),
            reading: None,
            hash: Some(digest::Context::new(&digest::SHA256)),
        }
    }

    fn read(&self) -> BoxFuture<'static, Result<Option<Vec<u8>>, DbError>> {
        let (db, sha256, number) = (self.db.clone(), self.sha256.clone(), self.next);
        Box::pin(async move {
            db.read(move |tx| Box::pin(async move { store::find_chunk(tx, &sha256, number).await })).await
        })
    }

    /// After the last piece.
    fn finish(&mut self) -> Option<Result<Bytes, std::io::Error>> {
        let hash = self.hash.take()?.finish();
        (hash.as_ref() != self.sha256)
            .then(|| Err(broken("the stored bytes of a package do not have its hash")))
    }
}

fn broken(what: impl std::fmt::Display) -> std::io::Error {
    tracing::error!(error.cause = %what, "a package cannot be read");
    std::io::Error::other("the package cannot be read")
}

impl Stream for Pieces {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.next >= self.count {
            return Poll::Ready(self.finish());
        }
        let mut reading = self.reading.take().unwrap_or_else(|| self.read());
        let Poll::Ready(read) = reading.as_mut().poll(context) else {
            self.reading = Some(reading);
            return Poll::Pending;
        };
        let piece = match read {
            Ok(Some(piece)) => piece,
            missing_or_failed => {
                self.next = self.count;
                self.hash = None;
                let what = missing_or_failed
                    .err()
                    .map_or_else(|| "a piece is missing".to_owned(), |e| e.to_string());
                return Poll::Ready(Some(Err(broken(what))));
            }
        };
        self.next += 1;
        if let Some(hash) = &mut self.hash {
            hash.update(&piece);
        }
        Poll::Ready(Some(Ok(piece.into())))
    }
}

//! Bodies that come piece by piece.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use db::BoxFuture;
use futures_core::Stream;

use super::Refused;

/// The next piece and where it goes on; `None` where it is over.
pub type Piece<S> = Result<Option<(Bytes, S)>, Refused>;

/// A body of pieces, each asked for when the one before was taken. It breaks off where one cannot be had.
pub fn in_pieces<S: 'static>(from: S, next: fn(S) -> BoxFuture<'static, Piece<S>>) -> Body {
    Body::from_stream(Pieces { running: Some(next(from)), next })
}

struct Pieces<S> {
    running: Option<BoxFuture<'static, Piece<S>>>,
    next: fn(S) -> BoxFuture<'static, Piece<S>>,
}

impl<S> Stream for Pieces<S> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(running) = &mut self.running else { return Poll::Ready(None) };
        let came = ready!(running.as_mut().poll(context));
        self.running = None;
        Poll::Ready(match came {
            Ok(Some((piece, from))) => {
                self.running = Some((self.next)(from));
                Some(Ok(piece))
            }
            Ok(None) => None,
            Err(refused) => Some(Err(io::Error::other(refused.into_problem().detail))),
        })
    }
}

//! Bytes to PostgreSQL, and messages from it.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker, ready};

use bytes::{Buf, BytesMut};
use postgres_protocol::message::backend::Message;
use postgres_protocol::message::frontend;
use tokio::io::{AsyncReadExt, AsyncWrite};

use super::socket::Socket;

/// Room for what is read at once.
pub(super) const CHUNK: usize = 8 * 1024;

pub(super) struct Wire {
    socket: Box<dyn Socket>,
    /// What was received and is not read yet.
    input: BytesMut,
}

impl Wire {
    pub(super) fn new(socket: Box<dyn Socket>) -> Self {
        Self { socket, input: BytesMut::new() }
    }

    /// Sends all of this, and receives meanwhile: the server may wait for that before it reads on.
    pub(super) async fn write(&mut self, mut out: BytesMut) -> io::Result<()> {
        let written = poll_fn(|context| {
            while !out.is_empty() {
                let moved = match Pin::new(&mut self.socket).poll_write(context, &out) {
                    Poll::Ready(written) => written.inspect(|written| out.advance(*written)),
                    Poll::Pending => ready!(self.poll_fill(context)),
                };
                if moved? == 0 {
                    return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
                }
            }
            Poll::Ready(Ok(()))
        });
        written.await
    }

    /// The next message, when it is there.
    pub(super) async fn message(&mut self) -> io::Result<Message> {
        loop {
            if let Some(message) = self.received()? {
                return Ok(message);
            }
            if poll_fn(|context| self.poll_fill(context)).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    fn received(&mut self) -> io::Result<Option<Message>> {
        Message::parse(&mut self.input)
    }

    /// Receives what is there, without waiting; why nothing will follow, if so.
    pub(super) async fn look(&mut self) -> Option<io::Error> {
        let left = poll_fn(|context| {
            loop {
                match self.poll_fill(context) {
                    Poll::Pending => return Poll::Ready(None),
                    Poll::Ready(Ok(0)) => return Poll::Ready(Some(io::ErrorKind::UnexpectedEof.into())),
                    Poll::Ready(Ok(_)) => {}
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(error)),
                }
            }
        });
        left.await
    }

    /// Gives back what it took to receive much, once that is read.
    pub(super) fn shrink(&mut self) {
        if self.input.is_empty() {
            self.input = BytesMut::new();
        }
    }

    /// As far as that needs no waiting, and hears what was said last: a server that is left without a word, or not heard
    /// to its end, logs an error.
    pub(super) fn say_goodbye(&mut self) {
        let (mut context, mut out) = (Context::from_waker(Waker::noop()), BytesMut::new());
        let _ = self.poll_fill(&mut context);
        frontend::terminate(&mut out);
        let _ = Pin::new(&mut self.socket).poll_write(&mut context, &out);
    }

    fn poll_fill(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        self.input.reserve(CHUNK);
        pin!(self.socket.read_buf(&mut self.input)).poll(context)
    }
}

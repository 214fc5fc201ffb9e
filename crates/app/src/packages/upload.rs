//! Bytes on their way in: a temporary file, hashed while it is written.

use std::fs::File;
use std::future::poll_fn;
use std::io::{Read, Seek, SeekFrom, Write};
use std::pin::Pin;

use axum::body::{Body, HttpBody};
use ring::digest::{Context, SHA256};

use super::{TOO_LARGE, UNREADABLE};
use crate::kit::Refused;

/// Bytes of one stored piece.
pub(super) const CHUNK: usize = 1024 * 1024;

/// A complete upload in a file that is gone when this is dropped.
pub(crate) struct Upload {
    pub file: File,
    pub size: u64,
    pub sha256: Vec<u8>,
}

impl Upload {
    /// Reads the body to its end, or to the limit.
    pub(super) async fn receive(mut body: Body, limit: usize) -> Result<Self, Refused> {
        let mut sink = Sink::new()?;
        let (mut size, mut waiting) = (0_usize, Vec::with_capacity(CHUNK));
        while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            let frame = frame.map_err(|_| UNREADABLE.because("The upload broke off: send it again."))?;
            let Ok(bytes) = frame.into_data() else { continue };
            size += bytes.len();
            if size > limit {
                return Err(TOO_LARGE.because(format!("A package may have {limit} bytes.")));
            }
            waiting.extend_from_slice(&bytes);
            if waiting.len() >= CHUNK {
                (sink, waiting) = sink.append(waiting).await?;
            }
        }
        let (sink, _) = sink.append(waiting).await?;
        Ok(sink.finish(size as u64))
    }

    /// One piece of the file, counted from 0; empty after the last.
    pub(super) fn chunk(&mut self, number: i64) -> std::io::Result<Vec<u8>> {
        let at = u64::try_from(number).unwrap_or_default() * CHUNK as u64;
        self.file.seek(SeekFrom::Start(at))?;
        let mut bytes = Vec::new();
        (&mut self.file).take(CHUNK as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// A temporary file, and the hash of what was written to it.
pub(super) struct Sink {
    file: File,
    hash: Context,
}

impl Sink {
    pub(super) fn new() -> Result<Self, Refused> {
        Ok(Self { file: tempfile::tempfile().map_err(Refused::internal)?, hash: Context::new(&SHA256) })
    }

    pub(super) fn finish(self, size: u64) -> Upload {
        Upload { file: self.file, size, sha256: self.hash.finish().as_ref().to_vec() }
    }

    /// Writes off the async threads; gives the buffer back, empty.
    async fn append(mut self, mut bytes: Vec<u8>) -> Result<(Self, Vec<u8>), Refused> {
        let written = tokio::task::spawn_blocking(move || {
            self.write_all(&bytes)?;
            bytes.clear();
            Ok::<_, std::io::Error>((self, bytes))
        });
        written.await.map_err(Refused::internal)?.map_err(Refused::internal)
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

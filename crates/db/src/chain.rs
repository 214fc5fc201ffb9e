//! The chain of a log: whoever changes, removes or inserts an entry afterwards breaks it.
//!
//! One link for each transaction that appended: `SHA-256(link before ‖ SHA-256(digests of its entries))`,
//! the first one after nothing. An entry's digest is SHA-256 over its id, kind, body and time, each with its
//! length in eight bytes before it. Somebody who can write the database can also make a whole chain anew:
//! keep a link elsewhere, and ask whether the log still passes through it.

use ring::digest::{Context, SHA256};

crate::rows! {
    /// An entry as the chain has it.
    pub struct ChainEntry in "log_entries" {
        pub id: [u8; 16],
        pub position: i64,
        pub kind: String,
        pub body: String,
        pub at: i64,
        /// Set where the entries of a transaction end.
        pub link: Option<Vec<u8>>,
    }
}

/// Where a chain breaks, and how.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("position {expected} is missing: the next entry is {found}")]
    Missing { expected: i64, found: i64 },
    #[error("an entry after position {after} and up to {to} is not what was written")]
    Changed { after: i64, to: i64 },
    #[error("the log ends at position {position} with another link than its head has at {head}")]
    Cut { position: i64, head: i64 },
}

/// Follows a chain from its beginning.
pub struct Chain {
    position: i64,
    link: Vec<u8>,
    /// The position of the last link.
    linked: i64,
    digests: Context,
}

impl Default for Chain {
    fn default() -> Self {
        Self { position: 0, link: Vec::new(), linked: 0, digests: Context::new(&SHA256) }
    }
}

impl Chain {
    /// Takes the next entry; its link, where it has one and it is right.
    pub fn step(&mut self, entry: &ChainEntry) -> Result<Option<&[u8]>, Broken> {
        let expected = self.position + 1;
        if entry.position != expected {
            return Err(Broken::Missing { expected, found: entry.position });
        }
        self.position = expected;
        self.digests.update(&digest(&entry.id, &entry.kind, &entry.body, entry.at));
        let Some(link) = &entry.link else { return Ok(None) };
        let digests = std::mem::replace(&mut self.digests, Context::new(&SHA256)).finish();
        self.link = next(&self.link, digests.as_ref());
        if self.link != *link {
            return Err(Broken::Changed { after: self.linked, to: self.position });
        }
        self.linked = self.position;
        Ok(Some(&self.link))
    }

    /// Compares with what the head of the log says.
    pub fn end(self, head: i64, link: &[u8]) -> Result<(), Broken> {
        if (self.position, self.linked, self.link.as_slice()) == (head, head, link) {
            Ok(())
        } else {
            Err(Broken::Cut { position: self.position, head })
        }
    }
}

pub(crate) fn next(link: &[u8], digests: &[u8]) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    context.update(link);
    context.update(digests);
    context.finish().as_ref().to_vec()
}

/// The digest of what one transaction appends.
pub(crate) fn digests<'a>(entries: impl Iterator<Item = &'a crate::Entry>) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    for entry in entries {
        context.update(&digest(&entry.id, entry.kind, &entry.body, entry.at));
    }
    context.finish().as_ref().to_vec()
}

fn digest(id: &[u8], kind: &str, body: &str, at: i64) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in [id, kind.as_bytes(), body.as_bytes(), &at.to_be_bytes()] {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.finish().as_ref());
    bytes
}

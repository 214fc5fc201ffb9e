//! Chance as an argument.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use types::{Id, IdKind, Timestamp};

/// Where random bytes come from. The program hands in the machine's generator, a test a seeded one.
#[derive(Clone)]
pub struct Random(Arc<Fill>);

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

impl Random {
    pub fn new(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }

    pub fn id<K: IdKind>(&self, now: Timestamp) -> Id<K> {
        Id::new(now, self.bytes())
    }

    /// A secret of 256 bits behind a prefix that tells what it is: `sls_…`.
    pub fn secret(&self, prefix: &str) -> String {
        format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(self.bytes::<32>()))
    }
}

/// Characters before what is secret: `sls_`.
pub(crate) const SECRET_PREFIX: usize = 4;

/// Whether this has the form of [`Random::secret`].
pub(crate) fn is_secret(word: &str) -> bool {
    let prefix = word.starts_with("sl") && word.as_bytes().get(SECRET_PREFIX - 1) == Some(&b'_');
    prefix && word.is_ascii() && word.len() == SECRET_PREFIX + 43
}

/// What is stored of a secret: it has 256 random bits, so a plain hash is enough.
pub fn secret_hash(secret: &str) -> Vec<u8> {
    digest(&SHA256, secret.as_bytes()).as_ref().to_vec()
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}

#[cfg(test)]
#[test]
fn a_secret_is_seen_to_be_one() {
    let random = Random::new(|bytes| bytes.fill(0xfb));
    assert!(is_secret(&random.secret("slr")));
    for other in ["slr_short", "sl", "slow", &"s".repeat(47), &format!("usr_{}", "a".repeat(43))] {
        assert!(!is_secret(other), "{other}");
    }
}

//! Passwords: argon2id, off the async threads, few at a time.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;
use types::Violation;

use super::TOO_BUSY;
use crate::kit::{Random, Refused};

/// A password of 10 to 200 characters; never printed.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    const MIN: usize = 10;
    const MAX: usize = 200;

    /// Accepts any characters; length is what counts (NIST SP 800-63B).
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let length = text.chars().count();
        if !(Self::MIN..=Self::MAX).contains(&length) {
            let message = format!("must have {} to {} characters, this has {length}", Self::MIN, Self::MAX);
            return Err(Violation::new("password.length", message));
        }
        Ok(Self(text.to_owned()))
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Hashes and verifies, at most `RUNNING` at once and `WAITING` in line: sign-ins must not starve checks.
#[derive(Debug, Clone)]
pub struct PasswordHasher {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    random: Random,
}

const RUNNING: usize = 2;
const WAITING: usize = 64;

impl PasswordHasher {
    pub fn new(random: Random) -> Self {
        Self {
            running: Arc::new(Semaphore::new(RUNNING)),
            waiting: Arc::new(Semaphore::new(WAITING)),
            random,
        }
    }

    /// The PHC string of a new password.
    pub async fn hash(&self, password: Password) -> Result<String, Refused> {
        let salt = self.random.bytes::<16>();
        self.run(move || {
            Argon2::default()
                .hash_password_with_salt(password.0.as_bytes(), &salt)
                .map(|hash| hash.to_string())
        })
        .await?
        .map_err(Refused::internal)
    }

    /// Whether this is the password behind the PHC string. Without a string it takes as long and says no,
    /// so that nobody learns from the time whether an address is known.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Refused> {
        self.run(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
            let Ok(hash) = PasswordHash::new(&hash) else { return false };
            Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && known
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        let busy = || TOO_BUSY.because("Try again in a moment.");
        let _line = self.waiting.try_acquire().map_err(|_| busy())?;
        let _turn = self.running.acquire().await.map_err(Refused::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Refused::internal)
    }
}

/// A hash with the parameters in use, of a password that nobody has.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_verifies_and_another_does_not() {
        let hasher = PasswordHasher::new(Random::new(|bytes| bytes.fill(7)));
        let hash = hasher.hash(Password::parse("correct horse").unwrap()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.verify("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("correct horsf".into(), Some(hash)).await.unwrap());
        assert!(!hasher.verify("correct horse".into(), None).await.unwrap());
    }

    #[test]
    fn the_hash_of_nobody_is_well_formed() {
        assert!(PasswordHash::new(NOBODY).is_ok());
    }

    #[test]
    fn a_password_has_ten_to_two_hundred_characters() {
        assert!(Password::parse("123456789").is_err());
        assert!(Password::parse("열글자가넘는비밀번호입니다").is_ok());
        assert!(Password::parse(&"a".repeat(201)).is_err());
    }
}

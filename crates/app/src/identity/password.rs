//! Passwords: argon2id, off the async threads, one at a time.

use std::sync::{Arc, mpsc};
use std::thread;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::{Semaphore, oneshot};
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

/// Hashes and verifies, one at a time and `WAITING` in line: sign-ins must not starve checks. On a thread
/// of its own, because each hash takes 19 MiB, which the allocator keeps for the thread that asked.
#[derive(Debug, Clone)]
pub struct PasswordHasher {
    queue: mpsc::Sender<Work>,
    waiting: Arc<Semaphore>,
    random: Random,
}

type Work = Box<dyn FnOnce() + Send>;

const WAITING: usize = 64;

impl PasswordHasher {
    /// Starts the thread; it ends when the last clone is gone.
    pub fn new(random: Random) -> Result<Self, Refused> {
        let (queue, work) = mpsc::channel::<Work>();
        let run = move || work.into_iter().for_each(|work| work());
        thread::Builder::new().name("password-hasher".to_owned()).spawn(run).map_err(Refused::internal)?;
        Ok(Self { queue, waiting: Arc::new(Semaphore::new(WAITING)), random })
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
        let _line = self.waiting.try_acquire().map_err(|_| TOO_BUSY.because("Try again in a moment."))?;
        let (answer, answered) = oneshot::channel();
        // Whoever asked may have gone; then nobody reads the answer.
        let work = Box::new(move || drop(answer.send(work())));
        self.queue.send(work).map_err(Refused::internal)?;
        answered.await.map_err(Refused::internal)
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
        let hasher = PasswordHasher::new(Random::new(|bytes| bytes.fill(7))).unwrap();
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

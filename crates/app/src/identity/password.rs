//! Passwords: argon2id, off the async threads, one at a time.

use std::sync::{Arc, mpsc};
use std::thread;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use tokio::sync::{Semaphore, oneshot};
use types::{Email, Violation, is_visible};
use unicode_normalization::UnicodeNormalization;

use super::TOO_BUSY;
use crate::kit::{Fields, Random, Refused};

/// A new password as it was typed, of 10 to 200 characters; never printed.
#[derive(Clone)]
pub struct Password {
    text: String,
    /// Where it was typed: what is wrong with it is said there.
    field: String,
}

impl Password {
    const MIN: usize = 10;
    const MAX: usize = 200;

    /// Accepts whatever can be typed; length is what counts (NIST SP 800-63B). Whose it is to be is looked at when
    /// it is hashed.
    pub fn parse(fields: &mut Fields, field: &str, text: &str) -> Option<Self> {
        let text = composed(text);
        fields.parse(field, &text, Self::refuse).map(|()| Self { text, field: field.to_owned() })
    }

    /// The same of one that may be absent; the outer `None` when it is wrong.
    pub fn optional(fields: &mut Fields, field: &str, text: Option<&str>) -> Option<Option<Self>> {
        text.map_or(Some(None), |text| Self::parse(fields, field, text).map(Some))
    }

    fn refuse(text: &str) -> Result<(), Violation> {
        let length = text.chars().count();
        if !(Self::MIN..=Self::MAX).contains(&length) {
            let message = format!("must have {} to {} characters, this has {length}", Self::MIN, Self::MAX);
            return Err(Violation::new("password.length", message));
        }
        if !text.chars().any(is_visible) {
            return Err(Violation::new("password.blank", "must have more than what cannot be seen"));
        }
        if text.chars().any(char::is_control) {
            let message = "must have no control characters, such as tabs";
            return Err(Violation::new("password.control_character", message));
        }
        Ok(())
    }

    /// The first thing that anybody tries.
    fn refuse_address(&self, email: &Email) -> Result<(), Refused> {
        let seen = self.text.replace(|typed| !is_visible(typed), "");
        let (typed, address) = (seen.to_lowercase(), email.as_str());
        let mut fields = Fields::default();
        if typed == address || address.split('@').next() == Some(typed.as_str()) {
            let message = "must not be the address, nor what is before its @";
            fields.wrong(&self.field, "password.address", message);
        }
        fields.finish()
    }
}

/// Keyboards disagree on whether `é` is one character or two, and nobody can see which (RFC 8265).
pub(super) fn composed(text: &str) -> String {
    text.nfc().collect()
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Hashes and verifies, one at a time and `WAITING` in line: sign-ins must not starve checks. On a thread
/// of its own, whose 7 MiB of memory serve all that are in line: so much and no more is ever taken, and none
/// while nobody signs in.
#[derive(Debug, Clone)]
pub struct PasswordHasher {
    queue: mpsc::Sender<Work>,
    waiting: Arc<Semaphore>,
    random: Random,
    cost: PasswordCost,
}

/// What a new hash costs whoever makes it, and whoever guesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    pub memory_kib: u32,
    pub passes: u32,
}

impl Default for PasswordCost {
    /// 7 MiB five times: of the choices that OWASP calls equally strong the one that takes the least memory.
    fn default() -> Self {
        Self { memory_kib: 7 * 1024, passes: 5 }
    }
}

type Work = Box<dyn FnOnce(&mut Memory) + Send>;

const WAITING: usize = 64;

impl PasswordHasher {
    /// Starts the thread; it ends when the last clone is gone.
    pub fn new(random: Random, cost: PasswordCost) -> Result<Self, Refused> {
        let (queue, work) = mpsc::channel::<Work>();
        let run = move || {
            for first in &work {
                let mut memory = Memory::new();
                first(&mut memory);
                while let Ok(next) = work.try_recv() {
                    next(&mut memory);
                }
            }
        };
        thread::Builder::new().name("password-hasher".to_owned()).spawn(run).map_err(Refused::internal)?;
        Ok(Self { queue, waiting: Arc::new(Semaphore::new(WAITING)), random, cost })
    }

    /// The PHC string of a new password of whoever has this address.
    pub async fn hash(&self, password: Password, email: &Email) -> Result<String, Refused> {
        password.refuse_address(email)?;
        let (salt, cost) = (self.random.bytes::<16>(), self.cost);
        self.run(move |memory| memory.hash(&password, &salt, cost)).await?.map_err(Refused::internal)
    }

    /// The same where there is a password.
    pub(crate) async fn hash_any(
        &self,
        password: Option<Password>,
        email: &Email,
    ) -> Result<Option<String>, Refused> {
        match password {
            Some(password) => self.hash(password, email).await.map(Some),
            None => Ok(None),
        }
    }

    /// Whether this is the password behind the PHC string. Without a string it takes as long and says no,
    /// so that nobody learns from the time whether an address is known.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Refused> {
        self.run(move |memory| {
            let is_it = memory.verify(&composed(&password), hash.as_deref().unwrap_or(NOBODY));
            is_it.unwrap_or(false) && hash.is_some()
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let _line = self
            .waiting
            .try_acquire()
            .map_err(|_| TOO_BUSY.because("Try again in a moment.").retry_after(1))?;
        let (answer, answered) = oneshot::channel();
        // Whoever asked may have gone; then nobody reads the answer.
        let work = Box::new(move |memory: &mut Memory| drop(answer.send(work(memory))));
        self.queue.send(work).map_err(Refused::internal)?;
        answered.await.map_err(Refused::internal)
    }
}

/// What every hash fills anew.
struct Memory(Vec<Block>);

impl Memory {
    /// Blocks that room is asked for, however few are filled: glibc gives what is larger than 32 MiB back to the
    /// system when it is freed, and keeps for itself what is smaller. Room that nobody fills takes no memory.
    const ROOM: usize = 33 * 1024;

    fn new() -> Self {
        Self(Vec::with_capacity(Self::ROOM))
    }

    /// The PHC string of a new password.
    fn hash(
        &mut self,
        password: &Password,
        salt: &[u8],
        PasswordCost { memory_kib, passes }: PasswordCost,
    ) -> Result<String, argon2::password_hash::Error> {
        let parameters = Params::new(memory_kib, passes, 1, None)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
        let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
        self.fill(&argon2, password.text.as_bytes(), salt, &mut output)?;
        let hash = PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::default().into()),
            params: ParamsString::try_from(argon2.params())?,
            salt: Some(Salt::new(salt)?),
            hash: Some(Output::new(&output)?),
        };
        Ok(hash.to_string())
    }

    /// With the parameters in the string, whatever new hashes have.
    fn verify(&mut self, password: &str, phc: &str) -> Result<bool, argon2::password_hash::Error> {
        let known = PasswordHash::new(phc)?;
        let (Some(salt), Some(expected)) = (known.salt, known.hash) else { return Ok(false) };
        let version = known.version.map(Version::try_from).transpose()?.unwrap_or_default();
        let algorithm = Algorithm::try_from(known.algorithm.as_str())?;
        let argon2 = Argon2::new(algorithm, version, Params::try_from(&known)?);
        let mut output = vec![0; expected.len()];
        self.fill(&argon2, password.as_bytes(), &salt, &mut output)?;
        // Compared in constant time.
        Ok(Output::new(&output)? == expected)
    }

    fn fill(
        &mut self,
        argon2: &Argon2<'_>,
        password: &[u8],
        salt: &[u8],
        output: &mut [u8],
    ) -> argon2::Result<()> {
        self.0.resize(argon2.params().block_count(), Block::new());
        argon2.hash_password_into_with_memory(password, salt, output, &mut self.0)
    }
}

/// A hash at the usual cost, of a password that nobody has.
const NOBODY: &str =
    "$argon2id$v=19$m=7168,t=5,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Result<Password, Vec<types::FieldError>> {
        let mut fields = Fields::default();
        Password::parse(&mut fields, "new", text).ok_or_else(|| fields.into_errors())
    }

    fn kim() -> Email {
        Email::parse("kim.the.tester@contoso.example").unwrap()
    }

    #[tokio::test]
    async fn a_password_verifies_and_another_does_not() {
        let hasher =
            PasswordHasher::new(Random::new(|bytes| bytes.fill(7)), PasswordCost::default()).unwrap();
        let hash = hasher.hash(typed("correct horse").unwrap(), &kim()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=7168,t=5,p=1$"), "{hash}");
        assert!(hasher.verify("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("correct horsf".into(), Some(hash)).await.unwrap());
        assert!(!hasher.verify("correct horse".into(), None).await.unwrap());
        // Made by the reference implementation, with other parameters.
        let other = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        assert!(hasher.verify("password".into(), Some(other.into())).await.unwrap());
        assert!(!hasher.verify("passwort".into(), Some(other.into())).await.unwrap());
    }

    #[tokio::test]
    async fn a_password_is_the_same_from_every_keyboard() {
        let hasher =
            PasswordHasher::new(Random::new(|bytes| bytes.fill(7)), PasswordCost::default()).unwrap();
        let hash = hasher.hash(typed("caf\u{e9} au lait").unwrap(), &kim()).await.unwrap();
        assert!(hasher.verify("cafe\u{301} au lait".into(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("cafe au lait".into(), Some(hash)).await.unwrap());
    }

    #[test]
    fn the_hash_of_nobody_is_well_formed() {
        assert!(PasswordHash::new(NOBODY).is_ok());
    }

    #[test]
    fn a_password_has_ten_to_two_hundred_characters() {
        assert!(typed("123456789").is_err());
        assert!(typed("열글자가넘는비밀번호입니다").is_ok());
        assert!(typed(&"a".repeat(201)).is_err());
    }

    #[test]
    fn a_password_has_more_than_blanks_and_nothing_that_cannot_be_seen() {
        for (text, code) in [
            ("            ", "password.blank"),
            (
                "\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}",
                "password.blank",
            ),
            ("\u{3000}\u{3000}\u{3000}         ", "password.blank"),
            (
                "\u{3164}\u{3164}\u{ad}\u{ad}\u{2066}\u{2066}\u{2800}\u{2800}\u{fe0f}\u{115f}",
                "password.blank",
            ),
            ("correct\thorse", "password.control_character"),
            ("correct horse\0", "password.control_character"),
        ] {
            assert_eq!(typed(text).unwrap_err()[0].code, code, "{text:?}");
        }
        assert!(typed("correct horse").is_ok());
    }

    #[test]
    fn a_password_is_not_the_address() {
        for text in ["Kim.The.Tester@Contoso.Example", "KIM.the.tester", " kim.the.tester "] {
            let refused = typed(text).unwrap().refuse_address(&kim()).unwrap_err().into_problem();
            assert_eq!(
                (&*refused.errors[0].field, &*refused.errors[0].code),
                ("new", "password.address"),
                "{text:?}"
            );
        }
        assert!(typed("kim.the.tester goes home").unwrap().refuse_address(&kim()).is_ok());
    }
}

//! What the machine gives and everything else takes as an argument: its clock, its generator of random bytes,
//! its environment.

use std::time::{SystemTime, UNIX_EPOCH};

use app::kit::{Clock, Random};
use ring::rand::{SecureRandom, SystemRandom};
use types::Timestamp;

pub(crate) fn clock() -> Clock {
    Clock::new(|| {
        #[expect(clippy::disallowed_methods, reason = "here the program's clock is made")]
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    })
}

pub(crate) fn random() -> Random {
    let generator = SystemRandom::new();
    Random::new(move |bytes| generator.fill(bytes).expect("the machine gives random bytes"))
}

/// A variable of the environment; `None` where it is absent, empty or no Unicode.
pub(crate) fn environment(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "here the program's environment is read")]
    let value = std::env::var(name).ok();
    value.filter(|value| !value.is_empty())
}

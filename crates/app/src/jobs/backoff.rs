//! How long to wait before the next attempt.

use crate::kit::Random;

const FIRST_SECONDS: i64 = 5;
const LAST_SECONDS: i64 = 6 * 3600;

/// Seconds after the attempt of this number: fourfold each time, up to six hours.
pub(super) fn seconds(attempt: i64) -> i64 {
    let doublings = u32::try_from(attempt.clamp(1, 16) - 1).unwrap_or_default() * 2;
    (FIRST_SECONDS << doublings).min(LAST_SECONDS)
}

/// Up to a tenth more, so that what failed together does not come back together.
pub(crate) fn jittered(seconds: i64, random: &Random) -> i64 {
    let share = i64::from(u16::from_be_bytes(random.bytes()));
    seconds + seconds * share / i64::from(u16::MAX) / 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_a_limit() {
        let waits: Vec<i64> = (1..=8).map(seconds).collect();
        assert_eq!(waits, [5, 20, 80, 320, 1280, 5120, 20_480, 21_600]);
        assert_eq!(seconds(i64::MAX), LAST_SECONDS);
        let most = Random::new(|bytes| bytes.fill(0xff));
        assert_eq!(jittered(100, &most), 110);
        assert_eq!(jittered(100, &Random::new(|bytes| bytes.fill(0))), 100);
    }
}

//! What is left of a seat when its license is not: a pure function of two dates and the clock.

use serde::{Deserialize, Serialize};
use types::Timestamp;

use crate::State;

/// What a seat may still do after its capacity went (LIC-07, LIC-08). The dates are set when it goes, so a
/// change of settings does not break what people were told.
///
/// ```text
/// ── warning (usable) ──► usable_until ── waiting, or suspended if it will end ──► kept_until ── gone
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grace {
    pub usable_until: Timestamp,
    /// Absent: kept without end.
    pub kept_until: Option<Timestamp>,
}

impl Grace {
    /// `None`: gone.
    pub fn state(self, now: Timestamp) -> Option<State> {
        match self.kept_until {
            Some(until) if until <= now => None,
            _ if now < self.usable_until => Some(State::Warning),
            None => Some(State::Waiting),
            Some(_) => Some(State::Suspended),
        }
    }

    /// Neither longer than the one nor than the other: an end never prolongs a right.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let kept_until = [self.kept_until, other.kept_until].into_iter().flatten().min();
        Self { usable_until: self.usable_until.min(other.usable_until), kept_until }
    }
}

/// How long what is left lasts: settings of the marketplace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GraceTimes {
    /// Usable days of seats beyond a reduced quantity (LIC-07).
    pub reduced_days: i64,
    /// Usable days after a license ended or was removed (LIC-08).
    pub warning_days: i64,
    /// Days after these during which seats are kept and not usable.
    pub suspended_days: i64,
}

impl Default for GraceTimes {
    fn default() -> Self {
        Self { reduced_days: 90, warning_days: 30, suspended_days: 90 }
    }
}

impl GraceTimes {
    /// Of seats beyond a quantity that was reduced then.
    pub fn reduced(self, at: Timestamp) -> Grace {
        Grace { usable_until: at.plus_days(self.reduced_days), kept_until: None }
    }

    /// Of seats whose license ended or was removed then.
    pub fn ended(self, at: Timestamp) -> Grace {
        let usable_until = at.plus_days(self.warning_days);
        Grace { usable_until, kept_until: Some(usable_until.plus_days(self.suspended_days)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(grace: Grace, days: &[i64]) -> Vec<Option<State>> {
        days.iter().map(|day| grace.state(Timestamp::default().plus_days(*day))).collect()
    }

    /// LIC-07: usable for 90 days, then waiting without end. LIC-08: usable for 30 days, suspended for 90, gone.
    #[test]
    fn time_decides_what_is_left() {
        use State::{Suspended, Waiting, Warning};
        let (times, start) = (GraceTimes::default(), Timestamp::default());
        let reduced = times.reduced(start);
        assert_eq!(
            states(reduced, &[0, 89, 90, 9000]),
            [Some(Warning), Some(Warning), Some(Waiting), Some(Waiting)]
        );
        let ended = times.ended(start);
        assert_eq!(
            states(ended, &[0, 29, 30, 119, 120]),
            [Some(Warning), Some(Warning), Some(Suspended), Some(Suspended), None]
        );
    }

    /// LIC-08: an end shortens what a reduction left and never prolongs it.
    #[test]
    fn an_end_never_prolongs() {
        let (times, start) = (GraceTimes::default(), Timestamp::default());
        let later = times.reduced(start).and(times.ended(start.plus_days(80)));
        assert_eq!(
            states(later, &[89, 90, 199, 200]),
            [Some(State::Warning), Some(State::Suspended), Some(State::Suspended), None]
        );
        let earlier = times.reduced(start).and(times.ended(start));
        assert_eq!(earlier, times.ended(start));
    }
}

//! How many at a time, where a lot is done and others wait meanwhile.

use std::time::{Duration, Instant};

/// How long one unit of work is to take: whoever waits for the same waits for this and a commit.
const AIM: Duration = Duration::from_millis(12);
/// Fewer are not worth a unit.
const LEAST: usize = 25;

/// So many in one unit of work that it takes about as long as others may be held up: fewer on a slow disk.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    size: usize,
    most: usize,
    /// What each took in the last unit.
    each: Duration,
}

impl Pace {
    pub fn new(first: usize, most: usize) -> Self {
        Self { size: first, most, each: Duration::MAX }
    }

    /// How many the next unit should do.
    pub fn size(self) -> usize {
        self.size
    }

    /// As many as that took so long. The faster one of two units counts: the other may have waited for somebody.
    pub fn took(&mut self, time: Duration) {
        let each = time / u32::try_from(self.size).unwrap_or(u32::MAX);
        let fair = each.min(self.each);
        self.each = each;
        let fitting = AIM.as_nanos() / fair.as_nanos().max(1);
        let fitting = usize::try_from(fitting).unwrap_or(self.most);
        self.size = fitting.clamp(self.size / 2, self.size * 2).clamp(LEAST, self.most);
    }
}

/// What this gives, and how long it took: in a unit, so that what waited for its turn is not counted.
pub async fn timed<T, E>(work: impl Future<Output = Result<T, E>>) -> Result<(T, Duration), E> {
    let begun = Instant::now();
    Ok((work.await?, begun.elapsed()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_done_as_fit() {
        let mut pace = Pace::new(100, 500);
        pace.took(AIM);
        assert_eq!(pace.size(), 100);
        pace.took(AIM / 100);
        assert_eq!(pace.size(), 200, "not more than twice as many");
        pace.took(Duration::ZERO);
        pace.took(Duration::ZERO);
        assert_eq!(pace.size(), 500);
        pace.took(AIM * 100);
        assert_eq!(pace.size(), 500, "it may have waited for somebody");
        pace.took(AIM * 100);
        assert_eq!(pace.size(), 250, "not fewer than half");
        for _ in 0..10 {
            pace.took(AIM * 100);
        }
        assert_eq!(pace.size(), LEAST);
    }
}

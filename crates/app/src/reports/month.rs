//! Calendar months, in UTC.

use std::fmt;

use types::{Timestamp, Violation};

/// Months in one report.
const MOST: usize = 12;
/// Months of a report that names none.
const USUAL: usize = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month {
    year: i16,
    month: i8,
}

impl Month {
    pub(crate) fn parse(text: &str) -> Result<Self, Violation> {
        let wrong = || Violation::new("month.malformed", "must be a month: 2026-01");
        let (year, month) = text.split_once('-').ok_or_else(wrong)?;
        let digits =
            |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(wrong());
        }
        let (year, month) = (year.parse().map_err(|_| wrong())?, month.parse().map_err(|_| wrong())?);
        if (1970..=9998).contains(&year) && (1..=12).contains(&month) {
            Ok(Self { year, month })
        } else {
            Err(wrong())
        }
    }

    /// The month of an instant; that of the epoch for one before it.
    pub(crate) fn of(at: Timestamp) -> Self {
        at.to_string()
            .get(..7)
            .and_then(|text| Self::parse(text).ok())
            .unwrap_or(Self { year: 1970, month: 1 })
    }

    fn plus(self, months: i16) -> Self {
        let count = self.year * 12 + i16::from(self.month) - 1 + months;
        let month = i8::try_from(count.rem_euclid(12) + 1).unwrap_or(1);
        Self { year: count.div_euclid(12), month }
    }

    pub(crate) fn begins(self) -> Timestamp {
        Timestamp::parse(&format!("{self}-01T00:00:00Z")).unwrap_or_default()
    }

    /// When the next one begins.
    pub(crate) fn ends(self) -> Timestamp {
        self.plus(1).begins()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A range of months, one to twelve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Months {
    first: Month,
    last: Month,
}

impl Months {
    /// Absent: up to this month, and six of them.
    pub(crate) fn new(first: Option<Month>, last: Option<Month>, now: Timestamp) -> Result<Self, Violation> {
        let last = last.unwrap_or_else(|| Month::of(now));
        let first = first.unwrap_or_else(|| last.plus(1 - i16::try_from(USUAL).unwrap_or(1)));
        let months = Self { first, last };
        if (1..=MOST).contains(&months.iter().take(MOST + 1).count()) {
            Ok(months)
        } else {
            Err(Violation::new("months.out_of_range", "must be one to twelve months, the first one first"))
        }
    }

    /// Those that have begun.
    pub(crate) fn begun(self, now: Timestamp) -> impl Iterator<Item = Month> {
        self.iter().take_while(move |month| month.begins() <= now)
    }

    fn iter(self) -> impl Iterator<Item = Month> {
        std::iter::successors(Some(self.first), |month| Some(month.plus(1)))
            .take_while(move |month| *month <= self.last)
    }

    pub(crate) fn begin(self) -> Timestamp {
        self.first.begins()
    }

    /// When the first month begins that is not of them.
    pub(crate) fn end(self) -> Timestamp {
        self.last.ends()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other_over_the_year() {
        let month = |text| Month::parse(text).unwrap();
        let now = Timestamp::parse("2026-02-28T23:59:59Z").unwrap();
        let usual: Vec<String> =
            Months::new(None, None, now).unwrap().iter().map(|month| month.to_string()).collect();
        assert_eq!(usual, ["2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02"]);
        assert_eq!(month("2025-12").ends().to_string(), "2026-01-01T00:00:00Z");
        let year = Months::new(Some(month("2025-03")), None, now).unwrap();
        assert_eq!(year.iter().count(), 12);
        assert!(Months::new(Some(month("2025-02")), None, now).is_err(), "thirteen");
        assert!(Months::new(Some(month("2026-03")), None, now).is_err(), "the wrong way round");
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for wrong in ["", "2026", "2026-1", "2026-13", "2026-00", "26-01", "2026-01-01", "+026-01", "9999-01"]
        {
            assert!(Month::parse(wrong).is_err(), "{wrong}");
        }
    }
}

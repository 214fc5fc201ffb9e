//! The texts of one page, in the language of its reader.

use types::Timestamp;

use crate::kit::texts::{Argument, Arguments, Texts, grouped};
use crate::kit::{Language, outbound};

/// Words that every page may need, such as those of the components.
pub(super) static KIT: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Numbers as templates have them: references to some, at times several times over.
pub trait Whole {
    fn whole(&self) -> i64;
}

impl Whole for i32 {
    fn whole(&self) -> i64 {
        (*self).into()
    }
}

impl Whole for i64 {
    fn whole(&self) -> i64 {
        *self
    }
}

impl Whole for usize {
    fn whole(&self) -> i64 {
        i64::try_from(*self).unwrap_or(i64::MAX)
    }
}

impl Whole for u64 {
    fn whole(&self) -> i64 {
        i64::try_from(*self).unwrap_or(i64::MAX)
    }
}

impl<T: Whole + ?Sized> Whole for &T {
    fn whole(&self) -> i64 {
        (**self).whole()
    }
}

/// A yes or no, likewise.
pub trait Flag {
    fn is_set(&self) -> bool;
}

impl Flag for bool {
    fn is_set(&self) -> bool {
        *self
    }
}

impl<T: Flag + ?Sized> Flag for &T {
    fn is_set(&self) -> bool {
        (**self).is_set()
    }
}

/// A feature's texts in one language. Every template has one, named `t`.
#[derive(Clone, Copy)]
pub struct Wording {
    pub language: Language,
    texts: &'static Texts,
}

impl Wording {
    pub const fn new(language: Language, texts: &'static Texts) -> Self {
        Self { language, texts }
    }

    /// `{{ t.of("empty") }}`
    pub fn of(&self, key: &str) -> String {
        self.texts.text(self.language, key, &[])
    }

    /// A text that may not be there.
    pub fn find(&self, key: &str) -> Option<String> {
        self.texts.find(self.language, key, &[])
    }

    /// A text that speaks of several things.
    pub fn with(&self, key: &str, arguments: &Arguments<'_>) -> String {
        self.texts.text(self.language, key, arguments)
    }

    /// A text that speaks of a number, `{ $count }`.
    pub fn count(&self, key: &str, count: impl Whole) -> String {
        self.with(key, &[("count", Argument::Number(count.whole()))])
    }

    /// A text that speaks of something by name, `{ $name }`.
    pub fn named(&self, key: &str, name: impl AsRef<str>) -> String {
        self.with(key, &[("name", name.as_ref().into())])
    }

    /// The label of a field: the text `field-<name>`, of a part of something its own or that of the whole. A row
    /// of a file is called as it is.
    pub fn field(&self, name: &str) -> String {
        if name.contains(' ') {
            return name.to_owned();
        }
        self.find(&part_key(name)).unwrap_or_else(|| self.of(&field_key(name)))
    }

    /// What helps to fill in a field, `field-<name>-help`, where there is something.
    pub fn field_help(&self, name: &str) -> Option<String> {
        self.find(&format!("{}-help", part_key(name)))
    }

    /// What a country is called.
    pub fn country(&self, country: &types::Country) -> &'static str {
        match self.language {
            Language::English => country.name(),
            Language::Korean => country.korean_name(),
        }
    }

    /// A word of the components: `{{ t.kit("next-page") }}`
    pub fn kit(&self, key: &str) -> String {
        KIT.text(self.language, key, &[])
    }

    /// A sentence of the components that speaks of something, `{ $name }`.
    pub fn kit_named(&self, key: &str, name: impl AsRef<str>) -> String {
        KIT.text(self.language, key, &[("name", name.as_ref().into())])
    }

    /// A sentence of the components that speaks of a number, `{ $count }`.
    pub fn kit_count(&self, key: &str, count: impl Whole) -> String {
        KIT.text(self.language, key, &[("count", Argument::Number(count.whole()))])
    }

    /// Why nothing arrived at an address of a user: with which status it answered, or the words that were kept.
    pub fn no_answer(&self, status: Option<i64>, words: &str) -> String {
        match (status, outbound::reason(words)) {
            (Some(status), _) => self.kit_named("no-answer-status", status.to_string()),
            (None, Some((key, rest))) => self.kit_named(&format!("no-answer-{key}"), rest),
            (None, None) => words.to_owned(),
        }
    }

    pub fn number(&self, number: impl Whole) -> String {
        grouped(number.whole())
    }

    /// A day, as people write it.
    pub fn day(&self, at: &Timestamp) -> String {
        let text = at.to_string();
        let mut parts = text.get(..10).unwrap_or_default().split('-').filter_map(|part| part.parse().ok());
        let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else {
            return text;
        };
        self.civil_day((year, month, day))
    }

    /// A day of a contract.
    pub fn date(&self, date: &types::Date) -> String {
        self.civil_day((date.year().into(), date.month().into(), date.day().into()))
    }

    fn civil_day(&self, (year, month, day): (i64, i64, i64)) -> String {
        match self.language {
            Language::English => {
                const MONTHS: [&str; 12] =
                    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
                let month = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).unwrap_or(&"");
                format!("{month} {day}, {year}")
            }
            Language::Korean => format!("{year}년 {month}월 {day}일"),
        }
    }

    /// A day and the time of day, which is that of UTC as everywhere in the product.
    pub fn moment(&self, at: &Timestamp) -> String {
        let text = at.to_string();
        format!("{} {} UTC", self.day(at), text.get(11..16).unwrap_or_default())
    }

    /// How long ago something was, in the largest unit that fits.
    pub fn ago(&self, at: &Timestamp, now: &Timestamp) -> String {
        let minutes = (now.micros() - at.micros()).max(0) / 60_000_000;
        let (key, count) = match minutes {
            0 => ("just-now", 0),
            1..60 => ("minutes-ago", minutes),
            60..2880 => ("hours-ago", minutes / 60),
            _ => ("days-ago", minutes / 1440),
        };
        self.kit_count(key, count)
    }

    /// Minor units of a currency, as people write an amount: `1,234.50 USD`.
    pub fn money(&self, amount: &i64, currency: &str) -> String {
        let digits = match currency {
            "KRW" | "JPY" | "VND" | "CLP" | "ISK" | "XAF" | "XOF" | "UGX" | "PYG" | "RWF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        };
        let unit = 10_i64.pow(digits);
        match digits {
            0 => format!("{} {currency}", grouped(*amount)),
            3 => format!("{}.{:03} {currency}", grouped(amount / unit), amount % unit),
            _ => format!("{}.{:02} {currency}", grouped(amount / unit), amount % unit),
        }
    }

    /// Bytes, as people read them.
    pub fn bytes(&self, bytes: impl Whole) -> String {
        let (kib, mib) = (1024, 1024 * 1024);
        match bytes.whole() {
            few if few < kib => format!("{few} B"),
            some if some < mib => format!("{} KB", some / kib),
            many => format!("{}.{} MB", many / mib, many % mib * 10 / mib),
        }
    }
}

/// `plans[2].quantity` is labelled by `field-plans-quantity`.
fn part_key(name: &str) -> String {
    let mut key = String::from("field-");
    let mut within = false;
    for c in name.chars() {
        match c {
            '[' => within = true,
            ']' => within = false,
            _ if within => {}
            '_' | '.' => key.push('-'),
            c => key.push(c),
        }
    }
    key
}

fn field_key(name: &str) -> String {
    let list = name.split(['[', '.']).next().unwrap_or_default();
    format!("field-{}", list.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_numbers_are_written_as_people_do() {
        let at = Timestamp::parse("2026-01-09T07:05:00Z").unwrap();
        let (english, korean) = (Wording::new(Language::English, &KIT), Wording::new(Language::Korean, &KIT));
        assert_eq!((english.day(&at), korean.day(&at)), ("Jan 9, 2026".into(), "2026년 1월 9일".into()));
        assert_eq!(english.moment(&at), "Jan 9, 2026 07:05 UTC");
        assert_eq!(english.number(-1_234_567), "-1,234,567");
        assert_eq!((english.bytes(12), english.bytes(1_600_000)), ("12 B".into(), "1.5 MB".into()));
        assert_eq!(english.ago(&at, &at.plus_seconds(60)), "1 minute ago");
        assert_eq!(korean.ago(&at, &at.plus_days(3)), "3일 전");
        assert_eq!(english.money(&123_450, "USD"), "1,234.50 USD");
        assert_eq!(korean.money(&50_000, "KRW"), "50,000 KRW");
    }

    #[test]
    fn a_part_has_a_label_of_its_own() {
        assert_eq!(part_key("plans[2].quantity"), "field-plans-quantity");
        assert_eq!(part_key("markets[0]"), "field-markets");
        assert_eq!(field_key("support_contact.name"), "field-support-contact");
    }

    #[test]
    fn the_words_of_the_components_are_complete() {
        KIT.check();
    }
}

//! The settings there are, what each may be, and their values.

use std::fmt;

use entitlement::GraceTimes;
use serde::{Deserialize, Serialize};
use types::{Name, Timestamp, Violation};
use utoipa::ToSchema;

use crate::events::Actor;
use crate::kit::{JsonColumn, grouped, text_enum, ungrouped};
use crate::{AnswerTimes, Settings};

text_enum! {
    /// A setting, by its key in the configuration.
    Setting {
        MarketplaceName = "marketplace_name",
        GoLiveDelaySeconds = "go_live_delay_seconds",
        GraceReducedDays = "grace_reduced_days",
        GraceWarningDays = "grace_warning_days",
        GraceSuspendedDays = "grace_suspended_days",
        AnswerFreshSeconds = "answer_fresh_seconds",
        AnswerGraceSeconds = "answer_grace_seconds",
        LeaseDaysMax = "lease_days_max",
    }
}

/// A text, or a number of what its setting counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum SettingValue {
    Number(i64),
    Text(String),
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Characters of a name.
pub(super) const NAME_MAX: usize = 100;
/// Thirty days.
const SECONDS_MAX: i64 = 30 * 86_400;

/// What a setting may be.
pub(super) enum Bounds {
    /// Of one line, and that long.
    Name,
    Number {
        least: i64,
        most: i64,
        code: &'static str,
    },
}

impl Setting {
    pub(super) fn bounds(self) -> Bounds {
        let (least, most, code) = match self {
            Self::MarketplaceName => return Bounds::Name,
            Self::GoLiveDelaySeconds | Self::AnswerFreshSeconds | Self::AnswerGraceSeconds => {
                (0, SECONDS_MAX, "setting.seconds")
            }
            Self::GraceReducedDays | Self::GraceWarningDays | Self::GraceSuspendedDays => {
                (0, 3650, "setting.grace_days")
            }
            Self::LeaseDaysMax => (1, 365, "setting.lease_days"),
        };
        Bounds::Number { least, most, code }
    }

    /// Reads what was typed.
    pub(super) fn read(self, text: &str) -> Result<SettingValue, Violation> {
        match self.bounds() {
            Bounds::Name => Name::<NAME_MAX>::parse(text).map(|name| SettingValue::Text(name.into_string())),
            Bounds::Number { least, most, code } => {
                let number = ungrouped(text).filter(|number| (least..=most).contains(number));
                number.map(SettingValue::Number).ok_or_else(|| {
                    let (least, most) = (grouped(least), grouped(most));
                    Violation::new(code, format!("must be a whole number from {least} to {most}"))
                })
            }
        }
    }

    /// A value as programs give it.
    pub(super) fn check(self, value: &SettingValue) -> Result<SettingValue, Violation> {
        match (self.bounds(), value) {
            (Bounds::Name, SettingValue::Text(text)) => self.read(text),
            (Bounds::Number { .. }, SettingValue::Number(number)) => self.read(&number.to_string()),
            (Bounds::Name, _) => Err(Violation::new("field.wrong_type", "must be a text")),
            (Bounds::Number { .. }, _) => Err(Violation::new("field.wrong_type", "must be a whole number")),
        }
    }
}

/// A value of each setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values {
    pub marketplace_name: String,
    /// Between sign-off and live (PUB-04), and between being told to stop and leaving.
    pub go_live_delay_seconds: i64,
    /// How long seats last whose license does not (LIC-07, LIC-08).
    pub grace: GraceTimes,
    /// How long an answer to a check may be used (CHK-09).
    pub answers: AnswerTimes,
    /// How long a lease may be good for (CHK-08).
    pub lease_days_max: i64,
}

impl Values {
    pub fn configured(settings: &Settings) -> Self {
        Self {
            marketplace_name: settings.marketplace_name.clone(),
            go_live_delay_seconds: settings.go_live_delay_seconds,
            grace: settings.grace,
            answers: settings.answers,
            lease_days_max: settings.lease_seconds_max / 86_400,
        }
    }

    /// The same with these values set.
    #[must_use]
    pub fn with<'v>(&self, set: impl IntoIterator<Item = (Setting, &'v SettingValue)>) -> Self {
        let mut values = self.clone();
        for (setting, value) in set {
            values.set(setting, value);
        }
        values
    }

    /// A value of the other kind, or beyond its type, changes nothing: it cannot have been set.
    fn set(&mut self, setting: Setting, value: &SettingValue) {
        let number = match value {
            SettingValue::Text(text) => {
                if setting == Setting::MarketplaceName {
                    self.marketplace_name.clone_from(text);
                }
                return;
            }
            SettingValue::Number(number) => *number,
        };
        match setting {
            Setting::MarketplaceName => {}
            Setting::GoLiveDelaySeconds => self.go_live_delay_seconds = number,
            Setting::GraceReducedDays => self.grace.reduced_days = number,
            Setting::GraceWarningDays => self.grace.warning_days = number,
            Setting::GraceSuspendedDays => self.grace.suspended_days = number,
            Setting::AnswerFreshSeconds => {
                self.answers.fresh = u32::try_from(number).unwrap_or(self.answers.fresh);
            }
            Setting::AnswerGraceSeconds => {
                self.answers.grace = u32::try_from(number).unwrap_or(self.answers.grace);
            }
            Setting::LeaseDaysMax => self.lease_days_max = number,
        }
    }

    pub fn value(&self, setting: Setting) -> SettingValue {
        SettingValue::Number(match setting {
            Setting::MarketplaceName => return SettingValue::Text(self.marketplace_name.clone()),
            Setting::GoLiveDelaySeconds => self.go_live_delay_seconds,
            Setting::GraceReducedDays => self.grace.reduced_days,
            Setting::GraceWarningDays => self.grace.warning_days,
            Setting::GraceSuspendedDays => self.grace.suspended_days,
            Setting::AnswerFreshSeconds => self.answers.fresh.into(),
            Setting::AnswerGraceSeconds => self.answers.grace.into(),
            Setting::LeaseDaysMax => self.lease_days_max,
        })
    }
}

/// What was done to a setting last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Change {
    /// `None`: it was set back.
    pub value: Option<SettingValue>,
    pub by: Actor,
    pub at: Timestamp,
}

/// What was done to each that was ever changed.
pub(super) type Changes = std::collections::BTreeMap<Setting, Change>;

db::rows! {
    /// As it is kept.
    pub(crate) struct Stored in "settings" {
        pub(super) changes: JsonColumn<Changes>,
        pub revision: i64,
    }
}

impl Stored {
    /// Before anything was changed.
    pub(super) fn nothing() -> Self {
        Self { changes: JsonColumn(Changes::new()), revision: 0 }
    }

    pub(crate) fn change(&self, setting: Setting) -> Option<&Change> {
        self.changes.0.get(&setting)
    }

    /// What a setting is set to, if it is.
    pub(crate) fn set(&self, setting: Setting) -> Option<&SettingValue> {
        self.change(setting).and_then(|change| change.value.as_ref())
    }

    /// Everything that is set.
    pub(super) fn all_set(&self) -> impl Iterator<Item = (Setting, &SettingValue)> {
        self.changes.0.iter().filter_map(|(setting, change)| Some((*setting, change.value.as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_read_set_and_found_again() {
        let configured = Values::configured(&Settings::default());
        for setting in Setting::ALL.iter().copied() {
            let value = setting.read("12").unwrap();
            let set = configured.with([(setting, &value)]);
            assert_eq!(set.value(setting), value, "{setting:?}");
            let others = Setting::ALL.iter().filter(|other| **other != setting);
            assert!(
                others.into_iter().all(|other| set.value(*other) == configured.value(*other)),
                "{setting:?}"
            );
        }
    }

    #[test]
    fn what_is_out_of_bounds_is_refused() {
        for (setting, text) in [
            (Setting::MarketplaceName, " "),
            (Setting::MarketplaceName, "a\nb"),
            (Setting::GoLiveDelaySeconds, "-1"),
            (Setting::GoLiveDelaySeconds, "2592001"),
            (Setting::GraceReducedDays, "3651"),
            (Setting::AnswerFreshSeconds, "1.5"),
            (Setting::AnswerGraceSeconds, "a day"),
            (Setting::AnswerGraceSeconds, "8,64"),
            (Setting::LeaseDaysMax, "0"),
            (Setting::LeaseDaysMax, "366"),
        ] {
            assert!(setting.read(text).is_err(), "{setting:?} {text}");
        }
        for text in [" 2592000 ", "2,592,000"] {
            assert_eq!(Setting::GoLiveDelaySeconds.read(text).unwrap(), SettingValue::Number(2_592_000));
        }
    }
}

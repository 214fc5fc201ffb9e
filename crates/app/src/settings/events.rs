//! What settings announce.

use std::collections::BTreeMap;

use super::{Setting, SettingValue};
use crate::events::events;

events! {
    /// What is set of the marketplace changed; what is not named holds as configured.
    SettingsChanged "settings.changed" {
        revision: i64,
        before: BTreeMap<Setting, SettingValue>,
        after: BTreeMap<Setting, SettingValue>,
    }
}

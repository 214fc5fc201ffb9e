//! Set settings, and set them back.

use std::collections::BTreeMap;

use db::Tx;

use super::find;
use crate::access::{Right, SettingsEdit};
use crate::kit::{Expected, Fields, Refused};
use crate::settings::events::SettingsChanged;
use crate::settings::setting::Change;
use crate::settings::{Setting, SettingValue, Stored, Values, store};

/// What is to become of settings; those that are not named stay as they are. `None`: as configured. Each value is
/// within its bounds.
pub(crate) type Edit = BTreeMap<Setting, Option<SettingValue>>;

/// What is already so is not changed again.
pub(crate) async fn edit_settings(
    tx: &mut Tx,
    right: &Right<SettingsEdit>,
    edit: Edit,
    configured: &Values,
    expected: &Expected,
) -> Result<Stored, Refused> {
    let mut stored = find::settings(tx, right).await?;
    expected.refuse_stale(stored.revision)?;
    let before = all_set(&stored);
    for (setting, value) in edit {
        if stored.set(setting) != value.as_ref() {
            let change = Change { value, by: right.actor().clone(), at: right.now() };
            stored.changes.0.insert(setting, change);
        }
    }
    let after = all_set(&stored);
    if after == before {
        return Ok(stored);
    }
    refuse_short_grace(configured, &after)?;
    stored.revision += 1;
    if !store::upsert_settings(tx, &right.tenant(), &stored).await? {
        return Err(Refused::stale(stored.revision));
    }
    right.record(tx, &SettingsChanged { revision: stored.revision, before, after })?;
    Ok(stored)
}

fn all_set(stored: &Stored) -> BTreeMap<Setting, SettingValue> {
    stored.all_set().map(|(setting, value)| (setting, value.clone())).collect()
}

/// CHK-09: with the server out of reach an app does not stop earlier than where it asks again. What is configured
/// alone is not judged here.
fn refuse_short_grace(configured: &Values, set: &BTreeMap<Setting, SettingValue>) -> Result<(), Refused> {
    let answers = configured.with(set.iter().map(|(setting, value)| (*setting, value))).answers;
    let times = [Setting::AnswerGraceSeconds, Setting::AnswerFreshSeconds];
    let mut fields = Fields::default();
    if let Some(setting) = times.iter().find(|setting| set.contains_key(setting))
        && answers.grace < answers.fresh
    {
        let message =
            "must let an answer be used without the server for as long as without asking, or longer";
        fields.wrong(setting.as_str(), "setting.grace_below_fresh", message);
    }
    fields.finish()
}

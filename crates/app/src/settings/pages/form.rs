//! What holds for the market, to be changed, and below it what is configured of the machine.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use types::Timestamp;

use super::machine::{self, Row};
use super::{SETTINGS, TEXTS};
use crate::access::SettingsEdit;
use crate::edge::browser::{Form, Submit, Visit};
use crate::identity::operations::find::Doers;
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Expected, Fields, Refused};
use crate::settings::operations::edit::{self, Edit};
use crate::settings::operations::find;
use crate::settings::setting::Bounds;
use crate::settings::{Setting, SettingValue, Stored, Values};

#[derive(Template)]
#[template(path = "settings/pages/form.html")]
struct Page {
    t: Wording,
    form: Entered,
    action: &'static str,
    revision: i64,
    groups: Vec<Group>,
    machine: Vec<Row>,
}

struct Group {
    title: String,
    help: Option<String>,
    fields: Vec<Field>,
}

/// A setting, empty where it is as configured.
struct Field {
    name: &'static str,
    is_number: bool,
    is_set: bool,
    configured: String,
    /// In words: `90 days`.
    said: String,
    /// Who changed it last, and when.
    changed: Option<(String, Timestamp)>,
}

impl Field {
    fn changed_key(&self) -> &'static str {
        if self.is_set { "set-by" } else { "set-back-by" }
    }
}

/// What is shown together, each by its key.
const GROUPS: &[(&str, &[&str])] = &[
    ("marketplace", &["marketplace_name", "go_live_delay_seconds"]),
    ("licenses", &["grace_reduced_days", "grace_warning_days", "grace_suspended_days"]),
    ("checks", &["answer_fresh_seconds", "answer_grace_seconds", "lease_days_max"]),
];

#[derive(Clone)]
pub(super) struct Sent {
    edit: Edit,
    expected: Expected,
}

impl Form for Sent {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let mut edit = Edit::new();
        for setting in Setting::ALL.iter().filter(|setting| input.all(setting.as_str()).next().is_some()) {
            let name = setting.as_str();
            let value = fields.optional(name, input.filled(name), |text| setting.read(text));
            // What is wrong is noted, and refuses the whole.
            edit.insert(*setting, value.flatten());
        }
        Some(Self { edit, expected: input.revision() })
    }
}

pub(super) async fn look(visit: Visit<SettingsEdit>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, form).await
}

pub(super) async fn save(submit: Submit<SettingsEdit, Sent>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let in_force = visit.app.in_force.clone();
    let saved = visit.write(form, move |tx, right, Sent { edit, expected }| {
        Box::pin(async move { edit::edit_settings(tx, right, edit, in_force.configured(), &expected).await })
    });
    match saved.await {
        Ok(_) => Ok(visit.leave(SETTINGS, visit.wording(&TEXTS).of("saved"))),
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, entered).await
        }
    }
}

/// Who changed a setting last, and when.
type Changed = BTreeMap<Setting, (String, Timestamp)>;

async fn show(visit: &Visit<SettingsEdit>, form: Entered) -> Result<Response, Refused> {
    let found = visit.read(|tx, right| {
        Box::pin(async move {
            let (stored, mut doers) = (find::settings(tx, right).await?, Doers::default());
            let mut changed = Changed::new();
            for (setting, change) in &stored.changes.0 {
                let by = doers.called(tx, right, &change.by.to_string()).await?;
                changed.insert(*setting, (by, change.at));
            }
            Ok((stored, changed))
        })
    });
    let (stored, changed) = found.await?;
    let t = visit.wording(&TEXTS);
    let configured = visit.app.in_force.configured();
    let held = |setting: &Setting| {
        let set = stored.set(*setting).map(ToString::to_string);
        (setting.as_str(), set.unwrap_or_default())
    };
    let form = form.holding(Input::of(Setting::ALL.iter().map(held)));
    let groups = GROUPS.iter().map(|(group, keys)| {
        let settings = Setting::ALL.iter().filter(|setting| keys.contains(&setting.as_str()));
        Group {
            title: t.of(&format!("group-{group}")),
            help: t.find(&format!("group-{group}-help")),
            fields: settings.map(|setting| field(t, *setting, (&stored, configured), &changed)).collect(),
        }
    });
    let body = Page {
        t,
        form: form.clone(),
        action: SETTINGS,
        revision: stored.revision,
        groups: groups.collect(),
        machine: machine::rows(t, &visit.app.settings),
    };
    visit.show(Sheet::new(t.of("title"), &body)?.lead(t.of("lead")).answering(&form))
}

fn field(t: Wording, setting: Setting, (stored, configured): (&Stored, &Values), changed: &Changed) -> Field {
    let value = configured.value(setting);
    Field {
        name: setting.as_str(),
        is_number: matches!(setting.bounds(), Bounds::Number { .. }),
        is_set: stored.set(setting).is_some(),
        configured: value.to_string(),
        said: said(t, setting, &value),
        changed: changed.get(&setting).cloned(),
    }
}

fn said(t: Wording, setting: Setting, value: &SettingValue) -> String {
    match value {
        SettingValue::Text(text) => text.clone(),
        SettingValue::Number(number) if setting.as_str().contains("_days") => t.count("days", number),
        SettingValue::Number(number) => t.count("seconds", number),
    }
}

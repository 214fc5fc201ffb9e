//! Settings over HTTP.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use types::Timestamp;
use utoipa::openapi::schema::{AdditionalProperties, Schema, SchemaType, Type};
use utoipa::openapi::{ObjectBuilder, RefOr};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::operations::edit::{self, Edit};
use super::operations::find;
use super::setting::{Bounds, NAME_MAX};
use super::{Setting, SettingValue, Stored, Values};
use crate::App;
use crate::access::SettingsEdit;
use crate::edge::{Answer, Call, Refusals};
use crate::kit::{Fields, Refused};

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_settings, edit_settings))
}

/// What holds of a setting, and why.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct SettingView {
    key: Setting,
    /// In force.
    value: SettingValue,
    /// What the configuration of the node that answers says.
    configured: SettingValue,
    /// It was set here; otherwise it is as configured.
    is_set: bool,
    /// Who set it last, or set it back: `usr_…`, `cli_…` or `system`.
    changed_by: Option<String>,
    changed_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct SettingsView {
    items: Vec<SettingView>,
    /// 0: nothing was ever changed.
    revision: i64,
}

impl SettingsView {
    fn new(stored: &Stored, configured: &Values) -> Self {
        let view = |key: Setting| {
            let (set, change, configured) = (stored.set(key), stored.change(key), configured.value(key));
            SettingView {
                key,
                value: set.unwrap_or(&configured).clone(),
                is_set: set.is_some(),
                configured,
                changed_by: change.map(|change| change.by.to_string()),
                changed_at: change.map(|change| change.at),
            }
        };
        Self { items: Setting::ALL.iter().copied().map(view).collect(), revision: stored.revision }
    }
}

/// Values by key. `null` sets back, what is left out stays as it is.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct EditSettings(BTreeMap<Setting, Option<SettingValue>>);

impl EditSettings {
    fn parse(self) -> Result<Edit, Refused> {
        let mut fields = Fields::default();
        let mut edit = Edit::new();
        for (setting, value) in self.0 {
            let value = value.map(|value| fields.check(setting.as_str(), setting.check(&value)));
            edit.insert(setting, value.flatten());
        }
        fields.finish()?;
        Ok(edit)
    }
}

impl PartialSchema for EditSettings {
    fn schema() -> RefOr<Schema> {
        let object = ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(false)));
        let property = |object: ObjectBuilder, setting: &Setting| {
            let value = ObjectBuilder::new();
            let value = match setting.bounds() {
                Bounds::Name => value
                    .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
                    .max_length(Some(NAME_MAX)),
                Bounds::Number { least, most, .. } => value
                    .schema_type(SchemaType::from_iter([Type::Integer, Type::Null]))
                    .minimum(Some(least))
                    .maximum(Some(most)),
            };
            object.property(setting.as_str(), value)
        };
        Setting::ALL.iter().fold(object, property).into()
    }
}

impl ToSchema for EditSettings {}

/// The settings of the marketplace: what holds, and whether it was set here or is as configured.
#[utoipa::path(get, path = "/settings", tag = "settings", operation_id = "get_settings",
    responses((status = 200, body = SettingsView), Refusals), extensions(("x-permission" = json!("settings.edit"))))]
async fn get_settings(call: Call<SettingsEdit>) -> Result<Answer<SettingsView>, Refused> {
    let in_force = call.app.in_force.clone();
    let answer = call.read(|tx, right| Box::pin(async move { find::settings(tx, right).await })).await?;
    let answer = answer.map(|stored| SettingsView::new(&stored, in_force.configured()));
    Ok(answer.etag(|settings| settings.revision))
}

/// Change settings: a value holds from now on, `null` sets back to what is configured. Every node goes by it within a
/// second or two.
#[utoipa::path(patch, path = "/settings", tag = "settings", operation_id = "edit_settings",
    request_body = EditSettings,
    responses((status = 200, body = SettingsView), Refusals), extensions(("x-permission" = json!("settings.edit"))))]
async fn edit_settings(call: Call<SettingsEdit, EditSettings>) -> Result<Answer<SettingsView>, Refused> {
    let (call, body) = call.take_body();
    let (edit, expected, in_force) = (body.parse()?, call.expected.clone(), call.app.in_force.clone());
    let answer = call.write(move |tx, right| {
        Box::pin(async move {
            let stored = edit::edit_settings(tx, right, edit, in_force.configured(), &expected).await?;
            Ok(SettingsView::new(&stored, in_force.configured()))
        })
    });
    Ok(answer.await?.etag(|settings| settings.revision))
}

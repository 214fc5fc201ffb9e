//! Features of plans on the wire (PLN-07).

use entitlement::FeatureValue;
use serde::{Deserialize, Serialize};
use types::{Name, Text};
use utoipa::ToSchema;

use crate::catalog::Feature;
use crate::catalog::plan::FEATURES_MAX;
use crate::kit::Fields;

/// Something a plan has; checks return it to the app.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeatureBody {
    /// What the app looks up.
    #[schema(max_length = 50)]
    pub(in crate::catalog) key: String,
    /// What people read.
    #[schema(max_length = 200)]
    pub(in crate::catalog) name: String,
    pub(in crate::catalog) value: FeatureValueBody,
}

/// Yes or no, a limit, or a text.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum FeatureValueBody {
    Flag(bool),
    Limit(i64),
    Text(String),
}

impl FeatureBody {
    /// `None`: something is wrong, which is noted.
    pub(in crate::catalog) fn parse(rows: &[Self], fields: &mut Fields) -> Option<Vec<Feature>> {
        if rows.len() > FEATURES_MAX {
            let message = format!("has {} entries; at most {FEATURES_MAX} are allowed", rows.len());
            fields.wrong("features", "field.too_many", message);
            return None;
        }
        let mut features: Vec<Feature> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let key = fields.parse(&format!("features[{at}].key"), &row.key, Feature::parse_key);
            let name = fields.parse(&format!("features[{at}].name"), &row.name, Name::<200>::parse);
            let value = match &row.value {
                FeatureValueBody::Flag(flag) => Some(FeatureValue::Flag(*flag)),
                FeatureValueBody::Limit(limit) => Some(FeatureValue::Limit(*limit)),
                FeatureValueBody::Text(text) => fields
                    .parse(&format!("features[{at}].value"), text, Text::<500>::parse)
                    .map(|text| FeatureValue::Text(text.into_string())),
            };
            if key.as_ref().is_some_and(|key| features.iter().any(|known| known.key == *key)) {
                fields.wrong(&format!("features[{at}].key"), "field.repeated", "is there twice");
            }
            if let (Some(key), Some(name), Some(value)) = (key, name, value) {
                features.push(Feature { key, name: name.into_string(), value });
            }
        }
        (features.len() == rows.len()).then_some(features)
    }
}

impl From<Feature> for FeatureBody {
    fn from(feature: Feature) -> Self {
        let value = match feature.value {
            FeatureValue::Flag(flag) => FeatureValueBody::Flag(flag),
            FeatureValue::Limit(limit) => FeatureValueBody::Limit(limit),
            FeatureValue::Text(text) => FeatureValueBody::Text(text),
        };
        Self { key: feature.key, name: feature.name, value }
    }
}

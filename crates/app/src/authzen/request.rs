//! Requests as the standard has them; pure. Fields that are not known are ignored.

use entitlement::Thing;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use types::ServiceId;
use utoipa::ToSchema;

use super::MALFORMED;
use crate::kit::{Refused, text_enum};

/// The one action.
pub(super) const USE: &str = "use";
pub(super) const USER: &str = "user";
/// Evaluations in one request.
pub(super) const EVALUATIONS_MAX: usize = 1000;

/// Who: `{"type": "user", "id": "usr_…"}`; a user of one's own organisation also by e-mail address.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
pub(crate) struct AuthzenSubject {
    #[serde(rename = "type")]
    pub kind: String,
    pub id: String,
}

/// What for: `{"name": "use"}`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
pub(crate) struct AuthzenAction {
    pub name: String,
}

/// What: `service` or `sku` with a service id, or `component` with a unique name and, where several offers have
/// one of this name, `properties.offer`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
pub(crate) struct AuthzenResource {
    #[serde(rename = "type")]
    pub kind: String,
    pub id: String,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub properties: Map<String, Value>,
}

/// What searches leave out of a subject or a resource is its id.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
pub(crate) struct AuthzenKind {
    #[serde(rename = "type")]
    pub kind: String,
}

/// Of it is read: `tenant`, the customer whose user it is when a publisher asks, and `freshness_token`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, ToSchema)]
pub(crate) struct AuthzenContext {
    #[serde(default)]
    pub tenant: Option<String>,
    #[serde(default)]
    pub freshness_token: Option<String>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
pub(crate) struct EvaluationRequest {
    pub subject: AuthzenSubject,
    pub action: AuthzenAction,
    pub resource: AuthzenResource,
    #[serde(default)]
    pub context: AuthzenContext,
}

text_enum! {
    /// When a batch stops.
    EvaluationsSemantic {
        ExecuteAll = "execute_all",
        DenyOnFirstDeny = "deny_on_first_deny",
        PermitOnFirstPermit = "permit_on_first_permit",
    }
}

impl EvaluationsSemantic {
    /// Whether the batch ends with this decision.
    pub(super) fn ends_with(self, decision: bool) -> bool {
        match self {
            Self::ExecuteAll => false,
            Self::DenyOnFirstDeny => !decision,
            Self::PermitOnFirstPermit => decision,
        }
    }
}

#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct EvaluationsOptions {
    #[serde(default)]
    evaluations_semantic: Option<EvaluationsSemantic>,
}

/// Many questions: `subject`, `action`, `resource` and `context` are the defaults of `evaluations`. Without
/// these it is one question.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct EvaluationsRequest {
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    subject: Option<Map<String, Value>>,
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    action: Option<Map<String, Value>>,
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    resource: Option<Map<String, Value>>,
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    context: Option<Map<String, Value>>,
    #[serde(default)]
    #[schema(max_items = 1000)]
    evaluations: Vec<Value>,
    #[serde(default)]
    options: EvaluationsOptions,
}

/// What a request of [`EvaluationsRequest`] asks.
#[derive(Debug)]
pub(super) enum Evaluations {
    One(EvaluationRequest),
    /// An item that does not fit is told in its place.
    Many(EvaluationsSemantic, Vec<Result<EvaluationRequest, String>>),
}

impl EvaluationsRequest {
    pub(super) fn read(body: Value) -> Result<Evaluations, Refused> {
        let Self { subject, action, resource, context, evaluations, options } = read(body.clone())?;
        if evaluations.is_empty() {
            return Ok(Evaluations::One(read(body)?));
        }
        if evaluations.len() > EVALUATIONS_MAX {
            return Err(
                MALFORMED.because(format!("At most {EVALUATIONS_MAX} evaluations fit in one request."))
            );
        }
        let defaults =
            [("subject", subject), ("action", action), ("resource", resource), ("context", context)];
        let items = evaluations.into_iter().map(|item| merged(item, &defaults)).collect();
        Ok(Evaluations::Many(options.evaluations_semantic.unwrap_or(EvaluationsSemantic::ExecuteAll), items))
    }
}

/// An item with what it leaves out taken from the defaults: whole entities, and of one it gives itself the
/// fields that one must have.
fn merged(item: Value, defaults: &[(&str, Option<Map<String, Value>>)]) -> Result<EvaluationRequest, String> {
    let Value::Object(mut item) = item else { return Err("an evaluation must be an object".to_owned()) };
    for (name, default) in defaults {
        let Some(default) = default else { continue };
        match item.get_mut(*name) {
            None => {
                item.insert((*name).to_owned(), Value::Object(default.clone()));
            }
            Some(Value::Object(own)) if *name != "context" => {
                for field in ["type", "id", "name"] {
                    if let (Some(value), false) = (default.get(field), own.contains_key(field)) {
                        own.insert(field.to_owned(), value.clone());
                    }
                }
            }
            Some(_) => {}
        }
    }
    EvaluationRequest::deserialize(Value::Object(item)).map_err(|error| error.to_string())
}

/// Which page of a search.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub(crate) struct AuthzenPage {
    /// `next_token` of the page before.
    #[serde(default)]
    pub token: Option<String>,
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1000)]
    pub limit: Option<usize>,
}

/// Which users may use this?
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct SubjectSearch {
    pub subject: AuthzenKind,
    pub action: AuthzenAction,
    pub resource: AuthzenResource,
    #[serde(default)]
    pub context: AuthzenContext,
    #[serde(default)]
    pub page: AuthzenPage,
}

/// What may this user use?
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ResourceSearch {
    pub subject: AuthzenSubject,
    pub action: AuthzenAction,
    pub resource: AuthzenKind,
    #[serde(default)]
    pub context: AuthzenContext,
    #[serde(default)]
    pub page: AuthzenPage,
}

/// What may this user do with this?
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ActionSearch {
    pub subject: AuthzenSubject,
    pub resource: AuthzenResource,
    #[serde(default)]
    pub context: AuthzenContext,
}

/// Reads a request; what is missing or of another type is named.
pub(super) fn read<B: DeserializeOwned>(body: Value) -> Result<B, Refused> {
    B::deserialize(body).map_err(|error| MALFORMED.because(format!("{error}.")))
}

/// Why a question is answered with no before anybody is looked up.
pub(super) type Unknown = &'static str;

/// What a resource is; a reason where it is nothing that is known here.
pub(super) fn target(resource: &AuthzenResource) -> Result<Thing, Unknown> {
    match resource.kind.as_str() {
        "service" | "sku" => {
            ServiceId::parse(&resource.id).map(Thing::Service).map_err(|_| "service_unknown")
        }
        "component" => {
            let offer = match resource.properties.get("offer") {
                None | Some(Value::Null) => None,
                Some(Value::String(offer)) => Some(offer.clone()),
                Some(_) => return Err("component_unknown"),
            };
            Ok(Thing::Component { unique_name: resource.id.clone(), offer })
        }
        _ => Err("resource_type_unknown"),
    }
}

/// The kinds that a question has, as the standard lets anybody name them.
pub(super) fn known(subject_kind: &str, action: &str) -> Result<(), Unknown> {
    match (subject_kind, action) {
        (USER, USE) => Ok(()),
        (USER, _) => Err("action_unknown"),
        _ => Err("subject_type_unknown"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn asked(body: Value) -> Vec<Option<(String, String, String)>> {
        match EvaluationsRequest::read(body).map_err(|refused| refused.cause()).unwrap() {
            Evaluations::One(one) => vec![Some((one.subject.id, one.resource.kind, one.resource.id))],
            Evaluations::Many(_, items) => items
                .into_iter()
                .map(|item| item.ok().map(|item| (item.subject.id, item.resource.kind, item.resource.id)))
                .collect(),
        }
    }

    /// CHK-07: defaults are taken entity by entity; of an entity that is there, only the fields it must have.
    #[test]
    fn items_take_what_they_leave_out_from_the_defaults() {
        let text = |id: &str, kind: &str, of: &str| Some((id.to_owned(), kind.to_owned(), of.to_owned()));
        let body = json!({
            "subject": { "type": "user", "id": "ana" }, "action": { "name": "use" },
            "resource": { "type": "component", "properties": { "offer": "a.b" } },
            "evaluations": [
                { "resource": { "id": "one" } },
                { "resource": { "type": "sku", "id": "two" }, "subject": { "id": "bob" } },
                {}, "nothing", { "resource": "text" },
            ],
        });
        let expected = [text("ana", "component", "one"), text("bob", "sku", "two"), None, None, None];
        assert_eq!(asked(body.clone()), expected);
        let Evaluations::Many(_, items) = EvaluationsRequest::read(body).ok().unwrap() else { panic!() };
        assert!(items[0].as_ref().unwrap().resource.properties.is_empty(), "properties are not inherited");
        let one = json!({
            "subject": { "type": "user", "id": "ana" }, "action": { "name": "use" },
            "resource": { "type": "sku", "id": "x" }, "evaluations": [],
        });
        assert_eq!(asked(one), [text("ana", "sku", "x")]);
    }
}

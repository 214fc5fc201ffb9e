//! Answers against the API document.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::http::{HeaderMap, Method, StatusCode};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::to_value(crate::document()).expect("the document is JSON"))
}

/// Fails if the operation does not document this status, or its body says otherwise than the schema.
#[track_caller]
pub(super) fn check(method: &Method, path: &str, status: StatusCode, headers: &HeaderMap, bytes: &[u8]) {
    let path = path.split('?').next().unwrap_or_default();
    let Some((template, operation)) = operation(method, path) else {
        assert!(
            status == StatusCode::NOT_FOUND || status == StatusCode::METHOD_NOT_ALLOWED,
            "{method} {path} is not in the document and answered {status}"
        );
        return;
    };
    let documented = &operation["responses"][status.as_str()];
    assert!(documented.is_object(), "{method} {template} does not document {status}");
    let kind = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    if bytes.is_empty() {
        return;
    }
    let content = &documented["content"][kind];
    assert!(content.is_object(), "{method} {template} does not document {kind} for {status}");
    if !kind.ends_with("json") {
        return;
    }
    let body: Value = serde_json::from_slice(bytes).expect("JSON, as the header says");
    let validator = validator(&content["schema"]);
    let errors: Vec<String> =
        validator.iter_errors(&body).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(
        errors.is_empty(),
        "{method} {template} answered {status} outside its schema: {errors:?}\n{body:#}"
    );
}

/// Of a schema in the document; made once, whichever answers it describes.
fn validator(schema: &'static Value) -> Arc<Validator> {
    static KNOWN: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let made = known.entry(schema.to_string()).or_insert_with(|| {
        let mut named = Map::new();
        gather(schema, &mut named);
        let mut root = schema.as_object().cloned().unwrap_or_default();
        root.insert("components".to_owned(), json!({ "schemas": named }));
        Arc::new(jsonschema::validator_for(&Value::Object(root)).expect("a schema"))
    });
    Arc::clone(made)
}

/// The named schemas that one is made of: few of the document's.
fn gather(schema: &'static Value, named: &mut Map<String, Value>) {
    match schema {
        Value::Object(members) => {
            let name = members.get("$ref").and_then(Value::as_str);
            if let Some(name) = name.and_then(|name| name.strip_prefix("#/components/schemas/"))
                && !named.contains_key(name)
            {
                let found = &document()["components"]["schemas"][name];
                named.insert(name.to_owned(), found.clone());
                gather(found, named);
            }
            members.values().for_each(|member| gather(member, named));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, named)),
        _ => {}
    }
}

/// A path of the document, its parts, and what it answers.
type Template = (&'static str, Vec<&'static str>, &'static Value);

/// By their number of parts; the most literal first, which wins, as it does in the router.
fn templates(parts: usize) -> &'static [Template] {
    static TEMPLATES: OnceLock<BTreeMap<usize, Vec<Template>>> = OnceLock::new();
    let known = TEMPLATES.get_or_init(|| {
        let mut known = BTreeMap::<usize, Vec<Template>>::new();
        for (template, item) in document()["paths"].as_object().expect("the document has paths") {
            let parts: Vec<&str> = template.split('/').collect();
            known.entry(parts.len()).or_default().push((template, parts, item));
        }
        for alike in known.values_mut() {
            alike.sort_by_key(|(template, ..)| template.matches('{').count());
        }
        known
    });
    known.get(&parts).map_or(&[], Vec::as_slice)
}

fn operation(method: &Method, path: &str) -> Option<(&'static str, &'static Value)> {
    let parts: Vec<&str> = path.split('/').collect();
    let fits =
        |names: &[&str]| names.iter().zip(&parts).all(|(name, part)| name.starts_with('{') || name == part);
    let method = method.as_str().to_lowercase();
    templates(parts.len()).iter().filter(|(_, names, _)| fits(names)).find_map(|(template, _, item)| {
        let operation = item.get(&method)?;
        Some((*template, operation))
    })
}

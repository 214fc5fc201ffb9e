//! JSON against the schemas that the API document publishes: what is wrong with a body, all at once.

use serde_json::{Value, json};
use types::FieldError;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// Everything in `body` that does not fit the schema of `T`: unknown fields, wrong types, missing ones.
///
/// Compiles the schema anew: meant for the path on which the body was refused already.
pub fn violations<T: ToSchema>(body: &Value) -> Vec<FieldError> {
    let mut known: Vec<(String, RefOr<Schema>)> = Vec::new();
    T::schemas(&mut known);
    let schemas: serde_json::Map<String, Value> = known
        .into_iter()
        .filter_map(|(name, schema)| Some((name, serde_json::to_value(schema).ok()?)))
        .collect();
    let Ok(Value::Object(mut root)) = serde_json::to_value(T::schema()) else { return Vec::new() };
    root.insert("components".to_owned(), json!({ "schemas": schemas }));
    check(&Value::Object(root), body)
}

/// Everything in `body` that does not fit `schema`, with the path of each field.
pub fn check(schema: &Value, body: &Value) -> Vec<FieldError> {
    let Ok(validator) = jsonschema::validator_for(schema) else { return Vec::new() };
    validator
        .iter_errors(body)
        .map(|error| FieldError {
            field: field_path(&error.instance_path().to_string()),
            code: "field.malformed".to_owned(),
            message: error.to_string(),
        })
        .collect()
}

/// A JSON pointer as people write fields: `/plans/2/quantity` becomes `plans[2].quantity`.
fn field_path(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        if part.chars().all(|c| c.is_ascii_digit()) && !path.is_empty() {
            path.push_str(&format!("[{part}]"));
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(part);
        }
    }
    if path.is_empty() { "body".to_owned() } else { path }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema matters")]
    struct Body {
        name: String,
        rows: Vec<Row>,
    }
    #[derive(Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema matters")]
    struct Row {
        quantity: i64,
    }

    #[test]
    fn every_wrong_field_is_named_with_its_path() {
        let body = json!({ "rows": [{ "quantity": 1 }, { "quantity": "two" }], "colour": 1 });
        let errors = violations::<Body>(&body);
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert!(fields.contains(&"rows[1].quantity"), "{errors:?}");
        assert!(errors.iter().any(|error| error.message.contains("colour")), "{errors:?}");
        assert!(errors.iter().any(|error| error.message.contains("name")), "{errors:?}");
        assert!(violations::<Body>(&json!({ "name": "a", "rows": [] })).is_empty());
    }
}

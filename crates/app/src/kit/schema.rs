//! JSON against the schemas that the API document publishes: what is wrong with a body, all at once.
//!
//! Serde stops at the first misfit. A body that serde refused is held against the schema of its type, to
//! name every field that does not fit. Only what our schemas use is understood here; tests hold answers
//! against the document with a complete validator.

use serde_json::Value;
use types::{FieldError, Violation};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// Everything in `body` that does not fit the schema of `T`: unknown fields, wrong types, missing ones.
pub fn violations<T: ToSchema>(body: &Value) -> Vec<FieldError> {
    let mut known: Vec<(String, RefOr<Schema>)> = Vec::new();
    T::schemas(&mut known);
    let named =
        known.into_iter().filter_map(|(name, schema)| Some((name, serde_json::to_value(schema).ok()?)));
    let mut shape = Shape { named: named.collect(), errors: Vec::new() };
    if let Ok(root) = serde_json::to_value(T::schema()) {
        shape.check(&root, body, "");
    }
    shape.errors
}

struct Shape {
    named: Vec<(String, Value)>,
    errors: Vec<FieldError>,
}

impl Shape {
    fn check(&mut self, schema: &Value, value: &Value, path: &str) {
        if let Some(name) = schema["$ref"].as_str().and_then(|pointer| pointer.rsplit('/').next()) {
            let named = self.named.iter().find(|(known, _)| known == name).map(|(_, schema)| schema.clone());
            if let Some(named) = named {
                self.check(&named, value, path);
            }
            return;
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            self.check_choice(choices, value, path);
            return;
        }
        if !allows_type(&schema["type"], value) {
            self.wrong(path, "field.wrong_type", format!("must be {}", type_names(&schema["type"])));
            return;
        }
        let is_listed = |listed: &Vec<Value>| listed.contains(value);
        if schema["enum"].as_array().is_some_and(|listed| !is_listed(listed)) {
            let listed = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
            self.wrong(
                path,
                "field.unknown_value",
                format!("must be one of {}", listed.collect::<Vec<_>>().join(", ")),
            );
        }
        match value {
            Value::Object(fields) => self.check_object(schema, fields, path),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.check(&schema["items"], item, &format!("{path}[{at}]"));
                }
            }
            _ => {}
        }
    }

    /// `null`, or the one schema that is not.
    fn check_choice(&mut self, choices: &[Value], value: &Value, path: &str) {
        if value.is_null() && choices.iter().any(|choice| choice["type"] == "null") {
            return;
        }
        if let [only] =
            choices.iter().filter(|choice| choice["type"] != "null").collect::<Vec<_>>().as_slice()
        {
            self.check(only, value, path);
        }
    }

    fn check_object(&mut self, schema: &Value, fields: &serde_json::Map<String, Value>, path: &str) {
        let inside = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                self.wrong(&inside(name), "field.missing", "must be given");
            }
        }
        for (name, value) in fields {
            match schema["properties"].get(name) {
                Some(property) => self.check(property, value, &inside(name)),
                None if schema["additionalProperties"] == false => {
                    self.wrong(&inside(name), "field.unknown", "is not a field of this request");
                }
                None => {}
            }
        }
    }

    fn wrong(&mut self, path: &str, code: &'static str, message: impl Into<String>) {
        let path = if path.is_empty() { "body" } else { path };
        self.errors.push(Violation::new(code, message).at(path));
    }
}

/// `type` is a name, or a list of names.
fn allows_type(kind: &Value, value: &Value) -> bool {
    match kind {
        Value::String(name) => is_of_type(name, value),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(|name| is_of_type(name, value)),
        _ => true,
    }
}

fn is_of_type(name: &str, value: &Value) -> bool {
    match name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => true,
    }
}

fn type_names(kind: &Value) -> String {
    let article = |name: &str| match name {
        "integer" => "an integer".to_owned(),
        "array" => "an array".to_owned(),
        "object" => "an object".to_owned(),
        "null" => "null".to_owned(),
        other => format!("a {other}"),
    };
    match kind {
        Value::Array(names) => {
            names.iter().filter_map(Value::as_str).map(article).collect::<Vec<_>>().join(" or ")
        }
        name => article(name.as_str().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema matters")]
    struct Body {
        name: String,
        note: Option<String>,
        row: Option<Row>,
        rows: Vec<Row>,
    }
    #[derive(Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema matters")]
    struct Row {
        quantity: i64,
        colour: Colour,
    }

    crate::kit::text_enum! {
        Colour { Red = "red", Blue = "blue" }
    }

    #[test]
    fn every_wrong_field_is_named_with_its_path() {
        let row = json!({ "quantity": "two", "colour": "green" });
        let body = json!({ "rows": [{ "quantity": 1, "colour": "red" }, row], "row": { "quantity": 1.5 }, "note": 1, "colour": 1 });
        let found: Vec<(String, String)> =
            violations::<Body>(&body).into_iter().map(|error| (error.field, error.code)).collect();
        let expected = [
            ("name", "field.missing"),
            ("colour", "field.unknown"),
            ("note", "field.wrong_type"),
            ("row.colour", "field.missing"),
            ("row.quantity", "field.wrong_type"),
            ("rows[1].colour", "field.unknown_value"),
            ("rows[1].quantity", "field.wrong_type"),
        ];
        let expected: Vec<(String, String)> =
            expected.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect();
        assert_eq!(found, expected);
        assert_eq!(violations::<Body>(&json!([]))[0].field, "body");
        let fine = json!({ "name": "a", "rows": [], "row": null, "note": null });
        assert!(violations::<Body>(&fine).is_empty());
    }
}

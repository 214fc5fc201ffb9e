//! Refusals: RFC 9457 problem details with a stable code, and what is wrong with each field.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a single value is not acceptable, before it is known which field it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Stable, for programs: `offer_id.too_long`.
    pub code: &'static str,
    /// For people; completes "the value …".
    pub message: String,
}

impl Violation {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub fn at(self, field: impl Into<String>) -> FieldError {
        FieldError { field: field.into(), code: self.code.into(), message: self.message }
    }
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// The path of the field in the request: `plans[2].quantity`.
    pub field: String,
    /// Stable, for programs.
    pub code: String,
    /// For people.
    pub message: String,
}

/// The body of every refusal (`application/problem+json`, RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `urn:seatline:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status, repeated.
    pub status: u16,
    /// Stable, for programs: `plan.id_taken`.
    pub code: String,
    /// The same sentence for every problem of this code.
    pub title: String,
    /// What happened here, and how to mend it.
    pub detail: String,
    /// Every field that is wrong, at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Facts a program needs to go on, such as the moves allowed from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<serde_json::Value>,
}

impl Problem {
    pub fn new(status: u16, code: &str, title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:seatline:problem:{code}"),
            status,
            code: code.to_owned(),
            title: title.into(),
            detail: detail.into(),
            errors: Vec::new(),
            context: None,
        }
    }

    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    #[must_use]
    pub fn with_context(mut self, context: serde_json::Value) -> Self {
        self.context = Some(context);
        self
    }
}

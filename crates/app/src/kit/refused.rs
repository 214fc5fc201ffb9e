//! Refusals: a registered code, what happened here, and how to mend it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use db::DbError;
use types::{FieldError, Problem};

/// A kind of refusal: part of the API, so it never changes once released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    pub status: u16,
    pub code: &'static str,
    pub title: &'static str,
}

impl Code {
    /// Refuses: `detail` says what was found and how to mend it.
    pub fn because(self, detail: impl Into<String>) -> Refused {
        Refused::Problem(Box::new(Problem::new(self.status, self.code, self.title, detail)))
    }
}

/// Declares a feature's refusals and lists them, so that the reference of codes is generated:
/// `codes! { ID_TAKEN = 409 "offer.id_taken" "The offer id is taken"; }`.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:literal $code:literal $title:literal;)*) => {
        $($(#[$doc])* pub(crate) const $name: $crate::kit::Code =
            $crate::kit::Code { status: $status, code: $code, title: $title };)*
        /// Every refusal of this feature.
        pub(crate) const CODES: &[$crate::kit::Code] = &[$($name),*];
    };
}
pub(crate) use codes;

codes! {
    INVALID = 422 "request.invalid" "Some fields are not acceptable";
    INTERNAL = 500 "server.internal" "The server failed";
    UNAVAILABLE = 503 "server.unavailable" "The server cannot do this now";
    NOT_FOUND = 404 "resource.not_found" "There is no such thing here";
    STALE = 412 "resource.changed" "The resource has changed meanwhile";
}

/// Why an operation did not happen: refused with a reason, or the database failed.
#[derive(Debug)]
pub enum Refused {
    Problem(Box<Problem>),
    Db(DbError),
}

impl Refused {
    /// Every field that is wrong, at once.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        let names: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        let detail = format!("Mend these fields and send the request again: {}.", names.join(", "));
        INVALID.because(detail).with_errors(errors)
    }

    /// What does not exist and what belongs to another tenant look the same (ROL-01).
    pub fn not_found(what: &str) -> Self {
        NOT_FOUND.because(format!("There is no such {what}, or it is not yours to see."))
    }

    pub fn stale(found: i64) -> Self {
        STALE.because(format!("Its revision is now {found}: read it again and decide anew."))
    }

    /// Something that cannot happen did; the cause goes to the log, never to the client.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(error.cause = %cause, "internal error");
        INTERNAL.because("The failure is in the server's log. Nothing was changed.")
    }

    #[must_use]
    pub fn with_errors(self, errors: Vec<FieldError>) -> Self {
        match self {
            Self::Problem(problem) => Self::Problem(Box::new(problem.with_errors(errors))),
            other @ Self::Db(_) => other,
        }
    }

    #[must_use]
    pub fn with_context(self, context: serde_json::Value) -> Self {
        match self {
            Self::Problem(problem) => Self::Problem(Box::new(problem.with_context(context))),
            other @ Self::Db(_) => other,
        }
    }

    /// For those who run the marketplace, never for clients: what happened, with its causes.
    pub fn cause(&self) -> String {
        match self {
            Self::Problem(problem) => format!("{}: {}", problem.code, problem.detail),
            Self::Db(error) => error_chain(error),
        }
    }

    pub fn into_problem(self) -> Problem {
        match self {
            Self::Problem(problem) => *problem,
            Self::Db(DbError::Unavailable { .. }) => {
                let detail = "The database does not answer. Nothing was changed; try again.";
                Problem::new(UNAVAILABLE.status, UNAVAILABLE.code, UNAVAILABLE.title, detail)
            }
            Self::Db(error) => Self::internal(error_chain(&error)).into_problem(),
        }
    }
}

fn error_chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let problem = self.into_problem();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(problem)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"seatline\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

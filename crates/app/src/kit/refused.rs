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
    BUSY = 503 "server.busy" "The server has too much to do";
    FULL = 503 "server.storage_full" "The server has no room left";
    OUTCOME_UNKNOWN = 503 "server.outcome_unknown" "Nobody knows whether this was done";
    NOT_FOUND = 404 "resource.not_found" "There is no such thing here";
    STALE = 412 "resource.changed" "The resource has changed meanwhile";
}

/// The member of a problem's context that is also the header `Retry-After`.
const RETRY_AFTER: &str = "retry_after_seconds";

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

    /// What is wrong with a part of a request that has a name there.
    pub(crate) fn errors_within(self, name: &str) -> Vec<FieldError> {
        let problem = self.into_problem();
        if problem.errors.is_empty() {
            let (field, code, message) = (name.to_owned(), problem.code, problem.detail);
            return vec![FieldError { field, code, message }];
        }
        let named = |error: FieldError| FieldError { field: format!("{name}.{}", error.field), ..error };
        problem.errors.into_iter().map(named).collect()
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

    /// What passes once whoever runs the marketplace has mended it: they find the cause in the log.
    fn fault(error: &DbError) -> Self {
        tracing::error!(error.cause = error_chain(error), "the database cannot do this now");
        match error {
            DbError::Full { .. } => FULL
                .because("The database has no room left. Nothing was changed; reading still works.")
                .retry_after(60),
            DbError::OutcomeUnknown { .. } => OUTCOME_UNKNOWN
                .because("The database broke off. Look whether it was done, or repeat the request under its Idempotency-Key.")
                .retry_after(5),
            _ => UNAVAILABLE
                .because("The database does not answer. Nothing was changed; try again.")
                .retry_after(5),
        }
    }

    /// For those who run the marketplace, never for clients: what happened, with its causes.
    pub fn cause(&self) -> String {
        match self {
            Self::Problem(problem) => format!("{}: {}", problem.code, problem.detail),
            Self::Db(error) => error_chain(error),
        }
    }

    /// Whether nothing was there, or nothing of theirs.
    pub fn is_not_found(&self) -> bool {
        self.is(NOT_FOUND)
    }

    /// Whether the database was away, whatever was asked of it.
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Db(DbError::Unavailable { .. } | DbError::OutcomeUnknown { .. }))
    }

    pub fn is(&self, code: Code) -> bool {
        matches!(self, Self::Problem(problem) if problem.code == code.code)
    }

    /// Says when trying again may help, in the body and in the header `Retry-After`.
    #[must_use]
    pub fn retry_after(self, seconds: i64) -> Self {
        self.with_context(serde_json::json!({ RETRY_AFTER: seconds }))
    }

    pub fn into_problem(self) -> Problem {
        match self {
            Self::Problem(problem) => *problem,
            Self::Db(
                error @ (DbError::Unavailable { .. } | DbError::Full { .. } | DbError::OutcomeUnknown { .. }),
            ) => Self::fault(&error).into_problem(),
            Self::Db(error) => Self::internal(error_chain(&error)).into_problem(),
        }
    }
}

/// Seconds until trying again may help, where that is known.
pub(super) fn retry_after(problem: &Problem) -> Option<u64> {
    problem.context.as_ref().and_then(|context| context[RETRY_AFTER].as_u64())
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
        let retry_after = retry_after(&problem);
        let mut response = (status, axum::Json(problem)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"seatline\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

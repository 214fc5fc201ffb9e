//! What can go wrong with a database.

use std::sync::Arc;

/// The causes are in `source`, never in the text, so that a chain of errors does not repeat itself.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DbError {
    #[error("the database does not answer ({what})")]
    Unavailable {
        what: String,
        #[source]
        source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    },
    #[error("a unique index was violated ({detail})")]
    UniqueViolation { detail: String },
    #[error("a foreign key was violated ({detail})")]
    ForeignKeyViolation { detail: String },
    #[error("a check was violated ({detail})")]
    CheckViolation { detail: String },
    /// Two units were in each other's way; running one of them again will do.
    #[error("the unit of work must be run again ({detail})")]
    Conflict { detail: String },
    #[error("{statement} concerned {found} rows where exactly one was meant")]
    NotExactlyOne { statement: &'static str, found: u64 },
    #[error("the row {id:?} of {table} does not read: {column}: {detail}")]
    Corrupt { table: &'static str, column: &'static str, id: String, detail: String },
    #[error("the schema could not be migrated")]
    Migration(#[source] Arc<dyn std::error::Error + Send + Sync>),
    #[error("the unit of work panicked: {message}")]
    UnitPanicked { message: String },
    #[error("the unit of work waited for something else than its transaction")]
    ForeignAwait,
    #[error("{detail}")]
    Internal {
        detail: String,
        #[source]
        source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    },
}

impl DbError {
    pub fn internal(detail: impl Into<String>) -> Self {
        Self::Internal { detail: detail.into(), source: None }
    }

    pub(crate) fn unavailable(what: &str, error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Unavailable { what: what.to_owned(), source: Some(Arc::new(error)) }
    }

    pub(crate) fn migration(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Migration(Arc::new(error))
    }

    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ffi;
        let Some(code) = error.sqlite_error().map(|error| (error.code, error.extended_code)) else {
            return Self::Internal { detail: "SQLite".to_owned(), source: Some(Arc::new(error)) };
        };
        let detail = error.to_string();
        match code {
            (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => {
                Self::UniqueViolation { detail }
            }
            (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => Self::ForeignKeyViolation { detail },
            (rusqlite::ErrorCode::ConstraintViolation, _) => Self::CheckViolation { detail },
            (
                rusqlite::ErrorCode::DatabaseBusy
                | rusqlite::ErrorCode::DiskFull
                | rusqlite::ErrorCode::SystemIoFailure
                | rusqlite::ErrorCode::CannotOpen,
                _,
            ) => Self::unavailable("SQLite", error),
            _ => Self::Internal { detail: "SQLite".to_owned(), source: Some(Arc::new(error)) },
        }
    }
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        let Some(db_error) = error.as_db_error() else {
            return Self::unavailable("PostgreSQL", error);
        };
        let detail = db_error.message().to_owned();
        match db_error.code() {
            code if *code == SqlState::UNIQUE_VIOLATION => Self::UniqueViolation { detail },
            code if *code == SqlState::FOREIGN_KEY_VIOLATION => Self::ForeignKeyViolation { detail },
            code if *code == SqlState::CHECK_VIOLATION || *code == SqlState::NOT_NULL_VIOLATION => {
                Self::CheckViolation { detail }
            }
            code if *code == SqlState::T_R_SERIALIZATION_FAILURE
                || *code == SqlState::T_R_DEADLOCK_DETECTED =>
            {
                Self::Conflict { detail }
            }
            code if code.code().starts_with("57")
                || code.code().starts_with("08")
                || code.code().starts_with("53") =>
            {
                Self::unavailable("PostgreSQL", error)
            }
            _ => Self::Internal { detail: "PostgreSQL".to_owned(), source: Some(Arc::new(error)) },
        }
    }
}

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
    /// There is no room for what is written; nothing of it was kept, and reads go on.
    #[error("the database has no room left")]
    Full {
        #[source]
        source: Arc<dyn std::error::Error + Send + Sync>,
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
    /// A statement failed and the unit went on: nothing of it was kept.
    #[error("a statement of the unit of work failed before, so nothing of it can be kept")]
    Aborted,
    /// The connection broke during the commit: the unit was kept whole, or not at all.
    #[error("the database did not say whether it committed")]
    OutcomeUnknown {
        #[source]
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
    #[error("{statement} concerned {found} rows where exactly one was meant")]
    NotExactlyOne { statement: &'static str, found: u64 },
    #[error("the row {id:?} of {table} does not read: {column}: {detail}")]
    Corrupt { table: &'static str, column: &'static str, id: String, detail: String },
    #[error("the migration {name} failed, nothing was changed")]
    Migration {
        name: &'static str,
        #[source]
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
    #[error(
        "the database has another history: its migration {name:?} is not this program's, which may be older"
    )]
    ForeignHistory { name: String },
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

    pub(crate) fn migration(
        name: &'static str,
        error: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Migration { name, source: Arc::new(error) }
    }

    pub(crate) fn foreign_history(name: &str) -> Self {
        Self::ForeignHistory { name: name.to_owned() }
    }

    pub(crate) fn closed(what: &str) -> Self {
        Self::Unavailable { what: format!("{what} is closed"), source: None }
    }

    pub(crate) fn appended_in_read() -> Self {
        Self::internal("a read appended to a log")
    }

    /// Says which statement it was, where that is not known yet.
    pub(crate) fn in_statement(self, name: &str) -> Self {
        match self {
            Self::Internal { detail, source } => {
                Self::Internal { detail: format!("{name}: {detail}"), source }
            }
            other => other,
        }
    }

    /// What became of a commit that was not answered: nobody knows.
    pub(crate) fn during_commit(self) -> Self {
        match self {
            Self::Unavailable { source: Some(source), .. } => Self::OutcomeUnknown { source },
            other => Self::OutcomeUnknown { source: Arc::new(other) },
        }
    }

    /// Running the same unit again may succeed: two were in each other's way.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }
}

impl DbError {
    /// A refusal of PostgreSQL, by its SQLSTATE.
    pub(crate) fn of_postgres(
        code: &str,
        detail: String,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        match code {
            "23505" => Self::UniqueViolation { detail },
            "23503" => Self::ForeignKeyViolation { detail },
            // A check, or a column that must not be null.
            "23514" | "23502" => Self::CheckViolation { detail },
            // Serialization, or a deadlock.
            "40001" | "40P01" => Self::Conflict { detail },
            "53100" => Self::Full { source: Arc::new(source) },
            // It only follows another one, or is kept from writing for now.
            "25006" => Self::unavailable("PostgreSQL", source),
            // It has no connection left, or no memory; it shuts down.
            code if ["08", "53", "57"].iter().any(|class| code.starts_with(class)) => {
                Self::unavailable("PostgreSQL", source)
            }
            _ => Self::Internal {
                detail: "PostgreSQL refused a statement".to_owned(),
                source: Some(Arc::new(source)),
            },
        }
    }

    /// An error that PostgreSQL did not send: the connection, or a value that the driver does not convert.
    fn without_answer(error: tokio_postgres::Error) -> Self {
        let io = std::error::Error::source(&error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
        if error.is_closed() || io {
            Self::unavailable("PostgreSQL", error)
        } else {
            Self::Internal { detail: "the driver of PostgreSQL".to_owned(), source: Some(Arc::new(error)) }
        }
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ffi;
        let Some(code) = error.sqlite_error().map(|error| (error.code, error.extended_code)) else {
            return Self::Internal {
                detail: "SQLite refused a statement".to_owned(),
                source: Some(Arc::new(error)),
            };
        };
        let detail = error.to_string();
        match code {
            (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => {
                Self::UniqueViolation { detail }
            }
            (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => Self::ForeignKeyViolation { detail },
            (rusqlite::ErrorCode::ConstraintViolation, _) => Self::CheckViolation { detail },
            // The index of the write-ahead log grows too.
            (rusqlite::ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_SHMSIZE) => {
                Self::Full { source: Arc::new(error) }
            }
            (
                rusqlite::ErrorCode::DatabaseBusy
                | rusqlite::ErrorCode::SystemIoFailure
                | rusqlite::ErrorCode::CannotOpen,
                _,
            ) => Self::unavailable("SQLite", error),
            _ => Self::Internal {
                detail: "SQLite refused a statement".to_owned(),
                source: Some(Arc::new(error)),
            },
        }
    }
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error().map(|error| (error.code().clone(), error.message().to_owned())) {
            Some((code, message)) => Self::of_postgres(code.code(), message, error),
            None => Self::without_answer(error),
        }
    }
}

//! Tests of the whole: generated files, statements, the permission matrix at every operation.

mod generated;
mod rights;
mod statements;

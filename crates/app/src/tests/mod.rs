//! Tests of the whole: generated files, statements, the permission matrix at every operation.

mod generated;
mod health;
mod model;
mod rights;
mod statements;
